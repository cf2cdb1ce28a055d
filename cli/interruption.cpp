#include "cli/interruption.hpp"

#include <unistd.h>

#include <csignal>

#include "cli/exit_status.hpp"

namespace asyncbench {
namespace {

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "it is set by a signal handler");

void on_signal(int) {
    if (interrupted.exchange(true)) _exit(static_cast<int>(ExitStatus::interrupted));
    constexpr char message[] = "\nInterrupted: writing what there is (again: end at once).\n";
    (void)!write(STDERR_FILENO, message, sizeof message - 1);
}

}  // namespace

const std::atomic<bool>& watch_for_interruption() {
    struct sigaction action{};
    action.sa_handler = on_signal;
    sigemptyset(&action.sa_mask);
    // Without SA_RESTART, so that waiting for a trial's answer ends.
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    return interrupted;
}

}  // namespace asyncbench
