#include "cli/interruption.hpp"

#include <unistd.h>

#include <csignal>

#include "cli/exit_status.hpp"
#include "harness/trial/child_process.hpp"

namespace asyncbench {
namespace {

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "it is set by a signal handler");

void on_signal(int signal) {
    if (interrupted.exchange(true)) {
        // A terminal that closes may send it twice, by the kernel and by the shell, and nobody asks for
        // haste.
        if (signal == SIGHUP) return;
        kill_process_groups();
        _exit(static_cast<int>(ExitStatus::interrupted));
    }
    constexpr char message[] = "\nInterrupted: writing what there is (again: end at once).\n";
    (void)!write(STDERR_FILENO, message, sizeof message - 1);
}

/// That is how nohup asks to live on.
bool is_ignored(int signal) {
    struct sigaction now{};
    return sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

}  // namespace

const std::atomic<bool>& watch_for_interruption() {
    struct sigaction action{};
    action.sa_handler = on_signal;
    sigemptyset(&action.sa_mask);
    // Without SA_RESTART, so that waiting for a trial's answer ends.
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    if (!is_ignored(SIGHUP)) sigaction(SIGHUP, &action, nullptr);
    return interrupted;
}

}  // namespace asyncbench
