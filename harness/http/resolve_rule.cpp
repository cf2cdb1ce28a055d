#include "harness/http/resolve_rule.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <limits>

#include "async/errors.hpp"
#include "harness/http/addresses.hpp"
#include "harness/http/ascii_url.hpp"
#include "harness/work/lower_case.hpp"

namespace asyncbench {
namespace {

std::string_view without_brackets(std::string_view text) {
    const bool has_brackets = text.size() > 2 && text.front() == '[' && text.back() == ']';
    return has_brackets ? text.substr(1, text.size() - 2) : text;
}

std::string with_brackets(const std::string& text) {
    return text.find(':') == std::string::npos ? text : fmt::format("[{}]", text);
}

[[noreturn]] void refuse(std::string_view text) {
    throw UsageError(
        fmt::format("'{}' is no HOST:PORT:ADDRESS, such as svc.example:443:10.0.0.1,[::1] (addresses in "
                    "digits; * for whichever host).",
                    text));
}

std::uint16_t port_from(std::string_view digits, std::string_view rule) {
    unsigned port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    const bool is_port = error == std::errc{} && end == digits.data() + digits.size() && port > 0 &&
                         port <= std::numeric_limits<std::uint16_t>::max();
    if (!is_port) refuse(rule);
    return static_cast<std::uint16_t>(port);
}

}  // namespace

ResolveRule ResolveRule::parse(std::string_view text) {
    // The host may be an address of IPv6, in brackets.
    const auto host_end = text.starts_with('[') ? text.find("]:") + 1 : text.find(':');
    if (host_end == std::string_view::npos || host_end == 0) refuse(text);
    const auto port_end = text.find(':', host_end + 1);
    if (port_end == std::string_view::npos) refuse(text);
    ResolveRule rule{.host = in_lower_case(without_brackets(text.substr(0, host_end))),
                     .port = port_from(text.substr(host_end + 1, port_end - host_end - 1), text),
                     .addresses = {}};
    std::string_view rest = text.substr(port_end + 1);
    while (true) {
        const auto comma = rest.find(',');
        const std::string_view address = without_brackets(rest.substr(0, comma));
        if (!is_address(address)) refuse(text);
        rule.addresses.emplace_back(address);
        if (comma == std::string_view::npos) return rule;
        rest.remove_prefix(comma + 1);
    }
}

std::string ResolveRule::text() const {
    std::vector<std::string> written;
    std::transform(addresses.begin(), addresses.end(), std::back_inserter(written), with_brackets);
    return fmt::format("{}:{}:{}", with_brackets(host), port, fmt::join(written, ","));
}

std::vector<std::string> addresses_by_rule(std::span<const ResolveRule> rules, const std::string& url) {
    if (rules.empty()) return {};
    const Origin origin = origin_of(ascii_url(url)).value_or(Origin{});
    const auto fits = [&](const ResolveRule& rule) {
        return rule.port == origin.port && (rule.host == "*" || rule.host == in_lower_case(origin.host));
    };
    const auto found = std::find_if(rules.rbegin(), rules.rend(), fits);
    if (found != rules.rend()) return found->addresses;
    throw UsageError(fmt::format("--resolve says nothing of {}:{}, where the URL leads.",
                                 with_brackets(origin.host), origin.port));
}

}  // namespace asyncbench
