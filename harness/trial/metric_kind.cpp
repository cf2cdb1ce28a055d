#include "harness/trial/metric_kind.hpp"

namespace asyncbench {

MetricKind metric_kind(std::string_view name) {
    if (const MetricInfo* info = find_metric(name)) return {info->unit, info->better};
    if (name.ends_with("_ns")) return {"ns", Better::lower};
    if (name.ends_with("_bytes")) return {"bytes", Better::lower};
    if (name.ends_with("_per_second")) return {"1/s", Better::higher};
    return {};
}

}  // namespace asyncbench
