#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "async/errors.hpp"
#include "async/loop.hpp"
#include "async/task.hpp"
#include "harness/load/strategy.hpp"
#include "harness/trial/pitfall.hpp"

namespace asyncbench {

/// Counts what came of the work other than answers.
class Outcomes {
  public:
    /// `message` is a format of the count: "{} requests were never sent."
    void add(const std::string& code, const std::string& message,
             std::uint64_t count = 1);
    std::vector<Outcome> all() const;

  private:
    std::map<std::pair<std::string, std::string>, std::uint64_t> counts_;
};

/// What a way works with during one run. Everything happens on the loop's
/// thread.
struct PitfallTrial {
    Loop& loop;
    LoopClient& client;
    Plan& plan;
    Recorder& recorder;
    Outcomes& outcomes;
    /// Sends the request and records its answer.
    Task<Response> fetch(Ticket ticket, Site site = Site::here());
    /// How many of the plan's requests ended so far, answered or not.
    std::uint64_t ended = 0;
    std::uint32_t threads =
        1;  ///< that do the work; a way that has more says so
    /// The plan's next requests: at most `most`, none where it is done.
    std::vector<Ticket> take(std::size_t most);
};

/// Does all requests of the plan; what is in the function itself lives for all
/// runs.
using Work = std::function<Task<>(PitfallTrial&)>;

/// A pitfall as it stands in its file.
struct PitfallBench {
    struct Way {
        PitfallWay way;
        std::function<Work(const StrategyOptions&)> make;
    };
    Pitfall pitfall;  ///< but for its ways and the scenario's strategies, which
                      ///< follow from these:
    std::vector<Way> ways;
};

/// The strategy of one way: its work on a loop of its own, with a neighbour
/// beside it.
std::unique_ptr<Strategy> make_pitfall_strategy(const PitfallBench::Way& way,
                                                const StrategyOptions& options);

/// A way gave up what it could have waited for without end; the outcome is
/// `gave-up`.
class GaveUp : public Error {
  public:
    using Error::Error;
};

/// One call, which gives the response or throws.
using FetchData = std::function<Task<Response>(Ticket ticket)>;

/// The plan's users, as the handlers of a server: each takes a request, has its
/// turn on the loop, fetches, and records the answer. The request's time begins
/// before that turn, as a client of the server sees it. An Error that
/// `fetch_data` throws is an outcome: `gave-up` or `error-raised`.
Task<> serve_users(PitfallTrial& trial, FetchData fetch_data);

/// The `make` of a way that needs nothing but the loop's client: serve_users()
/// with `fetch_data`.
using FetchWithClient = Task<Response> (*)(LoopClient& client, Ticket ticket);
std::function<Work(const StrategyOptions&)> serve_with_client(
    FetchWithClient fetch_data);

/// Scenarios of a pitfall: `users` for a second, in which the neighbour wants
/// 200 turns, or `requests` in all.
Scenario closed_loop(std::string_view latency, std::uint32_t users);
Scenario batch(std::string_view latency, std::uint32_t users,
               std::uint64_t requests);

}  // namespace asyncbench
