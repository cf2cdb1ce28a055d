#pragma once

#include <cstdint>

namespace asyncbench {

/// Notes one allocation of this thread: some nanoseconds, no lock but on a thread's first, and nothing
/// allocated by operator new. Called by the operator new of the library asyncbench::counting_new and by
/// libcurl's allocations (initialize_curl()).
void count_allocation() noexcept;

/// Noted in this thread since it began.
std::uint64_t thread_allocations() noexcept;

/// Noted in all threads since the process began, ended ones included. What another thread does meanwhile may
/// be in it or not. Thread-safe; waits for threads that begin or end.
std::uint64_t process_allocations();

/// Whether this program's operator new counts: it does where asyncbench::counting_new is linked. Tries it.
bool allocations_are_counted();

/// Why it does not, and what to do.
inline constexpr const char* allocations_not_counted =
    "this program does not count its allocations; link asyncbench::counting_new, and build without "
    "sanitizers";

}  // namespace asyncbench
