#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/engine/http_version.hpp"
#include "harness/engine/io_kind.hpp"
#include "harness/engine/load_stage.hpp"
#include "harness/engine/response_query.hpp"
#include "harness/http/expected_status.hpp"
#include "harness/work/units.hpp"

namespace asyncbench {

/// What `asyncbench load` is told besides what any trial is told (plan, request, timeout, warm-up).
struct LoadSettings {
    std::uint32_t threads = 0;           ///< 0: by the machine
    bool keep_alive = true;              ///< false: a connection of its own for each request
    std::vector<LoadStage> stages = {};  ///< of an open loop; empty: the plan's rate for its duration
    std::vector<LoadStage> connection_stages = {};  ///< of a closed loop; empty: all of the plan
    ExpectedStatus expected = {};                   ///< any other is an error
    HttpVersion http = HttpVersion::http1;
    std::uint32_t streams = 1;                ///< of HTTP/2: requests at once on a connection
    bool tls_resume = true;                   ///< new connections resume a TLS session
    std::optional<IoKind> io = {};            ///< none: io_uring, or epoll where that is refused
    Nanoseconds stream_for{0};                ///< how long a stream is read (LoadSpec); 0: to its end
    bool eager = false;                       ///< wake up for each response: no coalescing
    std::string targets = {};                 ///< file of what is sent in turn, `-` for stdin; empty: none
    std::string steps = {};                   ///< file of what each channel sends one after another
    std::vector<std::string> variables = {};  ///< `id=counter`: VariableReader
    std::string var_file = {};                ///< file whose columns are variables, too
    std::vector<ResponseCheck> checks = {};   ///< of each response
    /// In digits: where the host was found before, dealt out to the connections in turn. Empty: the URL's.
    std::vector<std::string> addresses = {};
    std::string unix_socket = {};  ///< its path, in place of an address; empty: none

    bool operator==(const LoadSettings&) const = default;
};

inline constexpr Limits<std::uint64_t> load_threads_limits{1, 1024, "from 1 to 1024"};
inline constexpr Limits<Nanoseconds> stream_for_limits{std::chrono::milliseconds{1}, any_duration.most,
                                                       "at least 1ms"};
inline constexpr Limits<std::uint64_t> streams_limits{1, 1000, "from 1 to 1000"};

}  // namespace asyncbench
