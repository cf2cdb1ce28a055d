#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/ranking/choice.hpp"
#include "analysis/run_result.hpp"

namespace asyncbench {

// What a sentence says of several cells.

/// `a, b and c`; with another last word, `a, b or c`.
std::string listed(const std::vector<std::string>& items, std::string_view last = "and");

/// Several estimates as one: the lowest value, and the highest with the interval that holds all of theirs.
struct Span {
    double lowest = 0;
    Estimate highest;
};

/// Of one or more.
Span span_of(const std::vector<Estimate>& estimates);

/// The metric of each cell; empty where one of them has no number, for the rest would stand for the group.
std::vector<Estimate> estimates_of(const Group& group, std::string_view metric);

/// Values alone, whose intervals say little beside the range.
std::string range_of_values(std::string_view metric, const std::vector<Estimate>& estimates);

/// The names, or how many they are where there are more than anybody reads.
std::string names_of(const RunResult& run, const Group& group, std::string_view last = "and");

/// `about 12,400/s each` of cells that are close; `10,500/s and 9,920/s`, in the order of the names, where
/// they are not; of a single one its value with its interval.
std::string values_of(const Group& group, std::string_view metric);

/// `a third less`, `twice as much`: a ratio in words, with its interval in percent; `noun` stands behind
/// `less`.
std::string difference_of(const Estimate& ratio, std::string_view noun);

}  // namespace asyncbench
