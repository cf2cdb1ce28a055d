#include "reports/html/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "reports/html/left_out.hpp"
#include "reports/html/markup.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

bool is_zero_everywhere(const RunResult& run, std::string_view metric) {
    return std::any_of(run.summary.begin(), run.summary.end(),
                       [&](const Cell& cell) { return cell.metrics.contains(metric); });
}

std::string place_of(const RunResult& run, const Json& charts, const Figure& figure) {
    if (charts["charts"].contains(std::string(figure.name))) {
        return fmt::format("<div class=\"chart\" data-chart=\"{}\" aria-busy=\"true\"></div>\n", figure.name);
    }
    const char* why =
        is_zero_everywhere(run, figure.metric) ? "0 in every cell." : "No valid measurement to draw.";
    return fmt::format("<p class=\"left-out\">{}</p>\n", why);
}

/// Why a chart does not show what a reader would look for in it.
std::string caveat_of(const RunResult& run, const Figure& figure) {
    if (figure.name != "throughput" || run.scenario.plan.kind != PlanKind::open) return {};
    return fmt::format(
        "<p>Offered are {}. Throughput, and the ideal with it, is less: it counts from the first "
        "start to the last response, and so the time in which no request starts any more and the last "
        "are still answered. Where it equals the ideal, the strategy kept up.</p>",
        human_rate(run.scenario.plan.rate_rps));
}

std::string markup_of(const RunResult& run, const Json& charts, const Figure& figure,
                      const std::string& more) {
    return fmt::format(
        "<figure>\n<h3>{}</h3>\n{}{}<figcaption>{}; {}.{} <details class=\"how\"><summary>How to read "
        "this</summary><p>{}</p></details></figcaption>\n{}</figure>\n",
        figure.heading, place_of(run, charts, figure), left_out(run, figure),
        escape_html(describe_load(run.scenario)), trials_a_cell(run), caveat_of(run, figure),
        figure.how_to_read, more);
}

}  // namespace

std::string figures_markup(const RunResult& run, const Json& charts, FigureGroup group,
                           const std::string& more) {
    std::string markup;
    for (const Figure& figure : run_figures()) {
        if (figure.group == group) markup += markup_of(run, charts, figure, more);
    }
    return markup;
}

}  // namespace asyncbench
