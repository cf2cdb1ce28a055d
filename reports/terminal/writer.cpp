#include "reports/terminal/writer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/text/human.hpp"
#include "reports/text/wrapped.hpp"

namespace asyncbench {

void Writer::line(std::string_view text, Tone tone) {
    constexpr std::string_view codes[] = {"\x1b[1m", "", "\x1b[31m", "\x1b[33m"};
    const std::string_view code = codes[static_cast<int>(tone)];
    const std::string harmless = without_command(std::string(text));
    if (style_.colour && !code.empty() && !text.empty()) {
        text_ += fmt::format("{}{}\x1b[0m\n", code, harmless);
    } else {
        text_ += harmless + "\n";
    }
}

void Writer::paragraph(std::string_view text, Tone tone, std::size_t indent, std::size_t first_indent) {
    for (const std::string& each : wrapped(printable(text), width(), indent, first_indent)) line(each, tone);
}

std::size_t Writer::width() const {
    return static_cast<std::size_t>(std::max(style_.width, 20));
}

}  // namespace asyncbench
