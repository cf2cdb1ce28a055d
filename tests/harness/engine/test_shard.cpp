#include "harness/engine/shard.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <memory>
#include <thread>
#include <utility>

#include "harness/measure/allocations.hpp"

namespace asyncbench::shard_tests {

using namespace std::chrono_literals;

/// Channels of a server that takes 1 ms, on a clock that goes on when they wait, and a little whenever it is
/// looked at.
class ChannelsOfAFakeClock final : public Channels {
  public:
    /// Each request is refused so often before it is answered.
    explicit ChannelsOfAFakeClock(std::uint32_t count, std::uint32_t refusals = 0)
        : count_(count), refusals_(refusals) {}

    std::uint32_t count() const override { return count_; }
    std::uint32_t open_connections() const override { return count_; }
    bool is_open(ChannelId /*channel*/) const override { return true; }
    void open(ChannelId /*channel*/) override {}
    void send(ChannelId channel, const OutgoingRequest& /*request*/, TimePoint& sent) override {
        sent = now_;
        in_flight_.emplace_back(channel, now_ + 1ms);
    }
    void flush() override {}
    void close(ChannelId /*channel*/) override {}
    ResponseSummary end_response(ChannelId /*channel*/) override { return {}; }
    unsigned wait(const IoWait& how, ChannelHandler& handler) override {
        const TimePoint next = in_flight_.empty() ? TimePoint::max() : in_flight_.front().second;
        now_ = std::max(now_, std::min(how.until, next));
        unsigned responses = 0;
        for (; !in_flight_.empty() && in_flight_.front().second <= now_; ++responses) {
            const auto [channel, arrival] = in_flight_.front();
            in_flight_.pop_front();
            if (refusals_ > 0 && sends_++ % (refusals_ + 1) < refusals_) {
                handler.refused(channel, "not now");
                continue;
            }
            handler.response_began(channel, arrival);
            handler.responded(channel, {.status = 200, .body_bytes = 5}, {.time = arrival, .stamped = false});
        }
        return responses;
    }
    TimePoint now() const override { return now_ += 10us; }

  private:
    std::uint32_t count_;
    std::uint32_t refusals_;
    std::uint64_t sends_ = 0;
    mutable TimePoint now_{};
    std::deque<std::pair<ChannelId, TimePoint>> in_flight_;
};

struct Generated {
    LoadMeasurement measurement;
    std::vector<LoadSecond> seconds;
    std::uint64_t allocations = 0;  ///< of the shard's thread, while it ran
};

Generated generate(const LoadSpec& spec, std::uint32_t refusals = 0) {
    const std::atomic<bool> interrupted = false;
    Seconds seconds(1, {});
    Generated all;
    {
        const std::jthread collector([&] { seconds.run(); });
        Shard shard(spec, {0, 1}, std::make_unique<ChannelsOfAFakeClock>(spec.connections, refusals),
                    &interrupted, &seconds);
        const std::uint64_t before = thread_allocations();
        all.measurement = shard.run(TimePoint{} + 1s);
        all.allocations = thread_allocations() - before;
        seconds.ended(0);
    }
    all.seconds = seconds.take();
    return all;
}

TEST(Shard, SendsAnHourOfStagesAsItIsWritten) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "Three million requests take minutes where they are instrumented.";
#endif
    LoadSpec spec;
    spec.stages = {{0, 1000, 10min}, {1000, 1000, 40min}, {1000, 0, 10min}};
    spec.duration = 1h;
    spec.warmup = 0s;
    const Generated hour = generate(spec);

    const LoadMeasurement& all = hour.measurement;
    EXPECT_EQ(all.sent, 3'000'000U);
    EXPECT_EQ(all.answered, 3'000'000U);
    EXPECT_EQ(all.body_bytes, 15'000'000U);
    EXPECT_EQ(all.unfinished + all.not_sent + all.sent_late + all.errors.unforeseen, 0U);
    EXPECT_EQ(all.elapsed, 1h);
    EXPECT_LE(all.send_lateness_ns.max(), 100'000);  // of a clock that goes on by 10 us a look
    EXPECT_NEAR(static_cast<double>(all.service_time_ns.value_at_percentile(50)), 1e6, 1e4);

    ASSERT_EQ(hour.seconds.size(), 3600U);
    // The integral of the rate over the second, give or take the request at its end.
    EXPECT_NEAR(static_cast<double>(hour.seconds[59].sent), 1000.0 / 600 * 59.5, 1);
    EXPECT_EQ(hour.seconds[1800].sent, 1000U);
    EXPECT_NEAR(static_cast<double>(hour.seconds[3540].sent), 1000.0 / 600 * 59.5, 1);
}

TEST(Shard, HasAsManyRequestsInFlightAsConnectionsHaveATurn) {
    LoadSpec spec;
    spec.connections = 10;
    spec.connection_stages = {{0, 10, 10s}, {10, 10, 5s}, {10, 0, 10s}};
    spec.warmup = 0s;
    spec.duration = 25s;
    const Generated all = generate(spec);
    ASSERT_EQ(all.seconds.size(), 25U);
    // Each request takes 1 ms and a little, as the clock goes on 10 us at each look.
    const auto share_of_plateau = [&](std::size_t second) {
        return static_cast<double>(all.seconds[second].answered) /
               static_cast<double>(all.seconds[12].answered);
    };
    EXPECT_GT(all.seconds[12].answered, 5000U);
    EXPECT_NEAR(share_of_plateau(0), 0.05, 0.03) << "the first one from half of that second on";
    EXPECT_NEAR(share_of_plateau(5), 0.55, 0.1);
    EXPECT_NEAR(share_of_plateau(19), 0.55, 0.1);
    EXPECT_NEAR(share_of_plateau(24), 0.05, 0.03);
    EXPECT_EQ(all.measurement.errors.total(), 0U);
    EXPECT_EQ(all.measurement.unfinished, 0U);
}

TEST(Shard, SendsARequestAgainThatTheServerRefusesButNotForEver) {
    LoadSpec spec;
    spec.connections = 1;
    spec.requests = 100;
    spec.warmup = 0s;
    const LoadMeasurement answered = generate(spec, 3).measurement;
    EXPECT_EQ(answered.answered, 100U);
    EXPECT_GT(answered.service_time_ns.min(), 3'900'000) << "from the first send";
    const LoadMeasurement refused = generate(spec, 1000).measurement;
    EXPECT_EQ(refused.answered, 0U);
    EXPECT_EQ(refused.errors.closed, 100U);
}

TEST(Shard, KeepsNothingOfARequestHoweverLongItRuns) {
    if (!allocations_are_counted()) GTEST_SKIP() << allocations_not_counted;
    LoadSpec spec;
    spec.warmup = 0s;
    const auto allocations_in = [&](Nanoseconds duration) {
        spec.stages = {{1000, 1000, duration}};
        spec.duration = duration;
        return generate(spec).allocations;
    };
    const std::uint64_t of_ten_seconds = allocations_in(10s);
    // 110,000 requests more. What is left are records of seconds, as the fake ones are shorter than it takes
    // to collect them.
    EXPECT_LT(allocations_in(2min), of_ten_seconds + 11'000);
}

}  // namespace asyncbench::shard_tests
