#include "harness/gate/paired_gate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "harness/gate/block_order.hpp"
#include "harness/gate/cell_state.hpp"
#include "harness/gate/gate_trials.hpp"
#include "harness/gate/judging.hpp"
#include "harness/gate/sample_size.hpp"

namespace asyncbench {
namespace {

/// A block of ABBA holds two.
constexpr std::size_t pairs_of_block = 2;

class PairedGate {
  public:
    PairedGate(const PairedGatePlan& plan, GateObserver& observer)
        : plan_(plan), observer_(observer), trials_(plan) {}

    GateResult run() {
        const TimePoint began = Clock::now();
        begin();
        if (size_samples()) {
            make_lines(result_);
            look_until_decided();
            if (result_.rules.confirm) confirm();
        }
        close_lines(result_);
        result_.failure = trials_.failure();
        result_.interrupted = trials_.interrupted();
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
        GateSubject subject;
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
        for (GateSubject& subject : result_.subjects) {
            if (subject.requests == 0 && !size_sample(subject)) return false;
            if (subject.is_control) continue;
            auto& most = result_.scenario.plan.requests;
            most = std::max(most, subject.requests);
        }
        return true;
    }

    bool size_sample(GateSubject& subject) {
        while (!may_stop()) {
            observer_.trial_starts(fmt::format("{}: base, to size samples", subject.name), 0,
                                   plan_.rules.looks.pairs.front());
            const TrialResult tried = trials_.try_base(subject, least_requests_of_sample);
            if (!tried.failure.empty()) continue;
            subject.requests = requests_of_sample(tried);
            return true;
        }
        return false;
    }

    bool may_stop() const { return trials_.interrupted() || !trials_.failure().empty(); }

    std::vector<std::size_t> open_subjects(bool first) const {
        std::vector<std::size_t> subjects;
        for (std::size_t subject = 0; subject < result_.subjects.size(); ++subject) {
            if (result_.subjects[subject].is_control) continue;
            if (first || is_open(result_, subject)) subjects.push_back(subject);
        }
        return subjects;
    }

    std::size_t control() const { return result_.subjects.size() - 1; }

    void look_until_decided() {
        std::size_t measured = 0;
        for (const std::size_t look : plan_.rules.looks.pairs) {
            std::vector<std::size_t> subjects = open_subjects(measured == 0);
            if (subjects.empty()) return;
            subjects.push_back(control());
            if (!measure(subjects, measured, look, false)) return update_lines(result_);
            measured = look;
            judge_lines(result_);
            observer_.looked(look, open_lines(result_));
        }
    }

    void confirm() {
        std::vector<std::size_t> subjects = subjects_to_confirm(result_);
        if (subjects.empty()) return;
        subjects.push_back(control());
        const std::size_t pairs = plan_.rules.looks.pairs.front();
        measure(subjects, 0, pairs, true);
        judge_confirmation(result_);
        observer_.looked(pairs, open_lines(result_));
    }

    /// Pairs from `measured` to `pairs` of each subject. False where it had to stop before.
    bool measure(const std::vector<std::size_t>& subjects, std::size_t measured, std::size_t pairs,
                 bool confirmation) {
        while (measured < pairs) {
            const std::size_t count = std::min(pairs_of_block, pairs - measured);
            for (const BlockTrial& trial :
                 block_order(subjects, static_cast<std::uint32_t>(measured),
                             static_cast<std::uint32_t>(count), plan_.scenario.seed, block_++)) {
                if (!measure(trial, pairs, confirmation)) return false;
            }
            measured += count;
        }
        return true;
    }

    bool measure(const BlockTrial& trial, std::size_t pairs, bool confirmation) {
        if (may_stop()) return false;
        const GateSubject& subject = result_.subjects[trial.subject];
        observer_.trial_starts(
            fmt::format("{}: {}{}", subject.name, name_of(trial.arm), confirmation ? ", afresh" : ""),
            trial.pair, pairs);
        GateSample sample = trials_.run(subject, trial, confirmation);
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
