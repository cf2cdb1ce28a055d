#pragma once

#include <coroutine>
#include <cstddef>
#include <utility>

#include "async/cancellation.hpp"
#include "async/loop.hpp"
#include "async/ring.hpp"

namespace asyncbench {

/// Lets at most `permits` tasks of one loop into a section at a time; those that wait come in in the order
/// they asked. Loop thread only. Outlives its permits; a task that still waits when it is destroyed never
/// goes on.
class Semaphore {
  public:
    explicit Semaphore(std::size_t permits) : available_(permits) {}
    Semaphore(const Semaphore&) = delete;
    Semaphore& operator=(const Semaphore&) = delete;

    /// The right to be in the section; its end gives it back.
    class [[nodiscard("a permit that is not kept is given back at once")]] Permit {
      public:
        Permit() = default;
        Permit(Permit&& other) noexcept : semaphore_(std::exchange(other.semaphore_, nullptr)) {}
        Permit& operator=(Permit&& other) noexcept {
            std::swap(semaphore_, other.semaphore_);
            return *this;
        }
        ~Permit() { release(); }

        /// Gives it back early.
        void release() noexcept {
            if (semaphore_ != nullptr) {
                std::exchange(semaphore_, nullptr)->release();
            }
        }
        explicit operator bool() const { return semaphore_ != nullptr; }

      private:
        friend class Semaphore;
        explicit Permit(Semaphore* semaphore) : semaphore_(semaphore) {}
        Semaphore* semaphore_ = nullptr;
    };

    class [[nodiscard("acquire() does nothing until it is awaited")]] Acquire : private detail::RingLink {
      public:
        explicit Acquire(Semaphore& semaphore) : semaphore_(semaphore) {}
        ~Acquire() {
            // Granted, but destroyed before it could go on.
            if (granted_) {
                semaphore_.release();
            }
        }

        bool await_ready() { return granted_ = semaphore_.try_take(); }
        template <class Promise>
        bool await_suspend(std::coroutine_handle<Promise> awaiting) {
            return begin(awaiting, cancellation_token(awaiting));
        }
        Permit await_resume();

      private:
        friend class Semaphore;
        bool begin(std::coroutine_handle<> awaiting, const CancellationToken& token);
        void grant() noexcept;

        Semaphore& semaphore_;
        Loop* loop_ = nullptr;
        std::coroutine_handle<> awaiting_;
        bool granted_ = false;
        bool cancelled_ = false;
        CancellationCallback registration_;
        ReadyNode ready_;
    };

    /// `Semaphore::Permit permit = co_await semaphore.acquire();`. Does not suspend where a permit is free.
    /// Throws CancelledError where the awaiting task is cancelled while it waits.
    Acquire acquire() { return Acquire(*this); }

    std::size_t available() const { return available_; }

  private:
    bool try_take() noexcept {
        if (available_ == 0) {
            return false;
        }
        --available_;
        return true;
    }
    void release() noexcept;

    std::size_t available_;
    detail::RingLink waiting_;
};

}  // namespace asyncbench
