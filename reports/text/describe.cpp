#include "reports/text/describe.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "analysis/ranking/looks.hpp"
#include "analysis/summary.hpp"
#include "harness/trial/blocks.hpp"
#include "harness/work/units.hpp"
#include "reports/load_report.hpp"
#include "reports/text/human.hpp"
#include "reports/text/ranking.hpp"
#include "reports/text/strategy_name.hpp"

namespace asyncbench {
namespace {

std::string describe_plan(const PlanSpec& plan) {
    switch (plan.kind) {
        case PlanKind::batch:
            return fmt::format("batch of {}", counted(plan.requests, "request"));
        case PlanKind::open:
            return fmt::format("open loop of {} for {}, {} arrivals", human_rate(plan.rate_rps),
                               to_text(plan.duration),
                               plan.arrivals == Arrivals::poisson ? "Poisson" : "evenly spaced");
        case PlanKind::closed:
            break;
    }
    return fmt::format("closed loop for {}", to_text(plan.duration));
}

/// Of a history a load has no number of connections.
std::string describe_course(const Scenario& scenario) {
    if (!scenario.load) return describe_plan(scenario.plan);
    if (!scenario.concurrency.empty()) return load_heading(scenario);
    const std::vector<LoadStage>& stages = scenario.load->stages;
    return stages.empty() ? describe_plan(scenario.plan) : "stages " + text_of(stages);
}

/// The lowest and the highest in words; one where both are the same.
template <typename Text>
std::string range_of(const std::set<double>& values, const Text& text_of) {
    return span_text(text_of(*values.begin()), text_of(*values.rbegin()));
}

/// `, in trial 3`, `, first in trial 3 (2 of 5 trials)`; trials count from 1.
std::string which_trials(const RunResult& run, const Cell& cell, std::string_view code) {
    std::vector<std::uint32_t> repetitions;
    for (const Trial& trial : run.trials) {
        const auto has = [&](const Warning& warning) { return warning.code == code; };
        if (is_of(trial, cell) && std::any_of(trial.warnings.begin(), trial.warnings.end(), has))
            repetitions.push_back(trial.repetition + 1);
    }
    if (repetitions.empty()) return {};
    if (repetitions.size() == 1) return fmt::format(", in trial {}", repetitions.front());
    return fmt::format(", first in trial {} ({} of {})", repetitions.front(), repetitions.size(),
                       counted(cell.trials, "trial"));
}

/// Warnings of one code differ in their numbers only: the first stands for all.
void place(std::vector<PlacedWarning>& placed, const Warning& warning, const std::string& where) {
    auto found = std::find_if(placed.begin(), placed.end(), [&](const PlacedWarning& other) {
        return !other.places.empty() && other.warning.code == warning.code &&
               other.warning.kind == warning.kind;
    });
    if (found == placed.end()) found = placed.insert(placed.end(), {warning, {}, true});
    if (found->warning.message != warning.message) found->same_everywhere = false;
    found->places.push_back(where);
}

}  // namespace

std::string title_of(const RunResult& run) {
    const std::string& question = run.scenario.question;
    if (!question.empty()) return question;
    return run.scenario.load ? "Load on " + run.scenario.target.shown() : "Comparison " + run.scenario.name;
}

std::string heading_of(const RunResult& run) {
    constexpr std::size_t longest = 160;
    return shortened(title_of(run), longest);
}

std::string short_name_of(const RunResult& run) {
    constexpr std::size_t longest = 60;
    return shortened(run.scenario.name, longest);
}

std::string describe_load(const Scenario& scenario) {
    const Profile& profile = scenario.profile;
    std::string text = describe_course(scenario);
    if (!has_foreign_target(scenario)) {
        text += fmt::format(", latency {}, {} a body", profile.delay.text(),
                            counted(profile.payload_bytes, "byte"));
        if (profile.error_rate > 0) text += fmt::format(", {} errors", human_percent(profile.error_rate));
        if (profile.faults.sum() > 0) text += fmt::format(", faults {}", profile.faults.text());
    }
    if (profile.compute.count() > 0)
        text += fmt::format(", {} of CPU work a response", to_text(profile.compute));
    std::string url = scenario.target.shown();
    RequestSpec requests = scenario.request;
    if (requests.paths.size() == 1) {
        url += requests.paths.front().path;
        requests.paths.clear();
    }
    const std::string asked = describe(requests);
    return text + fmt::format(", target {}{}{}", url, asked.empty() ? "" : ": ", asked);
}

std::string describe_users(const PlanSpec& plan, std::uint32_t concurrency) {
    const std::string users =
        fmt::format("{} concurrent request{}", human_count(concurrency), concurrency == 1 ? "" : "s");
    if (plan.kind == PlanKind::open)
        return fmt::format("{} offered and at most {}", human_rate(plan.rate_rps), users);
    return users;
}

std::string describe_delay(const Scenario& scenario) {
    const DelaySpec& delay = scenario.profile.delay;
    if (has_foreign_target(scenario) || delay.mean() == Nanoseconds{0}) return {};
    if (delay.shape() != DelaySpec::Shape::constant) return fmt::format(" with latency {}", delay.text());
    return fmt::format(" of {:g} ms", static_cast<double>(delay.mean().count()) / 1e6);
}

std::string describe_method(const RunResult& run) {
    std::vector<Estimate> estimates;
    for (const Cell& cell : run.summary)
        for (const auto& [name, estimate] : cell.metrics) estimates.push_back(estimate);
    const std::string confidence = confidence_text(estimates);
    const std::size_t blocks = block_states(run.trials).size();
    std::string text = fmt::format(
        "{}, each trial in a process of its own, in random order; values are medians over the blocks",
        counted(blocks, "block"));
    if (confidence.empty())
        return text + (run.summary.empty() ? "." : ", without brackets, for which there are too few.");
    return text + fmt::format(", brackets their intervals of {} confidence.", confidence);
}

std::string describe_judgement(const RunResult& run) {
    if (!run.ranking || run.ranking->orders.empty()) return {};
    const Ranking& ranking = *run.ranking;
    if (std::none_of(ranking.orders.begin(), ranking.orders.end(),
                     [](const Order& order) { return order.is_ordered(); }))
        return {};
    const std::string which = ranking.look > 0
                                  ? fmt::format("at look {}, from {} in which the machine was not busy",
                                                ranking.look, counted(ranking.blocks.size(), "block"))
                                  : fmt::format("once, from all {}", counted(ranking.blocks.size(), "block"));
    return fmt::format(
        "Who is faster or needs less was judged {}; the chance that any of it is false is at most {:g} %.",
        which, alpha_of_run * 100);
}

std::string describe_multiplicity(const RunResult& run) {
    std::set<double> confidences;
    for (const Comparison& comparison : run.comparisons) {
        const double confidence = comparison.ratio.confidence;
        if (has_interval(comparison.ratio) && confidence < 1) confidences.insert(confidence);
    }
    if (confidences.empty()) return {};
    const auto one_in = [](double confidence) {
        return human_count(static_cast<std::uint64_t>(std::llround(1 / (1 - confidence))));
    };
    return fmt::format(
        "These ratios are not corrected for their number, as the orders above are: of {} that differ in "
        "nothing, one may seem to at a confidence of {}.",
        range_of(confidences, one_in), range_of(confidences, human_percent));
}

std::string words_of_code(std::string_view code) {
    static constexpr std::pair<std::string_view, std::string_view> known[] = {
        {"all-redirect", "every response redirects"},
        {"machine-busy", "other programs used the machine"},
        {"rate-not-held", "the rate was not held"},
        {"unforeseen-errors", "requests failed unforeseen"},
        {"target-late", "the target answered late"},
        {"target-saturated", "the target was saturated"},
        {"generator-late", "the generator was late"},
        {"too-few-samples", "too few samples"},
        {"work-mismatch", "client and target disagree on the work"},
        {"wrong-content", "responses had wrong content"},
        {"steal", "the hypervisor took CPU time"},
        {"trial-failed", "a trial failed"},
        {"server-count-unknown", "the server's own count is unknown"},
        {"loop-saturated", "the client was at its limit"},
        {"quota-throttled", "the CPU quota was spent"},
        {"elapsed-impossible", "the elapsed time is impossible"},
        {"service-time-impossible", "the service times are impossible"}};
    const auto* found = std::find_if(std::begin(known), std::end(known),
                                     [&](const auto& each) { return each.first == code; });
    if (found != std::end(known)) return std::string(found->second);
    std::string words(code);
    std::replace(words.begin(), words.end(), '-', ' ');
    return words;
}

std::vector<PlacedWarning> warnings_by_place(const RunResult& run) {
    std::vector<PlacedWarning> placed;
    for (const Warning& warning : run.warnings) placed.push_back({warning, {}, true});
    for (const Cell* cell : cells_by_concurrency(run)) {
        for (const Warning& warning : cell->warnings) {
            std::string where =
                fmt::format("{} at {}", name_in_text(run, cell->strategy), human_count(cell->concurrency));
            // Which speak of "the trial" or are of some of them.
            if (warning.code == "unforeseen-errors" || warning.kind != WarningKind::note)
                where += which_trials(run, *cell, warning.code);
            place(placed, warning, where);
        }
    }
    return placed;
}

std::string describe_places(const PlacedWarning& placed, std::size_t most) {
    if (placed.places.empty()) return "the whole run";
    const auto shown = std::min(placed.places.size(), most);
    std::string text = fmt::format(
        "{}",
        fmt::join(placed.places.begin(), placed.places.begin() + static_cast<std::ptrdiff_t>(shown), "; "));
    if (shown < placed.places.size()) text += fmt::format("; and {} more", placed.places.size() - shown);
    if (!placed.same_everywhere) text += "; the numbers are those of the first";
    return text;
}

std::vector<const Cell*> cells_by_concurrency(const RunResult& run) {
    std::vector<const Cell*> cells;
    for (const Cell& cell : run.summary) cells.push_back(&cell);
    // Pointers into one vector: among equals the scenario's order.
    std::sort(cells.begin(), cells.end(), [](const Cell* a, const Cell* b) {
        return a->concurrency != b->concurrency ? a->concurrency < b->concurrency : a < b;
    });
    return cells;
}

std::string difference_text(const Comparison& comparison) {
    if (!has_interval(comparison.ratio)) return "too few pairs to tell";
    return comparison.separated ? "a difference" : "no difference shown";
}

double FailedRequests::share() const {
    // A foreign program may count more failures than requests.
    const std::uint64_t all = std::max(requests, failed);
    return all == 0 ? 0 : static_cast<double>(failed) / static_cast<double>(all);
}

std::optional<FailedRequests> failed_requests(const RunResult& run, const Cell& cell) {
    std::optional<FailedRequests> failed;
    for (const Trial& trial : run.trials) {
        if (!is_of(trial, cell) || !trial.failure.empty()) continue;
        if (!failed) failed.emplace();
        failed->failed += trial.errors.total();
        failed->requests += trial.requests();
    }
    return failed;
}

std::string errors_of(const RunResult& run, const Cell& cell) {
    const auto failed = failed_requests(run, cell);
    if (!failed) return no_value;
    if (failed->failed == 0) return "0";
    return fmt::format("{} ({})", human_count(failed->failed), human_percent(failed->share()));
}

}  // namespace asyncbench
