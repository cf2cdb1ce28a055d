#include "reports/html/markup.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <new>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "harness/measure/base64.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {

namespace {

/// printable(), but for the line ends and tabs of source code.
std::string printable_lines(std::string_view text) {
    std::string result;
    while (true) {
        const auto end = text.find_first_of("\n\t");
        result += printable(text.substr(0, end));
        if (end == std::string_view::npos) return result;
        result += text[end];
        text.remove_prefix(end + 1);
    }
}

/// Each string of the value.
void make_printable(Json& value) {
    if (value.is_string()) value = printable(value.get_ref<const std::string&>());
    if (!value.is_structured()) return;
    for (Json& element : value) make_printable(element);
}

}  // namespace

std::string escape_html(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (const char c : printable_lines(text)) {
        switch (c) {
            case '&':
                result += "&amp;";
                break;
            case '<':
                result += "&lt;";
                break;
            case '>':
                result += "&gt;";
                break;
            case '"':
                result += "&quot;";
                break;
            case '\'':
                result += "&#39;";
                break;
            default:
                result += c;
        }
    }
    return result;
}

std::string gzip_base64(const std::string& text) {
    constexpr int gzip_window_bits = 15 + 16;  // 16 asks zlib for gzip's header
    constexpr int default_memory_level = 8;
    z_stream stream{};
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzip_window_bits, default_memory_level,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        throw std::bad_alloc();
    }
    std::string compressed(deflateBound(&stream, text.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));  // zlib reads it only
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(compressed.data());
    stream.avail_out = static_cast<uInt>(compressed.size());
    deflate(&stream, Z_FINISH);  // all of it: the output is as long as it can get
    compressed.resize(stream.total_out);
    deflateEnd(&stream);
    return encode_base64(compressed);
}

std::string packed_chart_data(Json data) {
    make_printable(data);
    return gzip_base64(to_text(data));
}

std::string fill_template(std::string_view text,
                          const std::vector<std::pair<std::string_view, std::string>>& values) {
    std::string result;
    while (true) {
        const auto open = text.find("{{");
        result += text.substr(0, open);
        if (open == std::string_view::npos) return result;
        const auto close = text.find("}}", open);
        if (close == std::string_view::npos) throw std::out_of_range("a place in the template does not end");
        const std::string_view name = text.substr(open + 2, close - open - 2);
        const auto value = std::find_if(values.begin(), values.end(),
                                        [&](const auto& entry) { return entry.first == name; });
        if (value == values.end())
            throw std::out_of_range(fmt::format("the template's '{}' has no value", name));
        result += value->second;
        text.remove_prefix(close + 2);
    }
}

namespace {

/// Where a name may be broken in a narrow column: between its parts.
std::string breakable(const std::string& escaped) {
    std::string text;
    for (const char c : escaped) {
        text += c;
        if (c == ':' || c == ',' || c == '/') text += "<wbr>";
    }
    return text;
}

}  // namespace

HtmlTable::HtmlTable(std::string caption, std::vector<std::string> headings)
    : caption_(std::move(caption)), headings_(std::move(headings)) {}

void HtmlTable::add_row(const std::vector<std::string>& cells, bool bad, std::string_view why) {
    rows_ += bad ? "<tr class=\"bad\">" : "<tr>";
    for (std::size_t i = 0; i < headings_.size(); ++i) {
        const std::string cell = i < cells.size() ? escape_html(cells[i]) : std::string{};
        if (i == 0) {
            const std::string mark = bad ? fmt::format(" <strong>{}</strong>", escape_html(why)) : "";
            rows_ += fmt::format("<th scope=\"row\">{}{}</th>", breakable(cell), mark);
        } else {
            constexpr std::size_t longest_unbroken = 26;
            rows_ += fmt::format("<td{} data-label=\"{}\">{}</td>",
                                 cell.size() <= longest_unbroken ? " class=\"short\"" : "",
                                 escape_html(headings_[i]), cell);
        }
    }
    rows_ += "</tr>\n";
}

std::string HtmlTable::text() const {
    std::string heads;
    for (const std::string& heading : headings_) {
        heads += fmt::format("<th scope=\"col\">{}</th>", escape_html(heading));
    }
    return fmt::format(
        "<table>\n<caption>{}</caption>\n<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody>\n</table>",
        escape_html(caption_), heads, rows_);
}

std::string paragraphs(const std::vector<std::string>& texts) {
    std::string result;
    for (const std::string& text : texts) result += fmt::format("<p>{}</p>\n", escape_html(text));
    return result;
}

}  // namespace asyncbench
