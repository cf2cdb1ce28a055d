#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace asyncbench {

/// Where in a request a text stands, and so what is done with a variable's value there.
enum class TextPlace {
    url,     ///< as %-escapes, but for letters, digits and `-._~`
    header,  ///< a control character becomes a space, as RFC 9110, section 5.5 has it: it ends no line
    body,    ///< as it is
};

/// Values of variables, by their numbers.
using VariableValues = std::vector<std::string>;

/// Whether it may be the name of a variable: letters, digits, `_`, `-` and `.`, at most 64.
bool is_variable_name(std::string_view text);

/// The names that stand as `{{name}}` in `text`, as often as they do.
std::vector<std::string> variables_in(std::string_view text);

/// A text with gaps for the values of variables.
class TextTemplate {
  public:
    TextTemplate() = default;
    /// `{{name}}` is a gap where `names` has the name; its place there is the variable's number. All else is
    /// text.
    TextTemplate(std::string_view text, const std::vector<std::string>& names, TextPlace place);

    bool has_gaps() const { return !gaps_.empty(); }
    /// `values` has one for each name.
    void append_to(std::string& to, const VariableValues& values) const;

  private:
    struct Gap {
        std::size_t at;  ///< of `text_`
        std::uint32_t variable;
    };

    std::string text_;  ///< without the gaps
    std::vector<Gap> gaps_;
    TextPlace place_ = TextPlace::body;
};

}  // namespace asyncbench
