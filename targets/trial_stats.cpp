#include "targets/trial_stats.hpp"

#include <fmt/format.h>

#include <ctime>

#include "harness/measure/histogram_codec.hpp"

namespace asyncbench {
namespace {

std::int64_t process_cpu_ns() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec;
}

}  // namespace

void TrialStats::begin_response(Nanoseconds held_for, Nanoseconds intended, bool stamped) {
    delay_error.record((held_for - intended).count());
    ++held.count;
    held.stamped += stamped ? 1 : 0;
    held.sum += held_for;
    held.intended_sum += intended;
}

const std::shared_ptr<TrialStats>& TrialBook::begin_or_find(std::string_view trial) {
    if (const auto found = trials_.find(trial); found != trials_.end()) return found->second;
    if (trials_.size() >= capacity_) {
        trials_.erase(oldest_first_.front());
        oldest_first_.pop_front();
    }
    oldest_first_.emplace_back(trial);
    return trials_.emplace(trial, std::make_shared<TrialStats>()).first->second;
}

const TrialStats* TrialBook::find(std::string_view trial) const {
    const auto found = trials_.find(trial);
    return found == trials_.end() ? nullptr : found->second.get();
}

std::string stats_json(std::string_view trial, const TrialStats& stats) {
    return fmt::format(R"({{"trial":"{}","requests":{},"connections":{},)"
                       R"("served":{{"count":{},"fingerprint":"{:016x}"}},)"
                       R"("held":{{"count":{},"stamped":{},"sum_ns":{},"intended_sum_ns":{}}},)"
                       R"("process_cpu_ns":{},"clock_ns":{},"delay_error_hdr":"{}"}})",
                       trial, stats.requests, stats.connections, stats.served.count, stats.served.sum,
                       stats.held.count, stats.held.stamped, stats.held.sum.count(),
                       stats.held.intended_sum.count(), process_cpu_ns(),
                       Clock::now().time_since_epoch().count(), encode_v2(stats.delay_error));
}

}  // namespace asyncbench
