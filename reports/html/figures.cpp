#include "reports/html/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "reports/html/caption.hpp"
#include "reports/html/left_out.hpp"
#include "reports/html/markup.hpp"
#include "reports/text/human.hpp"
#include "reports/text/metric_label.hpp"
#include "reports/text/ranking.hpp"

namespace asyncbench {
namespace {

bool is_known_somewhere(const RunResult& run, std::string_view metric) {
    return std::any_of(run.summary.begin(), run.summary.end(),
                       [&](const Cell& cell) { return cell.metrics.contains(metric); });
}

/// Why the chart has no rows at all.
std::string_view why_empty(const RunResult& run, const Figure& figure) {
    if (is_known_somewhere(run, figure.metric)) return "0 in every cell.";
    const bool any_valid = std::any_of(run.summary.begin(), run.summary.end(),
                                       [&](const Cell& cell) { return is_usable(run, cell); });
    if (figure.name == "ratios" && any_valid) {
        return run.scenario.strategies.size() < 2
                   ? "There is nothing to compare with: one strategy was measured."
                   : "There is nothing to compare with: no two strategies have a valid measurement at one "
                     "concurrency, in trials of the same block.";
    }
    return "No valid measurement to draw.";
}

std::string place_of(const RunResult& run, const Json& charts, const Figure& figure) {
    if (charts["charts"].contains(std::string(figure.name))) {
        return fmt::format("<div class=\"chart\" data-chart=\"{}\" aria-busy=\"true\"></div>\n", figure.name);
    }
    return fmt::format("<p class=\"left-out\">{}</p>\n", why_empty(run, figure));
}

/// Why a chart does not show what a reader would look for in it.
std::string caveat_of(const RunResult& run, const Json& charts, const Figure& figure) {
    if (figure.name != "throughput") return {};
    if (run.scenario.plan.kind != PlanKind::open) {
        const bool has_lines = run.scenario.strategies.size() > 1 && charts["levels"].size() > 1;
        return has_lines && charts["charts"].contains("share")
                   ? "<p class=\"of-chart\">Lines that lie on each other here are told apart in the next "
                     "chart, as shares "
                     "of the ideal.</p>"
                   : std::string();
    }
    return fmt::format(
        "<p>Offered are {}. Throughput, and the ideal with it, is less: it counts from the first "
        "start to the last response, and so the time in which no request starts any more and the last "
        "are still answered. Where it equals the ideal, the strategy kept up.</p>",
        human_rate(run.scenario.plan.rate_rps));
}

/// As in the pictures saved of it.
std::string caption_text(const RunResult& run, const Json& charts, const Figure& figure) {
    const Json& captions = charts["captions"];
    const std::string name(figure.name);
    return captions.contains(name) ? captions[name].get<std::string>() : caption_of(run, figure, {});
}

std::string markup_of(const RunResult& run, const Json& charts, const Figure& figure,
                      const std::string& more) {
    return fmt::format(
        "<figure>\n<h3>{}</h3>\n{}{}<figcaption>{}{} <details class=\"how\"><summary>How to read "
        "this</summary><p>{}</p></details></figcaption>\n{}</figure>\n",
        figure.heading, place_of(run, charts, figure), left_out(run, figure),
        escape_html(caption_text(run, charts, figure)), caveat_of(run, charts, figure), figure.how_to_read,
        more);
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
    std::string markup;
    for (const Figure& figure : run_figures()) {
        if (figure.group == group) markup += markup_of(run, charts, figure, more);
    }
    return markup;
}

}  // namespace asyncbench
