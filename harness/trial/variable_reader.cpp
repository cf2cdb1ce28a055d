#include "harness/trial/variable_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "async/errors.hpp"
#include "harness/trial/input_file.hpp"
#include "harness/work/units.hpp"

namespace asyncbench {
namespace {

/// `counter:5` behind `counter`, `random:1,6` behind `random`; none where it is another word.
std::optional<std::string_view> argument_of(std::string_view text, std::string_view word) {
    if (!text.starts_with(word)) return std::nullopt;
    text.remove_prefix(word.size());
    if (text.empty()) return text;
    if (!text.starts_with(':')) return std::nullopt;
    return text.substr(1);
}

RandomSource random_from(std::string_view text) {
    const auto comma = text.find(',');
    if (comma == std::string_view::npos)
        throw UsageError("Random numbers have bounds; write NAME=random:LOW,HIGH, like id=random:1,1000.");
    const RandomSource random{parse_count(text.substr(0, comma)), parse_count(text.substr(comma + 1))};
    if (random.high < random.low)
        throw UsageError(fmt::format("'{}' has its bounds the wrong way round.", text));
    return random;
}

}  // namespace

void VariableReader::add(std::string_view text) {
    const auto equals = text.find('=');
    const std::string name(text.substr(0, equals));
    if (equals == std::string_view::npos || !is_variable_name(name)) {
        throw UsageError(fmt::format(
            "'{}' is no variable; write NAME=counter, NAME=random:LOW,HIGH or NAME=@FILE.csv, with a name of "
            "letters, digits, '_', '-' and '.'.",
            text));
    }
    const std::string_view source = text.substr(equals + 1);
    if (source.starts_with('@')) {
        const auto colon = source.rfind(':');
        const std::string path(source.substr(1, colon == std::string_view::npos ? colon : colon - 1));
        const std::string column(colon == std::string_view::npos ? std::string_view(name)
                                                                 : source.substr(colon + 1));
        const std::size_t table = table_of(path);
        const std::vector<std::string>& columns = set_.tables[table]->columns;
        const auto found = std::find(columns.begin(), columns.end(), column);
        if (found == columns.end()) {
            throw UsageError(
                fmt::format("{} has no column '{}'; there are {}.", path, column, fmt::join(columns, ", ")));
        }
        add({name, ColumnSource{table, static_cast<std::size_t>(found - columns.begin())}});
    } else if (const auto first = argument_of(source, "counter")) {
        add({name, CounterSource{first->empty() ? 1 : parse_count(*first)}});
    } else if (const auto bounds = argument_of(source, "random")) {
        add({name, random_from(*bounds)});
    } else {
        throw UsageError(fmt::format(
            "'{}' is no source of values; there are counter:FIRST, random:LOW,HIGH and @FILE.csv:COLUMN.",
            source));
    }
}

void VariableReader::add_csv(const std::string& path) {
    const std::size_t table = table_of(path);
    for (std::size_t column = 0; column < set_.tables[table]->columns.size(); ++column)
        add({set_.tables[table]->columns[column], ColumnSource{table, column}});
}

void VariableReader::add(Variable variable) {
    const bool is_known = std::any_of(set_.variables.begin(), set_.variables.end(),
                                      [&](const Variable& each) { return each.name == variable.name; });
    if (is_known) throw UsageError(fmt::format("The variable '{}' is there twice.", variable.name));
    set_.variables.push_back(std::move(variable));
}

std::size_t VariableReader::table_of(const std::string& path) {
    const auto known = std::find(paths_.begin(), paths_.end(), path);
    if (known != paths_.end()) return static_cast<std::size_t>(known - paths_.begin());
    set_.tables.push_back(
        std::make_shared<const CsvTable>(parse_csv(read_input(path, "The CSV file"), path)));
    paths_.push_back(path);
    return paths_.size() - 1;
}

}  // namespace asyncbench
