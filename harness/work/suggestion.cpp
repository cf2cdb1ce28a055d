#include "harness/work/suggestion.hpp"
#include "harness/work/lower_case.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace asyncbench {
namespace {

constexpr std::size_t most_suggestions = 3;
constexpr std::size_t longest_typed = 64;  ///< no name of ours is longer

/// Letters that are missing, too many, wrong, or exchanged with their neighbour (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    std::vector<std::size_t> next(b.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        next[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            next[j] = std::min({row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            const bool exchanged = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (exchanged) next[j] = std::min(next[j], before[j - 2] + 1);
        }
        before.swap(row);
        row.swap(next);
    }
    return row[b.size()];
}

/// Of the whole name or its beginning: `thread` is the beginning of `thread-pool`. Twice the distance, so
/// that the whole goes before a beginning that is as like.
std::size_t unlikeness(const std::string& typed, const std::string& name) {
    return std::min(2 * distance(typed, name),
                    2 * distance(typed, std::string_view(name).substr(0, typed.size())) + 1);
}

/// One letter in three; of one letter, as in -v, only its case.
std::size_t most_unlike(std::size_t letters) {
    constexpr std::size_t enough_letters = 3;
    return letters < enough_letters ? 0 : 2 * (letters / 3) + 1;
}

}  // namespace

std::string did_you_mean(std::string_view typed, const std::vector<std::string>& known) {
    if (typed.empty() || typed.size() > longest_typed) return {};
    const std::string lower = in_lower_case(typed);
    std::size_t least = most_unlike(lower.size());
    std::vector<std::string> alike;
    for (const std::string& name : known) {
        const std::size_t score = unlikeness(lower, in_lower_case(name));
        if (score > least) continue;
        if (score < least) alike.clear();
        least = score;
        alike.push_back(name);
    }
    if (alike.empty()) return {};
    alike.resize(std::min(alike.size(), most_suggestions));
    std::string text = " Did you mean " + alike.front();
    for (std::size_t i = 1; i < alike.size(); ++i) text += (i + 1 == alike.size() ? " or " : ", ") + alike[i];
    return text + "?";
}

}  // namespace asyncbench
