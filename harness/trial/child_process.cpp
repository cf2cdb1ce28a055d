#include "harness/trial/child_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>
#include <utility>

#include "async/errors.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t longest_line = std::size_t{64} << 20;
constexpr std::chrono::milliseconds between_looks{1};
constexpr std::size_t most_unread = std::size_t{64} << 10;

std::array<std::atomic<pid_t>, 64> groups{};  // of the children that run; 0: free
static_assert(std::atomic<pid_t>::is_always_lock_free, "it is read by a signal handler");

bool replace_one(pid_t before, pid_t after) noexcept {
    return std::any_of(groups.begin(), groups.end(), [=](std::atomic<pid_t>& group) {
        pid_t expected = before;
        return group.compare_exchange_strong(expected, after);
    });
}

void note_process_group(pid_t group) noexcept {
    replace_one(0, group);
}

void forget_process_group(pid_t group) noexcept {
    replace_one(group, 0);
}

struct Pipe {
    int read_end = -1;
    int write_end = -1;
};

Pipe make_pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw Error(fmt::format("No pipe to a child process: {}. Raise the limit of descriptors (ulimit -n).",
                                std::strerror(errno)));
    }
    return {ends[0], ends[1]};
}

void close_if_open(int& descriptor) {
    if (descriptor >= 0) close(std::exchange(descriptor, -1));
}

int milliseconds_until(TimePoint deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 3'600'000));
}

/// Between fork and exec only async-signal-safe functions may be called.
[[noreturn]] void become(const ChildProcess::Options& options, char* const* arguments, int input, int output,
                         int failure_report, pid_t parent) {
    dup2(input, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    if (options.error >= 0) dup2(options.error, STDERR_FILENO);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);  // the parent ended before the request took hold
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    if (options.cpu_first && options.cpu_last) {
        cpu_set_t cpus;
        CPU_ZERO(&cpus);
        for (unsigned cpu = *options.cpu_first; cpu <= *options.cpu_last; ++cpu) CPU_SET(cpu, &cpus);
        sched_setaffinity(0, sizeof cpus, &cpus);
    }
    execvp(arguments[0], arguments);
    const int error = errno;
    (void)!write(failure_report, &error, sizeof error);
    _exit(127);
}

std::string text_of(int status) {
    if (!WIFSIGNALED(status)) return fmt::format("ended with status {}", WEXITSTATUS(status));
    return fmt::format("was ended by signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)));
}

}  // namespace

ChildProcess::ChildProcess(const Options& options) {
    Pipe input = make_pipe();
    Pipe output = make_pipe();
    Pipe failure = make_pipe();
    std::vector<char*> arguments;
    arguments.reserve(options.command.size() + 1);
    for (const std::string& argument : options.command)
        arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);

    const pid_t parent = getpid();
    pid_ = fork();
    if (pid_ == 0) {
        become(options, arguments.data(), input.read_end, output.write_end, failure.write_end, parent);
    }
    const int fork_error = errno;
    close(input.read_end);
    close(output.write_end);
    close(failure.write_end);
    to_child_ = input.write_end;
    // This end alone: the child's own still waits when it reads.
    fcntl(to_child_, F_SETFL, O_NONBLOCK);
    from_child_ = output.read_end;
    int error = fork_error;
    // The pipe closes by itself when exec succeeds.
    const bool failed = pid_ < 0 || read(failure.read_end, &error, sizeof error) == sizeof error;
    close(failure.read_end);
    if (!failed) {
        note_process_group(pid_);
        return;
    }
    if (pid_ > 0) waitpid(pid_, nullptr, 0);
    close_if_open(to_child_);
    close_if_open(from_child_);
    throw Error(fmt::format("'{}' could not be started: {}.", options.command.at(0), std::strerror(error)));
}

ChildProcess::~ChildProcess() {
    if (ending_.empty()) finish(TimePoint::min());
    close_if_open(from_child_);
}

bool ChildProcess::write_line(const std::string& line, TimePoint deadline) {
    const std::string text = line + '\n';
    std::size_t written = 0;
    while (written < text.size()) {
        pollfd waiting{to_child_, POLLOUT, 0};
        if (poll(&waiting, 1, milliseconds_until(deadline)) <= 0) return false;
        const ssize_t count = write(to_child_, text.data() + written, text.size() - written);
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (count < 0) return false;
        written += static_cast<std::size_t>(count);
    }
    return true;
}

ChildProcess::Read ChildProcess::read_line(TimePoint deadline) {
    std::size_t searched = 0;
    while (true) {
        const auto end = buffered_.find('\n', searched);
        if (end != std::string::npos) {
            Read result{Wait::line, buffered_.substr(0, end)};
            buffered_.erase(0, end + 1);
            return result;
        }
        searched = buffered_.size();
        if (searched > longest_line) return {Wait::too_long, {}};

        pollfd waiting{from_child_, POLLIN, 0};
        const int ready = poll(&waiting, 1, milliseconds_until(deadline));
        if (ready < 0 && errno == EINTR) return {Wait::interrupted, {}};
        if (ready == 0) return {Wait::timeout, {}};
        std::array<char, 65536> chunk;
        const ssize_t count = read(from_child_, chunk.data(), chunk.size());
        if (count <= 0) return {Wait::end, {}};
        buffered_.append(chunk.data(), static_cast<std::size_t>(count));
    }
}

/// Without reaping it: until then nobody else's process gets its number, which its group bears.
bool ChildProcess::has_ended() const {
    siginfo_t ended{};
    return waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           ended.si_pid == pid_;
}

void ChildProcess::send(int signal) const {
    if (ending_.empty()) kill(-pid_, signal);
}

bool ChildProcess::ends_before(TimePoint deadline) {
    if (!ending_.empty()) return true;
    while (!has_ended()) {
        if (Clock::now() >= deadline) return false;
        // What it still writes is taken, or it would wait for room in the pipe.
        if (!take_output(between_looks)) std::this_thread::sleep_for(between_looks);
    }
    while (buffered_.size() < most_unread && take_output(std::chrono::milliseconds{0})) {
    }
    return true;
}

std::string ChildProcess::finish(TimePoint deadline) {
    if (!ending_.empty()) return ending_;
    close_if_open(to_child_);
    const bool in_time = ends_before(deadline);
    // Whatever the program itself started and left behind ends with it.
    kill(-pid_, SIGKILL);
    if (!in_time) kill(pid_, SIGKILL);  // it may have left its group
    forget_process_group(pid_);
    int status = 0;
    waitpid(pid_, &status, 0);
    ending_ = in_time ? text_of(status) : "did not end in time";
    return ending_;
}

/// False where there was none, or will be none any more.
bool ChildProcess::take_output(std::chrono::milliseconds longest_wait) {
    pollfd waiting{from_child_, POLLIN, 0};
    if (poll(&waiting, 1, static_cast<int>(longest_wait.count())) <= 0) return false;
    std::array<char, 4096> chunk;
    const ssize_t count = read(from_child_, chunk.data(), chunk.size());
    if (count <= 0) return false;
    const std::size_t room = most_unread - std::min(most_unread, buffered_.size());
    buffered_.append(chunk.data(), std::min(room, static_cast<std::size_t>(count)));
    return true;
}

void kill_process_groups() noexcept {
    for (const std::atomic<pid_t>& noted : groups) {
        const pid_t group = noted;
        if (group > 0) kill(-group, SIGKILL);
    }
}

}  // namespace asyncbench
