#include "async/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "async/histogram_layout.hpp"

namespace asyncbench {

namespace layout = histogram_layout;

void Histogram::record(std::int64_t value, std::uint64_t count) {
    if (count == 0) return;
    const std::size_t index = layout::index_of(layout::clamp(value));
    if (index >= counts_.size()) counts_.resize(index + 1);
    counts_[index] += count;
    total_ += count;
}

void Histogram::reserve(std::int64_t highest) {
    // Written once: else the first values would meet the page faults.
    const std::size_t used = counts_.size();
    counts_.resize(std::max(used, layout::index_of(layout::clamp(highest)) + 1));
    counts_.resize(used);
}

void Histogram::clear() {
    counts_.clear();
    total_ = 0;
}

Histogram& Histogram::operator+=(const Histogram& other) {
    if (other.counts_.size() > counts_.size()) counts_.resize(other.counts_.size());
    // By index: `other` may be this histogram.
    for (std::size_t index = 0; index < other.counts_.size(); ++index) counts_[index] += other.counts_[index];
    total_ += other.total_;
    return *this;
}

std::int64_t Histogram::value_at_percentile(double percentile) const {
    // One ulp less keeps the rounding of the product from reaching into the next count.
    const double below = std::nextafter(percentile, -std::numeric_limits<double>::infinity());
    const double requested = below > 0 ? std::min(below, 100.0) : 0;  // 0 for what is not a number, too
    const double rank = std::ceil(requested * static_cast<double>(total_) / 100.0);
    const std::uint64_t wanted = std::max<std::uint64_t>(static_cast<std::uint64_t>(rank), 1);
    std::uint64_t seen = 0;
    for (std::size_t index = 0; index < counts_.size(); ++index) {
        seen += counts_[index];
        if (seen < wanted) continue;
        return percentile == 0.0 ? layout::lowest_equivalent(index) : layout::highest_equivalent(index);
    }
    return 0;
}

std::int64_t Histogram::min() const {
    for (std::size_t index = 0; index < counts_.size(); ++index) {
        if (counts_[index] > 0) return layout::lowest_equivalent(index);
    }
    return 0;
}

std::int64_t Histogram::max() const {
    // record() grows the counters to the largest value and no further.
    return counts_.empty() ? 0 : layout::highest_equivalent(counts_.size() - 1);
}

double Histogram::mean() const {
    if (total_ == 0) return 0;
    double sum = 0;
    for (std::size_t index = 0; index < counts_.size(); ++index) {
        if (counts_[index] == 0) continue;
        sum += static_cast<double>(layout::median_equivalent(index)) * static_cast<double>(counts_[index]);
    }
    return sum / static_cast<double>(total_);
}

double Histogram::standard_deviation() const {
    if (total_ == 0) return 0;
    const double middle = mean();
    double sum = 0;
    for (std::size_t index = 0; index < counts_.size(); ++index) {
        if (counts_[index] == 0) continue;
        const double deviation = static_cast<double>(layout::median_equivalent(index)) - middle;
        sum += deviation * deviation * static_cast<double>(counts_[index]);
    }
    return std::sqrt(sum / static_cast<double>(total_));
}

double Histogram::share_at_or_below(std::int64_t value) const {
    if (total_ == 0 || value < 0) return 0;
    const std::size_t end = std::min(layout::index_of(layout::clamp(value)) + 1, counts_.size());
    std::uint64_t seen = 0;
    for (std::size_t index = 0; index < end; ++index) seen += counts_[index];
    return static_cast<double>(seen) / static_cast<double>(total_);
}

void Histogram::for_each(const std::function<void(std::int64_t, std::uint64_t)>& visit) const {
    for (std::size_t index = 0; index < counts_.size(); ++index) {
        if (counts_[index] > 0) visit(layout::lowest_equivalent(index), counts_[index]);
    }
}

bool Histogram::operator==(const Histogram& other) const = default;

}  // namespace asyncbench
