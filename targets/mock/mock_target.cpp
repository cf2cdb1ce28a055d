#include <thread>

#include "targets/mock/server.hpp"
#include "targets/target.hpp"

namespace asyncbench {

class MockTarget::Impl {
  public:
    explicit Impl(const TargetOptions& options) : server(options), thread_([this] { server.run(); }) {}
    ~Impl() { stop(); }

    void stop() {
        if (!thread_.joinable()) return;
        server.stop();
        thread_.join();
    }

    mock::Server server;

  private:
    std::thread thread_;
};

MockTarget::MockTarget(const TargetOptions& options) : impl_(std::make_unique<Impl>(options)) {}
MockTarget::~MockTarget() = default;
std::uint16_t MockTarget::port() const {
    return impl_->server.port();
}
std::size_t MockTarget::connections() const {
    return impl_->server.open_connections();
}
void MockTarget::stop() {
    impl_->stop();
}

}  // namespace asyncbench
