#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "async/histogram.hpp"
#include "harness/load/measurement.hpp"
#include "harness/load/plan.hpp"
#include "harness/load/recorder.hpp"
#include "harness/work/service.hpp"

namespace asyncbench {

/// What a strategy is told about its surroundings.
struct StrategyOptions {
    Service* service = nullptr;  ///< what requests are sent to; outlives the strategy
    std::uint32_t concurrency = 1;
    std::map<std::string, std::string, std::less<>> parameters;  ///< checked against its StrategyInfo

    /// A whole number in [1, 1,000,000], or `fallback` where it was not given. Throws UsageError.
    std::uint32_t count(std::string_view parameter, std::uint32_t fallback) const;
};

/// What a strategy can tell of itself after run(), for that run alone.
struct StrategyStats {
    std::uint32_t threads = 1;  ///< that did the work
    /// Of its event loops, none where it has none: time busy, time in all, longest stretch without a wait.
    struct Loops {
        Nanoseconds busy{0};
        Nanoseconds total{0};
        Nanoseconds longest_busy{0};
        Nanoseconds longest_lag{0};  ///< the most that a timer came late
    };
    std::optional<Loops> loops;
    /// How late others on the same loop had their turn; none where nobody else was on it.
    std::optional<Histogram> neighbour_delay_ns = {};
    std::vector<Outcome> outcomes = {};
};

/// One way to do the work. An object lives for one trial: run() is called for the warm-up and once more for
/// the measurement, and what it opened (connections, threads, handles) stays for the second call.
class Strategy {
  public:
    virtual ~Strategy() = default;

    /// Does the requests that `plan` hands out, until it hands out no more and all are answered; gives each
    /// exchange to `recorder`. Throws where it cannot work at all; a failed request is a Response, not an
    /// exception.
    virtual void run(Plan& plan, Recorder& recorder) = 0;

    virtual StrategyStats stats() const = 0;
};

struct ParameterInfo {
    std::string name;
    std::string fallback;  ///< the default, in words or as a value
    std::string meaning;
};

struct StrategyInfo {
    std::string name;         ///< `callback-poll`: family, then variant
    std::string description;  ///< one sentence
    std::string source;       ///< its source file, as shown in reports; may be empty
    std::vector<ParameterInfo> parameters;
    /// What it needs of the system's limits: descriptors for each request in flight, and the most that it has
    /// in flight whatever the concurrency (before a parameter `threads` says otherwise).
    std::uint32_t descriptors_per_request = 1;
    std::uint32_t most_in_flight = 1'000'000;
};

/// The strategies a program knows. A value: whoever wants one more adds it to a copy.
class StrategyRegistry {
  public:
    using Factory = std::function<std::unique_ptr<Strategy>(const StrategyOptions&)>;

    /// Throws std::logic_error where the name is taken.
    void add(StrategyInfo info, Factory make);

    const std::vector<StrategyInfo>& all() const { return infos_; }

    /// Throws UsageError that names what there is, where strategy or parameter is unknown.
    const StrategyInfo& require(std::string_view name,
                                const std::map<std::string, std::string, std::less<>>& parameters) const;
    std::unique_ptr<Strategy> make(std::string_view name, const StrategyOptions& options) const;

  private:
    std::vector<StrategyInfo> infos_;
    std::vector<Factory> factories_;
};

}  // namespace asyncbench
