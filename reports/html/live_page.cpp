#include "reports/html/live_page.hpp"

#include "harness/measure/build_info.hpp"
#include "reports/html/assets.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/run_page.hpp"
#include "reports/text/describe.hpp"

namespace asyncbench {
namespace {

constexpr std::string_view style_path = "/assets/page.css";
constexpr std::string_view script_path = "/assets/page.js";
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
    return result_article(run, 0, {.title = title_of(run), .goes_on = true}, {}).markup;
}

std::optional<LiveAsset> live_page_asset(std::string_view path) {
    static const std::string script = page_script();
    constexpr const char* css = "text/css; charset=utf-8";
    constexpr const char* javascript = "text/javascript; charset=utf-8";
    if (path == style_path) return LiveAsset{css, report_asset("page.css")};
    if (path == script_path) return LiveAsset{javascript, script};
    if (path == live_script_path) return LiveAsset{javascript, report_asset("live.js")};
    return std::nullopt;
}

}  // namespace asyncbench
