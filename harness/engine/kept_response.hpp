#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asyncbench {

/// What is kept of a response that a check or a capture looks at.
struct KeptResponse {
    static constexpr std::size_t most_body_bytes = std::size_t{1} << 20;

    std::vector<std::pair<std::string, std::string>> fields;
    std::string body;
    bool keeps_body = false;
    bool is_cut = false;  ///< the body is longer than what is kept of it

    /// Before each head: that of 1xx is no part of the response.
    void clear() {
        fields.clear();
        body.clear();
        is_cut = false;
    }
    void add_field(std::string_view name, std::string_view value) { fields.emplace_back(name, value); }
    void add_body(std::string_view bytes) {
        if (!keeps_body) return;
        const std::size_t taken = std::min(bytes.size(), most_body_bytes - body.size());
        body.append(bytes, 0, taken);
        is_cut = is_cut || taken < bytes.size();
    }
};

}  // namespace asyncbench
