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
    explicit ChannelsOfAFakeClock(std::uint32_t count) : count_(count) {}

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
            handler.response_began(channel, arrival);
            handler.responded(channel, {.status = 200, .body_bytes = 5}, {.time = arrival, .stamped = false});
        }
        return responses;
    }
    TimePoint now() const override { return now_ += 10us; }

  private:
    std::uint32_t count_;
    mutable TimePoint now_{};
    std::deque<std::pair<ChannelId, TimePoint>> in_flight_;
};

struct Generated {
    LoadMeasurement measurement;
    std::vector<LoadSecond> seconds;
    std::uint64_t allocations = 0;  ///< of the shard's thread, while it ran
};

Generated generate(const LoadSpec& spec) {
    const std::atomic<bool> interrupted = false;
    Seconds seconds(1, {});
    Generated all;
    {
        const std::jthread collector([&] { seconds.run(); });
        Shard shard(spec, {0, 1}, std::make_unique<ChannelsOfAFakeClock>(spec.connections), &interrupted,
                    &seconds);
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
