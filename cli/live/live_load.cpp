#include "cli/live/live_load.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "analysis/summary.hpp"
#include "harness/trial/derived_metrics.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

Trial new_trial(const TrialSpec& spec, const RunResult& run) {
    Trial trial;
    trial.spec = spec;
    trial.started_utc = run.started_utc;
    trial.load.emplace();
    return trial;
}

void add_second(Trial& trial, const LoadSoFar& so_far) {
    LoadView& load = *trial.load;
    load.seconds.push_back(so_far.second);
    load.answered_in_time = so_far.answered;
    load.received_bytes += so_far.second.received_bytes;
    load.sent += so_far.second.sent;
    trial.client.count = so_far.answered;
    trial.errors = so_far.errors;
    trial.response_time_ns = so_far.response_time_ns;
    // In an open loop the times from the send are known at the end.
    if (trial.spec.plan.kind != PlanKind::open) trial.service_time_ns = so_far.response_time_ns;
    const Nanoseconds elapsed = std::chrono::seconds{so_far.second.second + 1};
    trial.metrics["elapsed_ns"] = {static_cast<double>(elapsed.count()), {}};
    complete_metrics(trial, std::nullopt);
}

LiveRunPage::Progress progress_of(const Trial& trial) {
    const PlanSpec& plan = trial.spec.plan;
    const LoadSecond& last = trial.load->seconds.back();
    LiveRunPage::Progress progress{.unit = "seconds", .running = {}};
    progress.running = human_rate(static_cast<double>(last.answered));
    if (last.p99_ns) progress.running += ", p99 " + human_time(static_cast<double>(*last.p99_ns));
    if (plan.kind == PlanKind::batch) {
        progress.unit = "requests";
        progress.done = trial.client.count;
        progress.total = plan.requests;
    } else {
        progress.done = last.second + 1;
        progress.total =
            static_cast<std::size_t>(std::chrono::ceil<std::chrono::seconds>(plan.duration).count());
    }
    return progress;
}

}  // namespace

LiveLoad::LiveLoad(const RunResult& run, std::uint16_t port, std::string report)
    : page_(run.scenario, port, std::move(report)), run_(run) {}

void LiveLoad::second_ended(const TrialSpec& spec, const LoadSoFar& so_far) {
    if (run_.trials.empty() || run_.trials.front().load->seconds.back().second >= so_far.second.second)
        run_.trials = {new_trial(spec, run_)};
    Trial& trial = run_.trials.front();
    add_second(trial, so_far);
    page_.show(progress_of(trial));
    if (!page_.wants_run()) return;
    run_.scenario.plan = spec.plan;
    run_.summary = summarize(run_.scenario, run_.trials);
    page_.show(run_);
}

}  // namespace asyncbench
