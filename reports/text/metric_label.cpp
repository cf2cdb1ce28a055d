#include "reports/text/metric_label.hpp"

#include <algorithm>
#include <utility>

namespace asyncbench {

std::string metric_label(std::string_view metric) {
    static constexpr std::pair<std::string_view, std::string_view> ends[] = {{"_us_per_request", "/request"},
                                                                             {"_per_request", "/request"},
                                                                             {"_ns", ""},
                                                                             {"_bytes", ""},
                                                                             {"_rps", ""},
                                                                             {"_per_second", " rate"}};
    std::string label(metric);
    for (const auto& [end, instead] : ends) {
        if (!metric.ends_with(end)) continue;
        label = std::string(metric.substr(0, metric.size() - end.size())).append(instead);
        break;
    }
    std::replace(label.begin(), label.end(), '_', ' ');
    return label;
}

}  // namespace asyncbench
