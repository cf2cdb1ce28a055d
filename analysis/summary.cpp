#include "analysis/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "analysis/stats/order_statistics.hpp"

namespace asyncbench {
namespace {

constexpr double confidence = 0.95;

void add_warning(std::vector<Warning>& warnings, const Warning& warning) {
    const bool known = std::any_of(warnings.begin(), warnings.end(),
                                   [&](const Warning& other) { return other.code == warning.code; });
    if (!known) warnings.push_back(warning);
}

void estimate_metrics(Cell& cell, const std::vector<const Trial*>& trials) {
    for (const MetricInfo& info : metric_catalogue()) {
        std::vector<double> values;
        std::string reason;
        for (const Trial* trial : trials) {
            const auto found = trial->metrics.find(info.name);
            if (found == trial->metrics.end()) continue;
            if (found->second.value) {
                values.push_back(*found->second.value);
            } else {
                reason = found->second.reason;
            }
        }
        if (!values.empty()) {
            cell.metrics.emplace(info.name, median_interval(values, confidence));
        } else if (!reason.empty()) {
            cell.unknown.emplace(info.name, reason);
        }
    }
}

/// A strategy that reports what became of its requests accounts for those without an answer.
void judge_answers(Cell& cell, const std::vector<const Trial*>& used) {
    std::uint64_t answered = 0;
    for (const Trial* trial : used) {
        if (!trial->outcomes.empty()) return;
        answered += trial->client.count;
    }
    if (used.empty() || answered >= least_answers_in_cell) return;
    cell.warnings.push_back({std::string(too_few_answers_code),
                             fmt::format("{} answered in all trials; at least {} are needed. Measure for "
                                         "longer (-d) or send more (-n).",
                                         answered == 0   ? std::string("No request was")
                                         : answered == 1 ? std::string("Only 1 request was")
                                                         : fmt::format("Only {} requests were", answered),
                                         least_answers_in_cell),
                             WarningKind::wrong});
}

Cell make_cell(const StrategySpec& strategy, std::uint32_t concurrency, const std::vector<Trial>& trials) {
    Cell cell;
    cell.strategy = strategy;
    cell.concurrency = concurrency;
    std::vector<const Trial*> used;
    for (const Trial& trial : trials) {
        if (!is_of(trial, cell)) continue;
        ++cell.trials;
        cell.every_level = trial.every_level;
        for (const Warning& warning : trial.warnings) add_warning(cell.warnings, warning);
        if (trial.lost()) add_warning(cell.warnings, {"trial-failed", trial.failure, WarningKind::wrong});
        if (!trial.usable()) continue;
        used.push_back(&trial);
        if (trial.limited()) ++cell.limited_trials;
        if (trial.disturbed()) ++cell.disturbed_trials;
        cell.service_time_ns += trial.service_time_ns;
        cell.response_time_ns += trial.response_time_ns;
        cell.overhead_ns += trial.overhead_ns;
    }
    cell.used_trials = static_cast<std::uint32_t>(used.size());
    judge_answers(cell, used);
    estimate_metrics(cell, used);
    return cell;
}

}  // namespace

bool is_of(const Trial& trial, const Cell& cell) {
    return trial.spec.strategy == cell.strategy &&
           (trial.every_level || trial.spec.plan.concurrency == cell.concurrency);
}

Trial without_histograms(Trial trial) {
    for (Histogram* histogram :
         {&trial.service_time_ns, &trial.response_time_ns, &trial.overhead_ns, &trial.punctual_response_ns})
        *histogram = {};
    trial.target.reset();
    trial.timeline.clear();
    trial.diagnosis.reset();
    return trial;
}

bool Cell::usable() const {
    // Other work in one trial casts doubt on what the others did; a lost one is only one less.
    const bool spoiled = std::any_of(warnings.begin(), warnings.end(), [](const Warning& warning) {
        return warning.code == "work-mismatch" || warning.code == "wrong-content" ||
               (warning.code == too_few_answers_code && warning.kind == WarningKind::wrong);
    });
    return used_trials > 0 && !spoiled && !too_many_lost(trials - used_trials, trials);
}

Standing Cell::standing() const {
    if (unavailable()) return Standing::unavailable;
    if (!usable()) return Standing::wrong;
    return limited() ? Standing::limited : Standing::ok;
}

const Warning* Cell::reason() const {
    const Standing is = standing();
    const auto found = std::find_if(warnings.begin(), warnings.end(), [is](const Warning& warning) {
        if (is == Standing::unavailable) return warning.code == unavailable_code;
        return (is == Standing::wrong && warning.kind == WarningKind::wrong) ||
               (is == Standing::limited && warning.kind == WarningKind::limited);
    });
    return found == warnings.end() ? nullptr : &*found;
}

bool RunResult::usable() const {
    return !is_wrong_as_a_whole(*this) &&
           std::any_of(summary.begin(), summary.end(), [](const Cell& cell) { return cell.usable(); }) &&
           std::none_of(summary.begin(), summary.end(),
                        [](const Cell& cell) { return cell.standing() == Standing::wrong; });
}

const Estimate* estimate_of(const Cell& cell, std::string_view metric) {
    const auto found = cell.metrics.find(metric);
    return found == cell.metrics.end() ? nullptr : &found->second;
}

bool is_wrong_as_a_whole(const RunResult& run) {
    return has(run.warnings, WarningKind::wrong);
}

bool is_usable(const RunResult& run, const Cell& cell) {
    return cell.usable() && !is_wrong_as_a_whole(run);
}

std::vector<Cell> summarize(const Scenario& scenario, const std::vector<Trial>& trials) {
    std::vector<Cell> cells;
    for (const std::uint32_t concurrency : scenario.concurrency) {
        for (const StrategySpec& strategy : scenario.strategies) {
            Cell cell = make_cell(strategy, concurrency, trials);
            if (cell.trials > 0) cells.push_back(std::move(cell));
        }
    }
    return cells;
}

std::vector<PairedRatio> paired_ratios(const Cell& base, const Cell& head, std::string_view metric,
                                       const std::vector<Trial>& trials) {
    std::vector<PairedRatio> ratios;
    for (const Trial& head_trial : trials) {
        if (!is_of(head_trial, head) || !head_trial.usable()) continue;
        const auto base_trial = std::find_if(trials.begin(), trials.end(), [&](const Trial& trial) {
            return is_of(trial, base) && trial.repetition == head_trial.repetition;
        });
        if (base_trial == trials.end() || !base_trial->usable()) continue;
        const auto over = value_of(head_trial.metrics, metric);
        const auto under = value_of(base_trial->metrics, metric);
        if (over && under && *over > 0 && *under > 0) {
            ratios.push_back({head_trial.repetition, *over / *under});
        }
    }
    return ratios;
}

std::optional<Comparison> compare_cells(const Cell& base, const Cell& head, std::string_view metric,
                                        const std::vector<Trial>& trials) {
    std::vector<double> ratios;
    for (const PairedRatio& pair : paired_ratios(base, head, metric, trials)) ratios.push_back(pair.ratio);
    if (ratios.empty()) return std::nullopt;
    const Estimate ratio = median_interval(ratios, confidence);
    const bool separated = ratio.confidence >= least_confidence_to_rank && (ratio.low > 1 || ratio.high < 1);
    return Comparison{base.strategy, head.strategy, head.concurrency, std::string(metric), ratio, separated};
}

const Cell* base_cell(const std::vector<Cell>& cells, std::uint32_t concurrency) {
    const auto first = std::find_if(cells.begin(), cells.end(), [&](const Cell& cell) {
        return cell.concurrency == concurrency && cell.usable();
    });
    return first == cells.end() ? nullptr : &*first;
}

std::vector<Comparison> compare_with_first(const std::vector<Cell>& cells, const std::vector<Trial>& trials) {
    constexpr std::string_view metrics[] = {
        "throughput_rps",     "service_p50_ns",           "service_p99_ns", "response_p99_ns",
        "cpu_us_per_request", "instructions_per_request", "peak_rss_bytes"};
    return compare_with_first(cells, trials, metrics);
}

std::vector<Comparison> compare_with_first(const std::vector<Cell>& cells, const std::vector<Trial>& trials,
                                           std::span<const std::string_view> metrics) {
    std::vector<Comparison> comparisons;
    for (const Cell& head : cells) {
        const Cell* base = base_cell(cells, head.concurrency);
        if (base == nullptr || base == &head || !head.usable()) continue;
        for (const std::string_view metric : metrics) {
            auto comparison = compare_cells(*base, head, metric, trials);
            if (comparison) comparisons.push_back(std::move(*comparison));
        }
    }
    return comparisons;
}

}  // namespace asyncbench
