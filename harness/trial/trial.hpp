#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "async/detect/diagnosis.hpp"
#include "async/histogram.hpp"
#include "harness/engine/load_settings.hpp"
#include "harness/http/request_spec.hpp"
#include "harness/load/measurement.hpp"
#include "harness/load/plan_spec.hpp"
#include "harness/trial/load_requests.hpp"
#include "harness/trial/load_view.hpp"
#include "harness/trial/metric.hpp"
#include "harness/trial/warning.hpp"
#include "harness/work/fingerprint.hpp"
#include "harness/work/profile.hpp"
#include "harness/work/secret_text.hpp"

namespace asyncbench {

/// `thread-pool:threads=16` taken apart.
struct StrategySpec {
    std::string name;                                         ///< `thread-pool`, or `exec`
    std::map<std::string, std::string, std::less<>> options;  ///< `threads` -> `16`
    SecretText command;                                       ///< of `exec:COMMAND`, for /bin/sh

    /// Throws UsageError where the form is wrong; does not know which strategies exist.
    static StrategySpec parse(std::string_view text);
    std::string text() const;  ///< the form parse() reads, with a secret of the command hidden
    bool operator==(const StrategySpec&) const = default;
};

/// What the trials of a scenario have in common.
struct TrialSettings {
    PlanSpec plan;
    Profile profile;
    std::uint64_t seed = 1;
    Nanoseconds warmup{0};
    Nanoseconds timeout{std::chrono::seconds{30}};  ///< of one request
    RequestSpec request;                            ///< of a foreign target
    std::optional<LoadSettings> load = {};          ///< of `asyncbench load`, which has no strategy
    LoadRequests requests = {};                     ///< of a load, in place of `request` or with it
    bool diagnose = false;                          ///< measure with every detector on, which costs a little
    Nanoseconds stall_threshold{std::chrono::milliseconds{100}};  ///< of diagnose
};

/// Everything one trial process needs to know: the line it reads on stdin.
struct TrialSpec : TrialSettings {
    std::string trial;  ///< names the trial on both sides; [a-z0-9-]+
    StrategySpec strategy;
    SecretText base_url;  ///< `http://127.0.0.1:8080`; request k is base_url + /io/{trial}/{k}
    /// In digits: where base_url's host was found before the trials, so that none of them looks it up. Empty
    /// where base_url has an address itself.
    std::string address;
    bool verify = true;  ///< false against a foreign target, which `request` is sent to

    TrialSpec() = default;
    explicit TrialSpec(const TrialSettings& settings) : TrialSettings(settings) {}
};

inline constexpr Limits<Nanoseconds> timeout_limits{std::chrono::milliseconds{1}, any_duration.most,
                                                    "at least 1ms"};
/// Steps of a loop shorter than a millisecond are no stalls.
inline constexpr Limits<Nanoseconds> stall_threshold_limits{std::chrono::milliseconds{1}, any_duration.most,
                                                            "at least 1ms"};

/// What the target says it saw of one trial.
struct TargetView {
    std::uint64_t requests = 0;     ///< arrived, faults included
    Fingerprint served;             ///< whole responses written
    std::uint64_t connections = 0;  ///< that carried requests of this trial
    MetricValue cpu_share;          ///< of one core, while the trial ran
    Histogram delay_error_ns;       ///< actual minus intended delay, never below 0

    /// Of the responses begun: how long the target held each request, from its arrival to the first byte of
    /// the answer, and how long it was to. A target that does not report it has counted none.
    struct Held {
        std::uint64_t count = 0;
        std::uint64_t stamped = 0;  ///< of which the kernel stamped the arrival; of the others the target did
        Nanoseconds sum{0};
        Nanoseconds intended_sum{0};

        bool operator==(const Held&) const = default;
    };
    Held held;
};

/// What a trial counts for, or a cell of trials.
enum class Standing {
    ok,
    disturbed,    ///< of a trial: the machine was busy, and the value stands
    limited,      ///< its values are bounds
    wrong,        ///< its values are never used
    lost,         ///< of a trial: it has no measurement
    unavailable,  ///< it can have none: the kind of work has no client for the strategy
};
std::string_view name_of(Standing standing);  ///< `ok`, `disturbed`, ...

struct Trial {
    TrialSpec spec;
    std::uint32_t repetition = 0;  ///< its block, from 0
    std::uint32_t order = 0;       ///< its place in the order run, from 0
    std::string started_utc;       ///< ISO 8601
    Metrics metrics;
    Histogram service_time_ns;   ///< from the actual send
    Histogram response_time_ns;  ///< from the intended start
    /// Service time less the time that the target held the request: client, network and kernel. Empty where
    /// the target or the program does not report it.
    Histogram overhead_ns;
    /// Open loop: response time less the target's own lateness, held minus intended. Empty as above.
    Histogram punctual_response_ns;
    Fingerprint client;  ///< whole responses received
    ErrorCounts errors;
    Endings endings;
    std::optional<TargetView> target;  ///< none against a foreign target
    std::optional<LoadView> load;      ///< of a load generator
    std::vector<TimelineEntry> timeline;
    std::optional<Diagnosis> diagnosis;  ///< where the spec asked for it and the program can tell
    std::vector<Outcome> outcomes;
    std::vector<Warning> warnings;
    std::string failure;  ///< why there is no measurement; empty where there is one

    /// The strategy has one request in flight whatever the concurrency: measured once a block, for all
    /// levels.
    bool every_level = false;

    /// Of a strategy for which the kind of work has no client; `why` is a sentence.
    static Trial of_unavailable(std::string why);

    /// What it counts for; `limited` where it was disturbed, too.
    Standing standing() const;
    bool unavailable() const;  ///< as of_unavailable(): a failure that is no loss
    bool lost() const;         ///< any other failure
    bool usable() const;       ///< no failure, and nothing wrong
    bool limited() const;      ///< usable, and its throughput and times are bounds
    bool disturbed() const;    ///< usable, of a block in which the machine was busy
    const std::string& strategy_name() const { return spec.strategy.name; }

    /// That ended, failed ones included. Responses of a wrong status or content came whole, so that the
    /// client counts them already.
    std::uint64_t requests() const { return client.count + errors.total() - errors.status - errors.content; }
};

/// Whether more than one trial in ten was lost, which makes their cell wrong.
constexpr bool too_many_lost(std::size_t lost, std::size_t trials) {
    return 10 * lost > trials;
}

}  // namespace asyncbench
