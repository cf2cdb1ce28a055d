// The child's side of a trial whose kind of work has no client of the sort that its strategy asks for.

#include "harness/trial/trial_process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <sstream>
#include <variant>

#include "harness/trial/trial_json.hpp"
#include "harness/work/service.hpp"

namespace asyncbench::trial_process_tests {

constexpr const char* reason = "Disks have no client on a loop.";

class WithoutLoopClient final : public Service {
  public:
    std::unique_ptr<BlockingClient> blocking() override { return nullptr; }
    std::unique_ptr<LoopClient> on(Loop&, std::uint32_t) override { throw Unavailable(reason); }
    std::unique_ptr<PollingClient> polling(std::uint32_t) override { return nullptr; }
};

/// Asks for its client when it is made, or when it runs.
class OnLoop final : public Strategy {
  public:
    OnLoop(bool at_once, const StrategyOptions&) {
        if (at_once) service_.on(loop_, 1);
    }
    void run(Plan& plan, Recorder&) override {
        service_.on(loop_, 1);
        while (plan.next()) {
        }
    }
    StrategyStats stats() const override { return {.threads = 1, .loops = std::nullopt}; }

  private:
    WithoutLoopClient service_;
    Loop loop_;
};

TEST(TrialProcess, ReportsThatTheWorkHasNoClientForTheStrategy) {
    for (const bool at_once : {true, false}) {
        StrategyRegistry strategies;
        strategies.add({"on-loop", "", "", {}}, [&](const StrategyOptions& options) {
            return std::make_unique<OnLoop>(at_once, options);
        });
        TrialSpec spec;
        spec.trial = "t-1";
        spec.strategy.name = "on-loop";
        spec.plan = {.kind = PlanKind::batch, .concurrency = 1, .requests = 1};
        spec.base_url = "http://127.0.0.1:1";
        std::istringstream in(to_json_line(spec) + "\ngo\n");
        std::ostringstream out;
        EXPECT_EQ(run_trial_process(in, out, strategies), 1);

        std::istringstream lines(out.str());
        std::string last;
        for (std::string line; std::getline(lines, line);) last = line;
        const auto result = std::get<Trial>(trial_event_from_json(last));
        EXPECT_TRUE(result.unavailable()) << last;
        EXPECT_EQ(result.failure, reason);
    }
}

}  // namespace asyncbench::trial_process_tests
