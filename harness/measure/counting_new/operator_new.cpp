// The program's own operator new, which counts. A library of its own, linked whole by programs that count.
#include <cstddef>
#include <cstdlib>
#include <new>

#include "harness/measure/allocations.hpp"

namespace {

void* allocate(std::size_t size) {
    asyncbench::count_allocation();
    // malloc(0) may give null, operator new must not.
    if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
    throw std::bad_alloc{};
}

void* allocate(std::size_t size, std::align_val_t alignment) {
    asyncbench::count_allocation();
    const auto align = static_cast<std::size_t>(alignment);
    // aligned_alloc takes whole multiples of the alignment.
    if (void* memory = std::aligned_alloc(align, (size + align - 1) / align * align)) return memory;
    throw std::bad_alloc{};
}

}  // namespace

// The forms for arrays and those that do not throw call these.
void* operator new(std::size_t size) {
    return allocate(size);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    return allocate(size, alignment);
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    std::free(memory);
}
