#include "targets/blocking/server.hpp"
#include "targets/target.hpp"

namespace asyncbench {

class BlockingTarget::Impl {
  public:
    explicit Impl(const TargetOptions& options) : server(options) { server.start(); }

    blocking::Server server;
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
    impl_->server.end();
}

}  // namespace asyncbench
