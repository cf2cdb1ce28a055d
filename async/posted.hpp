#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <new>
#include <utility>

#include "async/recycled_memory.hpp"

namespace asyncbench::detail {

/// Memory for the one entry of a loop's queue that something has at a time.
struct QueueMemory {
    alignas(std::max_align_t) std::array<std::byte, 64> bytes;
};

/// A callback on its way through a loop's queue. It brings the memory of its entry there, so that posting
/// allocates once, and that from what is recycled; a std::function would be moved three times on that way,
/// and bring memory from malloc where it captures more than two words.
class Posted {
  public:
    struct End {
        void operator()(Posted* posted) const noexcept { posted->end_(posted, false); }
    };
    using Pointer = std::unique_ptr<Posted, End>;

    template <class F>
    static Pointer make(F&& callback);

    /// Calls it, and ends it even where it throws.
    static void call(Pointer posted) { posted->end_(posted.release(), true); }

    QueueMemory& queue_memory() { return queue_memory_; }

  protected:
    explicit Posted(void (*end)(Posted*, bool)) : end_(end) {}
    ~Posted() = default;

  private:
    void (*end_)(Posted*, bool call);
    QueueMemory queue_memory_;
};

template <class F>
class PostedCallback final : public Posted {
  public:
    template <class From>
    PostedCallback(std::in_place_t, From&& callback) : Posted(end), callback_(std::forward<From>(callback)) {}

  private:
    static void end(Posted* posted, bool call) {
        struct Free {
            void operator()(PostedCallback* self) const noexcept {
                self->~PostedCallback();
                RecycledMemory::free(self, sizeof(PostedCallback));
            }
        };
        const std::unique_ptr<PostedCallback, Free> self(static_cast<PostedCallback*>(posted));
        if (call) {
            std::invoke(self->callback_);
        }
    }

    F callback_;
};

template <class F>
Posted::Pointer Posted::make(F&& callback) {
    using Callback = PostedCallback<std::decay_t<F>>;
    static_assert(alignof(Callback) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__,
                  "a callback that is posted may not be aligned more strictly than operator new does");
    struct Free {
        void operator()(void* memory) const noexcept { RecycledMemory::free(memory, sizeof(Callback)); }
    };
    // Frees the memory where the callback cannot be copied.
    std::unique_ptr<void, Free> memory(RecycledMemory::allocate(sizeof(Callback)));
    Pointer posted(::new (memory.get()) Callback(std::in_place, std::forward<F>(callback)));
    memory.release();
    return posted;
}

}  // namespace asyncbench::detail
