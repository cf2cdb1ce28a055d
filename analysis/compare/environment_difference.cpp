#include "analysis/compare/environment_difference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace asyncbench {
namespace {

/// Of the moment, or without influence on what is measured.
constexpr std::array<std::string_view, 6> of_the_moment{
    "load_average_1m",           "cpu_mhz", "memory_bytes", "ephemeral_ports", "file_descriptor_limit",
    "file_descriptor_hard_limit"};

constexpr std::array<std::string_view, 4> of_the_machine{"cpu_model", "cpus_online", "virtualization",
                                                         "caches"};

template <std::size_t size>
bool holds(const std::array<std::string_view, size>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::vector<EnvironmentDifference> environment_differences(const Environment& base, const Environment& head) {
    std::vector<EnvironmentDifference> differences;
    for (const EnvironmentFact& fact : base.facts) {
        const EnvironmentFact* other = head.find(fact.name);
        if (!fact.value || other == nullptr || !other->value || holds(of_the_moment, fact.name)) continue;
        if (*fact.value != *other->value) differences.push_back({fact.name, *fact.value, *other->value});
    }
    return differences;
}

bool are_different_machines(const std::vector<EnvironmentDifference>& differences) {
    return std::any_of(differences.begin(), differences.end(), [](const EnvironmentDifference& difference) {
        return holds(of_the_machine, difference.fact);
    });
}

bool know_their_machines(const Environment& base, const Environment& head) {
    return std::any_of(of_the_machine.begin(), of_the_machine.end(), [&](std::string_view name) {
        const EnvironmentFact* one = base.find(name);
        const EnvironmentFact* other = head.find(name);
        return one != nullptr && one->value && other != nullptr && other->value;
    });
}

std::string text_of(const std::vector<EnvironmentDifference>& differences) {
    std::string text;
    for (const EnvironmentDifference& difference : differences) {
        text += fmt::format("{}{} ({} and {})", text.empty() ? "" : ", ", difference.fact, difference.base,
                            difference.head);
    }
    return text;
}

}  // namespace asyncbench
