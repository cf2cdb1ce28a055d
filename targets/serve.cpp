#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <ostream>
#include <string_view>
#include <system_error>

#include "async/errors.hpp"
#include "targets/target.hpp"

namespace asyncbench {
namespace {

/// Keeps SIGINT and SIGTERM from their default action while it lives, so that they can be waited for. Threads
/// started meanwhile inherit that.
class HeldSignals {
  public:
    HeldSignals() {
        sigemptyset(&held_);
        sigaddset(&held_, SIGINT);
        sigaddset(&held_, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &held_, &before_);
    }
    ~HeldSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    HeldSignals(const HeldSignals&) = delete;
    HeldSignals& operator=(const HeldSignals&) = delete;

    void wait() const {
        int signal = 0;
        while (sigwait(&held_, &signal) != 0) {
        }
    }

  private:
    sigset_t held_{};
    sigset_t before_{};
};

/// Whether the parent is still there. The kernel sends SIGTERM when the parent's thread that started this
/// process ends; a parent that ended before this call is seen by the change of parent.
bool tie_to_parent() {
    const pid_t parent = getppid();
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0) {
        throw Error(fmt::format("The target cannot ask to end with its parent: {}.",
                                std::generic_category().message(errno)));
    }
    return getppid() == parent;
}

void raise_descriptor_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

template <class Target>
void serve(const TargetOptions& options, std::string_view name, std::ostream& announce) {
    const HeldSignals signals;
    if (options.end_with_parent && !tie_to_parent()) return;
    raise_descriptor_limit();
    Target target(options);
    announce << fmt::format(R"({{"event":"listening","target":"{}","address":"{}","port":{},"pid":{}}})",
                            name, options.address, target.port(), getpid())
             << std::endl;
    signals.wait();
    target.stop();
}

}  // namespace

void serve_target(std::string_view name, const TargetOptions& options, std::ostream& announce) {
    if (name == "mock") return serve<MockTarget>(options, name, announce);
    if (name == "blocking") return serve<BlockingTarget>(options, name, announce);
    throw UsageError(fmt::format("There is no target '{}' to serve.", name));
}

}  // namespace asyncbench
