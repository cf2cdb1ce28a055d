#pragma once

#include <functional>
#include <memory>

namespace asyncbench {

class Loop;

/// Refers to a loop from other threads, which need not know whether it still exists. May be copied, and used
/// from any thread.
class LoopHandle {
  public:
    LoopHandle() = default;  ///< refers to none: as one that does not exist any more

    /// Is told when the loop leaves Loop::run().
    class StopListener {
      public:
        virtual void loop_stopped() noexcept = 0;

      protected:
        ~StopListener() = default;
    };

    /// As Loop::post(); false where the loop does not exist any more.
    bool post(std::function<void()> callback) const;
    /// As post(), while the loop is in run(), else false. `listener` is told when that run() ends, unless
    /// forget() came before.
    bool post_while_running(std::function<void()> callback, StopListener& listener) const;
    /// After it, `listener` is not called any more.
    void forget(StopListener& listener) const noexcept;

  private:
    friend class Loop;
    struct Link;
    explicit LoopHandle(Loop& loop);
    void loop_runs() const noexcept;
    void loop_stops() const noexcept;
    void loop_ends() const noexcept;

    std::shared_ptr<Link> link_;
};

}  // namespace asyncbench
