#include "reports/html/load_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "reports/html/assets.hpp"
#include "reports/html/load_figures.hpp"
#include "reports/html/load_tables.hpp"
#include "reports/html/markup.hpp"
#include "reports/text/load_answer.hpp"

namespace asyncbench {
namespace {

std::string load_figures_at(const RunResult& run, const Json& shown, std::string_view place) {
    std::string markup;
    for (const LoadFigure& figure : load_figures()) {
        if (figure.place != place || !shown["captions"].contains(figure.name)) continue;
        markup += fragment("figure", {{"heading", std::string(figure.heading)},
                                      {"name", std::string(figure.name)},
                                      {"left_out", ""},
                                      {"words", escape_html(words_of(run, figure))},
                                      {"caveat", ""},
                                      {"more", ""}});
    }
    return markup;
}

/// What to know of the numbers, linked to the findings; empty where there is nothing.
std::string load_notice(const RunResult& run, const std::string& id) {
    const std::vector<Warning> findings = load_findings(run);
    for (const auto& [kind, name] : {std::pair{WarningKind::wrong, "load-wrong"},
                                     {WarningKind::limited, "load-limited"},
                                     {WarningKind::disturbed, "load-disturbed"}}) {
        if (has(findings, kind)) return fragment(name, {{"id", id}});
    }
    return {};
}

std::string search_section(const RunResult& run, const ResultPart& part, const std::string& figures) {
    if (!run.search) return {};
    return fragment(
        "load-search",
        {{"of", part.of}, {"id", part.id}, {"figures", figures}, {"table", load_search_table(run)}});
}

}  // namespace

std::vector<std::pair<std::string_view, std::string>> load_values(const RunResult& run, const Json& shown,
                                                                  const ResultPart& part) {
    std::vector<std::pair<std::string_view, std::string>> values{
        {"notice", load_notice(run, part.id)},
        {"search", search_section(run, part, load_figures_at(run, shown, "search_figures"))},
        {"seconds", load_second_table(run)},
        {"times", load_time_table(run) + load_request_table(run)},
        {"failures", load_failure_tables(run)},
        {"generator", load_generator_table(run)},
        {"findings", load_finding_list(run)}};
    for (const char* place : {"time_figures", "latency_figures", "phase_figures", "generator_figures"})
        values.emplace_back(place, load_figures_at(run, shown, place));
    return values;
}

}  // namespace asyncbench
