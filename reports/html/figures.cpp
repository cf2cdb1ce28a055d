#include "reports/html/figures.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "reports/html/left_out.hpp"
#include "reports/html/markup.hpp"
#include "reports/text/group_text.hpp"
#include "reports/text/human.hpp"
#include "reports/text/latency_kinds.hpp"
#include "reports/text/metric_label.hpp"
#include "reports/text/ranking.hpp"

namespace asyncbench {
namespace {

/// Why a chart does not show what a reader would look for in it.
std::string caveat_of(const RunResult& run, const Figure& figure) {
    if (figure.name != "throughput" || run.scenario.plan.kind != PlanKind::open) return {};
    return fmt::format(
        "<p>Offered are {}. Throughput, and the ideal with it, is less: it counts from the first "
        "start to the last response, and so the time in which no request starts any more and the last "
        "are still answered. Where it equals the ideal, the strategy kept up.</p>",
        human_rate(run.scenario.plan.rate_rps));
}

std::string left_out(const RunResult& run, const Figure& figure) {
    std::string items;
    for (const std::string& sentence : left_out_sentences(run, figure))
        items += fmt::format("<p class=\"left-out\">{}</p>\n", escape_html(sentence));
    return items;
}

std::string markup_of(const RunResult& run, const Figure& figure, const std::string& more) {
    return fmt::format(
        "<figure>\n<h3>{}</h3>\n<div class=\"chart\" data-chart=\"{}\" aria-busy=\"true\"></div>\n"
        "{}<figcaption>{}{}</figcaption>\n{}</figure>\n",
        figure.heading, figure.name, left_out(run, figure), escape_html(words_of(run, figure)),
        caveat_of(run, figure), more);
}

/// The charts that a reader would look for, in a line: no card stands for them.
std::string not_drawn(const RunResult& run, const std::vector<const Figure*>& figures) {
    std::vector<std::pair<std::string, std::vector<std::string>>> by_reason;
    for (const Figure* figure : figures) {
        const std::string reason = why_undrawn(run, *figure);
        auto found = std::find_if(by_reason.begin(), by_reason.end(),
                                  [&](const auto& each) { return each.first == reason; });
        if (found == by_reason.end()) found = by_reason.insert(found, {reason, {}});
        found->second.emplace_back(figure->heading);
    }
    std::vector<std::string> parts;
    parts.reserve(by_reason.size());
    for (const auto& [reason, headings] : by_reason)
        parts.push_back(fmt::format("{}, because {}", listed(headings), reason));
    if (parts.empty()) return {};
    return fmt::format("<p class=\"not-drawn\">Not drawn: {}.</p>\n",
                       escape_html(fmt::format("{}", fmt::join(parts, "; "))));
}

/// Small charts stand side by side.
std::string_view layout_of(FigureGroup group) {
    switch (group) {
        case FigureGroup::overhead:
        case FigureGroup::cost:
            return "pair";
        case FigureGroup::loop:
            return "thirds";
        default:
            return "";
    }
}

}  // namespace

std::string name_on_page(std::string_view metric) {
    const auto figures = run_figures();
    const auto found = std::find_if(figures.begin(), figures.end(),
                                    [&](const Figure& figure) { return figure.metric == metric; });
    if (found == figures.end()) return metric_label(metric);
    std::string name(found->heading);
    if (name.starts_with("CPU")) return name;
    name.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(name.front())));
    return name;
}

std::string figures_markup(const RunResult& run, const Json& charts, FigureGroup group,
                           const std::string& more) {
    std::string drawn;
    std::vector<const Figure*> undrawn;
    for (const Figure& figure : run_figures()) {
        if (figure.group != group) continue;
        if (charts["charts"].contains(std::string(figure.name))) {
            drawn += markup_of(run, figure, drawn.empty() ? more : std::string());
        } else {
            undrawn.push_back(&figure);
        }
    }
    const std::string_view layout = layout_of(group);
    if (!drawn.empty() && !layout.empty())
        drawn = fmt::format("<div class=\"{}\">\n{}</div>\n", layout, drawn);
    return drawn + not_drawn(run, undrawn);
}

std::string words_of(const RunResult& run, const Figure& figure) {
    std::string words(figure.words);
    if (figure.name == "drift") {
        std::string metric = name_on_page(ranking_metric(run));
        metric.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(metric.front())));
        return fmt::format("{}. {}", metric, words);
    }
    const bool has_both =
        (figure.name == "latency" || figure.name == "distribution") && has_response_times(run.scenario);
    return has_both ? words + " Dashed is response time, which begins when the request was due." : words;
}

}  // namespace asyncbench
