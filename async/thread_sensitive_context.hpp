#pragma once

#include <memory>
#include <optional>

#include "async/context.hpp"
#include "async/executor.hpp"

namespace asyncbench {

/// While it lives, the thread-sensitive functions of the task that made it, and of those it starts, run on
/// one thread of their own, instead of that of the whole process; so that each request, say, has one:
///
///     ThreadSensitiveContext own_thread;
///     co_await sync_to_async(query)();
///
/// Inside another one it changes nothing: the outer one's thread is used. Its end waits for nobody: a thread
/// that still runs a function finishes that and ends.
class ThreadSensitiveContext {
  public:
    ThreadSensitiveContext();
    ~ThreadSensitiveContext();
    ThreadSensitiveContext(const ThreadSensitiveContext&) = delete;
    ThreadSensitiveContext& operator=(const ThreadSensitiveContext&) = delete;

  private:
    const Context* where_ = &Context::current();
    std::optional<ContextVar<std::shared_ptr<SingleThread>>::Token> token_;  // none inside another one
};

}  // namespace asyncbench
