#include "cli/load_progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <optional>
#include <string>

#include "cli/progress.hpp"
#include "cli/tell.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

std::string percentiles(std::optional<std::int64_t> p50_ns, std::optional<std::int64_t> p99_ns) {
    const auto time = [](std::optional<std::int64_t> ns) {
        return ns ? human_time(static_cast<double>(*ns)) : std::string(no_value);
    };
    return fmt::format("p50 {}, p99 {}", time(p50_ns), time(p99_ns));
}

std::string time_left(const Scenario& scenario, std::uint32_t passed) {
    if (scenario.plan.kind == PlanKind::batch) return {};
    const auto whole = std::chrono::ceil<std::chrono::seconds>(scenario.plan.duration).count();
    return whole > passed ? fmt::format("; {} s left", whole - passed) : std::string();
}

}  // namespace

std::string load_progress_line(const Scenario& scenario, const LoadSoFar& so_far, std::size_t columns) {
    const LoadSecond& second = so_far.second;
    const std::string now =
        fmt::format("{} s: {}, {}", second.second + 1, human_rate(static_cast<double>(second.answered)),
                    percentiles(second.p50_ns, second.p99_ns));
    const Histogram& all = so_far.response_time_ns;
    const std::string in_all =
        all.empty() ? "" : "; all " + percentiles(all.value_at_percentile(50), all.value_at_percentile(99));
    const std::uint64_t errors = so_far.errors.total();
    const std::string failed = errors > 0 ? ", " + counted(errors, "error") : "";
    const std::string left = time_left(scenario, second.second + 1);
    for (const std::string& line : {now + in_all + failed + left, now + failed + left})
        if (line.size() <= columns) return line;
    return (now + failed).substr(0, columns);
}

LoadProgress::LoadProgress(const Scenario& scenario, bool quiet)
    : is_drawn_(progress_style(quiet) == Progress::Style::drawn), scenario_(scenario) {}

LoadProgress::~LoadProgress() {
    if (has_line_) put_on_stderr("\r\x1b[K");
}

void LoadProgress::tell_of(const LoadSoFar& so_far) {
    if (!is_drawn_) return;
    put_on_stderr("\r\x1b[K" + load_progress_line(scenario_, so_far, columns_of_progress()));
    has_line_ = true;
}

}  // namespace asyncbench
