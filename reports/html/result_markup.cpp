#include "reports/html/result_markup.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "reports/html/assets.hpp"
#include "reports/html/caption.hpp"
#include "reports/html/chart_data.hpp"
#include "reports/html/figures.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/packed_result.hpp"
#include "reports/html/packing.hpp"
#include "reports/html/sections.hpp"
#include "reports/text/answer.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/scalability.hpp"

namespace asyncbench {
namespace {

/// The page's own heading says it where there is one result, unless that has a title of its own. Of several,
/// that is before all headings go a level deeper.
std::string heading_on_page(const RunResult& run, std::size_t index, const ResultPage& page) {
    const std::string title = escape_html(heading_of(run));
    if (page.several) {
        return fmt::format("<h1 id=\"{}-title\">{}. {}</h1>", result_id(index), index + 1, title);
    }
    return heading_of(run) == page.title ? std::string{} : fmt::format("<p>{}</p>", title);
}

std::string file_name(std::size_t index) {
    return index == 0 ? "asyncbench-result.json" : fmt::format("asyncbench-result-{}.json", index + 1);
}

std::string raw_result(const RunResult& run, const ResultPart& part) {
    const PackedResult result = pack_result(run);
    return fill_template(report_asset("raw_result.html"), {{"id", part.id},
                                                           {"of", part.of},
                                                           {"trials", trial_table(run)},
                                                           {"result_packed", result.json},
                                                           {"histograms_packed", result.histograms}});
}

/// Headings a level deeper, below that of the page. Text and packed data hold no `<`.
std::string a_level_deeper(std::string markup) {
    for (const auto& [from, to] : {std::pair{"h3", "h4"}, std::pair{"h2", "h3"}, std::pair{"h1", "h2"}}) {
        for (const std::string_view open : {"<", "</"}) {
            const std::string old = fmt::format("{}{}", open, from);
            const std::string next = fmt::format("{}{}", open, to);
            for (auto at = markup.find(old); at != std::string::npos; at = markup.find(old, at + next.size()))
                markup.replace(at, old.size(), next);
        }
    }
    return markup;
}

}  // namespace

std::string result_id(std::size_t index) {
    return fmt::format("run-{}", index + 1);
}

ResultMarkup result_markup(const RunResult& run, std::size_t index, const ResultPage& page,
                           const HtmlOptions& options) {
    const std::string id = result_id(index);
    const ResultPart part{id, page.several ? id + "-title " : ""};
    const auto scalability = scalability_of(run);
    const Json charts = chart_data(run, scalability);
    const auto figures = [&](FigureGroup group, const std::string& more = {}) {
        return figures_markup(run, charts, group, more);
    };
    std::string text = fill_template(
        report_asset("result.html"),
        {{"id", id},
         {"of", part.of},
         {"file", file_name(index)},
         {"heading", heading_on_page(run, index, page)},
         {"name", escape_html(short_name_of(run))},
         {"started", escape_html(run.started_utc)},
         {"load", escape_html(describe_load(run.scenario))},
         {"answer", paragraphs(answer(run))},
         {"notice", findings_notice(run, id)},
         {"strategies", strategy_list(run, options)},
         {"reading", charts_caption(run, charts)},
         {"throughput_figures", figures(FigureGroup::throughput, scalability_details(scalability))},
         {"ratio_figures", figures(FigureGroup::ratios)},
         {"orders", order_table(run)},
         {"latency_figures", figures(FigureGroup::latency)},
         {"overhead_figures", figures(FigureGroup::overhead)},
         {"cost_figures", figures(FigureGroup::cost)},
         {"loop_figures", figures(FigureGroup::loop)},
         {"percentiles", percentile_table(run)},
         {"costs", cost_table(run)},
         {"loop", loop_table(run)},
         {"drift", drift_table(run)},
         {"drift_figures", figures(FigureGroup::drift)},
         {"cells", cell_table(run)},
         {"cell_notes", cell_table_notes(run)},
         {"ratios", ratio_table(run)},
         {"code", code_section(run, part, options)},
         {"warnings", warning_list(run)},
         {"diagnosis", diagnosis_section(run, part)},
         {"work", work_table(run)},
         {"environment", environment_table(run.environment)},
         {"scenario", scenario_table(run.scenario)},
         {"method", escape_html(describe_method(run))},
         {"judgement", escape_html(describe_judgement(run))},
         {"command", escape_html(run.command)},
         {"raw", options.with_raw_result ? raw_result(run, part) : std::string()},
         {"chart_packed", packed_chart_data(charts)}});
    auto sections = headings_of(text);
    return {page.several ? a_level_deeper(std::move(text)) : std::move(text), std::move(sections)};
}

}  // namespace asyncbench
