#include <exception>
#include <future>
#include <thread>
#include <utility>

#include "targets/mock/server.hpp"
#include "targets/target.hpp"

namespace asyncbench {

class MockTarget::Impl {
  public:
    explicit Impl(const TargetOptions& options) {
        std::promise<void> listening;
        std::future<void> done = listening.get_future();
        // The kernel wants an io_uring made by the thread that uses it.
        thread_ = std::thread([this, &options, listening = std::move(listening)]() mutable {
            try {
                server_ = std::make_unique<mock::Server>(options);
            } catch (...) {
                return listening.set_exception(std::current_exception());
            }
            listening.set_value();
            server_->run();
        });
        try {
            done.get();
        } catch (...) {
            thread_.join();
            throw;
        }
    }
    ~Impl() { stop(); }

    void stop() {
        if (!thread_.joinable()) return;
        server_->stop();
        thread_.join();
    }

    const mock::Server& server() const { return *server_; }

  private:
    std::unique_ptr<mock::Server> server_;
    std::thread thread_;
};

MockTarget::MockTarget(const TargetOptions& options) : impl_(std::make_unique<Impl>(options)) {}
MockTarget::~MockTarget() = default;
std::uint16_t MockTarget::port() const {
    return impl_->server().port();
}
std::size_t MockTarget::connections() const {
    return impl_->server().open_connections();
}
void MockTarget::stop() {
    impl_->stop();
}

}  // namespace asyncbench
