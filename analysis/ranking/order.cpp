#include "analysis/ranking/order.hpp"

#include <algorithm>

namespace asyncbench {

const Order* Ranking::find(const StrategySpec& one, const StrategySpec& other, std::string_view of) const {
    const auto found = std::find_if(orders.begin(), orders.end(), [&](const Order& order) {
        return order.metric == of &&
               ((order.base == one && order.head == other) || (order.base == other && order.head == one));
    });
    return found == orders.end() ? nullptr : &*found;
}

bool Ranking::shows(const StrategySpec& better, const StrategySpec& other, std::string_view of) const {
    const Order* order = find(better, other, of);
    if (order == nullptr) return false;
    return order->verdict == (order->head == better ? OrderVerdict::head_better : OrderVerdict::base_better);
}

std::size_t Ranking::open() const {
    return static_cast<std::size_t>(std::count_if(orders.begin(), orders.end(), [&](const Order& order) {
        const bool was_judged = order.ratio.confidence > 0;
        return order.metric == metric && order.verdict == OrderVerdict::open && was_judged;
    }));
}

}  // namespace asyncbench
