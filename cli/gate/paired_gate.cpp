#include "cli/gate/paired_gate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "analysis/gate/evidence.hpp"
#include "analysis/gate/looks.hpp"
#include "cli/gate/block_order.hpp"
#include "cli/gate/pair_trials.hpp"
#include "cli/gate/sample_size.hpp"

namespace asyncbench {
namespace {

/// A block of ABBA holds two.
constexpr std::size_t pairs_of_block = 2;

class PairedGate : private PairSource {
  public:
    PairedGate(const PairedGatePlan& plan, GateObserver& observer)
        : plan_(plan), observer_(observer), trials_(plan) {}

    GateResult run() {
        const TimePoint began = Clock::now();
        begin();
        if (size_samples()) {
            look_and_confirm(result_, *this);
        } else {
            result_.warnings = result_.notes;
        }
        stopped();
        if (!result_.samples.empty()) result_.started_utc = result_.samples.front().started_utc;
        result_.elapsed = std::chrono::duration_cast<Nanoseconds>(Clock::now() - began);
        return std::move(result_);
    }

  private:
    void begin() {
        result_.base = {plan_.base.name, ""};
        result_.head = {plan_.head.name, ""};
        result_.environment = read_environment();
        result_.scenario = plan_.scenario;
        result_.rules = plan_.rules;
        if (const auto note = plan_.base.target->address_note()) result_.notes.push_back(*note);
        for (const std::uint32_t concurrency : plan_.scenario.concurrency) {
            for (const StrategySpec& strategy : plan_.scenario.strategies) {
                add_subject(strategy, concurrency, plan_.scenario, false);
            }
        }
        add_subject(plan_.control_scenario.strategies.front(), plan_.control_scenario.concurrency.front(),
                    plan_.control_scenario, true);
    }

    void add_subject(const StrategySpec& strategy, std::uint32_t concurrency, const Scenario& scenario,
                     bool is_control) {
        GateCell subject;
        subject.name = fmt::format("{}{} at {}", is_control ? "control: " : "", strategy.text(), concurrency);
        subject.strategy = strategy.text();
        subject.concurrency = concurrency;
        subject.is_control = is_control;
        subject.requests = planned_requests(scenario, concurrency);
        if (scenario.plan.kind == PlanKind::batch && subject.requests == 0) {
            subject.requests = requests_of_sample(scenario, concurrency).value_or(0);
        }
        result_.subjects.push_back(std::move(subject));
    }

    /// Measures where the delay does not tell. False where that was not possible.
    bool size_samples() {
        if (plan_.scenario.plan.kind != PlanKind::batch) return true;
        for (GateCell& subject : result_.subjects) {
            if (subject.requests == 0 && !size_sample(subject)) return false;
            if (subject.is_control) continue;
            auto& most = result_.scenario.plan.requests;
            most = std::max(most, subject.requests);
        }
        return true;
    }

    bool size_sample(GateCell& subject) {
        while (!may_stop()) {
            observer_.trial_starts(fmt::format("{}: base, to size samples", subject.name), 0,
                                   plan_.rules.looks.pairs.front());
            const Trial tried = trials_.try_base(subject, least_requests_of_sample);
            if (tried.unavailable()) {
                subject.requests = least_requests_of_sample;
                return true;
            }
            if (tried.lost()) {
                result_.notes.push_back({"trials-lost",
                                         fmt::format("{}: a trial of base, to size samples, was lost: {}",
                                                     subject.name, tried.failure),
                                         subject.is_control ? WarningKind::note : WarningKind::wrong});
                continue;
            }
            subject.requests = requests_of_sample(tried);
            return true;
        }
        return false;
    }

    bool may_stop() const { return trials_.interrupted() || !trials_.failure().empty(); }

    /// Where it had to stop, the result says why, for what is concluded of it.
    bool stopped() {
        result_.failure = trials_.failure();
        result_.interrupted = trials_.interrupted();
        return may_stop();
    }

    bool measure(const std::vector<std::size_t>& subjects, std::size_t from, std::size_t to,
                 bool confirmation) override {
        while (from < to) {
            const std::size_t count = std::min(pairs_of_block, to - from);
            for (const BlockTrial& trial :
                 block_order(subjects, static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(count),
                             plan_.scenario.seed, block_++)) {
                if (!measure(trial, to, confirmation)) return !stopped();
            }
            from += count;
        }
        return true;
    }

    void looked(std::size_t pairs, std::size_t open_lines) override { observer_.looked(pairs, open_lines); }

    bool measure(const BlockTrial& trial, std::size_t pairs, bool confirmation) {
        if (may_stop()) return false;
        const GateCell& subject = result_.subjects[trial.subject];
        observer_.trial_starts(
            fmt::format("{}: {}{}", subject.name, name_of(trial.arm), confirmation ? ", again" : ""),
            trial.pair, pairs);
        GateTrial sample = trials_.run(subject, trial, confirmation);
        if (!trials_.interrupted() || sample.failure.empty()) result_.samples.push_back(std::move(sample));
        return !may_stop();
    }

    const PairedGatePlan& plan_;
    GateObserver& observer_;
    GateTrials trials_;
    GateResult result_;
    std::uint64_t block_ = 0;
};

}  // namespace

GateResult run_paired_gate(const PairedGatePlan& plan, GateObserver& observer) {
    check(plan.scenario);
    check(plan.rules);
    return PairedGate(plan, observer).run();
}

}  // namespace asyncbench
