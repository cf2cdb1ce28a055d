#include <chrono>
#include <thread>

#include "targets/blocking/server.hpp"
#include "targets/target.hpp"

namespace asyncbench {

class BlockingTarget::Impl {
  public:
    explicit Impl(const TargetOptions& options) : server(options), thread_([this] { server.run(); }) {
        // cpp-httplib ignores a stop() before it runs.
        while (!server.is_running()) std::this_thread::sleep_for(std::chrono::microseconds{100});
    }
    ~Impl() { stop(); }

    void stop() {
        if (!thread_.joinable()) return;
        server.interrupt();
        thread_.join();
    }

    blocking::Server server;

  private:
    std::thread thread_;
};

BlockingTarget::BlockingTarget(const TargetOptions& options) : impl_(std::make_unique<Impl>(options)) {}
BlockingTarget::~BlockingTarget() = default;
std::uint16_t BlockingTarget::port() const {
    return impl_->server.port();
}
std::size_t BlockingTarget::connections() const {
    return impl_->server.open_connections();
}
void BlockingTarget::stop() {
    impl_->stop();
}

}  // namespace asyncbench
