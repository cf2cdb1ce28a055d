#include "async/readable.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstdint>
#include <string>
#include <utility>

#include "async/asio.hpp"
#include "async/errors.hpp"
#include "async/loop.hpp"

namespace asyncbench {

// Shared with the handler that Asio holds, as in Timer: the watch can end while the handler is queued.
class Readable::State {
  public:
    State(Loop& loop, int descriptor, std::function<void()> on_readable)
        : loop_(loop), descriptor_(asyncbench::io_context(loop)), on_readable_(std::move(on_readable)) {
        boost::system::error_code error;
        descriptor_.assign(descriptor, error);
        if (error) {
            throw Error("Descriptor " + std::to_string(descriptor) + " cannot be watched by the loop: " +
                        error.message() + "; it must be open, pollable and not watched twice.");
        }
    }
    ~State() {
        if (descriptor_.is_open()) {
            descriptor_.release();
        }
    }

    // Asio registers edge-triggered, but arms the descriptor anew with each wait, so that a wait ends at once
    // where data was left.
    void watch() { descriptor_.async_wait(descriptor_.wait_read, Handler(this)); }

    void end() {
        ended_ = true;
        descriptor_.release();
    }

    void retain() { ++references_; }
    void release() {
        if (--references_ == 0) {
            delete this;
        }
    }

  private:
    class Handler {
      public:
        explicit Handler(State* state) : state_(state) { state_->retain(); }
        Handler(Handler&& other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
        ~Handler() {
            if (state_ != nullptr) {
                state_->release();
            }
        }
        void operator()(boost::system::error_code error) const { state_->ready(error); }

      private:
        State* state_;
    };

    void ready(boost::system::error_code error) {
        loop_.begin_step();
        if (ended_) {
            return;
        }
        if (!error) {
            // An exception leaves the loop's run(), which can be run again and must then see what comes.
            try {
                on_readable_();
            } catch (...) {
                watch_on();
                throw;
            }
        }
        watch_on();
    }

    void watch_on() {
        if (!ended_) {
            watch();
        }
    }

    Loop& loop_;
    boost::asio::posix::stream_descriptor descriptor_;
    std::function<void()> on_readable_;
    std::uint32_t references_ = 1;
    bool ended_ = false;
};

Readable::Readable(Loop& loop, int descriptor, std::function<void()> on_readable)
    : state_(new State(loop, descriptor, std::move(on_readable))) {
    state_->watch();
}

Readable::~Readable() {
    state_->end();
    state_->release();
}

}  // namespace asyncbench
