#include "async/timer.hpp"

#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <utility>

#include "async/asio.hpp"
#include "async/loop.hpp"

namespace asyncbench {

// Shared by the Timer and the handlers that Asio holds for it: a handler can be queued already when the timer
// is cancelled or destroyed, so that it must find out by itself that it came too late. Counted without
// atomics, as all of it lives on the loop thread.
class Timer::State {
  public:
    explicit State(Loop& loop) : loop_(loop), timer_(asyncbench::io_context(loop)) {}

    void arm(TimePoint deadline, std::function<void()> callback) {
        // Both end the wait that may be under way: the generation for a handler that is queued already.
        timer_.expires_at(deadline);
        ++generation_;
        std::swap(callback_, callback);
        timer_.async_wait(Handler(this, generation_));
    }

    void cancel() {
        if (armed()) {
            ++generation_;
            timer_.cancel();
            // Last, and out of the state: what the callback holds may hold this timer.
            const auto cancelled = std::exchange(callback_, nullptr);
        }
    }

    bool armed() const { return callback_ != nullptr; }

    void retain() { ++references_; }
    void release() {
        if (--references_ == 0) {
            delete this;
        }
    }

  private:
    class Handler {
      public:
        Handler(State* state, std::uint64_t generation) : state_(state), generation_(generation) {
            state_->retain();
        }
        Handler(Handler&& other) noexcept
            : state_(std::exchange(other.state_, nullptr)), generation_(other.generation_) {}
        ~Handler() {
            if (state_ != nullptr) {
                state_->release();
            }
        }

        void operator()(boost::system::error_code) const { state_->expired(generation_); }

      private:
        State* state_;
        std::uint64_t generation_;
    };

    void expired(std::uint64_t generation) {
        loop_.begin_step();
        if (generation == generation_ && armed()) {
            loop_.note_lag(Clock::now() - timer_.expiry());
            std::exchange(callback_, nullptr)();
        }
    }

    Loop& loop_;
    boost::asio::steady_timer timer_;
    std::function<void()> callback_;
    std::uint64_t generation_ = 0;
    std::uint32_t references_ = 1;
};

Timer::Timer(Loop& loop) : state_(new State(loop)) {}

Timer::~Timer() {
    if (state_ != nullptr) {
        state_->cancel();
        state_->release();
    }
}

Timer::Timer(Timer&& other) noexcept : state_(std::exchange(other.state_, nullptr)) {}

Timer& Timer::operator=(Timer&& other) noexcept {
    std::swap(state_, other.state_);
    return *this;
}

void Timer::at(TimePoint deadline, std::function<void()> callback) {
    state_->arm(deadline, std::move(callback));
}

void Timer::cancel() {
    state_->cancel();
}

bool Timer::armed() const {
    return state_->armed();
}

}  // namespace asyncbench
