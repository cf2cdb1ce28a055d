#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/engine/load_request.hpp"
#include "harness/engine/load_settings.hpp"
#include "harness/engine/response_query.hpp"
#include "harness/engine/variables.hpp"
#include "harness/http/expected_status.hpp"
#include "harness/http/request_spec.hpp"
#include "harness/http/shared_bytes.hpp"
#include "harness/trial/json_fields.hpp"
#include "harness/work/secret_text.hpp"
#include "harness/work/units.hpp"

namespace asyncbench {

/// One request of a load, as a file of targets or of steps says it. URL, header values and body may have
/// variables.
struct LoadTarget {
    std::string name = {};                  ///< of a step
    std::string method = {};                ///< in capitals; empty: POST where there is a body, else GET
    std::string url = {};                   ///< or `/path` behind the load's server
    std::vector<std::string> headers = {};  ///< whole lines
    std::optional<SharedBytes> body = {};
    std::uint32_t weight = 0;  ///< 0: none is given
    ExpectedStatus expected = {};
    std::vector<ResponseCheck> checks = {};
    std::vector<Capture> captures = {};
};

inline constexpr Limits<std::uint64_t> targets_limits{1, 100'000, "from 1 to 100000"};
inline constexpr Limits<std::uint64_t> steps_limits{1, 100, "from 1 to 100"};
inline constexpr Limits<std::uint64_t> target_weight_limits{1, 1'000'000, "from 1 to 1000000"};
/// Of all targets together.
inline constexpr Limits<std::uint64_t> bodies_limits{0, std::uint64_t{64} << 20, "at most 64 MiB"};

/// What the requests of a load are, as it was read from files. It may hold secrets, so that a trial alone is
/// told of it and no result is.
struct LoadRequests {
    std::vector<LoadTarget> targets;  ///< none: the one request of the RequestSpec
    bool is_sequence = false;         ///< the targets are steps of one user after another
    VariableSet variables;

    bool empty() const { return targets.empty() && variables.variables.empty(); }
};

/// Of `targets`, as targets_for() says them: by weight where one has a weight, and each other counts 1 then.
RequestOrder order_of(const LoadRequests& requests, const std::vector<LoadTarget>& targets);

/// Reads the files that the settings name. Throws UsageError.
LoadRequests read_requests(const LoadSettings& settings);

/// `scheme://authority` of a URL, as it stands there.
std::string_view server_in(std::string_view url);

/// `http://host:port` of a URL, in small letters; none where it is no URL. Throws Error where no host can
/// have the name.
std::optional<std::string> server_name_in(const std::string& url);

/// The server of the first target with a whole URL; none where all have paths alone.
std::optional<SecretText> server_of(const LoadRequests& requests);

/// Throws UsageError where a target is of another server than `base_url`.
void require_server(const LoadRequests& requests, const SecretText& base_url);

/// The JSON of a file of targets, one object. Throws Error, and UsageError for what a text says.
LoadTarget load_target_from(JsonFields fields);
Json json_of(const LoadTarget& target);

/// For the trial's process.
Json json_of(const LoadRequests& requests);
LoadRequests load_requests_from(JsonFields fields);

/// What each request of the load asks for: the targets, or the spec's own request to each of its paths where
/// there are none. The
/// spec's header fields are added where a target has no such one. Its method and body count where a target
/// has none. Throws UsageError where the method has no body.
std::vector<LoadTarget> targets_for(const LoadRequests& requests, const RequestSpec& spec,
                                    const SecretText& base_url);

/// Throws UsageError where a request has a variable that nothing gives a value to: a source, or of a sequence
/// a step before it. Without any source and any target braces are text as any other.
void check_variables(const LoadRequests& requests, const RequestSpec& spec, const SecretText& base_url);

}  // namespace asyncbench
