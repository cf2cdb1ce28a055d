#include "tests/support/paths/paths.hpp"

namespace asyncbench::test {

std::string source_dir() {
    return ASYNCBENCH_SOURCE_DIR;
}

std::string asyncbench_program() {
    return ASYNCBENCH_EXECUTABLE;
}

}  // namespace asyncbench::test
