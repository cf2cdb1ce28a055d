#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace asyncbench::test {

/// An HTTP server that does with each request of each kept connection what a test says: for what no target
/// of ours does. A thread for each connection.
class KeptServer {
  public:
    struct Request {
        std::string head;           ///< with its empty line
        std::size_t connection;     ///< counted from 0, as is the next
        std::size_t on_connection;  ///< which request it is there
    };
    /// The bytes to send; after those of which one line is `Connection: close` it closes. Empty: the
    /// connection is reset. None: it stays open, and nothing is ever sent. Called by several threads.
    using Answer = std::function<std::optional<std::string>(const Request&)>;
    struct Options {
        std::string address = "127.0.0.1";  ///< with a slash: the path of a Unix socket
        int backlog = 64;
        bool one_at_a_time = false;          ///< serves one connection to its end before the next
        std::string for_ever = {};           ///< sent after the answer until the client goes
        std::chrono::milliseconds pause{0};  ///< before each of these
    };

    explicit KeptServer(Answer answer);
    KeptServer(Answer answer, Options options);
    ~KeptServer();
    KeptServer(const KeptServer&) = delete;
    KeptServer& operator=(const KeptServer&) = delete;

    std::uint16_t port() const { return port_; }
    /// `http://HOST:PORT/`
    std::string url(const std::string& host = "127.0.0.1") const;

    std::size_t connections() const;         ///< that it has accepted
    std::size_t open() const;                ///< of these, that have not ended
    std::vector<std::string> heads() const;  ///< of all requests, in their order

  private:
    struct Connection {
        int descriptor;
        std::thread thread = {};
    };
    void serve();
    void serve(Connection& connection, std::size_t number);
    std::optional<std::string> head_from(int descriptor, std::string& buffered);
    bool answer(int descriptor, const Request& request);

    Answer answer_;
    Options options_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    mutable std::mutex mutex_;
    std::list<Connection> connections_;
    std::size_t ended_ = 0;
    std::vector<std::string> heads_;
    std::atomic<bool> stops_{false};
    std::thread thread_;
};

/// A whole answer of status 200.
std::string ok_answer(const std::string& body = "ok", const std::string& fields = {});

}  // namespace asyncbench::test
