#include "harness/trial/trial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "async/errors.hpp"

namespace asyncbench {
namespace {

bool is_name(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

}  // namespace

StrategySpec StrategySpec::parse(std::string_view text) {
    const auto fail = [&](std::string_view why) {
        return UsageError(
            fmt::format("'{}' is no strategy: {}. Write it like coroutine, thread-pool:threads=16, "
                        "callback:loops=2 or exec:python3 client.py.",
                        text, why));
    };
    StrategySpec spec;
    const auto colon = text.find(':');
    spec.name = text.substr(0, colon);
    if (!is_name(spec.name)) throw fail("a name is made of a-z, 0-9 and -");
    std::string_view rest = colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
    if (spec.name == "exec") {
        if (rest.find_first_not_of(" \t") == std::string_view::npos) throw fail("exec: needs a command");
        spec.command = SecretText(rest);
        return spec;
    }
    if (colon != std::string_view::npos && rest.empty()) throw fail("after the colon stands a parameter");
    while (!rest.empty()) {
        const auto end = rest.find(':');
        const std::string_view option = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
        const auto equals = option.find('=');
        if (equals == std::string_view::npos || !is_name(option.substr(0, equals)) ||
            equals + 1 == option.size()) {
            throw fail(fmt::format("'{}' is no parameter=value", option));
        }
        const auto [at, is_new] = spec.options.emplace(option.substr(0, equals), option.substr(equals + 1));
        if (!is_new) throw fail(fmt::format("'{}' is given twice", at->first));
        if (end != std::string_view::npos && rest.empty()) throw fail("after the colon stands a parameter");
    }
    return spec;
}

std::string StrategySpec::text() const {
    if (name == "exec") return fmt::format("exec:{}", command.shown());
    std::string text = name;
    for (const auto& [option, value] : options) text += fmt::format(":{}={}", option, value);
    return text;
}

std::string_view name_of(Standing standing) {
    switch (standing) {
        case Standing::ok:
            break;
        case Standing::disturbed:
            return "disturbed";
        case Standing::limited:
            return "limited";
        case Standing::wrong:
            return "wrong";
        case Standing::lost:
            return "lost";
        case Standing::unavailable:
            return "unavailable";
    }
    return "ok";
}

Trial Trial::of_unavailable(std::string why) {
    Trial result;
    result.warnings = {{std::string(unavailable_code), why, WarningKind::note}};
    result.failure = std::move(why);
    return result;
}

bool Trial::unavailable() const {
    return !failure.empty() && has(warnings, unavailable_code);
}

bool Trial::lost() const {
    return !failure.empty() && !unavailable();
}

Standing Trial::standing() const {
    if (unavailable()) return Standing::unavailable;
    if (lost()) return Standing::lost;
    if (!usable()) return Standing::wrong;
    if (limited()) return Standing::limited;
    return disturbed() ? Standing::disturbed : Standing::ok;
}

bool Trial::usable() const {
    return failure.empty() && !has(warnings, WarningKind::wrong);
}

bool Trial::limited() const {
    return usable() && has(warnings, WarningKind::limited);
}

bool Trial::disturbed() const {
    return usable() && has(warnings, WarningKind::disturbed);
}

}  // namespace asyncbench
