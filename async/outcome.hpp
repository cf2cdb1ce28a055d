#pragma once

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace asyncbench::detail {

/// The result of a function, or what it threw, on the way from one thread to another.
template <class R>
class Outcome {
  public:
    /// Calls `function`, and keeps what comes of it.
    template <class F>
    void set_from(F&& function) noexcept {
        try {
            if constexpr (std::is_void_v<R>) {
                std::forward<F>(function)();
            } else if constexpr (std::is_reference_v<R>) {
                value_ = &std::forward<F>(function)();
            } else {
                value_.emplace(std::forward<F>(function)());
            }
        } catch (...) {
            error_ = std::current_exception();
        }
    }
    void set_error(std::exception_ptr error) noexcept { error_ = std::move(error); }

    /// Once, after it was set: the result, or the exception is thrown.
    R take() {
        if (error_ != nullptr) {
            std::rethrow_exception(std::exchange(error_, nullptr));
        }
        if constexpr (std::is_reference_v<R>) {
            return *value_;
        } else if constexpr (!std::is_void_v<R>) {
            return std::move(*value_);
        }
    }

  private:
    struct Nothing {};
    using Value = std::conditional_t<
        std::is_void_v<R>, Nothing,
        std::conditional_t<std::is_reference_v<R>, std::remove_reference_t<R>*, std::optional<R>>>;
    std::exception_ptr error_;
    [[no_unique_address]] Value value_{};
};

}  // namespace asyncbench::detail
