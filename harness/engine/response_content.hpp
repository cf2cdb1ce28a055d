#pragma once

#include <string>

#include "harness/http/kept_body.hpp"

namespace asyncbench {

/// What a caller wants to have of a response besides its summary.
struct ResponseContent {
    KeptBody body;
    std::string location;  ///< of a redirection, as the field has it

    void clear() {
        body.clear();
        location.clear();
    }
};

}  // namespace asyncbench
