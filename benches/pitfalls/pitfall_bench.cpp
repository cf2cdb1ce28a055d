#include "benches/pitfalls/pitfall_bench.hpp"

#include <fmt/format.h>

#include <utility>

#include "async/errors.hpp"
#include "async/gather.hpp"
#include "async/run.hpp"
#include "async/schedule.hpp"
#include "benches/pitfalls/neighbour.hpp"
#include "harness/work/service.hpp"

namespace asyncbench {
namespace {

class PitfallStrategy final : public Strategy {
  public:
    PitfallStrategy(const PitfallBench::Way& way,
                    const StrategyOptions& options)
        : client_(options.service->on(loop_, options.concurrency)),
          work_(way.make(options)) {}

    void run(Plan& plan, Recorder& recorder) override {
        loop_.reset_stats();
        Histogram neighbour_delay_ns;
        Outcomes outcomes;
        PitfallTrial trial{loop_, *client_, plan, recorder, outcomes};
        asyncbench::run(loop_,
                        beside_neighbour(work_(trial), neighbour_delay_ns));
        const LoopStats loop = loop_.stats();
        stats_ = {
            .threads = trial.threads,
            .loops = StrategyStats::Loops{loop.busy, loop.total,
                                          loop.longest_busy, loop.longest_lag},
            .neighbour_delay_ns = std::move(neighbour_delay_ns),
            .outcomes = outcomes.all()};
    }

    StrategyStats stats() const override { return stats_; }

  private:
    Loop loop_;
    std::unique_ptr<LoopClient> client_;
    Work work_;
    StrategyStats stats_;
};

Task<> user(PitfallTrial& trial, const FetchData& fetch_data) {
    while (const auto ticket = trial.plan.next()) {
        co_await resume_on(trial.loop);
        const auto exchange = trial.recorder.begin(*ticket);
        try {
            const Response response = co_await fetch_data(*ticket);
            trial.recorder.end(exchange, response);
            ++trial.ended;
        } catch (const GaveUp& error) {
            trial.outcomes.add("gave-up",
                               fmt::format("{{}} gave up: {}", error.what()));
        } catch (const Error& error) {
            trial.outcomes.add(
                "error-raised",
                fmt::format("{{}} × the error \"{}\"", error.what()));
        }
    }
}

}  // namespace

void Outcomes::add(const std::string& code, const std::string& message,
                   std::uint64_t count) {
    if (count > 0) counts_[{code, message}] += count;
}

std::vector<Outcome> Outcomes::all() const {
    std::vector<Outcome> outcomes;
    for (const auto& [kind, count] : counts_) {
        std::string message = kind.second;
        if (const auto place = message.find("{}"); place != std::string::npos) {
            message.replace(place, 2, fmt::format("{}", count));
        }
        outcomes.push_back({kind.first, count, std::move(message)});
    }
    return outcomes;
}

Task<Response> PitfallTrial::fetch(Ticket ticket, Site /*site*/) {
    const auto exchange = recorder.begin(ticket);
    Response response = co_await client.request(ticket);
    recorder.end(exchange, response);
    ++ended;
    co_return response;
}

std::vector<Ticket> PitfallTrial::take(std::size_t most) {
    std::vector<Ticket> tickets;
    while (tickets.size() < most) {
        auto ticket = plan.next();
        if (!ticket) break;
        tickets.push_back(*ticket);
    }
    return tickets;
}

std::unique_ptr<Strategy> make_pitfall_strategy(
    const PitfallBench::Way& way, const StrategyOptions& options) {
    return std::make_unique<PitfallStrategy>(way, options);
}

Task<> serve_users(PitfallTrial& trial, FetchData fetch_data) {
    std::vector<Task<>> users;
    users.reserve(trial.plan.concurrency());
    for (std::uint32_t i = 0; i < trial.plan.concurrency(); ++i)
        users.push_back(user(trial, fetch_data));
    co_await gather(std::move(users));
}

std::function<Work(const StrategyOptions&)> serve_with_client(
    FetchWithClient fetch_data) {
    return [fetch_data](const StrategyOptions&) -> Work {
        return [fetch_data](PitfallTrial& trial) {
            return serve_users(
                trial, [&client = trial.client, fetch_data](Ticket ticket) {
                    return fetch_data(client, ticket);
                });
        };
    };
}

Scenario closed_loop(std::string_view latency, std::uint32_t users) {
    Scenario scenario;
    scenario.concurrency = {users};
    scenario.profile.delay = DelaySpec::parse(latency);
    scenario.plan.kind = PlanKind::closed;
    scenario.plan.duration = std::chrono::seconds{1};
    scenario.warmup = std::chrono::milliseconds{100};
    scenario.timeout = std::chrono::seconds{5};
    return scenario;
}

Scenario batch(std::string_view latency, std::uint32_t users,
               std::uint64_t requests) {
    Scenario scenario = closed_loop(latency, users);
    scenario.plan.kind = PlanKind::batch;
    scenario.plan.duration = Nanoseconds{0};
    scenario.plan.requests = requests;
    return scenario;
}

}  // namespace asyncbench
