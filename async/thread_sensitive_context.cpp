#include "async/thread_sensitive_context.hpp"

#include <utility>

#include "async/sensitive_threads.hpp"

namespace asyncbench {

ThreadSensitiveContext::ThreadSensitiveContext() {
    auto& variable = detail::sensitive_thread_variable();
    if (variable.get_or(nullptr) == nullptr) {
        token_.emplace(variable.set(std::make_shared<SingleThread>()));
    }
}

ThreadSensitiveContext::~ThreadSensitiveContext() {
    // Elsewhere it is destroyed with a task that waits, whose context ends as well.
    if (token_ && where_ == &Context::current()) {
        detail::sensitive_thread_variable().reset(std::move(*token_));
    }
}

}  // namespace asyncbench
