#include "harness/trial/scenario.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <system_error>

#include "async/errors.hpp"

namespace asyncbench {

std::vector<std::string> names_of_own_targets() {
    std::vector<std::string> names;
    for (const OwnTarget& target : own_targets) names.emplace_back(target.name);
    return names;
}

namespace {

void check_request(const Scenario& scenario) {
    check(scenario.request);
    const RequestSpec& request = scenario.request;
    if (!has_foreign_target(scenario) && (request != RequestSpec{} || scenario.data)) {
        throw UsageError(
            "-X, -H, --data, --path, -k, --cacert, --cert and --key say what a server of yours is asked, and "
            "how; our own targets have requests of their own. Leave them out, or give --target URL.");
    }
    if (!request.paths.empty() && scenario.target.reveal().find_first_of("?#") != std::string::npos) {
        throw UsageError(fmt::format("Paths stand behind the target's URL, so that {} must have no query.",
                                     scenario.target.shown()));
    }
    if (!scenario.resolve.empty() && !has_foreign_target(scenario))
        throw UsageError("--resolve says where the host of a URL is; leave it out, or give --target URL.");
    if (!request.tls.certificate.empty() && !scenario.target.reveal().starts_with("https://"))
        throw UsageError("A client certificate is for https:// alone; give such a URL, or leave it out.");
}

}  // namespace

std::string hint_of_server(std::string_view text) {
    if (text.starts_with("//")) text.remove_prefix(2);
    const std::string_view host = text.substr(0, text.find('/'));
    const auto colon = host.rfind(':');
    const bool has_port = colon != std::string_view::npos && colon > 0 && colon + 1 < host.size() &&
                          host.find_first_not_of("0123456789", colon + 1) == std::string_view::npos;
    if (!has_port && host != "localhost") return {};
    return fmt::format(" For a server, write http://{}.", text);
}

bool has_foreign_target(const Scenario& scenario) {
    const std::string& target = scenario.target.reveal();
    return target.starts_with("http://") || target.starts_with("https://");
}

void end_target_before_paths(Scenario& scenario) {
    std::string target = scenario.target.reveal();
    if (scenario.request.paths.empty() || !target.ends_with('/')) return;
    target.pop_back();
    scenario.target = SecretText::url(std::move(target));
}

bool has_response_times(const Scenario& scenario) {
    return scenario.plan.kind != PlanKind::closed;
}

void read_body(Scenario& scenario) {
    if (!scenario.data || !scenario.data->reveal().starts_with('@')) return;
    const std::string path = scenario.data->reveal().substr(1);
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(path, error);
    if (!error && size > body_limits.most)
        throw UsageError(fmt::format("The body in {} is too large; it must be {}.", path, body_limits.words));
    std::ifstream file(path, std::ios::binary);
    std::ostringstream bytes;
    if (error || !file || !(bytes << file.rdbuf() || size == 0)) {
        throw UsageError(fmt::format(
            "The file {} with the body of the requests cannot be read; check that it exists and is readable.",
            path));
    }
    scenario.request.body = SharedBytes(bytes.str());
}

void check(const Scenario& scenario) {
    if (scenario.strategies.empty()) {
        throw UsageError("There is no strategy to measure; name one with -s.");
    }
    if (scenario.concurrency.empty()) {
        throw UsageError("There is no concurrency to measure at; give one with -c.");
    }
    const std::vector<std::string> targets = names_of_own_targets();
    if (std::find(targets.begin(), targets.end(), scenario.target.reveal()) == targets.end() &&
        !has_foreign_target(scenario)) {
        throw UsageError(fmt::format(
            "'{}' is no target; give {}, or a URL that starts with http:// or https://.{}",
            scenario.target.shown(), fmt::join(targets, ", "), hint_of_server(scenario.target.shown())));
    }
    check_request(scenario);
    if (scenario.plan.kind != PlanKind::batch && scenario.plan.duration.count() == 0)
        throw UsageError("There is no duration to measure for; give one with -d.");
    if (scenario.plan.kind == PlanKind::open && scenario.plan.rate_rps == 0)
        throw UsageError("There is no rate of the open loop; give one with -q.");
    std::set<std::string> strategies;
    for (const StrategySpec& strategy : scenario.strategies) {
        if (strategies.insert(strategy.text()).second) continue;
        throw UsageError(fmt::format(
            "The strategy '{}' is there twice; each is compared with the others once. Take one out.",
            strategy.text()));
    }
    std::set<std::uint32_t> concurrency;
    for (const std::uint32_t users : scenario.concurrency) {
        if (concurrency.insert(users).second) continue;
        throw UsageError(fmt::format("The concurrency {} is there twice; take one out.", users));
    }
}

bool has_one_in_flight(const Scenario& scenario, const StrategySpec& strategy) {
    const auto& names = scenario.one_in_flight;
    return std::find(names.begin(), names.end(), strategy.name) != names.end();
}

bool is_measured_once(const Scenario& scenario, const StrategySpec& strategy) {
    return scenario.plan.kind == PlanKind::closed && has_one_in_flight(scenario, strategy);
}

}  // namespace asyncbench
