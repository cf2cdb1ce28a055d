#include <fmt/format.h>

#include <string>

#include "reports/html/figures.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/sections.hpp"
#include "reports/html/table_cells.hpp"
#include "reports/text/answer.hpp"
#include "reports/text/human.hpp"
#include "reports/text/strategy_name.hpp"

namespace asyncbench {
namespace {

std::string verdict_text(const RunResult& run, const Order& order) {
    switch (order.verdict) {
        case OrderVerdict::head_better:
            return fmt::format("{} is better", name_in_text(run, order.head));
        case OrderVerdict::base_better:
            return fmt::format("{} is better", name_in_text(run, order.base));
        case OrderVerdict::alike:
            return fmt::format("alike within {}", human_deviation(order.alike_within));
        case OrderVerdict::through_target:
            return "apart through the target's lateness alone";
        case OrderVerdict::open:
            break;
    }
    return "no order shown";
}

}  // namespace

std::string order_table(const RunResult& run) {
    if (!run.ranking || run.ranking->orders.empty()) return {};
    constexpr std::size_t most_in_sight = 12;
    const Ranking& ranking = *run.ranking;
    HtmlTable table(fmt::format("What is shown at a concurrency of {}, in {}: ratios with their intervals, as "
                                "measured and with the target's own lateness taken out.",
                                human_count(ranking.concurrency), counted(ranking.blocks.size(), "block")),
                    {"Strategy", "Against", "Measure", "Ratio", "Without the target's lateness", "Shown"});
    for (const Order& order : ranking.orders) {
        table.add_row({order.head.text(), order.base.text(), name_on_page(order.metric), human_ratio(order.ratio),
                       order.punctual_ratio ? human_ratio(*order.punctual_ratio) : nothing,
                       verdict_text(run, order)});
    }
    const std::string text = fmt::format("<div class=\"table wide orders\">\n{}\n</div>\n", table.text());
    if (ranking.orders.size() <= most_in_sight) return "<h3>Orders</h3>\n" + text;
    return fmt::format("<details class=\"fold\" open>\n<summary>Orders: {}</summary>\n{}</details>\n",
                       counted(ranking.orders.size(), "question"), text);
}

}  // namespace asyncbench
