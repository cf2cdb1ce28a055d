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

}  // namespace

std::string scalability_details(const std::vector<StrategyScalability>& strategies) {
    if (strategies.empty()) return {};
    HtmlTable table("Least squares over all valid trials, 95 % intervals by bootstrap.",
                    {"Strategy", "λ, one alone", "σ, contention", "κ, coherency", "Peak at", "R²"});
    for (const StrategyScalability& each : strategies) {
        if (!each.fit) {
            table.add_row({each.strategy.text(), fmt::format("no fit: {}", each.why_none)});
            continue;
        }
        table.add_row({each.strategy.text(), fmt::format("{}/s", with_interval(each.fit->lambda)),
                       with_interval(each.fit->sigma), with_interval(each.fit->kappa), peak_text(*each.fit),
                       fmt::format("{:.4f}", each.fit->r_squared)});
    }
    return fmt::format(
        "<details class=\"data\">\n<summary>The scalability law of each strategy</summary>\n<p>The thin "
        "dotted lines of the "
        "chart: "
        "Gunther's Universal Scalability Law, X(N) = λN / (1 + σ(N − 1) + κN(N − 1)). σ is the share that "
        "has to "
        "be done one after another, κ what each pair costs in keeping consistent. It says how far a strategy "
        "would "
        "go on; where R² is far from 1 it does not describe the strategy.</p>\n"
        "<div class=\"table wide\">\n{}\n</div>\n</details>",
        table.text());
}

}  // namespace asyncbench
