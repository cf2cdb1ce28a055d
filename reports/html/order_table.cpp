#include <fmt/format.h>

#include <string>
#include <vector>

#include "analysis/ranking/choice.hpp"
#include "analysis/ranking/rank.hpp"
#include "reports/html/figures.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/sections.hpp"
#include "reports/html/table_cells.hpp"
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
    return waits_may_explain(order) ? "no order shown: the slower one waited for a CPU" : "no order shown";
}

std::string table_of(const RunResult& run, const std::vector<const Order*>& orders) {
    HtmlTable table("Ratios with their intervals, as measured and with the target's own lateness taken out.",
                    {"Strategy", "Against", "Measure", "Ratio", "Without the target's lateness", "Shown"});
    for (const Order* order : orders) {
        table.add_row({order->head.text(), order->base.text(), name_on_page(order->metric),
                       human_ratio(order->ratio),
                       order->punctual_ratio ? human_ratio(*order->punctual_ratio) : nothing,
                       verdict_text(run, *order)});
    }
    return fmt::format("<div class=\"table wide orders\">\n{}\n</div>\n", table.text());
}

/// Written open, for readers without script; report.js folds it.
std::string folded(const RunResult& run, const char* what, const std::vector<const Order*>& orders) {
    if (orders.empty()) return {};
    return fmt::format("<details class=\"fold\" open>\n<summary>{}: {}</summary>\n{}</details>\n", what,
                       counted(orders.size(), "row"), table_of(run, orders));
}

}  // namespace

std::string order_table(const RunResult& run) {
    if (!run.ranking || run.ranking->orders.empty()) return {};
    constexpr std::size_t most_in_sight = 12;
    constexpr std::size_t most_rows = 60;
    const Ranking& ranking = *run.ranking;
    std::vector<const Order*> first;
    std::vector<const Order*> others;
    for (const Order& order : ranking.orders) {
        if (order.metric == ranking.metric) {
            first.push_back(&order);
        } else if (order.is_ordered() || ranking.orders.size() <= most_rows) {
            others.push_back(&order);  // of many, only what is shown
        }
    }
    const std::string head =
        fmt::format("<h3>Orders at a concurrency of {}</h3>\n", human_count(ranking.concurrency));
    const std::string in_sight = first.empty() || first.size() > most_in_sight
                                     ? folded(run, "By what is ranked", first)
                                     : table_of(run, first);
    return head + in_sight + folded(run, "By what it costs", others);
}

}  // namespace asyncbench
