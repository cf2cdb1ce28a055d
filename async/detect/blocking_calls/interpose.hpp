#pragma once

#include <dlfcn.h>

#include <atomic>

#include "async/detect/blocking_call.hpp"

// Every function below this folder stands in front of one of the C library of the same name. While nothing
// detects blocking calls, it costs a load and a branch.

// A function's type is named by the function, without the attributes that its declaration has besides.
#pragma GCC diagnostic ignored "-Wignored-attributes"

namespace asyncbench::detail {

/// The function that the program would call without ours.
template <class Function>
class Real {
  public:
    constexpr explicit Real(const char* name, const char* version = nullptr)
        : name_(name), version_(version) {}

    template <class... Arguments>
    auto operator()(Arguments... arguments) {
        return get()(arguments...);
    }

    /// Null where the program has none.
    Function* get() {
        Function* function = function_.load(std::memory_order_relaxed);
        if (function == nullptr) [[unlikely]] {
            // Without a version, older glibc's compatible condition variables would be found first.
            void* const found = version_ != nullptr ? dlvsym(RTLD_NEXT, name_, version_) : nullptr;
            function = reinterpret_cast<Function*>(found != nullptr ? found : dlsym(RTLD_NEXT, name_));
            function_.store(function, std::memory_order_relaxed);
        }
        return function;
    }

  private:
    const char* name_;
    const char* version_;
    std::atomic<Function*> function_ = nullptr;
};

/// Makes `call` under the eyes of the detector.
template <class Call>
auto watch_call(const char* function, Wait wait, const void* caller, Call call) {
    const BlockingCall watched(function, wait, caller);
    return call();
}

/// Whether reading (POLLIN) or writing (POLLOUT) `descriptor` waits.
Wait wait_for(int descriptor, short events) noexcept;

}  // namespace asyncbench::detail

// A function that nobody may throw out of tells no caller.
#define ASYNCBENCH_CALLER __builtin_return_address(0)
#define ASYNCBENCH_NO_CALLER nullptr
