#include "harness/measure/utc_time.hpp"

#include <fmt/chrono.h>

#include <ctime>

namespace asyncbench {

std::string utc_now() {
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

}  // namespace asyncbench
