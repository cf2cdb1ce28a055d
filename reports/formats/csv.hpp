#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asyncbench {

/// A field as RFC 4180 has it: in quotes where a comma, a quote or a line end would part it.
std::string csv_field(std::string_view text);

/// One line of CSV (RFC 4180), ended by LF.
class CsvLine {
  public:
    /// Text that stays on its line, quoted where it has to be, and with an apostrophe in front where a
    /// spreadsheet would take it for a formula (OWASP, "CSV Injection").
    CsvLine& text(std::string_view text);
    /// All digits that the number needs to be read back the same; empty where it is none or not finite.
    CsvLine& number(std::optional<double> value);
    CsvLine& flag(bool value);  ///< true or false

    std::string line() const { return line_ + "\n"; }

  private:
    void add(std::string_view field);

    std::string line_;
    bool first_ = true;
};

}  // namespace asyncbench
