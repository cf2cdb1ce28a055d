// The content tag of request 7 with seed 1, as the installed library computes it.

#include <cstdio>

#include "harness/work/reply.hpp"

int main() {
    std::puts(asyncbench::content_tag(1, 7).c_str());
}
