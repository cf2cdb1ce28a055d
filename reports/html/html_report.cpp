#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "reports/html/assets.hpp"
#include "reports/html/chart_data.hpp"
#include "reports/html/figures.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/sections.hpp"
#include "reports/json/result_json.hpp"
#include "reports/report.hpp"
#include "reports/text/answer.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/scalability.hpp"

namespace asyncbench {
namespace {

struct Page {
    std::string title;
    bool several = false;  ///< results
};

std::string result_id(std::size_t index) {
    return fmt::format("run-{}", index + 1);
}

/// The page's own heading says it where there is one result, unless that has a title of its own.
std::string heading_of(const RunResult& run, std::size_t index, const Page& page) {
    const std::string title = escape_html(title_of(run));
    if (page.several) {
        return fmt::format("<h2 id=\"{}-title\">{}. {}</h2>", result_id(index), index + 1, title);
    }
    return title_of(run) == page.title ? std::string{} : fmt::format("<p>{}</p>", title);
}

std::string result_markup(const RunResult& run, std::size_t index, const Page& page,
                          const HtmlOptions& options) {
    const std::string id = result_id(index);
    const ResultPart part{id, page.several ? id + "-title " : ""};
    const auto scalability = scalability_of(run);
    const Json charts = chart_data(run, scalability);
    const auto figures = [&](FigureGroup group, const std::string& more = {}) {
        return figures_markup(run, charts, group, more);
    };
    return fill_template(
        report_asset("result.html"),
        {{"id", id},
         {"of", part.of},
         {"file",
          index == 0 ? "asyncbench-result.json" : fmt::format("asyncbench-result-{}.json", index + 1)},
         {"heading", heading_of(run, index, page)},
         {"name", escape_html(run.scenario.name)},
         {"started", escape_html(run.started_utc)},
         {"load", escape_html(describe_load(run.scenario))},
         {"answer", paragraphs(answer(run))},
         {"notice", validity_notice(run, id)},
         {"throughput_figures", figures(FigureGroup::throughput, scalability_details(scalability))},
         {"latency_figures", figures(FigureGroup::latency)},
         {"cost_figures", figures(FigureGroup::cost)},
         {"loop_figures", figures(FigureGroup::loop)},
         {"drift_figures", figures(FigureGroup::drift)},
         {"cells", cell_table(run)},
         {"ratios", ratio_table(run)},
         {"code", code_section(run, part, options)},
         {"warnings", warning_list(run)},
         {"diagnosis", diagnosis_section(run, part)},
         {"work", work_table(run)},
         {"trials", trial_table(run)},
         {"environment", environment_table(run.environment)},
         {"scenario", scenario_table(run.scenario)},
         {"method", escape_html(describe_method(run))},
         {"command", escape_html(run.command)},
         {"result_gzip", gzip_base64(to_text(json_of(run)))},
         {"chart_gzip", gzip_base64(to_text(charts))}});
}

/// For several results: what each says, and where it stands.
std::string overview(std::span<const RunResult> runs) {
    if (runs.size() < 2) return {};
    std::string items;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const auto sentences = answer(runs[i]);
        items += fmt::format("<li><a href=\"#{}\">{}</a> <span class=\"where\">({}, {})</span><br>{}</li>\n",
                             result_id(i), escape_html(title_of(runs[i])), escape_html(runs[i].scenario.name),
                             escape_html(runs[i].started_utc),
                             sentences.empty() ? "" : escape_html(sentences.front()));
    }
    return fmt::format(
        "<section aria-labelledby=\"results\" class=\"answer\">\n<h2 id=\"results\">{} "
        "results</h2>\n<ol>\n{}</ol>\n"
        "{}</section>\n",
        runs.size(), items, side_by_side(runs));
}

}  // namespace

std::string html_report(std::span<const RunResult> runs, const HtmlOptions& options) {
    std::string title = options.title;
    if (title.empty()) title = runs.size() == 1 ? title_of(runs[0]) : fmt::format("{} results", runs.size());
    std::string results;
    for (std::size_t i = 0; i < runs.size(); ++i)
        results += result_markup(runs[i], i, {title, runs.size() > 1}, options);
    return fill_template(report_asset("page.html"),
                         {{"title", escape_html(title)},
                          {"version", runs.empty() ? "" : escape_html(runs[0].tool_version)},
                          {"overview", overview(runs)},
                          {"results", results},
                          {"style", page_style()},
                          {"scripts", page_scripts()}});
}

std::string html_report(const RunResult& run, const HtmlOptions& options) {
    return html_report({&run, 1}, options);
}

}  // namespace asyncbench
