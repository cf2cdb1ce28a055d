#include "reports/html/sections.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/trial/json_names.hpp"
#include "harness/trial/scenario_json.hpp"
#include "reports/html/assets.hpp"
#include "reports/html/html_table.hpp"
#include "reports/html/markup.hpp"
#include "reports/text/cell_text.hpp"
#include "reports/text/cells.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/diagnosis.hpp"
#include "reports/text/disturbance.hpp"
#include "reports/text/failures.hpp"
#include "reports/text/human.hpp"
#include "reports/text/latency_kinds.hpp"
#include "reports/text/lines_of_code.hpp"
#include "reports/text/ranking.hpp"

namespace asyncbench {
namespace {

/// Fields of the scenario's JSON that tell the mock what to do.
bool is_of_the_mock(std::string_view field) {
    return field == "latency" || field == "payload" || field == "error_rate" || field == "faults";
}

std::string place_of(const Cell& cell) {
    return fmt::format("{} at {}", cell.strategy.text(), human_count(cell.concurrency));
}

/// The places, or how many of the cells they are.
std::string some_of(const std::vector<std::string>& places, std::size_t cells) {
    constexpr std::size_t most_places = 6;
    return places.size() > most_places ? fmt::format("{} of {} cells", places.size(), cells)
                                       : fmt::format("{}", fmt::join(places, ", "));
}

/// Empty where nothing is wrong.
std::string wrong_places(const RunResult& run) {
    if (run.usable() || (run.trials.empty() && !is_wrong_as_a_whole(run))) return {};
    std::vector<std::string> places;
    for (const Cell* cell : cells_by_concurrency(run))
        if (!cell->usable() && !cell->unavailable()) places.push_back(place_of(*cell));
    if (places.empty() || is_wrong_as_a_whole(run)) return "the run as a whole";
    return some_of(places, run.summary.size());
}

/// What is worth knowing and changes no number, in a line.
std::string noted_codes(const RunResult& run) {
    std::vector<std::string> codes;
    for (const PlacedWarning& placed : warnings_by_place(run)) {
        if (placed.warning.kind != WarningKind::note) continue;
        const std::string words = words_of_code(placed.warning.code);
        codes.push_back(placed.places.empty() ? words
                                              : fmt::format("{} in {}", words,
                                                            placed.places.size() == run.summary.size()
                                                                ? "every cell"
                                                                : counted(placed.places.size(), "cell")));
    }
    return fmt::format("{}", fmt::join(codes, ", "));
}

/// A strategy, and how the run had it: `coroutine` as `coroutine` and `coroutine:loops=2`.
struct Variants {
    std::string name;
    std::vector<StrategySpec> specs;
};

std::vector<Variants> by_name(const RunResult& run) {
    std::vector<Variants> all;
    for (const StrategySpec& spec : run.scenario.strategies) {
        // Each program of the user's own is a strategy of its own.
        const std::string name = spec.name == "exec" ? spec.text() : spec.name;
        auto found = std::find_if(all.begin(), all.end(),
                                  [&](const Variants& variants) { return variants.name == name; });
        if (found == all.end()) found = all.insert(all.end(), {name, {}});
        found->specs.push_back(spec);
    }
    return all;
}

/// What it reached at the highest concurrency.
std::string numbers_of(const RunResult& run, const StrategySpec& spec) {
    const std::uint32_t highest = concurrencies_of(run).empty() ? 0 : concurrencies_of(run).back();
    const Cell* cell = find_cell(run, spec, highest);
    if (cell == nullptr) return {};
    if (!is_usable(run, *cell))
        return fmt::format("At {}: {}.", human_count(highest), standing_of(run, *cell));
    std::vector<std::string> parts;
    const auto add = [&](const char* metric, const char* behind) {
        const Estimate* estimate = estimate_of(*cell, metric);
        if (estimate != nullptr) parts.push_back(estimate_text(*cell, metric) + behind);
    };
    add("throughput_rps", "");
    add(has_response_times(run.scenario) ? "response_p99_ns" : "service_p99_ns", " p99");
    add("cpu_us_per_request", " CPU a request");
    return fmt::format("At {}: {}.", human_count(highest), fmt::join(parts, ", "));
}

/// What the writing program knows of it; null where that is nothing.
const StrategyCode* known(const Variants& variants, const HtmlOptions& options) {
    const auto code = std::find_if(options.code.begin(), options.code.end(),
                                   [&](const StrategyCode& each) { return each.strategy == variants.name; });
    return code == options.code.end() ? nullptr : &*code;
}

std::string source_of(const Variants& variants, const StrategyCode* code) {
    if (variants.specs.front().name == "exec") return fragment("code-of-program");
    if (code == nullptr || code->text.empty()) return fragment("code-unknown");
    return fragment("code-of-strategy", {{"lines", human_count(lines_of_code(code->text))},
                                         {"file", escape_html(code->file)},
                                         {"name", escape_html(variants.name)},
                                         {"text", escape_html(code->text)}});
}

std::string card_of(const RunResult& run, const Variants& variants, const HtmlOptions& options) {
    std::string numbers;
    for (const StrategySpec& spec : variants.specs) {
        const std::string text = numbers_of(run, spec);
        if (text.empty()) continue;
        const std::string which = variants.specs.size() > 1 ? spec.text() + ": " : "";
        numbers += fmt::format("<p>{}</p>\n", escape_html(which + text));
    }
    const StrategyCode* code = known(variants, options);
    const std::string what = code == nullptr || code->description.empty()
                                 ? std::string()
                                 : fmt::format("<p class=\"what\">{}</p>\n", escape_html(code->description));
    return fmt::format("<div class=\"strategy\">\n<h3>{}</h3>\n{}{}{}</div>\n", escape_html(variants.name),
                       what, numbers, source_of(variants, code));
}

std::string backtrace_of(const Finding& finding) {
    if (finding.backtrace.empty()) return {};
    std::string frames;
    for (const std::string& frame : finding.backtrace) frames += escape_html(frame) + "\n";
    return fmt::format("<details><summary>Backtrace</summary><pre><code>{}</code></pre></details>", frames);
}

std::string list_of(const Diagnosis& diagnosis) {
    std::string items;
    for (const CountedFinding& counted : diagnosis.findings) {
        items += fmt::format("<li class=\"bad\">{}{}</li>\n", escape_html(describe(counted)),
                             backtrace_of(counted.first));
    }
    if (diagnosis.not_listed > 0) {
        items += fmt::format("<li class=\"bad\">and {} more</li>\n", human_count(diagnosis.not_listed));
    }
    return items.empty() ? "" : fmt::format("<ul>\n{}</ul>\n", items);
}

}  // namespace

std::string findings_notice(const RunResult& run, const std::string& id) {
    std::string text;
    if (const std::string places = wrong_places(run); !places.empty())
        text += fragment("wrong", {{"places", escape_html(places)}, {"id", id}});
    std::vector<std::string> limited;
    for (const Cell* cell : cells_by_concurrency(run))
        if (is_usable(run, *cell) && cell->limited()) limited.push_back(place_of(*cell));
    if (!limited.empty()) {
        const std::string places = some_of(limited, run.summary.size());
        text += fragment("limited", {{"places", escape_html(places)}, {"id", id}});
    }
    if (const auto disturbance = disturbance_of(run))
        text += fragment("disturbed", {{"disturbance", escape_html(describe(*disturbance))}, {"id", id}});
    if (const std::string codes = noted_codes(run); !codes.empty())
        text += fragment("noted", {{"codes", escape_html(codes)}, {"id", id}});
    return text;
}

std::string warning_item(const Warning& warning, const std::string& where) {
    const std::string place =
        where.empty() ? "" : fmt::format(" <span class=\"where\">({})</span>", escape_html(where));
    const bool wrong = warning.kind == WarningKind::wrong;
    const std::string kind =
        warning.kind == WarningKind::note ? "" : fmt::format(" <strong>{}</strong>", name_of(warning.kind));
    return fmt::format("<li{}><code>{}</code>{} {}{}</li>\n", wrong ? " class=\"bad\"" : "",
                       escape_html(warning.code), kind, escape_html(warning.message), place);
}

std::string warning_list(const RunResult& run) {
    const auto warnings = warnings_to_list(run);
    if (warnings.empty()) return "<p>None.</p>";
    std::string items;
    for (const PlacedWarning& placed : warnings)
        items += warning_item(placed.warning, describe_places(placed, placed.places.size()));
    return fmt::format("<ul>\n{}</ul>", items);
}

std::string failure_table(const RunResult& run) {
    const auto failures = failures_by_cell(run);
    if (failures.empty()) return {};
    HtmlTable table("Requests that failed, of all trials; those that the load asks for are among them.",
                    {"Strategy", "Concurrency", "Failed", "Why"});
    for (const CellFailures& each : failures) {
        table.add_row({each.cell->strategy.text(), human_count(each.cell->concurrency),
                       errors_of(run, *each.cell), describe(each)});
    }
    return fmt::format("<h3>Why requests failed</h3>\n<div class=\"table wide\">\n{}\n</div>\n",
                       table.text());
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
        if (scenario.load && is_of_the_mock(item.key())) continue;
        if (has_foreign_target(scenario) && is_of_the_mock(item.key())) {
            text = "does not apply: the target is not asyncbench's own";
        }
        table.add_row({item.key(), text.empty() ? no_value : text});
    }
    return table.text();
}

std::string code_section(const RunResult& run, const ResultPart& part, const HtmlOptions& options) {
    std::string cards;
    for (const Variants& variants : by_name(run)) cards += card_of(run, variants, options);
    if (cards.empty()) return {};
    const bool is_another = !options.code.empty() && options.code_version != run.tool_version;
    const std::string version = is_another
                                    ? fragment("code-version", {{"known", escape_html(options.code_version)},
                                                                {"measured", escape_html(run.tool_version)}})
                                    : std::string();
    return fragment("code", {{"of", part.of}, {"id", part.id}, {"version", version}, {"cards", cards}});
}

std::string diagnosis_section(const RunResult& run, const ResultPart& part) {
    const auto diagnoses = diagnoses_by_cell(run);
    if (diagnoses.empty()) return {};
    std::string text;
    for (const CellDiagnosis& diagnosis : diagnoses) {
        text += fmt::format("<p><strong>{} at {}</strong>: {}</p>\n{}",
                            escape_html(diagnosis.cell->strategy.text()),
                            human_count(diagnosis.cell->concurrency), escape_html(describe(diagnosis)),
                            list_of(diagnosis.found));
    }
    return fragment("diagnosis", {{"of", part.of}, {"id", part.id}, {"found", text}});
}

std::string strategy_list(const RunResult& run, const HtmlOptions& options) {
    std::string items;
    std::set<std::string> seen;
    for (const StrategySpec& strategy : run.scenario.strategies) {
        const auto known =
            std::find_if(options.code.begin(), options.code.end(),
                         [&](const StrategyCode& each) { return each.strategy == strategy.name; });
        if (known == options.code.end() || known->description.empty() || !seen.insert(strategy.name).second)
            continue;
        items += fmt::format("<dt>{}</dt><dd>{}</dd>\n", escape_html(strategy.name),
                             escape_html(known->description));
    }
    return items.empty() ? "" : fmt::format("<dl class=\"strategies\">\n{}</dl>\n", items);
}

}  // namespace asyncbench
