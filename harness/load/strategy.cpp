#include "harness/load/strategy.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "async/errors.hpp"
#include "harness/load/plan_spec.hpp"
#include "harness/work/suggestion.hpp"

namespace asyncbench {

std::uint32_t StrategyOptions::count(std::string_view parameter, std::uint32_t fallback) const {
    const auto found = parameters.find(parameter);
    if (found == parameters.end()) return fallback;
    try {
        return static_cast<std::uint32_t>(parse_count(found->second, concurrency_limits));
    } catch (const UsageError& error) {
        throw UsageError(fmt::format("{}={}: {}", parameter, found->second, error.what()));
    }
}

void StrategyRegistry::add(StrategyInfo info, Factory make) {
    const bool taken = std::any_of(infos_.begin(), infos_.end(),
                                   [&](const StrategyInfo& other) { return other.name == info.name; });
    if (taken) throw std::logic_error("two strategies are named " + info.name);
    infos_.push_back(std::move(info));
    factories_.push_back(std::move(make));
}

const StrategyInfo& StrategyRegistry::require(
    std::string_view name, const std::map<std::string, std::string, std::less<>>& parameters) const {
    const auto info = std::find_if(infos_.begin(), infos_.end(),
                                   [&](const StrategyInfo& candidate) { return candidate.name == name; });
    if (info == infos_.end()) {
        std::vector<std::string> names;
        names.reserve(infos_.size());
        for (const auto& known : infos_) names.push_back(known.name);
        throw UsageError(fmt::format("There is no strategy '{}'.{} There are: {}, and exec:COMMAND.", name,
                                     did_you_mean(name, names), fmt::join(names, ", ")));
    }
    for (const auto& [parameter, value] : parameters) {
        const bool known =
            std::any_of(info->parameters.begin(), info->parameters.end(),
                        [&](const ParameterInfo& candidate) { return candidate.name == parameter; });
        if (known) continue;
        std::vector<std::string> names;
        for (const auto& candidate : info->parameters) names.push_back(candidate.name);
        throw UsageError(fmt::format("{} has no parameter '{}'.{} It has: {}.", name, parameter,
                                     did_you_mean(parameter, names),
                                     names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "))));
    }
    return *info;
}

std::unique_ptr<Strategy> StrategyRegistry::make(std::string_view name,
                                                 const StrategyOptions& options) const {
    const StrategyInfo& info = require(name, options.parameters);
    return factories_[static_cast<std::size_t>(&info - infos_.data())](options);
}

}  // namespace asyncbench
