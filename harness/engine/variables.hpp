#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "harness/engine/csv_table.hpp"
#include "harness/engine/pacer.hpp"
#include "harness/engine/text_template.hpp"

namespace asyncbench {

/// first, first + 1, ...: each value once, over all threads.
struct CounterSource {
    std::uint64_t first = 1;
};
/// Whole numbers from `low` to `high`, all as likely, drawn by the seed.
struct RandomSource {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
};
/// A column of a table, whose rows are taken in turn, over all threads. The columns of one table have one row
/// in each request.
struct ColumnSource {
    std::size_t table = 0;
    std::size_t column = 0;
};

/// What `{{name}}` in a request stands for.
struct Variable {
    std::string name;
    std::variant<CounterSource, RandomSource, ColumnSource> source;
};

struct VariableSet {
    std::vector<Variable> variables;
    std::vector<std::shared_ptr<const CsvTable>> tables;  ///< none is null
};

/// What one thread with this share of the requests draws. One thread; `set` outlives it.
class VariableDraws {
  public:
    VariableDraws(const VariableSet& set, std::uint64_t seed, Pacer::Share share);

    /// The next values of the variables of those numbers into `values`, from the place `offset` on.
    void draw(const std::vector<std::uint32_t>& wanted, VariableValues& values, std::size_t offset);

  private:
    /// Of a table the row that is used, and for which draw.
    struct Row {
        std::size_t row = 0;
        std::uint64_t drawn = 0;
        std::uint64_t count = 0;
    };

    std::uint64_t next(std::uint64_t& count) const { return count++ * share_.count + share_.index; }
    std::size_t row_of(std::size_t table);

    const VariableSet& set_;
    std::uint64_t seed_;
    Pacer::Share share_;
    std::uint64_t draws_ = 0;
    std::vector<std::uint64_t> counts_;  ///< of each variable
    std::vector<Row> rows_;              ///< of each table
};

}  // namespace asyncbench
