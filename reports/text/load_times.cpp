#include "reports/text/load_times.hpp"

#include <initializer_list>
#include <utility>

namespace asyncbench {
namespace {

/// What a histogram of a trial with a LoadView is read by.
using TimesOf = const Histogram& (*)(const Trial& trial);

std::vector<LoadTime> times_of(const RunResult& run,
                               std::initializer_list<std::pair<std::string_view, TimesOf>> kinds) {
    std::vector<LoadTime> times;
    for (const auto& [name, of] : kinds) {
        LoadTime time{name, {}};
        for (const Trial& trial : run.trials)
            if (trial.load && trial.usable()) time.ns += of(trial);
        if (!time.ns.empty()) times.push_back(std::move(time));
    }
    return times;
}

const Histogram& response_time(const Trial& trial) {
    return trial.response_time_ns;
}

const Histogram& service_time(const Trial& trial) {
    return trial.service_time_ns;
}

}  // namespace

std::vector<LoadTime> load_latencies(const RunResult& run) {
    if (!has_response_times(run.scenario)) return times_of(run, {{"from send", service_time}});
    return times_of(run, {{"from schedule", response_time}, {"from send", service_time}});
}

std::vector<LoadTime> load_phases(const RunResult& run) {
    return times_of(
        run,
        {{"connect", [](const Trial& trial) -> const Histogram& { return trial.load->connect_ns; }},
         {"TLS", [](const Trial& trial) -> const Histogram& { return trial.load->tls_ns; }},
         {"first byte", [](const Trial& trial) -> const Histogram& { return trial.load->first_byte_ns; }},
         {"first event", [](const Trial& trial) -> const Histogram& { return trial.load->first_event_ns; }},
         {"between events", [](const Trial& trial) -> const Histogram& { return trial.load->event_gap_ns; }},
         {"whole response", service_time}});
}

std::vector<LoadTime> load_generator_times(const RunResult& run) {
    return times_of(
        run,
        {{"picked up", [](const Trial& trial) -> const Histogram& { return trial.load->pick_up_ns; }},
         {"sent late", [](const Trial& trial) -> const Histogram& { return trial.load->send_lateness_ns; }}});
}

}  // namespace asyncbench
