#pragma once

#include <concepts>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "async/awaitable.hpp"
#include "async/cancellation.hpp"
#include "async/context.hpp"
#include "async/loop.hpp"
#include "async/observe.hpp"
#include "async/recycled_memory.hpp"
#include "async/site.hpp"
#include "async/trampoline.hpp"

namespace asyncbench {

template <class T>
class Task;
template <class T>
class NowTask;

namespace detail {

class PromiseBase;

/// Who starts a task without being a coroutine that awaits it (run, gather, TaskGroup) is told of its end so.
class Completion {
  public:
    /// The task is done and its result is there. Returns what runs next on this stack. The task's frame may
    /// be destroyed from here on.
    virtual std::coroutine_handle<> completed(PromiseBase& task) noexcept = 0;

  protected:
    ~Completion() = default;
};

/// An awaiter with a member `static constexpr bool resumes_elsewhere = true` is awaited to go on on another
/// loop or thread; with any other, that is a fault.
template <class Awaiter>
concept ResumesElsewhere = requires { requires Awaiter::resumes_elsewhere; };

template <class T>
inline constexpr bool never = false;

/// In place of an awaiter, so that a compiler says one sentence and no second.
template <class T>
struct CannotBeAwaited {
    static bool await_ready() noexcept { return true; }
    static void await_suspend(std::coroutine_handle<>) noexcept {}
    T await_resume() const;
};

/// What the promises of all tasks share.
class PromiseBase {
  public:
    PromiseBase() noexcept = default;
    PromiseBase(const PromiseBase&) = delete;
    PromiseBase& operator=(const PromiseBase&) = delete;
    ~PromiseBase() {
        if (task_observer != nullptr) [[unlikely]] {
            task_observer->destroyed(info(), done_      ? TaskEnd::finished
                                             : started_ ? TaskEnd::pending
                                                        : TaskEnd::unstarted);
        }
    }

    static void* operator new(std::size_t size) { return RecycledMemory::allocate(size); }
    static void operator delete(void* frame, std::size_t size) noexcept { RecycledMemory::free(frame, size); }

    static std::suspend_always initial_suspend() noexcept { return {}; }

    struct FinalAwaiter {
        static bool await_ready() noexcept { return false; }
        template <class Promise>
        std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> done) const noexcept {
            return done.promise().finish();
        }
        static void await_resume() noexcept {}
    };
    static FinalAwaiter final_suspend() noexcept { return {}; }

    void unhandled_exception() noexcept { error_ = std::current_exception(); }

    template <class A>
    decltype(auto) await_transform(A&& awaited) {
        if constexpr (is_task<std::remove_cvref_t<A>>) {
            static_assert(!std::is_lvalue_reference_v<A>,
                          "a Task is awaited once and given up for it: write co_await std::move(task)");
            return static_cast<std::remove_reference_t<A>&&>(awaited);
        } else if constexpr (Awaitable<A>) {
            return ObservedAwaiter<A>(std::forward<A>(awaited), *this);
        } else {
            static_assert(never<A>,
                          "this cannot be awaited: it is no Task and has no operator co_await; a function is "
                          "called first, and one that blocks becomes awaitable by sync_to_async()");
            return CannotBeAwaited<std::decay_t<A>>();
        }
    }
    // By value, so that what was not made in this expression would have to be moved.
    template <class T>
    auto await_transform(NowTask<T> awaited) {
        return std::move(awaited.task_).operator co_await();
    }

    const CancellationToken& cancellation() const noexcept { return cancellation_; }
    void set_cancellation(CancellationToken token) noexcept {
        cancellation_ = std::move(token);
        own_cancellation_ = true;
    }

    /// As set_cancellation(), where none was set.
    void inherit_cancellation(const CancellationToken& token) noexcept {
        // The second condition saves the assignment in programs that do not cancel.
        if (!own_cancellation_ && token.can_be_cancelled()) {
            cancellation_ = token;
        }
    }

    /// The token that was set, else `inherited`.
    CancellationToken cancellation_or(const CancellationToken& inherited) const noexcept {
        return own_cancellation_ ? cancellation_ : inherited;
    }

    TaskInfo info() const noexcept {
        return {this, parent_, site_at_call_ ? site_.where : coroutine_, site_at_call_, coroutine_};
    }

    /// Whether nothing is lost with it: it is done, without an exception.
    bool settled() const noexcept { return done_ && error_ == nullptr; }
    /// Ends `frame`, that of a task which is not settled, and reports what is lost with it.
    void destroy_unsettled(std::coroutine_handle<> frame) const noexcept;
    /// The task will be destroyed as it is, on purpose.
    void discard() noexcept { discarded_ = true; }

    /// Prepares the first step of `self`, this task's coroutine, on behalf of `awaiting`, which goes on after
    /// the last. Returns what runs next on this stack.
    template <class Promise>
    std::coroutine_handle<> begin_for(std::coroutine_handle<Promise> awaiting,
                                      std::coroutine_handle<> self) noexcept {
        continuation_ = awaiting;
        started_ = true;
        if constexpr (std::is_base_of_v<PromiseBase, Promise>) {
            PromiseBase& parent = awaiting.promise();
            parent_ = &parent;
            inherit_cancellation(parent.cancellation_);
            context_ = parent.context_;
        } else {
            completion_ = &resume_continuation;
            enter_own_context();
        }
        if (transfers_slowly()) [[unlikely]] {
            return begin_slowly(self);
        }
        set_current_task(this);
        return self;
    }

    /// Prepares for the first step, on behalf of `completion`, and of the task `parent` where there is one.
    void begin_for(Completion& completion, const PromiseBase* parent) noexcept {
        completion_ = &completion;
        parent_ = parent;
        enter_own_context();
        started_ = true;
        step_begins();
    }

    void step_begins() const noexcept {
        set_current_task(this);
        if (task_observer != nullptr) [[unlikely]] {
            task_observer->resumed(info());
        }
    }
    void step_ends() const noexcept {
        set_current_task(nullptr);
        if (task_observer != nullptr) [[unlikely]] {
            task_observer->suspended(info());
        }
    }

    /// Whoever asks has taken it.
    const std::exception_ptr& error() const noexcept {
        error_taken_ = true;
        return error_;
    }

    /// What its code has set; from its begin to its end.
    Context& context() const noexcept { return *context_; }

  protected:
    void set_site(const Site& site) noexcept {
        site_ = site;
        site_at_call_ = true;
    }
    void set_coroutine(std::source_location where) noexcept { coroutine_ = where; }
    void announce() const noexcept {
        if (task_observer != nullptr) [[unlikely]] {
            task_observer->created(info());
        }
    }
    void rethrow() const {
        if (error_ != nullptr) [[unlikely]] {
            error_taken_ = true;
            std::rethrow_exception(error_);
        }
    }

  private:
    // Tells the observer of the waits of a task, around any awaitable that is no task itself.
    template <class A>
    class ObservedAwaiter {
      public:
        ObservedAwaiter(A&& awaited, PromiseBase& promise)
            : awaiter_(get_awaiter(std::forward<A>(awaited))), promise_(promise) {}

        bool await_ready() { return awaiter_.await_ready(); }

        template <class Promise>
        auto await_suspend(std::coroutine_handle<Promise> awaiting) {
            // Before the wait begins: another thread may resume the coroutine while this returns.
            suspended_ = true;
            if constexpr (looks_for_task_faults) {
                loop_ = Loop::current();
            }
            promise_.step_ends();
            try {
                const LeaveContext leave;
                return awaiter_.await_suspend(awaiting);
            } catch (...) {
                go_on();  // no wait, and await_resume() is not called
                throw;
            }
        }

        decltype(auto) await_resume() {
            if (suspended_) {
                go_on();
                if constexpr (looks_for_task_faults && !ResumesElsewhere<std::remove_cvref_t<AwaiterOf<A>>>) {
                    if (Loop::current() != loop_) [[unlikely]] {
                        promise_.resumed_elsewhere(loop_);
                    }
                }
            }
            return awaiter_.await_resume();
        }

      private:
        // What runs next on this thread is no part of this task; which may go on in another one by then.
        struct LeaveContext {
            LeaveContext() = default;
            LeaveContext(const LeaveContext&) = delete;
            LeaveContext& operator=(const LeaveContext&) = delete;
            ~LeaveContext() { current_context = nullptr; }
        };
        void go_on() const noexcept {
            current_context = promise_.context_;
            promise_.step_begins();
        }

        AwaiterOf<A> awaiter_;
        PromiseBase& promise_;
        const Loop* loop_ = nullptr;  // that it waits on; compared and never followed
        bool suspended_ = false;
    };

    // A task that no other task awaits.
    void enter_own_context() noexcept {
        own_context_ = Context::current();
        context_ = &own_context_;
        current_context = context_;
    }

    std::coroutine_handle<> finish() noexcept {
        done_ = true;
        if (transfers_slowly()) [[unlikely]] {
            return finish_slowly();
        }
        if (completion_ != nullptr) {
            set_current_task(nullptr);
            current_context = nullptr;
            return completion_->completed(*this);
        }
        set_current_task(parent_);
        return continuation_;
    }

    std::coroutine_handle<> begin_slowly(std::coroutine_handle<> self) const noexcept;
    std::coroutine_handle<> finish_slowly() noexcept;

    void resumed_elsewhere(const Loop* waited_on) const noexcept;
    void report_loss() const;

    // The end of a task that is awaited by a coroutine which is none.
    struct ResumeContinuation final : Completion {
        std::coroutine_handle<> completed(PromiseBase& task) noexcept override { return task.continuation_; }
    };
    static ResumeContinuation resume_continuation;

    std::coroutine_handle<> continuation_;
    Completion* completion_ = nullptr;  // null where a task awaits this one
    const PromiseBase* parent_ = nullptr;
    Context* context_ = nullptr;  // that of the task that it runs for
    Context own_context_;         // where that is itself
    CancellationToken cancellation_;
    std::exception_ptr error_;
    Site site_;
    std::source_location coroutine_;
    bool site_at_call_ = false;
    bool own_cancellation_ = false;
    bool discarded_ = false;
    mutable bool error_taken_ = false;
    bool started_ = false;
    bool done_ = false;
};

inline constinit PromiseBase::ResumeContinuation PromiseBase::resume_continuation{};

/// The part of a task's promise that depends on its result.
template <class T>
class ResultOf : public PromiseBase {
  public:
    template <class U = T>
        requires std::constructible_from<T, U&&>
    void return_value(U&& value) {
        value_.emplace(std::forward<U>(value));
    }

    /// Once, after the task is done: its result, or its exception.
    T result() {
        rethrow();
        // NOLINTNEXTLINE(bugprone-unchecked-optional-access): a task ends with an exception or a value
        return std::move(*value_);
    }

  private:
    std::optional<T> value_;
};

template <class T>
class ResultOf<T&> : public PromiseBase {
  public:
    void return_value(T& value) noexcept { value_ = &value; }
    T& result() const {
        rethrow();
        return *value_;
    }

  private:
    T* value_ = nullptr;
};

template <>
class ResultOf<void> : public PromiseBase {
  public:
    void return_void() noexcept {}
    void result() const { rethrow(); }
};

template <class T>
class TaskPromise final : public ResultOf<T> {
  public:
    /// Gets the coroutine's arguments; what it looks for among them is the Site.
    template <class... Arguments>
    explicit TaskPromise(Arguments&... arguments) noexcept {
        (look_at(arguments), ...);
    }

    Task<T> get_return_object(std::source_location where = std::source_location::current()) noexcept {
        this->set_coroutine(where);
        this->announce();
        return Task<T>(std::coroutine_handle<TaskPromise>::from_promise(*this));
    }

  private:
    template <class Argument>
    void look_at(const Argument& argument) noexcept {
        if constexpr (std::is_same_v<Argument, Site>) {
            this->set_site(argument);
        }
    }
};

}  // namespace detail
}  // namespace asyncbench
