#pragma once

namespace asyncbench {

/// A value with its interval. `confidence` is what the interval really has: with few trials an interval of
/// order statistics cannot reach 0.95, and says so (5 trials: 0.9375).
struct Estimate {
    double value = 0;
    double low = 0;
    double high = 0;
    double confidence = 0;

    bool operator==(const Estimate&) const = default;
};

}  // namespace asyncbench
