#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/http/kept_body.hpp"

namespace asyncbench {

/// What is kept of a response whose caller wants more than its summary.
struct KeptResponse {
    /// Where a check or a capture looks at the body.
    static constexpr std::size_t most_body_bytes = std::size_t{1} << 20;

    std::vector<std::pair<std::string, std::string>> fields = {};
    KeptBody body{.most = most_body_bytes};
    bool keeps_body = false;
    bool keeps_fields = true;
    std::string location = {};  ///< of a redirection, as the field has it

    bool is_cut() const { return body.skipped > 0; }

    /// Before each head: that of 1xx is no part of the response.
    void clear() {
        fields.clear();
        body.clear();
        location.clear();
    }
    void add_field(std::string_view name, std::string_view value) {
        if (keeps_fields) fields.emplace_back(name, value);
    }
    void add_body(std::string_view bytes) {
        if (keeps_body) body.take(bytes);
    }
};

}  // namespace asyncbench
