#include "reports/formats/xml.hpp"

#include "async/utf8.hpp"
#include "reports/html/markup.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

void replace_all(std::string& text, std::string_view what, std::string_view with) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

}  // namespace

std::string escape_xml(std::string_view text) {
    std::string clean = printable(as_utf8(text));
    constexpr std::string_view replacement = "\xef\xbf\xbd";
    for (const std::string_view noncharacter : {"\xef\xbf\xbe", "\xef\xbf\xbf"})
        replace_all(clean, noncharacter, replacement);
    return escape_html(clean);
}

}  // namespace asyncbench
