#include "reports/html/sections.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "harness/trial/scenario_json.hpp"
#include "reports/html/markup.hpp"
#include "reports/text/answer.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

constexpr const char* nothing = "–";
constexpr const char* concurrency = "Concur\u00adrency";  // may break there in a narrow column

std::string value_text(const Cell& cell, std::string_view metric) {
    const auto found = cell.metrics.find(metric);
    if (found != cell.metrics.end()) {
        return std::isfinite(found->second.value) ? human_metric(metric, found->second.value) : nothing;
    }
    const auto reason = cell.unknown.find(metric);
    return reason == cell.unknown.end() ? nothing : fmt::format("unknown: {}", reason->second);
}

std::string estimate_text(const Cell& cell, std::string_view metric) {
    const auto found = cell.metrics.find(metric);
    const bool known = found != cell.metrics.end() && std::isfinite(found->second.value);
    return known ? human_estimate(metric, found->second) : value_text(cell, metric);
}

std::string ratio_text(const RunResult& run, const Cell& cell) {
    if (!cell.valid()) return "not ranked";
    if (!run.scenario.strategies.empty() && cell.strategy == run.scenario.strategies.front()) return "1×";
    const Comparison* comparison = comparison_to_first(run, cell);
    if (comparison == nullptr) return nothing;
    const std::string ratio = human_ratio(comparison->ratio);
    if (!can_rank(comparison->ratio)) return fmt::format("too few trials {}", ratio);
    return differs_from(run, cell, comparison->base) ? ratio : fmt::format("no difference shown {}", ratio);
}

std::string hex(const Fingerprint& fingerprint) {
    return fmt::format("{:016x}", fingerprint.sum);
}

struct Work {
    Fingerprint client;
    Fingerprint served;
    std::uint64_t errors = 0;
    std::uint64_t arrived = 0;
    std::uint64_t connections = 0;
    bool target_known = true;
    bool measured = false;  ///< in one trial at least
};

Work work_of(const RunResult& run, const Cell& cell) {
    Work work;
    for (const TrialResult& trial : run.trials) {
        if (!is_of(trial, cell) || !trial.failure.empty()) continue;
        work.measured = true;
        work.client += trial.client;
        work.errors += trial.errors.total();
        work.target_known = work.target_known && trial.target.has_value();
        if (!trial.target) continue;
        work.served += trial.target->served;
        work.arrived += trial.target->requests;
        work.connections += trial.target->connections;
    }
    return work;
}

/// A response that the client lost or gave up on may still have been served; the harness judged each trial.
std::string same_work(const Cell& cell, const Work& work) {
    if (work.client == work.served) return "yes";
    const bool mismatch = std::any_of(cell.warnings.begin(), cell.warnings.end(),
                                      [](const Warning& warning) { return warning.code == "work-mismatch"; });
    return mismatch ? "no" : "yes, apart from failed requests";
}

/// Fields of the scenario's JSON that tell the mock what to do.
bool is_of_the_mock(std::string_view field) {
    return field == "latency" || field == "payload" || field == "error_rate" || field == "faults";
}

std::string metric_text(const TrialResult& trial, std::string_view metric) {
    const auto value = value_of(trial.metrics, metric);
    return value ? human_metric(metric, *value) : nothing;
}

}  // namespace

std::string validity_notice(const RunResult& run) {
    std::vector<std::string> places;
    for (const Cell* cell : cells_by_concurrency(run)) {
        if (!cell->valid()) {
            places.push_back(fmt::format("{} at {}", cell->strategy.text(), human_count(cell->concurrency)));
        }
    }
    if (run.valid()) return {};
    constexpr std::size_t most_places = 6;
    std::string where = fmt::format("{}", fmt::join(places, ", "));
    if (places.empty()) where = "the run as a whole";
    if (places.size() > most_places) where = fmt::format("{} of {} cells", places.size(), run.summary.size());
    return fmt::format(
        "<p class=\"notice\" role=\"note\"><strong>Not valid:</strong> {}. These measurements are in no "
        "ranking; the <a href=\"#warnings\">warnings</a> say why.</p>",
        escape_html(where));
}

std::string cell_table(const RunResult& run) {
    const std::string first =
        run.scenario.strategies.empty() ? "first" : run.scenario.strategies.front().text();
    const bool by_throughput = ranking_metric(run) == "throughput_rps";
    HtmlTable table("Every cell: medians over its trials, with their intervals in brackets.",
                    {"Strategy", concurrency, "Throughput",
                     fmt::format("{} {}", by_throughput ? "Throughput to" : "Response p99 to", first),
                     "Of ideal", "Service p50", "Service p99", "Response p50", "Response p99",
                     "CPU / request", "Peak memory", "Memory / request in flight", "Errors", "Valid trials"});
    for (const Cell* cell : cells_by_concurrency(run)) {
        table.add_row(
            {cell->strategy.text(), human_count(cell->concurrency), estimate_text(*cell, "throughput_rps"),
             ratio_text(run, *cell), value_text(*cell, "efficiency"), value_text(*cell, "service_p50_ns"),
             value_text(*cell, "service_p99_ns"), value_text(*cell, "response_p50_ns"),
             value_text(*cell, "response_p99_ns"), value_text(*cell, "cpu_us_per_request"),
             value_text(*cell, "peak_rss_bytes"), value_text(*cell, "memory_per_in_flight_bytes"),
             errors_of(run, *cell), fmt::format("{} of {}", cell->valid_trials, cell->trials)},
            !cell->valid());
    }
    return table.text();
}

std::string warning_item(const Warning& warning, const std::string& where) {
    const std::string place =
        where.empty() ? "" : fmt::format(" <span class=\"where\">({})</span>", escape_html(where));
    return fmt::format("<li{}><code>{}</code>{} {}{}</li>\n", warning.invalidates ? " class=\"bad\"" : "",
                       escape_html(warning.code), warning.invalidates ? " <strong>not valid</strong>" : "",
                       escape_html(warning.message), place);
}

std::string warning_list(const RunResult& run) {
    const auto warnings = warnings_by_place(run);
    if (warnings.empty()) return "<p>None.</p>";
    std::string items;
    for (const PlacedWarning& placed : warnings) {
        const std::string where = describe_places(placed, placed.places.size());
        items += warning_item(placed.warning, where);
    }
    return fmt::format("<ul>\n{}</ul>", items);
}

std::string work_table(const RunResult& run) {
    HtmlTable table(
        "What client and target each say was done, summed over the trials of a cell.",
        {"Strategy", concurrency, "Responses received", "Client's fingerprint", "Errors", "Requests arrived",
         "Responses served", "Target's fingerprint", "Connections", "Same work"});
    for (const Cell* cell : cells_by_concurrency(run)) {
        const Work work = work_of(run, *cell);
        if (!work.measured) {
            std::vector<std::string> row(10, nothing);
            row[0] = cell->strategy.text();
            row[1] = human_count(cell->concurrency);
            table.add_row(row, true);
            continue;
        }
        std::vector<std::string> row{cell->strategy.text(), human_count(cell->concurrency),
                                     human_count(work.client.count), hex(work.client),
                                     human_count(work.errors)};
        if (work.target_known) {
            row.insert(row.end(), {human_count(work.arrived), human_count(work.served.count),
                                   hex(work.served), human_count(work.connections), same_work(*cell, work)});
        } else {
            row.insert(row.end(), {nothing, nothing, nothing, nothing, "the target does not tell"});
        }
        table.add_row(row, !cell->valid());
    }
    return table.text();
}

std::string trial_table(const RunResult& run) {
    HtmlTable table("Every trial, in the order run.",
                    {"Strategy", concurrency, "Order", "Repetition", "Started (UTC)", "Throughput",
                     "Service p99", "Response p99", "CPU / request", "Client's fingerprint", "Failure"});
    for (const TrialResult& trial : run.trials) {
        table.add_row(
            {trial.spec.strategy.text(), human_count(trial.spec.plan.concurrency), human_count(trial.order),
             human_count(trial.repetition), trial.started_utc, metric_text(trial, "throughput_rps"),
             metric_text(trial, "service_p99_ns"), metric_text(trial, "response_p99_ns"),
             metric_text(trial, "cpu_us_per_request"), trial.failure.empty() ? hex(trial.client) : nothing,
             trial.failure.empty() ? nothing : trial.failure},
            !trial.valid());
    }
    return table.text();
}

std::string environment_table(const Environment& environment) {
    HtmlTable table("The machine and the build.", {"Fact", "Value"});
    for (const EnvironmentFact& fact : environment.facts) {
        table.add_row({fact.name, fact.value ? *fact.value : fmt::format("unknown: {}", fact.reason)});
    }
    return table.text();
}

std::string scenario_table(const Scenario& scenario) {
    HtmlTable table("What was asked for.", {"Field", "Value"});
    const Json fields = json_of(scenario);
    for (const auto& item : fields.items()) {
        const Json& value = item.value();
        std::string text = value.is_string() ? value.get<std::string>() : to_text(value);
        if (value.is_array()) {
            std::vector<std::string> parts;
            for (const Json& element : value) {
                parts.push_back(element.is_string() ? element.get<std::string>() : to_text(element));
            }
            text = fmt::format("{}", fmt::join(parts, ", "));
        }
        if (has_foreign_target(scenario) && is_of_the_mock(item.key())) {
            text = "does not apply: the target is not asyncbench's own";
        }
        table.add_row({item.key(), text.empty() ? nothing : text});
    }
    return table.text();
}

}  // namespace asyncbench
