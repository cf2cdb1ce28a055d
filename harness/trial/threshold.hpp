#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/trial/trial.hpp"

namespace asyncbench {

/// What a load must keep to: `p99<200ms`, `errors<1%`, `rate>900`.
class Threshold {
  public:
    /// Names are `rate`; `errors`, as a share of the requests; `pN`, `mean` and `max` of the response times,
    /// which are those from the schedule in an open loop; and every metric that `asyncbench list metrics`
    /// has, by its name or short name. Between name and value stands <, <=, > or >=. Throws UsageError, a
    /// sentence.
    static Threshold parse(std::string_view text);

    /// As it was written.
    const std::string& text() const { return text_; }
    bool operator==(const Threshold& other) const { return text_ == other.text_; }

    /// The value that it looks at; none where the trial does not have it.
    std::optional<double> value_in(const Trial& trial) const;
    /// False where there is no value, too: what is not known keeps to nothing.
    bool holds(const Trial& trial) const;
    std::string_view unit() const { return unit_; }

  private:
    enum class Relation { less, at_most, more, at_least };

    std::string text_;
    std::string name_;                  ///< of a metric, or one of the words
    std::optional<double> percentile_;  ///< of the response times
    std::string_view unit_;             ///< as in the catalogue of metrics
    Relation relation_ = Relation::less;
    double limit_ = 0;
};

}  // namespace asyncbench
