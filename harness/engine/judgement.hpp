#pragma once

#include <string_view>

namespace asyncbench {

/// What a whole response is worth.
struct Judgement {
    bool status_holds = true;
    std::string_view problem = {};  ///< of a check or a capture; valid until the load ends

    bool is_right() const { return status_holds && problem.empty(); }
};

}  // namespace asyncbench
