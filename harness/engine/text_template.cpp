#include "harness/engine/text_template.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

namespace asyncbench {
namespace {

constexpr std::size_t longest_name = 64;
constexpr std::string_view opening = "{{";
constexpr std::string_view closing = "}}";

bool is_unreserved(unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_' || c == '~';
}

void append_value(std::string& to, std::string_view value, TextPlace place) {
    if (place == TextPlace::body) {
        to += value;
        return;
    }
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char letter : value) {
        const auto c = static_cast<unsigned char>(letter);
        if (place == TextPlace::header) {
            to += c < ' ' || c == 0x7f ? ' ' : letter;
        } else if (is_unreserved(c)) {
            to += letter;
        } else {
            to += '%';
            to += digits[c >> 4U];
            to += digits[c & 15U];
        }
    }
}

struct Found {
    std::size_t begin;  ///< of the opening braces
    std::string_view name;
    std::size_t end() const { return begin + opening.size() + name.size() + closing.size(); }
};

/// The next pair of braces from `from` on, whatever stands between them that may be a name.
std::optional<Found> next_name(std::string_view text, std::size_t from) {
    while ((from = text.find(opening, from)) != std::string_view::npos) {
        const std::size_t begin = from + opening.size();
        const std::size_t end = text.find(closing, begin);
        if (end == std::string_view::npos) return std::nullopt;
        const std::string_view name = text.substr(begin, end - begin);
        if (is_variable_name(name.starts_with(':') ? name.substr(1) : name)) return Found{from, name};
        ++from;
    }
    return std::nullopt;
}

}  // namespace

bool is_variable_name(std::string_view text) {
    return !text.empty() && text.size() <= longest_name &&
           std::all_of(text.begin(), text.end(), [](unsigned char c) {
               return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
           });
}

std::vector<std::string> variables_in(std::string_view text) {
    std::vector<std::string> names;
    for (auto found = next_name(text, 0); found; found = next_name(text, found->end()))
        names.emplace_back(found->name);
    return names;
}

TextTemplate::TextTemplate(std::string_view text, const std::vector<std::string>& names, TextPlace place)
    : place_(place) {
    std::size_t at = 0;
    for (auto found = next_name(text, 0); found; found = next_name(text, found->end())) {
        const auto name = std::find(names.begin(), names.end(), found->name);
        if (name == names.end()) continue;
        text_ += text.substr(at, found->begin - at);
        gaps_.push_back({text_.size(), static_cast<std::uint32_t>(name - names.begin())});
        at = found->end();
    }
    text_ += text.substr(at);
}

void TextTemplate::append_to(std::string& to, const VariableValues& values) const {
    std::size_t at = 0;
    for (const Gap& gap : gaps_) {
        to.append(text_, at, gap.at - at);
        append_value(to, values[gap.variable], place_);
        at = gap.at;
    }
    to.append(text_, at);
}

}  // namespace asyncbench
