#include "cli/profile_options.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "harness/work/units.hpp"

namespace asyncbench {

void ProfileOptions::add_to(CLI::App& app) {
    app.add_option("--latency", latency_,
                   "Delay of a response (20ms): 20ms, uniform:10ms,30ms, exponential:20ms, "
                   "lognormal:20ms,80ms or bimodal:5ms,100ms,0.05")
        ->type_name("SPEC");
    app.add_option("--payload", payload_, "Length of each body (1KiB): 512, 4KiB, 1MB")->type_name("SIZE");
    app.add_option("--error-rate", error_rate_, "Share of responses with status 500")->type_name("P");
    app.add_option("--faults", faults_, "Shares of close, truncate, stall, dribble: close:0.01,stall:0.001")
        ->type_name("LIST");
    app.add_option("--seed", seed_, "Decides every random choice (1)")->type_name("N");
}

void ProfileOptions::apply_to(Profile& profile, std::uint64_t& seed) const {
    if (!latency_.empty()) profile.delay = DelaySpec::parse(latency_);
    if (!payload_.empty()) profile.payload_bytes = parse_size(payload_);
    if (!error_rate_.empty()) profile.error_rate = parse_number(error_rate_, "error rate");
    if (!faults_.empty()) profile.faults = FaultShares::parse(faults_);
    if (!seed_.empty()) seed = parse_count(seed_);
    check(profile);
}

std::vector<std::string> ProfileOptions::arguments_for(const Profile& profile, std::uint64_t seed) {
    std::vector<std::string> arguments = {"--latency",    profile.delay.text(),
                                          "--payload",    fmt::format("{}", profile.payload_bytes),
                                          "--error-rate", fmt::format("{}", profile.error_rate),
                                          "--seed",       fmt::format("{}", seed)};
    if (profile.faults.sum() > 0) {
        arguments.push_back("--faults");
        arguments.push_back(profile.faults.text());
    }
    return arguments;
}

}  // namespace asyncbench
