#include "async/utf8.hpp"

#include <fmt/format.h>

#include <boost/locale/utf.hpp>

#include "async/fnv1a.hpp"

namespace asyncbench {
namespace {

std::string_view beginning_of(std::string_view text, std::size_t most) {
    const auto continues = [&](std::size_t i) {
        return (static_cast<unsigned char>(text[i]) & 0xc0) == 0x80;
    };
    while (most > 0 && continues(most)) --most;
    return text.substr(0, most);
}

}  // namespace

std::string as_utf8(std::string_view text) {
    using Utf8 = boost::locale::utf::utf_traits<char>;
    std::string valid;
    valid.reserve(text.size());
    auto begin = text.begin();  // of what is valid and not taken over yet
    for (auto at = begin; at != text.end();) {
        const auto before = at;
        if (boost::locale::utf::is_valid_codepoint(Utf8::decode(at, text.end()))) continue;
        valid.append(begin, before).append("\xef\xbf\xbd");
        at = begin =
            before + 1;  // decode() takes what follows for a part of the character: a quotation mark, too
    }
    return valid.append(begin, text.end());
}

std::string excerpt(std::string_view text, std::size_t most) {
    if (text.size() <= most) return std::string(text);
    return fmt::format("{}… ({} bytes)", beginning_of(text, most), text.size());
}

std::string distinct_excerpt(std::string_view text, std::size_t most) {
    if (text.size() <= most) return std::string(text);
    return fmt::format("{}… ({} bytes, {:016x})", beginning_of(text, most), text.size(), fnv1a(text));
}

}  // namespace asyncbench
