#include "cli/time_left.hpp"

#include <fmt/format.h>

#include <chrono>

namespace asyncbench {

std::string time_left(Nanoseconds elapsed, std::size_t done, std::size_t total) {
    if (done == 0) return "";
    const auto each = elapsed / static_cast<std::int64_t>(done);
    const auto seconds =
        std::chrono::ceil<std::chrono::seconds>(each * static_cast<std::int64_t>(total - done));
    const auto minutes = std::chrono::floor<std::chrono::minutes>(seconds);
    if (minutes.count() == 0) return fmt::format("about {}s left", seconds.count());
    return fmt::format("about {}m{:02}s left", minutes.count(), (seconds - minutes).count());
}

}  // namespace asyncbench
