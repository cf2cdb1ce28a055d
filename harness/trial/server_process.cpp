#include "harness/trial/server_process.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>

#include "harness/errors.hpp"
#include "harness/http/blocking_session.hpp"
#include "harness/workload/units.hpp"

namespace asyncbench {
namespace {

constexpr std::chrono::milliseconds between_looks{20};
constexpr std::chrono::milliseconds shortest_answer{200};
constexpr std::chrono::seconds longest_answer{5};
constexpr std::size_t most_last_words = 600;

TimePoint in(Nanoseconds time) {
    return std::chrono::time_point_cast<Nanoseconds>(Clock::now()) + time;
}

/// Nobody holds it between here and the server's start; who takes it meanwhile makes the start fail.
std::uint16_t free_port() {
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    const bool found =
        listener >= 0 && bind(listener, plain, size) == 0 && getsockname(listener, plain, &size) == 0;
    const int error = errno;
    if (listener >= 0) close(listener);
    if (!found) throw Error(fmt::format("No free port for a server: {}.", std::strerror(error)));
    return ntohs(address.sin_port);
}

std::filesystem::path new_log() {
    std::string name = (std::filesystem::temp_directory_path() / "asyncbench-server-XXXXXX").string();
    const int file = mkstemp(name.data());
    if (file < 0) {
        throw Error(
            fmt::format("No file {} for what a server writes: {}. Set TMPDIR to a directory that can be "
                        "written.",
                        name, std::strerror(errno)));
    }
    close(file);
    return name;
}

std::string with_port(std::string command, std::uint16_t port) {
    constexpr std::string_view placeholder = "{port}";
    const std::string digits = fmt::format("{}", port);
    for (auto at = command.find(placeholder); at != std::string::npos; at = command.find(placeholder, at)) {
        command.replace(at, placeholder.size(), digits);
    }
    return command;
}

/// Descriptor 3 is the pipe to us, which closes when the last process of the server has ended. The trap lets
/// the shell wait for its program's own end, and is not passed on to it.
std::string script_of(const ServerSpec& spec, std::uint16_t port, const std::filesystem::path& log) {
    return fmt::format("export PORT={}\ntrap 'exit 143' TERM\nexec 3>&1 >'{}' 2>&1 </dev/null\n{}", port,
                       log.string(), with_port(spec.command, port));
}

/// In a session of its own: a server that serves one connection at a time must not wait for us.
Response ask(const std::string& url, Nanoseconds timeout) {
    SessionOptions options;
    options.timeout = std::clamp<Nanoseconds>(timeout, shortest_answer, longest_answer);
    return BlockingSession(options).get(url);
}

std::string text_of(const Response& response) {
    return response.error == TransportError::none ? fmt::format("answers with status {}", response.status)
                                                  : fmt::format("does not answer ({})", response.message);
}

void require_path(const std::string& path) {
    if (path.starts_with('/')) return;
    throw UsageError(fmt::format("The path '{0}' of a server must begin with a slash, like /{0}.", path));
}

}  // namespace

ServerProcess::ServerProcess(ServerSpec spec) : spec_(std::move(spec)), port_(free_port()) {
    if (spec_.health_path.empty()) spec_.health_path = spec_.path;
    require_path(spec_.path);
    require_path(spec_.health_path);
    log_ = new_log();
    try {
        process_ = std::make_unique<ChildProcess>(
            ChildProcess::Options{.command = {"/bin/sh", "-c", script_of(spec_, port_, log_)},
                                  .cpu_first = spec_.first_cpu,
                                  .cpu_last = spec_.last_cpu});
        wait_until_ready();
    } catch (...) {
        process_.reset();
        std::filesystem::remove(log_);
        throw;
    }
}

ServerProcess::~ServerProcess() {
    kill(-process_->pid(), SIGTERM);
    process_->finish(in(spec_.stop_timeout));
    std::error_code ignored;  // what is left in the temporary directory harms nobody
    std::filesystem::remove(log_, ignored);
}

std::string ServerProcess::url() const {
    return fmt::format("http://127.0.0.1:{}{}", port_, spec_.path);
}

bool ServerProcess::ends_within(Nanoseconds time) {
    return process_->read_line(in(time)).outcome == ChildProcess::Wait::end;
}

void ServerProcess::wait_until_ready() {
    const std::string health = fmt::format("http://127.0.0.1:{}{}", port_, spec_.health_path);
    const TimePoint deadline = in(spec_.start_timeout);
    while (true) {
        if (ends_within(between_looks)) {
            fail(process_->finish(in(std::chrono::seconds{1})) + " before it answered",
                 "Try the command by itself.");
        }
        const Response response = ask(health, deadline - Clock::now());
        if (response.ok()) return;
        if (Clock::now() < deadline) continue;
        fail(fmt::format("is not ready after {}: it {} at {}", to_text(spec_.start_timeout),
                         text_of(response), health),
             "It must listen on the port that {port} in its command, or PORT in its environment, says; "
             "--health names a path that answers with success, --start-timeout gives more time.");
    }
}

void ServerProcess::check() {
    const Response response =
        ask(fmt::format("http://127.0.0.1:{}{}", port_, spec_.health_path), longest_answer);
    if (response.ok()) return;
    if (ends_within(between_looks)) {
        fail(process_->finish(in(std::chrono::seconds{1})) + " while it was measured",
             "Find out why it ends under load.");
    }
    fail(fmt::format("{} at {} while it is measured", text_of(response), spec_.health_path),
         "Find out what the load does to it.");
}

void ServerProcess::fail(const std::string& what, const std::string& advice) const {
    throw Error(fmt::format("The server of {} (`{}`) {}. {}{}", spec_.name, spec_.command, what, advice,
                            last_words()));
}

std::string ServerProcess::last_words() const {
    std::ifstream log(log_);
    std::string text{std::istreambuf_iterator<char>(log), std::istreambuf_iterator<char>()};
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
    if (text.empty()) return " It wrote nothing.";
    if (text.size() > most_last_words) text = "..." + text.substr(text.size() - most_last_words);
    return " It wrote last: " + text;
}

}  // namespace asyncbench
