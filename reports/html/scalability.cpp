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

/// Of a law whose kappa may be 0 the peak may be nowhere, whatever number its best fit gives.
std::string peak_text(const StrategyScalability& each) {
    const std::optional<Estimate>& peak = each.fit->peak;
    if (!peak) return "not determined";
    const char* beyond = peak->value > each.highest ? ", beyond what was measured" : "";
    return with_interval(*peak) + beyond;
}

std::string residual_text(const StrategyScalability& each) {
    return each.residual_share ? fmt::format("±{}", human_deviation(*each.residual_share)) : "–";
}

}  // namespace

std::string scalability_details(const std::vector<StrategyScalability>& strategies) {
    if (strategies.empty()) return {};
    HtmlTable table(
        "Least squares over all usable trials, 95 % intervals by bootstrap.",
        {"Strategy", "λ, one alone", "σ, contention", "κ, coherency", "Peak at", "Residual error", "R²"});
    for (const StrategyScalability& each : strategies) {
        if (!each.fit) {
            table.add_row({each.strategy.text(), fmt::format("no fit: {}", each.why_none)});
            continue;
        }
        table.add_row({each.strategy.text(), fmt::format("{}/s", with_interval(each.fit->lambda)),
                       with_interval(each.fit->sigma), with_interval(each.fit->kappa), peak_text(each),
                       residual_text(each), fmt::format("{:.4f}", each.fit->r_squared)});
    }
    return fmt::format(
        "<details class=\"law on-paper\">\n<summary>The scalability law of each strategy</summary>\n<p>The "
        "dashed lines of the chart: Gunther's Universal Scalability Law, X(N) = λN / (1 + σ(N − 1) + κN(N − "
        "1)). σ is the share that "
        "has to "
        "be done one after another, κ what each pair costs in keeping consistent. It says how far a strategy "
        "would go on; its peak is not determined where κ may be 0, for then throughput only approaches a "
        "limit, or may do so. The residual error, the residual standard error over the mean throughput, is "
        "how far "
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
