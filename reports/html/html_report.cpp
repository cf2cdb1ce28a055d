#include <nlohmann/json.hpp>

#include "reports/html/assets.hpp"
#include "reports/html/chart_data.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/sections.hpp"
#include "reports/json/result_json.hpp"
#include "reports/report.hpp"
#include "reports/text/answer.hpp"
#include "reports/text/describe.hpp"

namespace asyncbench {

std::string html_report(const RunResult& run) {
    const std::string& question = run.scenario.question;
    const std::string title = question.empty() ? "Comparison " + run.scenario.name : question;
    return fill_template(report_asset("page.html"),
                         {{"title", escape_html(title)},
                          {"version", escape_html(run.tool_version)},
                          {"name", escape_html(run.scenario.name)},
                          {"started", escape_html(run.started_utc)},
                          {"load", escape_html(describe_load(run.scenario))},
                          {"answer", paragraphs(answer(run))},
                          {"notice", validity_notice(run)},
                          {"cells", cell_table(run)},
                          {"warnings", warning_list(run)},
                          {"diagnosis", diagnosis_section(run)},
                          {"work", work_table(run)},
                          {"trials", trial_table(run)},
                          {"environment", environment_table(run.environment)},
                          {"scenario", scenario_table(run.scenario)},
                          {"method", escape_html(describe_method(run))},
                          {"command", escape_html(run.command)},
                          {"result_gzip", gzip_base64(to_text(json_of(run)))},
                          {"chart_gzip", gzip_base64(to_text(chart_data(run)))},
                          {"style", std::string(report_asset("page.css"))},
                          {"vega", std::string(report_asset("vega.js"))},
                          {"vega_lite", std::string(report_asset("vega-lite.js"))},
                          {"vega_embed", std::string(report_asset("vega-embed.js"))},
                          {"script", std::string(report_asset("page.js"))}});
}

}  // namespace asyncbench
