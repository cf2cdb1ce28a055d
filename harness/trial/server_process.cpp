#include "harness/trial/server_process.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <utility>

#include "async/errors.hpp"
#include "harness/http/ask_once.hpp"
#include "harness/measure/proc_file.hpp"
#include "harness/work/units.hpp"

namespace asyncbench {
namespace {

int new_file() {
    std::string name = (std::filesystem::temp_directory_path() / "asyncbench-server-XXXXXX").string();
    const int file = mkostemp(name.data(), O_APPEND | O_CLOEXEC);
    if (file < 0) {
        throw Error(
            fmt::format("No file {} for what a server writes: {}. Set TMPDIR to a directory that can be "
                        "written.",
                        name, std::strerror(errno)));
    }
    unlink(name.c_str());
    return file;
}

}  // namespace

ServerLog::ServerLog() : file_(new_file()) {}

ServerLog::~ServerLog() {
    close(file_);
}

std::string ServerLog::end(std::size_t most) const {
    struct stat status{};
    if (fstat(file_, &status) != 0) return "";
    const auto size = static_cast<std::size_t>(status.st_size);
    std::string text(std::min(size, most), '\0');
    const ssize_t count = pread(file_, text.data(), text.size(), static_cast<off_t>(size - text.size()));
    text.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
    return size > most && !text.empty() ? "..." + text : text;
}

namespace {

constexpr std::chrono::milliseconds between_probes{20};
constexpr std::chrono::milliseconds shortest_answer{200};
/// Between SIGKILL and the end of whom it was sent to.
constexpr std::chrono::seconds longest_dying{2};
constexpr std::chrono::seconds longest_start_of_shell{5};
constexpr std::size_t most_last_words = 600;
/// Of the loopback: a server that is told to listen on `localhost` takes the one or the other.
constexpr std::array<std::string_view, 2> loopback_hosts{"127.0.0.1", "[::1]"};

TimePoint in(Nanoseconds time) {
    return steady_now() + time;
}

/// None, and errno, where the kernel has none.
std::optional<std::uint16_t> free_port_of(sockaddr* any, socklen_t size) {
    const int listener = socket(any->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0) return std::nullopt;
    const int off = 0;
    if (any->sa_family == AF_INET6) setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    const bool found = bind(listener, any, size) == 0 && getsockname(listener, any, &size) == 0;
    const int error = errno;
    close(listener);
    errno = error;
    if (!found) return std::nullopt;
    return ntohs(any->sa_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(any)->sin6_port
                                            : reinterpret_cast<sockaddr_in*>(any)->sin_port);
}

/// Of both families, or what listens on the one would be taken for the server on the other; of IPv4 alone
/// where the kernel has no other. Nobody holds it between here and the server's start; who takes it meanwhile
/// makes the start fail.
std::uint16_t free_port() {
    sockaddr_in6 both{};
    both.sin6_family = AF_INET6;
    if (const auto port = free_port_of(reinterpret_cast<sockaddr*>(&both), sizeof both)) return *port;
    sockaddr_in ipv4{};
    ipv4.sin_family = AF_INET;
    if (const auto port = free_port_of(reinterpret_cast<sockaddr*>(&ipv4), sizeof ipv4)) return *port;
    throw Error(fmt::format("No free port for a server: {}.", std::strerror(errno)));
}

std::string with_port(std::string command, std::uint16_t port) {
    constexpr std::string_view placeholder = "{port}";
    const std::string digits = fmt::format("{}", port);
    for (auto at = command.find(placeholder); at != std::string::npos; at = command.find(placeholder, at)) {
        command.replace(at, placeholder.size(), digits);
    }
    return command;
}

/// Descriptor 3 is the pipe to us, which closes when the last process of the server has ended. Its stdin is
/// one that closes when we end, however that comes about, SIGKILL too: a watcher in its process group then
/// ends the group. The watcher is nobody's child, so that no server waits for it or wonders about its end.
/// The trap lets the shell wait for its program's own end, and is not passed on to it. It waits for a line
/// before all that, and tells the watcher's number, which is no part of the server.
std::string script_of(const ServerSpec& spec, std::uint16_t port) {
    return fmt::format(
        "read start || exit 1\n"
        "exec 4<&0 3>&1 >&2 </dev/null\n"
        "( {{ trap '' HUP INT TERM; read gone; kill -KILL 0; }} <&4 3>&- >/dev/null 2>&1 & echo $! >&3 )\n"
        "exec 4<&-\n"
        "export PORT={}\n"
        "trap 'exit 143' TERM\n"
        "{}",
        port, with_port(spec.command.reveal(), port));
}

/// That there is an answer, or why not.
Response probe(const HttpRequest& request, const TlsOptions& tls, Nanoseconds timeout,
               const std::atomic<bool>* interrupted) {
    SessionOptions options;
    options.tls = tls;
    options.timeout = timeout;
    options.interrupted = interrupted;
    options.most_body_bytes = probe_body_bytes;
    return ask_once(request, options).response;
}

bool is_port_taken(std::uint16_t port) {
    return std::any_of(loopback_hosts.begin(), loopback_hosts.end(), [port](std::string_view host) {
        const std::string url = fmt::format("http://{}:{}/", host, port);
        return probe({.url = url}, {}, shortest_answer, nullptr).error != TransportError::connect;
    });
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

ServerProcess::ServerProcess(ServerSpec spec)
    : spec_(std::move(spec)), port_(free_port()), host_(loopback_hosts.front()) {
    require_path(spec_.path);
    if (!spec_.health_path.empty()) require_path(spec_.health_path);
    process_ = std::make_unique<ChildProcess>(
        ChildProcess::Options{.command = {"/bin/sh", "-c", script_of(spec_, port_)},
                              .cpu_first = spec_.first_cpu,
                              .cpu_last = spec_.last_cpu,
                              .error = log_.descriptor()});
    try {
        start();
        wait_until_ready();
    } catch (...) {
        end(TimePoint::min());
        throw;
    }
}

void ServerProcess::start() {
    ProcessTree::Root root{.group = process_->pid(), .shell = {"/bin/sh", "-c", script_of(spec_, port_)}};
    // Instructions are counted from before the shell starts the server.
    meter_ = std::make_unique<ServerMeter>(root);
    const TimePoint deadline = in(longest_start_of_shell);
    process_->write_line("start", deadline);
    const ChildProcess::Read watcher = process_->read_line(deadline);
    const auto number = leading_number(watcher.line);
    if (number) meter_->leave_out(static_cast<pid_t>(*number));
}

ServerProcess::~ServerProcess() {
    ask_to_end();
    end(*end_deadline_);
}

void ServerProcess::ask_to_end() {
    if (end_deadline_) return;
    process_->send(SIGTERM);
    end_deadline_ = in(spec_.stop_timeout);
}

void ServerProcess::end(TimePoint deadline) {
    // Before its stdin is closed, which would tell the watcher of our end.
    process_->ends_before(deadline);
    process_->finish(deadline);
    tell_of_what_is_left();
}

void ServerProcess::tell_of_what_is_left() {
    if (!spec_.tell) return;
    const bool ended = ends_within(longest_dying);
    if (ended && !is_port_taken(port_)) return;
    spec_.tell(fmt::format(
        "The server of {0} (`{1}`) left a process behind that has gone out of its process group, so that it "
        "was not ended, and that may hold port {2}. End it by hand: `ss -ltnp 'sport = :{2}'` names it. "
        "Start servers in the foreground, not as daemons.",
        spec_.name, spec_.command.shown(), port_));
}

std::string ServerProcess::origin() const {
    return fmt::format("{}://{}:{}", spec_.speaks_tls ? "https" : "http", host_, port_);
}

std::string ServerProcess::url() const {
    return spec_.request.paths.empty() ? origin() + spec_.path : origin();
}

/// As trials ask, headers and all; a path that is there for health alone is asked for by GET.
HttpRequest ServerProcess::health_request() const {
    if (spec_.health_path.empty()) return requests_of(spec_.request, url()).front();
    return {.url = origin() + spec_.health_path, .headers = header_lines(spec_.request)};
}

bool ServerProcess::ends_within(Nanoseconds time) {
    const TimePoint deadline = in(time);
    while (true) {
        const auto outcome = process_->read_line(deadline).outcome;
        if (outcome == ChildProcess::Wait::end) return true;
        if (outcome == ChildProcess::Wait::timeout) return false;
    }
}

Response ServerProcess::ask(Nanoseconds timeout) const {
    return probe(health_request(), spec_.request.tls, timeout, spec_.interrupted);
}

struct ServerProcess::Look {
    Response response;
    std::string tried;  ///< in words, with what came of it
};

/// Where it accepts connections; a look lasts as long as there is time.
ServerProcess::Look ServerProcess::look_for_it(TimePoint deadline) {
    Look look;
    for (const std::string_view host : loopback_hosts) {
        host_ = host;
        look.response = ask(std::max<Nanoseconds>(deadline - steady_now(), shortest_answer));
        const std::string tried = fmt::format("{} at {}", text_of(look.response), health_request().url);
        if (look.response.error != TransportError::connect) return {std::move(look.response), tried};
        look.tried += (look.tried.empty() ? "" : ", and ") + tried;
    }
    return look;
}

void ServerProcess::wait_until_ready() {
    const TimePoint deadline = in(spec_.start_timeout);
    while (!is_interrupted()) {
        if (ends_within(between_probes)) {
            const std::string ending = process_->finish(in(std::chrono::seconds{1}));
            fail(ending + " before it answered",
                 ending == "ended with status 0"
                     ? "Start it in the foreground: one that puts itself in the background can be neither "
                       "watched nor ended."
                     : "Try the command by itself.");
        }
        const Look look = look_for_it(deadline);
        if (look.response.ok() || is_interrupted()) return;
        if (Clock::now() < deadline) continue;
        fail(fmt::format("is not ready after {}: it {}", to_text(spec_.start_timeout), look.tried),
             "It must listen on the port that {port} in its command, or PORT in its environment, says; "
             "--health names a path that answers with success, --start-timeout gives more time.");
    }
}

void ServerProcess::check() {
    const Response response = ask(spec_.timeout);
    if (response.ok() || is_interrupted()) return;
    if (ends_within(between_probes)) {
        fail(process_->finish(in(std::chrono::seconds{1})) + " while it was measured",
             "Find out why it ends under load.");
    }
    fail(fmt::format("{} at {} while it is measured", text_of(response), health_request().url),
         "Find out what the load does to it.");
}

void ServerProcess::fail(const std::string& what, const std::string& advice) const {
    throw Error(fmt::format("The server of {} (`{}`) {}. {}{}", spec_.name, spec_.command.shown(), what,
                            advice, last_words()));
}

std::string ServerProcess::last_words() const {
    const std::string text = without_secrets(log_.end(most_last_words));
    return text.empty() ? " It wrote nothing." : " It wrote last: " + text;
}

}  // namespace asyncbench
