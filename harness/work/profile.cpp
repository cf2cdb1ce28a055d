#include "harness/work/profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "async/errors.hpp"
#include "harness/work/units.hpp"

namespace asyncbench {
namespace {

constexpr std::array<std::pair<std::string_view, double FaultShares::*>, 4> fault_names{
    {{"close", &FaultShares::close},
     {"truncate", &FaultShares::truncate},
     {"stall", &FaultShares::stall},
     {"dribble", &FaultShares::dribble}}};

}  // namespace

FaultShares FaultShares::parse(std::string_view text) {
    FaultShares shares;
    std::array<bool, fault_names.size()> seen{};
    while (!text.empty()) {
        const auto comma = text.find(',');
        const std::string_view part = text.substr(0, comma);
        const auto fail = [&](std::string_view why) {
            return UsageError(fmt::format(
                "'{}' is {}; write close:0.01, truncate:0.01, stall:0.001 or dribble:0.05, joined by commas.",
                part, why));
        };
        const auto colon = part.find(':');
        const auto is_named = [&](const auto& fault) { return fault.first == part.substr(0, colon); };
        const auto fault = std::ranges::find_if(fault_names, is_named);
        if (fault == fault_names.end() || colon == std::string_view::npos) throw fail("no fault");
        if (std::exchange(seen.at(static_cast<std::size_t>(fault - fault_names.begin())), true)) {
            throw fail("a second share of the same fault");
        }
        shares.*fault->second = parse_share(part.substr(colon + 1), "share of faults");
        if (comma == std::string_view::npos) break;
        text.remove_prefix(comma + 1);
        if (text.empty()) throw fail("followed by a comma and nothing");
    }
    return shares;
}

std::string FaultShares::text() const {
    std::string text;
    for (const auto& [name, member] : fault_names) {
        if (this->*member > 0) {
            text += fmt::format("{}{}:{}", text.empty() ? "" : ",", name, number_text(this->*member));
        }
    }
    return text;
}

void check(const Profile& profile) {
    if (!payload_limits.holds(profile.payload_bytes)) {
        throw UsageError(fmt::format("A payload of {} bytes is out of range; it must be {}.",
                                     profile.payload_bytes, payload_limits.words));
    }
    const double sum = profile.error_rate + profile.faults.sum();
    double least = profile.error_rate;
    for (const auto& [name, member] : fault_names) least = std::min(least, profile.faults.*member);
    // Shares that sum to 1 in decimal may sum to a little more in binary.
    if (!(least >= 0) || !(sum <= 1 + 1e-9)) {
        throw UsageError(fmt::format(
            "Error rate {} and faults, together {}, are shares: none is below 0, and they sum to at most 1.",
            profile.error_rate, sum));
    }
    if (!compute_limits.holds(profile.compute)) {
        throw UsageError(fmt::format("Computing {} for each response is out of range; it must be {}.",
                                     to_text(profile.compute), compute_limits.words));
    }
}

}  // namespace asyncbench
