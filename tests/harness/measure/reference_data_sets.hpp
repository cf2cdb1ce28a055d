#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "harness/work/random.hpp"

namespace asyncbench::reference {

/// The same values as scripts/histogram-testdata/HistogramReference.java generates: integer arithmetic and
/// the four basic operations on doubles, which give the same bits in both languages. logs and sines would
/// not.
using Record = std::function<void(std::int64_t value, std::uint64_t count)>;

struct DataSet {
    std::string_view name;
    void (*generate)(const Record& record);
};

inline double unit(std::uint64_t id, std::uint64_t stream) {
    return to_unit(random_bits(2024, id, stream));
}

/// The twelve's rule: the sum of 12 uniform numbers is nearly normal, its tails a little light.
inline double nearly_normal(std::uint64_t id) {
    double sum = 0;
    for (std::uint64_t stream = 0; stream < 12; ++stream) sum += unit(id, stream);
    return sum - 6;
}

/// e^x by (e^(x/1024))^1024: four terms of the series, then ten squarings.
inline double exponential(double x) {
    const double y = x / 1024;
    double power = 1 + y * (1 + y / 2 * (1 + y / 3));
    for (int i = 0; i < 10; ++i) power *= power;
    return power;
}

inline void one_value(const Record& record) {
    record(20'000'000, 1);
}

/// Service times with a median of 20 ms and a p99 of 80 ms.
inline void lognormal(const Record& record) {
    for (std::uint64_t id = 0; id < 1'000'000; ++id) {
        record(static_cast<std::int64_t>(20e6 * exponential(0.5959 * nearly_normal(id))), 1);
    }
}

/// All magnitudes alike, up to the highest value.
inline void wide_range(const Record& record) {
    for (std::uint64_t id = 0; id < 20'000; ++id) {
        record(static_cast<std::int64_t>(random_bits(7, id, 0) >> 22 >> id % 43), 1);
    }
}

/// On both sides of where buckets and steps begin.
inline void bucket_borders(const Record& record) {
    for (int magnitude = 0; magnitude < 42; ++magnitude) {
        const std::int64_t border = std::int64_t{1} << magnitude;
        for (const std::int64_t value : {border - 1, border, border + 1, border + border / 1024,
                                         border + border / 1024 - 1, border + border / 2, 2 * border - 1}) {
            record(value < border * 2 ? value : border, 1);
        }
    }
}

/// Counts of each length in LEB128, beside single zeros and runs of zeros.
inline void large_counts(const Record& record) {
    for (int magnitude = 0; magnitude < 48; ++magnitude) {
        record(std::int64_t{magnitude} * (1 + magnitude % 3), std::uint64_t{1} << magnitude);
    }
}

/// So many values that 0.07 % of them is more than 7 in doubles: 0.07 * 10000 / 100 = 7.000000000000001.
inline void ramp(const Record& record) {
    for (std::int64_t value = 1; value <= 10'000; ++value) record(value, 1);
}

inline std::span<const DataSet> data_sets() {
    static constexpr DataSet sets[] = {{"empty", [](const Record&) {}},
                                       {"one_value", one_value},
                                       {"lognormal", lognormal},
                                       {"wide_range", wide_range},
                                       {"bucket_borders", bucket_borders},
                                       {"large_counts", large_counts},
                                       {"ramp", ramp}};
    return sets;
}

/// Tells whether two generators gave the same values, in any order.
class Digest {
  public:
    void add(std::int64_t value, std::uint64_t count) {
        sum_ += mix64(static_cast<std::uint64_t>(value)) * count;
    }
    std::int64_t value() const { return static_cast<std::int64_t>(sum_); }

  private:
    std::uint64_t sum_ = 0;
};

}  // namespace asyncbench::reference
