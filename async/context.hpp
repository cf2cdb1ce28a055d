#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace asyncbench {

// Values that belong to what is being done (a request, a transaction) rather than to a thread or a function,
// as Python's contextvars: a ContextVar set by a task is seen by the tasks that it awaits, wherever they run.
//
// - A task that is awaited shares the context of the one that awaits it: what it sets stays set.
// - Tasks started beside it (gather, TaskGroup, create_task, run) each run in a copy of the context in which
//   they were started: what they set, nobody else sees.
// - Both bridges carry it: the other side starts from a copy, and what it changed comes back with the result.
// - Outside of tasks each thread has a context of its own, which starts empty. Callbacks of a loop run in
// that
//   of its thread.

class Context;

namespace detail {

struct Bindings;

/// Where the values of the running code stand; null for those of the thread.
inline constinit thread_local Context* current_context = nullptr;

/// Names a variable for as long as the process runs.
using VariableId = std::uint64_t;
VariableId next_variable_id() noexcept;

/// Null where it is not set.
std::shared_ptr<const void> bound_value(VariableId variable) noexcept;
/// A null value unsets it. Gives what was set before.
std::shared_ptr<const void> bind_value(VariableId variable, std::shared_ptr<const void> value);

[[noreturn]] void throw_not_set(const std::string& name);
[[noreturn]] void throw_wrong_token(const std::string& name);

}  // namespace detail

/// The values that are set at one moment; a cheap copy of the bindings, never of the values. Not for use by
/// two threads at a time; copies of it are independent.
class Context {
  public:
    /// In which nothing is set.
    Context() = default;

    /// Calls `function` in this context and gives its result; what it sets stays set in here.
    template <class F>
    decltype(auto) run(F&& function);

    /// The one that the running code is in.
    static Context& current() noexcept {
        return detail::current_context != nullptr ? *detail::current_context : of_thread();
    }

  private:
    friend std::shared_ptr<const void> detail::bound_value(detail::VariableId) noexcept;
    friend std::shared_ptr<const void> detail::bind_value(detail::VariableId, std::shared_ptr<const void>);
    static Context& of_thread() noexcept;

    std::shared_ptr<const detail::Bindings> bindings_;
};

/// A copy of the context that the running code is in.
inline Context copy_context() {
    return Context::current();
}

namespace detail {

/// Comes back, at its end, to the context that the thread was in.
class KeepContext {
  public:
    KeepContext() noexcept : before_(current_context) {}
    ~KeepContext() { current_context = before_; }
    KeepContext(const KeepContext&) = delete;
    KeepContext& operator=(const KeepContext&) = delete;

  private:
    Context* before_;
};

}  // namespace detail

template <class F>
decltype(auto) Context::run(F&& function) {
    const detail::KeepContext keep;
    detail::current_context = this;
    return std::forward<F>(function)();
}

/// A variable whose value is that of the context in which the running code is. For T that can be copied;
/// typically a global. get() and set() are plain functions, for coroutines as for any other code, from any
/// thread.
template <class T>
class ContextVar {
  public:
    /// What set() changed, for reset().
    class Token {
      public:
        Token(Token&& other) noexcept
            : variable_(other.variable_),
              where_(std::exchange(other.where_, nullptr)),
              before_(std::move(other.before_)) {}
        Token& operator=(Token&&) = delete;
        ~Token() = default;

      private:
        friend class ContextVar;
        Token(detail::VariableId variable, const Context* where, std::shared_ptr<const void> before)
            : variable_(variable), where_(where), before_(std::move(before)) {}

        detail::VariableId variable_;
        const Context* where_;  // null once it was used
        std::shared_ptr<const void> before_;
    };

    /// `name` is for messages.
    explicit ContextVar(std::string name) : name_(std::move(name)) {}
    ContextVar(std::string name, T default_value)
        : name_(std::move(name)), default_value_(std::move(default_value)) {}
    ContextVar(const ContextVar&) = delete;
    ContextVar& operator=(const ContextVar&) = delete;

    const std::string& name() const { return name_; }

    /// The value set, else the default; throws Error where there is neither.
    T get() const {
        if (const auto value = detail::bound_value(id_)) {
            return *static_cast<const T*>(value.get());
        }
        if (!default_value_) {
            detail::throw_not_set(name_);
        }
        return *default_value_;
    }
    /// The value set, else `fallback`, whatever the default.
    T get_or(T fallback) const {
        if (const auto value = detail::bound_value(id_)) {
            return *static_cast<const T*>(value.get());
        }
        return fallback;
    }

    /// Sets the value in the current context. Costs a copy of the list of what is set there.
    // NOLINTNEXTLINE(modernize-use-nodiscard): most who set a value never take it back
    Token set(T value) {
        auto before = detail::bind_value(id_, std::make_shared<const T>(std::move(value)));
        return Token(id_, &Context::current(), std::move(before));
    }

    /// Back to what was before the set() that gave `token`. Throws Error where that was another variable's or
    /// in another context, and where the token was used before.
    void reset(Token&& token) {
        if (token.variable_ != id_ || token.where_ != &Context::current()) {
            detail::throw_wrong_token(name_);
        }
        token.where_ = nullptr;
        detail::bind_value(id_, std::move(token.before_));
    }

  private:
    detail::VariableId id_ = detail::next_variable_id();
    std::string name_;
    std::optional<T> default_value_;
};

}  // namespace asyncbench
