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

void CsvLine::add(std::string_view field) {
    if (!first_) line_ += ',';
    first_ = false;
    line_ += field;
}

CsvLine& CsvLine::text(std::string_view text) {
    std::string field = looks_like_a_formula(text) ? "'" : "";
    field += printable(text);
    if (field.find_first_of(",\"") == std::string::npos) {
        add(field);
        return *this;
    }
    std::string quoted = "\"";
    for (const char c : field) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    add(quoted + '"');
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
