#include "harness/trial/server_meter.hpp"

namespace asyncbench {
namespace {

MetricValue divided(const TreeNumber& number, double by) {
    return number.value ? MetricValue{*number.value / by, {}} : MetricValue::unknown(number.reason);
}

}  // namespace

void ServerMeter::begin() {
    tree_.begin();
    instructions_.start();
}

void ServerMeter::look() {
    constexpr int share = 20;
    const TimePoint began = steady_now();
    if (began < next_look_) return;
    tree_.look();
    const TimePoint ended = steady_now();
    next_look_ = ended + (share - 1) * (ended - began);
}

void ServerMeter::end() {
    instructions_.stop();
    usage_ = tree_.end();
}

Metrics ServerMeter::metrics(double requests, double elapsed_ns) const {
    const CounterValue& instructions = instructions_.values().instructions;
    Metrics metrics;
    metrics["server_cpu_us_per_request"] = divided(usage_.cpu_ns, 1e3 * requests);
    metrics["server_cpu_share"] = divided(usage_.cpu_ns, elapsed_ns);
    metrics["server_peak_rss_bytes"] = divided(usage_.peak_rss_bytes, 1);
    metrics["server_pss_bytes"] = divided(usage_.pss_bytes, 1);
    metrics["server_threads"] = divided(usage_.threads, 1);
    metrics["server_processes"] = divided(usage_.processes, 1);
    metrics["server_instructions_per_request"] =
        instructions.value ? MetricValue{static_cast<double>(*instructions.value) / requests, {}}
                           : MetricValue::unknown(instructions.reason);
    return metrics;
}

}  // namespace asyncbench
