// Blocks a loop, and says what the installed library's detectors found.

#include <unistd.h>

#include <cstdio>

#include "async/detect/diagnose.hpp"
#include "async/run.hpp"
#include "async/task.hpp"

namespace {

asyncbench::Task<> sleep_the_wrong_way() {
    usleep(1000);
    co_return;
}

}  // namespace

int main() {
    const asyncbench::Diagnose diagnose;
    asyncbench::Loop loop;
    asyncbench::run(loop, sleep_the_wrong_way());
    for (const asyncbench::CountedFinding& counted : diagnose.report().findings) {
        std::puts(counted.first.function.c_str());
    }
}
