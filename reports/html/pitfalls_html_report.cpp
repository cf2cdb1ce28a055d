#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cctype>
#include <nlohmann/json.hpp>

#include "reports/html/assets.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/packing.hpp"
#include "reports/html/pitfalls_chart.hpp"
#include "reports/html/sections.hpp"
#include "reports/pitfalls_report.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/pitfall_text.hpp"

namespace asyncbench {
namespace {

std::string capitalized(std::string text) {
    if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
    return text;
}

bool is_usable(const PitfallResult& result, const PitfallWay& way) {
    const Cell* cell = cell_of_way(result, way);
    return cell == nullptr || cell->usable();
}

/// What the harm comes to, where the wrong way shows it: its number, or else what came of its work.
std::string harm_shown(const PitfallResult& result) {
    const std::string numbers = harm_in_numbers(result);
    if (!numbers.empty() || result.pitfall.ways.empty()) return numbers;
    return fmt::format("{}", fmt::join(outcomes_of(result, result.pitfall.ways.front()), " "));
}

std::string overview(const PitfallsResult& result) {
    HtmlTable table("What each pitfall costs, and what to do.", {"Pitfall", "Harm", "Measured", "Do"});
    for (const PitfallResult& each : result.pitfalls) {
        table.add_row({each.pitfall.title, fmt::format("{}", fmt::join(each.pitfall.harms, ", ")),
                       harm_shown(each), each.pitfall.advice},
                      !each.run.usable(), "measured wrong");
    }
    return table.text();
}

std::string table_of_ways(const PitfallResult& result) {
    std::vector<std::string> headings{"way"};
    const auto columns = columns_of_pitfall(result.pitfall);
    for (const PitfallColumn& column : columns) headings.push_back(column.full_heading);
    HtmlTable table(describe_load(result.run.scenario), headings);
    for (const PitfallWay& way : result.pitfall.ways) {
        std::vector<std::string> row{way.name};
        for (const PitfallColumn& column : columns) {
            row.push_back(way_text(result, way, column.metric, true));
        }
        table.add_row(row, !is_usable(result, way), "measured wrong");
    }
    return table.text();
}

std::string code_of_ways(const PitfallResult& result) {
    std::string text;
    for (const PitfallWay& way : result.pitfall.ways) {
        const std::string name = escape_html(way.name);
        text += fmt::format(
            "<figure class=\"way {}\"><figcaption><strong>{}</strong>: {}</figcaption>\n"
            "<pre tabindex=\"0\" role=\"group\" aria-label=\"The code of the {} "
            "way\"><code>{}</code></pre></figure>\n",
            name, capitalized(name), escape_html(way.summary), name, escape_html(way.code));
    }
    return fmt::format("<div class=\"ways\">\n{}</div>", text);
}

/// For each way that has any.
std::string list_by_way(const PitfallResult& result, const std::string& heading,
                        std::vector<std::string> (*sentences_of)(const PitfallResult&, const PitfallWay&)) {
    std::string items;
    for (const PitfallWay& way : result.pitfall.ways) {
        for (const std::string& sentence : sentences_of(result, way)) {
            items += fmt::format("<li><strong>{}:</strong> {}</li>\n", escape_html(way.name),
                                 escape_html(sentence));
        }
    }
    if (items.empty()) return {};
    return fmt::format("<h3>{}</h3>\n<ul class=\"found\">\n{}</ul>\n", escape_html(heading), items);
}

std::string warnings_of(const PitfallResult& result) {
    std::string items;
    for (const PlacedWarning& placed : warnings_by_place(result.run)) {
        if (placed.warning.kind != WarningKind::wrong) continue;
        items += fmt::format("<p class=\"notice\"><strong>{}:</strong> {} ({})</p>\n",
                             result.run.usable() ? "Trials left out" : "Measured wrong",
                             escape_html(placed.warning.message),
                             escape_html(describe_places(placed, placed.places.size())));
    }
    return items;
}

std::string section_of(const PitfallResult& result) {
    const Pitfall& pitfall = result.pitfall;
    std::string harms;
    for (const std::string& harm : pitfall.harms) harms += fmt::format("<li>{}</li>", escape_html(harm));
    const std::string name = escape_html(pitfall.name);
    std::string text = fmt::format(
        "<section class=\"pitfall\" id=\"{0}\" aria-labelledby=\"{0}-heading\">\n"
        "<h2 id=\"{0}-heading\">{1}</h2>\n<ul class=\"harms\" aria-label=\"What it "
        "harms\">{2}</ul>\n<p>{3}</p>\n",
        name, escape_html(pitfall.title), harms, escape_html(pitfall.harm));
    const std::string numbers = harm_in_numbers(result);
    if (!numbers.empty()) text += fmt::format("<p class=\"numbers\">{}</p>\n", escape_html(numbers));
    text += list_by_way(result, "What came of the work", outcomes_of);
    text += fmt::format("<p class=\"advice\">{}</p>\n", escape_html(pitfall.advice));
    text += warnings_of(result);
    text += code_of_ways(result);
    text += fmt::format("<div class=\"table wide\">\n{}\n</div>\n", table_of_ways(result));
    text += list_by_way(result, "What the detectors found", detectors_said);
    text += fmt::format("<p class=\"where\">Whole file: <code>benches/pitfalls/{}</code></p>\n</section>\n",
                        escape_html(pitfall.source));
    return text;
}

std::string notice(const PitfallsResult& result) {
    if (result.interrupted) {
        return "<p class=\"notice\" role=\"note\"><strong>Interrupted:</strong> this is what was measured "
               "until "
               "then.</p>";
    }
    if (result.usable()) return {};
    return "<p class=\"notice\" role=\"note\"><strong>Measured wrong:</strong> some measurements must not "
           "be used; "
           "the sections below say which and why.</p>";
}

}  // namespace

std::string pitfalls_html_report(const PitfallsResult& result) {
    std::string sections;
    for (const PitfallResult& each : result.pitfalls) sections += section_of(each);
    const Json charts = pitfalls_chart_data(result);
    const std::string method =
        result.pitfalls.empty() ? std::string{} : describe_method(result.pitfalls.front().run);
    return fill_template(report_asset("pitfalls.html"),
                         {{"version", escape_html(result.tool_version)},
                          {"started", escape_html(result.started_utc)},
                          {"notice", notice(result)},
                          {"overview", overview(result)},
                          {"pitfalls", sections},
                          {"method", escape_html(method)},
                          {"command", escape_html(result.command)},
                          {"environment", environment_table(result.environment)},
                          {"chart_table", pitfalls_chart_table(charts)},
                          {"chart_packed", packed_chart_data(charts)},
                          {"result_packed", packed(pitfalls_json_report(result))},
                          {"first_script", inline_scripts().first},
                          {"scripts", inline_scripts().last},
                          {"script_source", inline_scripts().sources},
                          {"style", page_style()},
                          {"pitfalls_style", std::string(report_asset("pitfalls.css"))}});
}

}  // namespace asyncbench
