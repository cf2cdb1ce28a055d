#include <fmt/format.h>

#include "reports/html/markup.hpp"
#include "reports/html/sections.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

std::string with_interval(const Estimate& estimate) {
    const std::string value = human_number(estimate.value);
    if (!has_interval(estimate)) return value;
    return fmt::format("{} [{}–{}]", value, human_number(estimate.low), human_number(estimate.high));
}

std::string peak_text(const ScalabilityFit& fit) {
    if (!fit.peak_concurrency) return "none: it approaches a limit";
    return human_number(*fit.peak_concurrency);
}

std::string residual_text(const StrategyScalability& each) {
    return each.residual_share ? fmt::format("±{:.2g} %", *each.residual_share * 100) : "–";
}

}  // namespace

std::string scalability_details(const std::vector<StrategyScalability>& strategies) {
    if (strategies.empty()) return {};
    HtmlTable table(
        "Least squares over all valid trials, 95 % intervals by bootstrap.",
        {"Strategy", "λ, one alone", "σ, contention", "κ, coherency", "Peak at", "Residual error", "R²"});
    for (const StrategyScalability& each : strategies) {
        if (!each.fit) {
            table.add_row({each.strategy.text(), fmt::format("no fit: {}", each.why_none)});
            continue;
        }
        table.add_row({each.strategy.text(), fmt::format("{}/s", with_interval(each.fit->lambda)),
                       with_interval(each.fit->sigma), with_interval(each.fit->kappa), peak_text(*each.fit),
                       residual_text(each), fmt::format("{:.4f}", each.fit->r_squared)});
    }
    return fmt::format(
        "<details class=\"law on-paper\">\n<summary>The scalability law of each strategy</summary>\n<p>The "
        "thin "
        "dotted lines of the "
        "chart: "
        "Gunther's Universal Scalability Law, X(N) = λN / (1 + σ(N − 1) + κN(N − 1)). σ is the share that "
        "has to "
        "be done one after another, κ what each pair costs in keeping consistent. It says how far a strategy "
        "would go on. The residual error, the residual standard error over the mean throughput, is how far "
        "off "
        "the law typically is: where it is much more than the noise floor, the law does not describe the "
        "strategy. R² "
        "is the share of the throughput's variation that the law explains; a flat line, one request after "
        "another, "
        "has none to explain, so that its R² is near 0 however well the law fits.</p>\n"
        "<div class=\"table wide\">\n{}\n</div>\n</details>",
        table.text());
}

}  // namespace asyncbench
