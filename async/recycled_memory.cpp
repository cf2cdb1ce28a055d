#include "async/recycled_memory.hpp"

namespace asyncbench::detail {

struct RecycledMemory::Closer {
    ~Closer() {
        cache_.capacity = 0;
        for (List& list : cache_.lists) {
            while (list.first != nullptr) {
                Block* block = list.first;
                list.first = block->next;
                ::operator delete(block);
            }
            list.length = 0;
        }
    }
};

bool RecycledMemory::open_cache() noexcept {
    if (cache_.opened) {
        return false;
    }
    cache_.opened = true;
    cache_.capacity = blocks_of_a_bin;
    static thread_local Closer closer;
    return true;
}

}  // namespace asyncbench::detail
