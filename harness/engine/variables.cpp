#include "harness/engine/variables.hpp"

#include <fmt/format.h>

#include <iterator>

#include "harness/work/random.hpp"

namespace asyncbench {
namespace {

/// Apart from the streams of replies, arrivals and paths; each variable has one of its own from here on.
constexpr std::uint64_t first_stream = 1000;

std::uint64_t drawn_from(const RandomSource& source, std::uint64_t bits) {
    const std::uint64_t values = source.high - source.low + 1;  // 0: all of 64 bits
    return values == 0 ? bits : source.low + bits % values;
}

}  // namespace

VariableDraws::VariableDraws(const VariableSet& set, std::uint64_t seed, Pacer::Share share)
    : set_(set), seed_(seed), share_(share), counts_(set.variables.size()), rows_(set.tables.size()) {}

void VariableDraws::draw(const std::vector<std::uint32_t>& wanted, VariableValues& values,
                         std::size_t offset) {
    ++draws_;
    for (const std::uint32_t number : wanted) {
        std::string& value = values[offset + number];
        const auto& source = set_.variables[number].source;
        if (const auto* column = std::get_if<ColumnSource>(&source)) {
            value = set_.tables[column->table]->cell(row_of(column->table), column->column);
            continue;
        }
        const std::uint64_t count = next(counts_[number]);
        const auto* random = std::get_if<RandomSource>(&source);
        const std::uint64_t drawn =
            random != nullptr ? drawn_from(*random, random_bits(seed_, count, first_stream + number))
                              : std::get<CounterSource>(source).first + count;
        value.clear();
        fmt::format_to(std::back_inserter(value), "{}", drawn);
    }
}

std::size_t VariableDraws::row_of(std::size_t table) {
    Row& row = rows_[table];
    if (row.drawn != draws_) {
        row.drawn = draws_;
        row.row = next(row.count) % set_.tables[table]->rows();
    }
    return row.row;
}

}  // namespace asyncbench
