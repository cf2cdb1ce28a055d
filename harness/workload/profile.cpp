#include "harness/workload/profile.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "harness/errors.hpp"
#include "harness/workload/units.hpp"

namespace asyncbench {
namespace {

constexpr std::uint64_t largest_payload = std::uint64_t{1} << 30;

constexpr std::array<std::pair<std::string_view, double FaultShares::*>, 4> fault_names{
    {{"close", &FaultShares::close},
     {"truncate", &FaultShares::truncate},
     {"stall", &FaultShares::stall},
     {"dribble", &FaultShares::dribble}}};

}  // namespace

FaultShares FaultShares::parse(std::string_view text) {
    FaultShares shares;
    while (!text.empty()) {
        const auto comma = text.find(',');
        const std::string_view part = text.substr(0, comma);
        text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
        const auto colon = part.find(':');
        double FaultShares::* share = nullptr;
        for (const auto& [name, member] : fault_names) {
            if (name == part.substr(0, colon)) share = member;
        }
        if (share == nullptr || colon == std::string_view::npos) {
            throw UsageError(
                fmt::format("'{}' is no fault; write close:0.01, truncate:0.01, stall:0.001 or dribble:0.05, "
                            "joined by commas.",
                            part));
        }
        shares.*share = parse_number(part.substr(colon + 1), "share of faults");
    }
    return shares;
}

std::string FaultShares::text() const {
    std::string text;
    for (const auto& [name, member] : fault_names) {
        if (this->*member > 0) text += fmt::format("{}{}:{}", text.empty() ? "" : ",", name, this->*member);
    }
    return text;
}

void check(const Profile& profile) {
    if (profile.payload_bytes > largest_payload) {
        throw UsageError(
            fmt::format("A payload of {} bytes is too large; at most {} bytes (1 GiB) can be asked for.",
                        profile.payload_bytes, largest_payload));
    }
    const double shares = profile.error_rate + profile.faults.sum();
    if (!(profile.error_rate >= 0) || !(shares <= 1)) {
        throw UsageError(
            fmt::format("Error rate and faults sum to {}; they are shares and sum to at most 1.", shares));
    }
    if (profile.compute > std::chrono::seconds{10}) {
        throw UsageError("--compute is CPU time for each response, and at most 10s.");
    }
}

}  // namespace asyncbench
