#include "reports/formats/csv.hpp"

#include <fmt/format.h>

#include <cmath>

#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

bool looks_like_a_formula(std::string_view text) {
    return text.find_first_of("=+-@") == 0;  // tabs and line ends are made visible before
}

}  // namespace

std::string csv_field(std::string_view text) {
    // Quotes at the beginning of a line keep CI systems from taking `::error::` for a command.
    const bool is_plain = text.find_first_of(",\"\r\n") == std::string_view::npos && text.find("::") != 0;
    if (is_plain) return std::string(text);
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

void CsvLine::add(std::string_view field) {
    if (!first_) line_ += ',';
    first_ = false;
    line_ += field;
}

CsvLine& CsvLine::text(std::string_view text) {
    add(csv_field((looks_like_a_formula(text) ? "'" : "") + printable(text)));
    return *this;
}

CsvLine& CsvLine::number(std::optional<double> value) {
    add(value && std::isfinite(*value) ? fmt::format("{}", *value) : std::string());
    return *this;
}

CsvLine& CsvLine::flag(bool value) {
    add(value ? "true" : "false");
    return *this;
}

}  // namespace asyncbench
