#include "reports/html/live_page.hpp"

#include "harness/measure/build_info.hpp"
#include "reports/html/assets.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/result_markup.hpp"
#include "reports/text/describe.hpp"

namespace asyncbench {
namespace {

constexpr std::string_view style_path = "/assets/page.css";
constexpr std::string_view script_path = "/assets/page.js";
constexpr std::string_view live_style_path = "/assets/live.css";
constexpr std::string_view live_script_path = "/assets/live.js";

}  // namespace

std::string live_page(const Scenario& scenario) {
    RunResult planned;
    planned.scenario = scenario;
    return fill_template(report_asset("live.html"), {{"title", escape_html(title_of(planned))},
                                                     {"version", escape_html(build_info().version)},
                                                     {"load", escape_html(describe_load(scenario))}});
}

const char* live_page_policy() {
    // Vega and the report's tooltips set styles of elements.
    return "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
           "img-src data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}

std::string live_article(const RunResult& run) {
    HtmlOptions options;
    options.with_raw_result = false;
    return result_markup(run, 0, {title_of(run), false}, options).article;
}

std::optional<LiveAsset> live_page_asset(std::string_view path) {
    static const std::string style = page_style();
    static const std::string script = page_script();
    constexpr const char* css = "text/css; charset=utf-8";
    constexpr const char* javascript = "text/javascript; charset=utf-8";
    if (path == style_path) return LiveAsset{css, style};
    if (path == script_path) return LiveAsset{javascript, script};
    if (path == live_style_path) return LiveAsset{css, report_asset("live.css")};
    if (path == live_script_path) return LiveAsset{javascript, report_asset("live.js")};
    return std::nullopt;
}

}  // namespace asyncbench
