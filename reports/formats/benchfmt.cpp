#include "reports/formats/benchfmt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "harness/trial/metric.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

/// Unicode's White_Space without the controls, which printable() makes visible: Go ends a name at each.
constexpr std::array<std::string_view, 19> spaces{
    " ",      "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
    "\u2007", "\u2008", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};

}  // namespace

std::string benchfmt_name(std::string_view text) {
    const std::string visible = printable(text);
    std::string name;
    for (std::string_view rest = visible; !rest.empty();) {
        const auto* const space = std::find_if(spaces.begin(), spaces.end(),
                                               [&](std::string_view each) { return rest.starts_with(each); });
        const std::size_t taken = space == spaces.end() ? 1 : space->size();
        name += space == spaces.end() ? rest.front() : '_';
        rest.remove_prefix(taken);
    }
    return name;
}

std::string benchfmt_part(std::string_view text) {
    std::string part = benchfmt_name(text);
    std::replace(part.begin(), part.end(), '/', '_');
    return part;
}

std::string benchfmt_unit(std::string_view metric) {
    std::string unit = benchfmt_name(metric);
    std::replace(unit.begin(), unit.end(), '_', '-');
    return unit;
}

std::string benchfmt_unit_line(std::string_view metric) {
    const Better better = metric_kind(metric).better;
    if (better == Better::neither) return {};
    return fmt::format("Unit {} better={}\n", benchfmt_unit(metric),
                       better == Better::lower ? "lower" : "higher");
}

std::string benchfmt_line(std::string_view name, const Metrics& metrics,
                          std::span<const std::string_view> wanted) {
    std::string values;
    for (const std::string_view metric : wanted) {
        const auto value = value_of(metrics, metric);
        if (value && std::isfinite(*value)) values += fmt::format(" {} {}", *value, benchfmt_unit(metric));
    }
    if (values.empty()) return {};
    const double requests = value_of(metrics, "requests").value_or(1);
    return fmt::format("Benchmark{} {:.0f}{}\n", name, std::max(requests, 1.0), values);
}

std::string benchfmt_setting(std::string_view key, std::string_view value) {
    return fmt::format("{}: {}\n", key, printable(value));
}

}  // namespace asyncbench
