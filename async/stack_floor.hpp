#pragma once

#include <cstdint>
#include <limits>

// How deep a thread's stack may grow by one task's going on inside another's. g++ hands the thread from task
// to task by a jump at -O2 and above alone; below that, and under sanitizers, it is a call, and each await
// leaves frames on the stack until the whole chain waits. No macro tells which of them a file is compiled
// with, so the stack pointer is looked at: async/trampoline.hpp.

namespace asyncbench::detail {

inline constexpr std::uintptr_t no_floor = std::numeric_limits<std::uintptr_t>::max();

/// Tasks of this thread go on in each other while the stack pointer is not below it; no_floor before the
/// first.
inline constinit thread_local std::uintptr_t stack_floor = no_floor;

/// As stack_floor; no_floor while an observer is told of each step as well, so that one comparison asks for
/// both.
inline constinit thread_local std::uintptr_t slow_below = no_floor;

[[gnu::always_inline]] inline std::uintptr_t stack_pointer() noexcept {
    // The register: the address of a variable may lie elsewhere under ASan, and __builtin_frame_address(0)
    // makes each coroutine keep a frame pointer.
    std::uintptr_t pointer = 0;
#if defined(__x86_64__)
    asm("movq %%rsp, %0" : "=r"(pointer));
#elif defined(__aarch64__)
    asm("mov %0, sp" : "=r"(pointer));
#else
    pointer = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
#endif
    return pointer;
}

/// Whether a transfer between two tasks has more to do than to jump.
[[gnu::always_inline]] inline bool transfers_slowly() noexcept {
    return stack_pointer() < slow_below;
}

}  // namespace asyncbench::detail
