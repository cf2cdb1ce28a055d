#pragma once

#include <string_view>
#include <vector>

#include "harness/trial/load_requests.hpp"

namespace asyncbench {

/// A file of targets in one of vegeta's two formats. Where its first letter is `{` it has one JSON object on
/// each line. Else each target begins with a line `METHOD URL` or a URL alone. Lines of header fields and
/// `@FILE` for the body may follow. Empty lines, and lines that begin with `#`, are passed over. All URLs are
/// of one server. `file` is its name in messages. Throws UsageError with the line where something is wrong,
/// and where there is no target.
std::vector<LoadTarget> parse_targets(std::string_view text, std::string_view file);

/// A file of steps: as parse_targets(), and captures, which a file of targets must not have; but no weights.
std::vector<LoadTarget> parse_steps(std::string_view text, std::string_view file);

}  // namespace asyncbench
