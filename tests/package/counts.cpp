// Counts an allocation of its own by the installed library.

#include <iostream>
#include <memory>

#include "harness/measure/allocations.hpp"

int main() {
    const auto before = asyncbench::process_allocations();
    const auto memory = std::make_unique<int[]>(100);
    const auto counted = asyncbench::process_allocations() - before;
    std::cout << (memory ? counted : 0) << '\n';
}
