#include "reports/html/figures.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "reports/html/markup.hpp"
#include "reports/text/answer.hpp"
#include "reports/text/describe.hpp"

namespace asyncbench {
namespace {

/// A reason and the strategies that it holds for, in the order met.
struct Reason {
    std::string text;
    std::vector<std::string> strategies;
};

std::vector<Reason> why_left_out(const RunResult& run, std::string_view metric) {
    std::vector<Reason> reasons;
    for (const Cell& cell : run.summary) {
        if (cell.valid_trials == 0 || cell.metrics.contains(metric)) continue;
        const auto unknown = cell.unknown.find(metric);
        const std::string text =
            unknown == cell.unknown.end() ? "its program does not tell" : unknown->second;
        auto found = std::find_if(reasons.begin(), reasons.end(),
                                  [&](const Reason& reason) { return reason.text == text; });
        if (found == reasons.end()) found = reasons.insert(reasons.end(), {text, {}});
        const std::string name = cell.strategy.text();
        if (std::find(found->strategies.begin(), found->strategies.end(), name) == found->strategies.end()) {
            found->strategies.push_back(name);
        }
    }
    return reasons;
}

std::string left_out(const RunResult& run, const Figure& figure) {
    if (figure.metric.empty()) return {};
    std::string items;
    for (const Reason& reason : why_left_out(run, figure.metric)) {
        items += fmt::format("<p class=\"left-out\">Left out: {} ({}).</p>\n",
                             escape_html(fmt::format("{}", fmt::join(reason.strategies, ", "))),
                             escape_html(reason.text));
    }
    return items;
}

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

std::string markup_of(const RunResult& run, const Json& charts, const Figure& figure,
                      const std::string& more) {
    return fmt::format(
        "<figure>\n<h3>{}</h3>\n{}{}<figcaption>{}; {} a cell. <details class=\"how\"><summary>How to read "
        "this</summary><p>{}</p></details></figcaption>\n{}</figure>\n",
        figure.heading, place_of(run, charts, figure), left_out(run, figure),
        escape_html(describe_load(run.scenario)), counted(run.scenario.repetitions, "trial"),
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
