#include "harness/trial/process_groups.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>

namespace asyncbench {
namespace {

std::array<std::atomic<pid_t>, 64> groups{};  // 0: free
static_assert(std::atomic<pid_t>::is_always_lock_free, "it is read by a signal handler");

bool replace_one(pid_t before, pid_t after) noexcept {
    return std::any_of(groups.begin(), groups.end(), [=](std::atomic<pid_t>& group) {
        pid_t expected = before;
        return group.compare_exchange_strong(expected, after);
    });
}

}  // namespace

void note_process_group(pid_t group) noexcept {
    replace_one(0, group);
}

void forget_process_group(pid_t group) noexcept {
    replace_one(group, 0);
}

void kill_process_groups() noexcept {
    for (const std::atomic<pid_t>& noted : groups) {
        const pid_t group = noted;
        if (group > 0) kill(-group, SIGKILL);
    }
}

}  // namespace asyncbench
