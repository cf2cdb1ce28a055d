#include "cli/time_left.hpp"

#include <fmt/format.h>

#include <chrono>

namespace asyncbench {

std::string in_words(Nanoseconds time) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(time);
    const auto minutes = std::chrono::floor<std::chrono::minutes>(seconds);
    if (minutes.count() == 0) return fmt::format("{}s", seconds.count());
    if (minutes.count() < 60) return fmt::format("{}m{:02}s", minutes.count(), (seconds - minutes).count());
    return fmt::format("{}h{:02}m", minutes.count() / 60, minutes.count() % 60);
}

std::string time_left(Nanoseconds elapsed, std::size_t done, std::size_t total) {
    if (done == 0) return "";
    const auto each = elapsed / static_cast<std::int64_t>(done);
    return fmt::format("about {} left", in_words(each * static_cast<std::int64_t>(total - done)));
}

}  // namespace asyncbench
