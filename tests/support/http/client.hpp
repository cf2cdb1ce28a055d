#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace asyncbench {

struct Received {
    int status = 0;
    std::string head;
    std::string body;
    bool whole = false;  ///< as long as its Content-Length says
};

/// A client that says exactly what a test tells it to. A target that says nothing for ten seconds fails the
/// test by throwing.
class Client {
  public:
    explicit Client(std::uint16_t port);
    ~Client();
    Client(Client&& other) noexcept;
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    Client& operator=(Client&&) = delete;

    /// False when the target no longer takes it.
    bool send(std::string_view bytes);
    void shutdown_send();
    /// Closes with a reset.
    void abort();
    /// The next response; none when the target has closed without one.
    std::optional<Received> receive();
    /// Everything until the target closes.
    std::string receive_all();
    /// Whether the target has closed or reset the connection, and all it sent before has been received.
    bool is_closed();
    /// Gives what is there without waiting.
    std::string receive_now();

    Received get(std::string_view path);

  private:
    bool fill();

    int descriptor_;
    std::string buffer_;
};

std::string get_request(std::string_view path);

/// `/stats/{trial}` over a connection of its own.
nlohmann::json stats_of(std::uint16_t port, std::string_view trial);

/// Raises the soft limit of descriptors to the hard one.
void allow_many_descriptors();

}  // namespace asyncbench
