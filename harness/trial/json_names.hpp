#pragma once

#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "harness/load/plan_spec.hpp"
#include "harness/trial/json_fields.hpp"
#include "harness/trial/warning.hpp"

namespace asyncbench {

/// The names that enumerations have in JSON.
template <typename Enum>
struct JsonNames;

template <>
struct JsonNames<PlanKind> {
    static constexpr std::array<std::pair<std::string_view, PlanKind>, 3> all{
        {{"batch", PlanKind::batch}, {"closed", PlanKind::closed}, {"open", PlanKind::open}}};
};

template <>
struct JsonNames<Arrivals> {
    static constexpr std::array<std::pair<std::string_view, Arrivals>, 2> all{
        {{"constant", Arrivals::constant}, {"poisson", Arrivals::poisson}}};
};

template <>
struct JsonNames<WarningKind> {
    static constexpr std::array<std::pair<std::string_view, WarningKind>, 4> all{
        {{"note", WarningKind::note},
         {"disturbed", WarningKind::disturbed},
         {"limited", WarningKind::limited},
         {"wrong", WarningKind::wrong}}};
};

template <typename Enum>
std::string name_of(Enum value) {
    for (const auto& [name, known] : JsonNames<Enum>::all) {
        if (known == value) return std::string(name);
    }
    return {};
}

/// Throws Error where the text is none of the names.
template <typename Enum>
Enum value_named(JsonFields& fields, std::string_view key) {
    const std::string text = fields.text(key);
    std::string names;
    for (const auto& [name, value] : JsonNames<Enum>::all) {
        if (name == text) return value;
        names += fmt::format("{}{}", names.empty() ? "" : ", ", name);
    }
    fields.fail(key, fmt::format("must be one of {}", names));
}

}  // namespace asyncbench
