#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "harness/measure/clock.hpp"
#include "harness/trial/child_process.hpp"

namespace asyncbench {

/// A server of the user's own that is to be started.
struct ServerSpec {
    std::string name;              ///< for messages: `base`
    std::string command;           ///< for /bin/sh; `{port}` in it becomes the port, which PORT also holds
    std::string path = "/";        ///< what trials ask for
    std::string health_path = {};  ///< answers with success when the server is ready; empty: `path`
    Nanoseconds start_timeout = std::chrono::seconds{10};
    Nanoseconds stop_timeout = std::chrono::seconds{5};  ///< between SIGTERM and SIGKILL
    std::optional<unsigned> first_cpu = {};              ///< pinned to [first_cpu, last_cpu]
    std::optional<unsigned> last_cpu = {};
};

/// A server of the user's own, in a process group of its own on a free port of 127.0.0.1, for as long as this
/// object lives. What it writes goes to a file, of which messages quote the end. One thread.
class ServerProcess {
  public:
    /// Starts it and waits until it answers with success. Throws UsageError where a path does not begin with
    /// a slash, Error where the server ends or does not answer in time.
    explicit ServerProcess(ServerSpec spec);
    /// SIGTERM to its process group; SIGKILL to what is left after the stop timeout.
    ~ServerProcess();
    ServerProcess(const ServerProcess&) = delete;
    ServerProcess& operator=(const ServerProcess&) = delete;

    /// What trials ask for: `http://127.0.0.1:40123/api/items`.
    std::string url() const;

    /// Throws Error, a sentence with the server's name and what to do, where it has ended or answers its
    /// health path with anything but success.
    void check();

  private:
    void wait_until_ready();
    bool ends_within(Nanoseconds time);
    [[noreturn]] void fail(const std::string& what, const std::string& advice) const;
    std::string last_words() const;

    ServerSpec spec_;
    std::uint16_t port_;
    std::filesystem::path log_;
    std::unique_ptr<ChildProcess> process_;
};

}  // namespace asyncbench
