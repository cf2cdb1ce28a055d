#include "analysis/stats/change_points.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <random>
#include <stdexcept>

#include "analysis/stats/draw.hpp"
#include "analysis/stats/require.hpp"

namespace asyncbench {
namespace {

struct Split {
    std::size_t index = 0;  ///< of the first value after it
    double statistic = 0;
};

/// Sums of the distances between values of a segment, each in constant time.
class Distances {
  public:
    explicit Distances(std::span<const double> values) : width_(values.size() + 1), sums_(width_ * width_) {
        for (std::size_t i = 0; i < values.size(); ++i) {
            double row = 0;
            for (std::size_t j = 0; j < values.size(); ++j) {
                row += std::abs(values[i] - values[j]);
                sums_[(i + 1) * width_ + j + 1] = sums_[i * width_ + j + 1] + row;
            }
        }
    }

    /// Of each value in [from, to) to each in [other_from, other_to).
    double sum(std::size_t from, std::size_t to, std::size_t other_from, std::size_t other_to) const {
        return at(to, other_to) - at(from, other_to) - at(to, other_from) + at(from, other_from);
    }

  private:
    double at(std::size_t i, std::size_t j) const { return sums_[i * width_ + j]; }

    std::size_t width_;
    std::vector<double> sums_;
};

/// Q of the paper: the scaled energy distance between [0, split) and [split, end).
double energy(const Distances& distances, std::size_t split, std::size_t end) {
    const auto n = static_cast<double>(split);
    const auto m = static_cast<double>(end - split);
    const double between = distances.sum(0, split, split, end) / (n * m);
    const double before = distances.sum(0, split, 0, split) / (n * (n - 1));
    const double after = distances.sum(split, end, split, end) / (m * (m - 1));
    return n * m / (n + m) * (2 * between - before - after);
}

/// The best split of a segment. What follows a split is looked at up to every end, so that a second change
/// further on does not hide the first.
Split best_split(std::span<const double> values, std::size_t least_segment) {
    Split best;
    const Distances distances(values);
    for (std::size_t split = least_segment; split + least_segment <= values.size(); ++split) {
        for (std::size_t end = split + least_segment; end <= values.size(); ++end) {
            const double statistic = energy(distances, split, end);
            if (statistic > best.statistic) best = {split, statistic};
        }
    }
    return best;
}

using Segments = std::vector<std::size_t>;  // where each begins, and the end of the last

Split best_split(std::span<const double> values, const Segments& segments, std::size_t least_segment) {
    Split best;
    for (std::size_t i = 0; i + 1 < segments.size(); ++i) {
        const auto segment = values.subspan(segments[i], segments[i + 1] - segments[i]);
        const Split split = best_split(segment, least_segment);
        if (split.statistic > best.statistic) best = {segments[i] + split.index, split.statistic};
    }
    return best;
}

/// How often values shuffled within their segments split as well as these do; none where that is oftener
/// than `significance`, which ends the test early.
std::optional<double> permutation_p_value(std::span<const double> values, const Segments& segments,
                                          double statistic, const ChangePointOptions& options,
                                          std::mt19937_64& random) {
    // Where none of so many is as good, p is as small as the significance.
    const double enough = std::max(999.0, std::ceil(1 / options.significance) - 1);
    const auto permutations = static_cast<std::size_t>(enough);
    // The same values in the same halves, added up in another order, are as good.
    const double as_good = statistic * (1 - 1e-9);
    std::vector<double> shuffled(values.begin(), values.end());
    double better = 0;
    double p_value = 0;
    for (std::size_t i = 0; i < permutations; ++i) {
        for (std::size_t j = 0; j + 1 < segments.size(); ++j) {
            shuffle(random, std::span(shuffled).subspan(segments[j], segments[j + 1] - segments[j]));
        }
        if (best_split(shuffled, segments, options.least_segment).statistic >= as_good) ++better;
        p_value = (1 + better) / (1 + enough);
        if (p_value > options.significance) return std::nullopt;
    }
    return p_value;
}

double mean(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

void find_levels(std::span<const double> values, std::vector<ChangePoint>& changes) {
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const std::size_t from = i == 0 ? 0 : changes[i - 1].index;
        const std::size_t to = i + 1 == changes.size() ? values.size() : changes[i + 1].index;
        changes[i].before = mean(values.subspan(from, changes[i].index - from));
        changes[i].after = mean(values.subspan(changes[i].index, to - changes[i].index));
    }
}

/// How large a change is against the least one that counts; 1 or more counts.
double weight(const ChangePoint& change, double least_change) {
    const double difference = std::abs(change.after - change.before);
    return difference == 0 ? 0 : difference / (least_change * std::abs(change.before));
}

/// The smallest goes first: what it parted becomes one, and the changes beside it others.
void leave_out_small(std::span<const double> values, double least_change, std::vector<ChangePoint>& changes) {
    find_levels(values, changes);
    while (!changes.empty() && least_change > 0) {
        const auto smallest = std::min_element(
            changes.begin(), changes.end(), [&](const ChangePoint& one, const ChangePoint& other) {
                return weight(one, least_change) < weight(other, least_change);
            });
        if (weight(*smallest, least_change) >= 1) return;
        changes.erase(smallest);
        find_levels(values, changes);
    }
}

}  // namespace

std::vector<ChangePoint> change_points(std::span<const double> values, const ChangePointOptions& options) {
    require_finite(values, "change points");
    if (!(options.significance > 0 && options.significance < 1)) {
        throw std::invalid_argument("change points at a significance outside (0, 1)");
    }
    if (!(options.least_change >= 0)) throw std::invalid_argument("change points of less than no change");
    if (options.least_segment < 2) throw std::invalid_argument("change points between single values");
    std::mt19937_64 random(options.seed);
    Segments segments{0, values.size()};
    std::vector<ChangePoint> changes;
    while (true) {
        const Split split = best_split(values, segments, options.least_segment);
        if (split.index == 0) break;
        const auto p_value = permutation_p_value(values, segments, split.statistic, options, random);
        if (!p_value) break;
        changes.push_back({.index = split.index, .p_value = *p_value});
        segments.insert(std::upper_bound(segments.begin(), segments.end(), split.index), split.index);
    }
    std::sort(changes.begin(), changes.end(),
              [](const ChangePoint& one, const ChangePoint& other) { return one.index < other.index; });
    leave_out_small(values, options.least_change, changes);
    return changes;
}

}  // namespace asyncbench
