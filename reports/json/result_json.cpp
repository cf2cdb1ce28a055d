#include "reports/json/result_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "analysis/ranking/looks.hpp"
#include "analysis/ranking/rank.hpp"
#include "analysis/summary.hpp"
#include "async/errors.hpp"
#include "harness/trial/blocks.hpp"
#include "harness/trial/scenario_json.hpp"
#include "harness/trial/trial_json.hpp"
#include "reports/json/json_list.hpp"
#include "reports/report.hpp"
#include "reports/text/cells.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t most_elements = 1'000'000;

/// Reads each element by `read`, told its place.
template <typename Read>
auto list_from(JsonFields& fields, std::string_view key, Read&& read) {
    std::vector<decltype(read(fields))> elements;
    for (const Json& element : fields.array(key, most_elements)) {
        const std::string path = fmt::format("{}[{}]", fields.path_of(key), elements.size());
        elements.push_back(read(JsonFields(element, fields.what(), path)));
    }
    return elements;
}

/// Strategy and concurrency, by which trials, cells and comparisons belong together.
using Place = std::pair<std::string, std::uint32_t>;

struct TrialCounts {
    std::uint32_t all = 0;
    std::uint32_t used = 0;
};

std::string text_of(const Place& place) {
    return fmt::format("{} at {}", place.first, place.second);
}

/// The concurrencies that a trial stands for.
std::vector<std::uint32_t> levels_of(const RunResult& run, const Trial& trial) {
    return trial.every_level ? run.scenario.concurrency : std::vector{trial.spec.plan.concurrency};
}

std::map<Place, TrialCounts> count_trials(const RunResult& run) {
    std::map<Place, TrialCounts> counts;
    for (const Trial& trial : run.trials) {
        for (const std::uint32_t concurrency : levels_of(run, trial)) {
            TrialCounts& count = counts[{trial.spec.strategy.text(), concurrency}];
            ++count.all;
            if (trial.usable()) ++count.used;
        }
    }
    return counts;
}

/// By its repetition a trial is paired with those of other cells: two of one cell would be taken for each
/// other.
void require_own_repetitions(JsonFields& fields, const RunResult& run) {
    std::map<Place, std::set<std::uint32_t>> known;
    for (std::size_t i = 0; i < run.trials.size(); ++i) {
        const Trial& trial = run.trials[i];
        const Place place{trial.spec.strategy.text(), trial.spec.plan.concurrency};
        if (known[place].insert(trial.repetition).second) continue;
        fields.fail(
            fmt::format("trials[{}].repetition", i),
            fmt::format("is {}, of which there is a trial of {} already", trial.repetition, text_of(place)));
    }
}

std::set<Place> places_of(const Scenario& scenario) {
    std::set<Place> places;
    for (const StrategySpec& strategy : scenario.strategies) {
        for (const std::uint32_t concurrency : scenario.concurrency) {
            places.emplace(strategy.text(), concurrency);
        }
    }
    return places;
}

/// What is counted or timed is never below 0; memory may shrink while a trial runs.
void require_counts(JsonFields& fields, const RunResult& run) {
    for (std::size_t i = 0; i < run.trials.size(); ++i) {
        for (const auto& [name, metric] : run.trials[i].metrics) {
            const MetricInfo* info = find_metric(name);
            if (info == nullptr || info->unit.starts_with("bytes") || !(metric.value.value_or(0) < 0))
                continue;
            fields.fail(fmt::format("trials[{}].metrics.{}", i, name), "must not be below 0");
        }
    }
}

/// Who tells what is in a file of another kind of ours.
std::string hint_at(std::string_view schema) {
    for (const std::string_view command : {"pitfalls", "gate", "compare"}) {
        if (!schema.starts_with(fmt::format("asyncbench.{}", command))) continue;
        return fmt::format(
            "; this is a file of `asyncbench {0}`, whose page `asyncbench {0} --html FILE` "
            "writes",
            command);
    }
    return {};
}

bool is_close(double one, double other) {
    constexpr double share = 1e-6;  // of another compiler's arithmetic
    return one == other || std::abs(one - other) <= share * std::max(std::abs(one), std::abs(other));
}

bool is_close(const Estimate& one, const Estimate& other) {
    return is_close(one.value, other.value) && is_close(one.low, other.low) &&
           is_close(one.high, other.high) && is_close(one.confidence, other.confidence);
}

/// That what the result says of its trials is what they say. A metric that either side does not have, as of
/// another version, contradicts nothing.
void require_what_trials_say(JsonFields& fields, const RunResult& run) {
    constexpr const char* differs = "contradicts 'trials': of these it would be {:.6g}, not {:.6g}";
    const std::vector<Cell> cells = summarize(run.scenario, run.trials);
    for (std::size_t i = 0; i < run.summary.size(); ++i) {
        const Cell& told = run.summary[i];
        const auto cell = std::find_if(cells.begin(), cells.end(), [&](const Cell& each) {
            return each.strategy == told.strategy && each.concurrency == told.concurrency;
        });
        if (cell == cells.end()) continue;  // the scenario's strategy is written otherwise
        if (cell->usable() != told.usable() || cell->limited() != told.limited())
            fields.fail(fmt::format("summary[{}].standing", i), "contradicts the warnings of 'trials'");
        for (const auto& [name, estimate] : told.metrics) {
            const auto found = cell->metrics.find(name);
            if (found == cell->metrics.end() || is_close(found->second, estimate)) continue;
            fields.fail(fmt::format("summary[{}].metrics.{}", i, name),
                        fmt::format(fmt::runtime(differs), found->second.value, estimate.value));
        }
    }
    for (std::size_t i = 0; i < run.comparisons.size(); ++i) {
        const Comparison& told = run.comparisons[i];
        const Cell* base = find_cell(run, told.base, told.concurrency);
        const Cell* head = find_cell(run, told.head, told.concurrency);
        if (base == nullptr || head == nullptr) continue;
        const auto pair = compare_cells(*base, *head, told.metric, run.trials);
        if (pair && is_close(pair->ratio, told.ratio) && pair->separated == told.separated) continue;
        fields.fail(fmt::format("comparisons[{}]", i),
                    pair ? fmt::format(fmt::runtime(differs), pair->ratio.value, told.ratio.value)
                         : std::string("is of two between which 'trials' have no pair"));
    }
}

/// That the orders are those of the judged blocks.
void require_what_blocks_say(JsonFields& fields, const RunResult& run) {
    if (!run.ranking) return;
    const Ranking& told = *run.ranking;
    const Ranking made = judged_again(run);
    if (made.concurrency != told.concurrency || made.metric != told.metric ||
        made.orders.size() != told.orders.size())
        fields.fail("ranking", "is of other questions than the scenario asks");
    for (std::size_t i = 0; i < made.orders.size(); ++i) {
        const Order& ours = made.orders[i];
        const Order& theirs = told.orders[i];
        if (ours.base == theirs.base && ours.head == theirs.head && ours.metric == theirs.metric &&
            ours.verdict == theirs.verdict && is_close(ours.ratio, theirs.ratio))
            continue;
        fields.fail(fmt::format("ranking.orders[{}]", i), "contradicts 'trials'");
    }
}

/// That trials, cells and comparisons speak of the same measurements.
void require_agreement(JsonFields& fields, const RunResult& run) {
    const std::set<Place> asked = places_of(run.scenario);
    const std::map<Place, TrialCounts> counts = count_trials(run);
    for (const auto& [place, count] : counts) {
        if (!asked.contains(place))
            fields.fail("trials", fmt::format("hold {}, which the scenario does not", text_of(place)));
    }
    std::set<Place> cells;
    for (std::size_t i = 0; i < run.summary.size(); ++i) {
        const Cell& cell = run.summary[i];
        const Place place{cell.strategy.text(), cell.concurrency};
        const auto count = counts.find(place);
        const std::string name = fmt::format("summary[{}]", i);
        if (count == counts.end())
            fields.fail(name, fmt::format("is of {}, of which there is no trial", text_of(place)));
        if (!cells.insert(place).second)
            fields.fail(name, fmt::format("is a second cell of {}", text_of(place)));
        if (cell.trials != count->second.all || cell.used_trials != count->second.used)
            fields.fail(name, fmt::format("contradicts 'trials', which hold {} of {}, {} of them usable",
                                          count->second.all, text_of(place), count->second.used));
    }
    if (cells.size() != counts.size()) fields.fail("summary", "lacks a cell of which there are trials");
    for (std::size_t i = 0; i < run.comparisons.size(); ++i) {
        const Comparison& pair = run.comparisons[i];
        for (const StrategySpec& side : {pair.base, pair.head}) {
            const Place place{side.text(), pair.concurrency};
            if (!cells.contains(place))
                fields.fail(fmt::format("comparisons[{}]", i),
                            fmt::format("is of {}, of which 'summary' has no cell", text_of(place)));
        }
    }
}

}  // namespace

Json json_of(const RunResult& run) {
    Json object = Json::object();
    object["schema"] = result_schema;
    object["tool"] = {{"name", "asyncbench"}, {"version", run.tool_version}};
    object["command"] = run.command;
    object["started_utc"] = run.started_utc;
    object["interrupted"] = run.interrupted;
    object["usable"] = run.usable();
    object["environment"] = json_of(run.environment);
    object["scenario"] = json_of(run.scenario);
    object["trials"] = list_of(run.trials, [](const auto& each) { return json_of(each); });
    object["summary"] = list_of(run.summary, [](const auto& each) { return json_of(each); });
    object["comparisons"] = list_of(run.comparisons, [](const auto& each) { return json_of(each); });
    object["ranking"] = run.ranking ? json_of(*run.ranking) : Json(nullptr);
    if (run.search) object["search"] = json_of(*run.search);
    object["code_lines"] = Json::object();
    for (const auto& [strategy, lines] : run.code_lines) object["code_lines"][strategy] = lines;
    object["warnings"] = json_of(run.warnings);
    return object;
}

std::string json_report(const RunResult& run) {
    return document_text(json_of(run));
}

namespace {

/// What a result says of its trials, from which it follows; of a version that judged otherwise it is left
/// aside and made anew.
void read_statements(JsonFields& fields, RunResult& run) {
    run.summary = list_from(fields, "summary", cell_from);
    run.comparisons = list_from(fields, "comparisons", comparison_from);
    if (!fields.at("ranking").is_null()) run.ranking = ranking_from(fields.object("ranking"));
    JsonFields lines = fields.object("code_lines");
    for (const auto& item : lines.value().items())
        run.code_lines.emplace(item.key(), lines.small_count(item.key()));
    const bool usable = fields.flag("usable");
    require_agreement(fields, run);
    require_what_trials_say(fields, run);
    require_what_blocks_say(fields, run);
    if (usable != run.usable()) fields.fail("usable", "contradicts 'summary' and 'warnings'");
}

void judge_anew(JsonFields& fields, RunResult& run) {
    for (const char* made : {"summary", "comparisons", "valid"}) fields.at(made);
    run.summary = summarize(run.scenario, run.trials);
    run.comparisons = compare_with_first(run.summary, run.trials);
    std::set<std::uint32_t> blocks;
    for (const Trial& trial : run.trials) blocks.insert(trial.repetition);
    for (const std::uint32_t block : blocks) mark_disturbed(run.trials, block);
    run.summary = summarize(run.scenario, run.trials);
    if (!run.interrupted && !blocks.empty())
        run.ranking = rank(run, {{blocks.begin(), blocks.end()}, alpha_of_run, 0});
}

}  // namespace

RunResult read_json_report(std::string_view text) {
    const std::string what = "The result";
    const Json document = parse_json(text, what);
    JsonFields fields(document, what);
    const std::string schema = fields.text("schema");
    if (schema != result_schema && schema != earlier_result_schema) {
        fields.fail("schema", fmt::format("must be \"{}\" or \"{}\", which this version reads{}",
                                          result_schema, earlier_result_schema, hint_at(schema)));
    }
    RunResult run;
    JsonFields tool = fields.object("tool");
    if (tool.text("name") != "asyncbench") tool.fail("name", "must be \"asyncbench\"");
    run.tool_version = tool.text("version");
    tool.expect_no_others();
    run.command = without_secrets(fields.text("command"));
    run.started_utc = fields.text("started_utc");
    run.interrupted = fields.flag("interrupted");
    run.environment = environment_from(fields.object("environment"));
    run.scenario = scenario_from(fields.object("scenario"));
    if (fields.has("search")) run.search = rate_search_from(fields.object("search"));
    run.trials = list_from(fields, "trials", trial_from);
    run.warnings = warnings_from(fields, "warnings");
    require_counts(fields, run);
    require_own_repetitions(fields, run);
    if (schema == result_schema) {
        read_statements(fields, run);
    } else {
        judge_anew(fields, run);
    }
    fields.expect_no_others();
    return run;
}

}  // namespace asyncbench
