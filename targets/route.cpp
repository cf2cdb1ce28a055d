#include "targets/route.hpp"

#include <algorithm>
#include <charconv>
#include <memory>
#include <system_error>

namespace asyncbench {
namespace {

bool take_prefix(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

bool is_trial_name(std::string_view text) {
    const auto is_allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    };
    return !text.empty() && text.size() <= longest_trial_name && std::ranges::all_of(text, is_allowed);
}

}  // namespace

Route parse_route(std::string_view target) {
    Route route;
    if (take_prefix(target, "/io/")) {
        const auto slash = target.find('/');
        if (slash == std::string_view::npos || !is_trial_name(target.substr(0, slash))) return {};
        route.trial = target.substr(0, slash);
        const std::string_view number = target.substr(slash + 1);
        const char* const last = std::to_address(number.end());
        const auto [end, error] = std::from_chars(std::to_address(number.begin()), last, route.id);
        if (error != std::errc{} || end != last) return {};
        route.kind = Route::Kind::io;
    } else if (take_prefix(target, "/stats/")) {
        if (!is_trial_name(target)) return {};
        route.trial = target;
        route.kind = Route::Kind::stats;
    } else if (target == "/healthz") {
        route.kind = Route::Kind::health;
    }
    return route;
}

}  // namespace asyncbench
