#include "benches/strategies/strategies.hpp"
#include "cli/command_line.hpp"

int main(int argc, char** argv) {
    return asyncbench::command_line(argc, argv, asyncbench::builtin_strategies());
}
