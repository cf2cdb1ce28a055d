#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/engine/http_version.hpp"
#include "harness/engine/io_kind.hpp"
#include "harness/load/measurement.hpp"
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
struct JsonNames<IoKind> {
    static constexpr std::array<std::pair<std::string_view, IoKind>, 2> all{
        {{"uring", IoKind::uring}, {"epoll", IoKind::epoll}}};
};

template <>
struct JsonNames<HttpVersion> {
    static constexpr std::array<std::pair<std::string_view, HttpVersion>, 3> all{
        {{"1.1", HttpVersion::http1}, {"2", HttpVersion::http2}, {"auto", HttpVersion::negotiated}}};
};

template <>
struct JsonNames<WarningKind> {
    static constexpr std::array<std::pair<std::string_view, WarningKind>, 4> all{
        {{"note", WarningKind::note},
         {"disturbed", WarningKind::disturbed},
         {"limited", WarningKind::limited},
         {"wrong", WarningKind::wrong}}};
};

template <>
struct JsonNames<ErrorClass> {
    static constexpr std::array<std::pair<std::string_view, ErrorClass>, 6> all{
        {{"status", ErrorClass::status},
         {"connect", ErrorClass::connect},
         {"timeout", ErrorClass::timeout},
         {"closed", ErrorClass::closed},
         {"content", ErrorClass::content},
         {"other", ErrorClass::other}}};
};

template <typename Enum>
std::string name_of(Enum value) {
    for (const auto& [name, known] : JsonNames<Enum>::all) {
        if (known == value) return std::string(name);
    }
    return {};
}

template <typename Enum>
std::vector<std::string> names_of() {
    std::vector<std::string> names;
    names.reserve(JsonNames<Enum>::all.size());
    for (const auto& [name, value] : JsonNames<Enum>::all) names.emplace_back(name);
    return names;
}

/// Nothing where the text is none of the names.
template <typename Enum>
std::optional<Enum> named(std::string_view text) {
    for (const auto& [name, value] : JsonNames<Enum>::all) {
        if (name == text) return value;
    }
    return std::nullopt;
}

/// Throws Error where the text is none of the names.
template <typename Enum>
Enum value_named(JsonFields& fields, std::string_view key) {
    if (const auto value = named<Enum>(fields.text(key))) return *value;
    fields.fail(key, fmt::format("must be one of {}", fmt::join(names_of<Enum>(), ", ")));
}

}  // namespace asyncbench
