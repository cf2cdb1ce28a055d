#include "targets/blocking/shared_trials.hpp"

#include <chrono>

namespace asyncbench::blocking {

void SharedTrials::arrived(std::string_view trial, std::shared_ptr<TrialStats>& last) {
    const std::lock_guard lock(mutex_);
    const auto& stats = book_.begin_or_find(trial);
    ++stats->requests;
    if (stats == last) return;
    ++stats->connections;
    last = stats;
}

SharedTrials::Ticket SharedTrials::started() {
    const std::lock_guard lock(mutex_);
    open_.insert(next_);
    return next_++;
}

void SharedTrials::ended(Ticket ticket, TrialStats& trial, const Written& written) {
    {
        const std::lock_guard lock(mutex_);
        if (written.held) trial.begin_response(*written.held, written.intended, written.stamped);
        if (written.served_id) trial.served.add(*written.served_id);
        open_.erase(ticket);
    }
    some_ended_.notify_all();
}

std::string SharedTrials::json(std::string_view trial) {
    std::unique_lock lock(mutex_);
    const Ticket end = next_;
    some_ended_.wait_for(lock, std::chrono::seconds{1},
                         [&] { return open_.empty() || *open_.begin() >= end; });
    const TrialStats* const known = book_.find(trial);
    return stats_json(trial, known != nullptr ? *known : TrialStats{});
}

}  // namespace asyncbench::blocking
