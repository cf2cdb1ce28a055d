#include "reports/html/run_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "analysis/scalability.hpp"
#include "reports/html/assets.hpp"
#include "reports/html/contents.hpp"
#include "reports/html/figure_markup.hpp"
#include "reports/html/figures.hpp"
#include "reports/html/load_data.hpp"
#include "reports/html/load_page.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/packed_run.hpp"
#include "reports/html/run_data.hpp"
#include "reports/html/run_tables.hpp"
#include "reports/html/sections.hpp"
#include "reports/text/answer.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/load_answer.hpp"

namespace asyncbench {
namespace {

std::string result_id(std::size_t index) {
    return fmt::format("run-{}", index + 1);
}

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

/// What the page holds of the result for its script, and the section that offers it.
struct HeldResult {
    std::string data;
    std::string section;
};

HeldResult hold(const RunResult& run, const ResultPart& part, const Json& shown, bool goes_on) {
    if (goes_on) return {packed_charts(run, shown), ""};
    PackedRun packed = packed_run(run, shown);
    return {std::move(packed.json), fragment("raw", {{"id", part.id},
                                                     {"of", part.of},
                                                     {"trials", trial_table(run)},
                                                     {"histograms", packed.histograms}})};
}

using Values = std::vector<std::pair<std::string_view, std::string>>;

/// What stands in the places of result.html, besides what every result has.
Values run_values(const RunResult& run, const Json& shown, const ResultPart& part,
                  const std::vector<StrategyScalability>& scalability, const HtmlOptions& options) {
    Values values{{"name", escape_html(short_name_of(run))},
                  {"notice", findings_notice(run, part.id)},
                  {"strategies", strategy_list(run, options)},
                  {"reading", charts_caption(run, shown)},
                  {"orders", order_table(run)},
                  {"percentiles", percentile_table(run)},
                  {"costs", cost_table(run)},
                  {"loop", loop_table(run)},
                  {"drift", drift_table(run)},
                  {"cells", cell_table(run)},
                  {"cell_notes", cell_table_notes(run)},
                  {"ratios", ratio_table(run)},
                  {"code", code_section(run, part, options)},
                  {"warnings", warning_list(run) + failure_table(run)},
                  {"diagnosis", diagnosis_section(run, part)},
                  {"work", work_table(run)},
                  {"method", escape_html(describe_method(run))},
                  {"judgement", escape_html(describe_judgement(run))}};
    for (const FigureGroup& group : figure_groups()) {
        const std::string more = group.name == "throughput" ? scalability_details(scalability) : "";
        values.emplace_back(group.place, figures_markup(run, shown, group, more));
    }
    return values;
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

/// Style and scripts: in the page or beside it.
struct PageParts {
    std::string style;
    std::string style_source;  ///< of the Content-Security-Policy
    PageScripts scripts;
    std::string index;  ///< a link to the page that lists this one
};

PageParts parts_of(const std::optional<PageLinks>& links) {
    if (!links)
        return {fmt::format("<style>\n{}\n</style>", report_asset("page.css")), "", inline_scripts(), ""};
    return {fmt::format("<link rel=\"stylesheet\" href=\"{}\">", escape_html(links->style)), "'self'",
            shared_scripts(links->script),
            fmt::format("<p><a href=\"{}\">All runs</a></p>\n", escape_html(links->index))};
}

/// For several results: what each says, and where it stands.
std::string overview(std::span<const RunResult> runs) {
    if (runs.size() < 2) return {};
    std::string items;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const auto sentences = answer(runs[i]);
        items += fmt::format(
            "<li><a href=\"#{}\">{} <span class=\"where\">({}, {})</span></a><br>{}{}</li>\n", result_id(i),
            escape_html(heading_of(runs[i])), escape_html(short_name_of(runs[i])),
            escape_html(runs[i].started_utc), sentences.empty() ? "" : escape_html(sentences.front()),
            findings_notice(runs[i], result_id(i)));
    }
    return fragment(
        "overview",
        {{"count", fmt::format("{}", runs.size())}, {"items", items}, {"side_by_side", side_by_side(runs)}});
}

}  // namespace

ResultArticle result_article(const RunResult& run, std::size_t index, const ResultPage& page,
                             const HtmlOptions& options) {
    const std::string id = result_id(index);
    const ResultPart part{id, page.several ? id + "-title " : ""};
    const bool is_load = load_trial(run) != nullptr;
    const auto scalability = is_load ? std::vector<StrategyScalability>{} : scalability_of(run);
    const Json shown = is_load ? load_shown_of(run) : shown_of(run, scalability);
    const HeldResult held = hold(run, part, shown, page.goes_on);
    Values values{{"id", id},
                  {"of", part.of},
                  {"file", file_name(index)},
                  {"heading", heading_on_page(run, index, page)},
                  {"started", escape_html(run.started_utc)},
                  {"load", escape_html(describe_load(run.scenario))},
                  {"answer", paragraphs(answer(run))},
                  {"environment", environment_table(run.environment)},
                  {"scenario", scenario_table(run.scenario)},
                  {"command", escape_html(run.command)},
                  {"raw", held.section},
                  {"data", held.data}};
    Values own = is_load ? load_values(run, shown, part) : run_values(run, shown, part, scalability, options);
    std::move(own.begin(), own.end(), std::back_inserter(values));
    std::string text = fill_template(report_asset(is_load ? "load.html" : "result.html"), values);
    auto sections = headings_of(text);
    return {page.several ? a_level_deeper(std::move(text)) : std::move(text), std::move(sections)};
}

std::string html_report(std::span<const RunResult> runs, const HtmlOptions& options) {
    std::string title = options.title;
    if (title.empty())
        title = runs.size() == 1 ? heading_of(runs[0]) : fmt::format("{} results", runs.size());
    std::string results;
    std::vector<ContentsEntry> entries;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        ResultArticle result = result_article(runs[i], i, {title, runs.size() > 1}, options);
        results += result.markup;
        if (runs.size() == 1) {
            entries = std::move(result.sections);
        } else {
            entries.push_back({result_id(i), fmt::format("{}. {}", i + 1, escape_html(heading_of(runs[i]))),
                               std::move(result.sections)});
        }
    }
    const std::string contents = contents_markup(entries);
    const PageParts parts = parts_of(options.links);
    return fill_template(report_asset("page.html"),
                         {{"title", escape_html(title)},
                          {"version", runs.empty() ? "" : escape_html(runs[0].tool_version)},
                          {"body_class", contents.empty() ? "" : " class=\"with-contents\""},
                          {"contents", contents},
                          {"overview", overview(runs)},
                          {"results", results},
                          {"index", parts.index},
                          {"style", parts.style},
                          {"style_source", parts.style_source},
                          {"first_script", parts.scripts.first},
                          {"scripts", parts.scripts.last},
                          {"script_source", parts.scripts.sources}});
}

std::string html_report(const RunResult& run, const HtmlOptions& options) {
    return html_report({&run, 1}, options);
}

}  // namespace asyncbench
