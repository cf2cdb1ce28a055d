#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "async/clock.hpp"
#include "harness/http/request_spec.hpp"
#include "harness/trial/child_process.hpp"
#include "harness/trial/server_meter.hpp"
#include "harness/work/response.hpp"
#include "harness/work/secret_text.hpp"

namespace asyncbench {

/// What a server writes: a file in the temporary directory without a name, which no end of ours leaves
/// behind.
class ServerLog {
  public:
    /// Throws Error where there can be none.
    ServerLog();
    ~ServerLog();
    ServerLog(const ServerLog&) = delete;
    ServerLog& operator=(const ServerLog&) = delete;

    /// To be written to, at its end; not inherited by children as it is.
    int descriptor() const { return file_; }

    /// The last `most` bytes of it, without white space at the end; after "..." where there is more.
    std::string end(std::size_t most) const;

  private:
    int file_;
};

/// A server of the user's own that is to be started.
struct ServerSpec {
    std::string name;        ///< for messages: `base`
    SecretText command;      ///< for /bin/sh; `{port}` in it becomes the port, which PORT also holds
    std::string path = "/";  ///< what trials ask for, where `request` has no paths
    std::string health_path =
        {};                    ///< answers with success when the server is ready; empty: the first request
    RequestSpec request = {};  ///< of trials
    bool speaks_tls = false;
    Nanoseconds start_timeout = std::chrono::seconds{10};
    Nanoseconds timeout = std::chrono::seconds{30};      ///< of an answer once it is ready
    Nanoseconds stop_timeout = std::chrono::seconds{5};  ///< between SIGTERM and SIGKILL
    std::optional<unsigned> first_cpu = {};              ///< pinned to [first_cpu, last_cpu]
    std::optional<unsigned> last_cpu = {};
    /// Set by a signal handler: it is not waited for any more.
    const std::atomic<bool>* interrupted = nullptr;
    /// Is given a sentence where a process of it is left that we cannot end; must not throw.
    std::function<void(std::string_view)> tell = {};
};

/// A server of the user's own, in a process group of its own on a free port of the loopback, of 127.0.0.1 or
/// ::1 as it likes, for as long as this object lives, and no longer than this program: it ends with us,
/// however we end. What it writes goes to a file, of which messages quote the end. One thread.
class ServerProcess {
  public:
    /// Starts it and waits until it answers with success. Throws UsageError where a path does not begin with
    /// a slash, Error where the server ends or does not answer in time. Returns at once where that is
    /// interrupted: whoever interrupts is answered by the run, which then has a server to end.
    explicit ServerProcess(ServerSpec spec);
    /// Asks it to end, where that was not done; SIGKILL to what is left after the stop timeout.
    ~ServerProcess();
    ServerProcess(const ServerProcess&) = delete;
    ServerProcess& operator=(const ServerProcess&) = delete;

    /// What trials ask for, without the paths of `request`: `http://127.0.0.1:40123/api/items`, or at `[::1]` where it
    /// listens there alone.
    std::string url() const;

    /// SIGTERM to its process group, and does not wait: several servers end side by side.
    void ask_to_end();

    /// Throws Error, a sentence with the server's name and what to do, where it has ended or answers its
    /// health path with anything but success.
    void check();

    /// Of it and of all processes that it has started.
    ServerMeter& meter() { return *meter_; }

  private:
    struct Look;
    std::string origin() const;
    HttpRequest health_request() const;
    Response ask(Nanoseconds timeout) const;
    Look look_for_it(TimePoint deadline);
    void start();
    void wait_until_ready();
    bool is_interrupted() const { return spec_.interrupted != nullptr && *spec_.interrupted; }
    bool ends_within(Nanoseconds time);
    void end(TimePoint deadline);
    void tell_of_what_is_left();
    [[noreturn]] void fail(const std::string& what, const std::string& advice) const;
    std::string last_words() const;

    ServerSpec spec_;
    std::uint16_t port_;
    std::string_view host_;  ///< of its URL
    ServerLog log_;
    std::unique_ptr<ChildProcess> process_;
    std::unique_ptr<ServerMeter> meter_;
    std::optional<TimePoint> end_deadline_;  ///< since it was asked to end
};

}  // namespace asyncbench
