#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/trial/run_result.hpp"
#include "reports/text/ranking.hpp"

namespace asyncbench {

// What a sentence says of a group of cells (ranking.hpp).

/// `a, b and c`
std::string listed(const std::vector<std::string>& items);

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

/// More names than these are not read: tables have them.
constexpr std::size_t most_names = 6;

bool is_named(const Group& group);

/// The names, or how many they are where they are not named.
std::string names_of(const RunResult& run, const Group& group);

/// The same in a sentence after the one that named each.
std::string names_again(const RunResult& run, const Group& group);

/// The group with its values, intervals and what is shown between them; `is_all` where there is no other
/// group. `verb` stands behind the names, with the space before it.
std::string text_of(const RunResult& run, const Group& group, bool is_all, const std::string& verb);

}  // namespace asyncbench
