#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace asyncbench {

/// Where a host is found at a port, in place of a lookup: what curl's --resolve says.
struct ResolveRule {
    std::string host;  ///< in lower case, without brackets; `*`: whichever
    std::uint16_t port = 0;
    std::vector<std::string> addresses;  ///< in digits, without brackets

    /// `svc.example:443:10.0.0.1,[::1]`. Throws UsageError, a sentence.
    static ResolveRule parse(std::string_view text);
    std::string text() const;  ///< the form parse() reads
    bool operator==(const ResolveRule&) const = default;
};

/// The addresses that the rules have for the host of `url`, the last rule that fits first. Empty where there
/// are no rules. Throws UsageError where there are, and none fits: a name that is written wrongly must not be
/// looked up unseen.
std::vector<std::string> addresses_by_rule(std::span<const ResolveRule> rules, const std::string& url);

}  // namespace asyncbench
