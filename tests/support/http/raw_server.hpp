#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace asyncbench::test {

/// Accepts connections one after another, reads a request from each, sends the same bytes whatever it asked
/// for, and closes: for answers that no target gives.
class RawServer {
  public:
    enum class Ending { close, reset };

    explicit RawServer(std::string answer, Ending ending = Ending::close);
    ~RawServer();
    RawServer(const RawServer&) = delete;
    RawServer& operator=(const RawServer&) = delete;

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }
    std::uint16_t port() const { return port_; }

    /// The first bytes of the last request that was answered.
    std::string received() const;

  private:
    void serve();

    std::string answer_;
    Ending ending_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    mutable std::mutex mutex_;
    std::string received_;
    std::thread thread_;
};

/// A port of the loopback on which nobody listens.
std::uint16_t refusing_port();

}  // namespace asyncbench::test
