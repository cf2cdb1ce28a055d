#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <thread>
#include <vector>

#include "harness/load/recorder.hpp"
#include "harness/measure/allocations.hpp"
#include "harness/work/reply.hpp"

namespace asyncbench::recorder_tests {

using namespace std::chrono_literals;

constexpr std::uint64_t seed = 5;

Ticket ticket(std::uint64_t id, TimePoint intended_start = steady_now(), bool early = false) {
    return {id, "", intended_start, early};
}

Response failed(TransportError error) {
    Response response;
    response.error = error;
    return response;
}

/// What a target that keeps to the profile answers.
Response right(const Profile& profile, std::uint64_t id) {
    const Reply reply = reply_for(profile, seed, id);
    Response response;
    response.status = reply.status;
    response.body = body_for(seed, id, reply.body_bytes);
    return response;
}

/// A profile whose every request meets the same fault.
Profile always(double FaultShares::* fault) {
    Profile profile;
    profile.faults.*fault = 1;
    return profile;
}

/// The errors counted for one request that got `response`.
ErrorCounts errors_of(const Profile& profile, const Response& response) {
    Recorder recorder({profile, seed, true});
    recorder.end(recorder.begin(ticket(0)), response);
    return recorder.measurement(steady_now()).errors;
}

TEST(Recorder, ARightResponseIsNoErrorAndOneReceived) {
    Recorder recorder({{}, seed, true});
    const TimePoint started = steady_now() - 1s;
    recorder.end(recorder.begin(ticket(3)), right({}, 3));
    const Measurement measurement = recorder.measurement(started);
    EXPECT_EQ(measurement.requests, 1U);
    EXPECT_EQ(measurement.errors, ErrorCounts{});
    Fingerprint three;
    three.add(3);
    EXPECT_EQ(measurement.received, three);
    EXPECT_EQ(measurement.service_time_ns.count(), 1U);
    EXPECT_GE(measurement.elapsed, 1s);
}

TEST(Recorder, CountsTransportErrorsByTheirClass) {
    const auto only = [](std::uint64_t ErrorCounts::* field) {
        ErrorCounts errors;
        errors.*field = 1;
        errors.unforeseen = 1;
        return errors;
    };
    EXPECT_EQ(errors_of({}, failed(TransportError::connect)), only(&ErrorCounts::connect));
    EXPECT_EQ(errors_of({}, failed(TransportError::timeout)), only(&ErrorCounts::timeout));
    EXPECT_EQ(errors_of({}, failed(TransportError::closed)), only(&ErrorCounts::closed));
    EXPECT_EQ(errors_of({}, failed(TransportError::cancelled)), only(&ErrorCounts::other));
    EXPECT_EQ(errors_of({}, failed(TransportError::other)), only(&ErrorCounts::other));
}

TEST(Recorder, AStatusThatTheProfileAsksForIsAForeseenError) {
    Profile profile;
    profile.error_rate = 1;
    const ErrorCounts errors = errors_of(profile, right(profile, 0));
    EXPECT_EQ(errors.status, 1U);
    EXPECT_EQ(errors.unforeseen, 0U);
}

TEST(Recorder, AFaultThatTheProfileAsksForIsAForeseenError) {
    EXPECT_EQ(errors_of(always(&FaultShares::close), failed(TransportError::closed)).unforeseen, 0U);
    EXPECT_EQ(errors_of(always(&FaultShares::truncate), failed(TransportError::closed)).unforeseen, 0U);
    EXPECT_EQ(errors_of(always(&FaultShares::stall), failed(TransportError::timeout)).unforeseen, 0U);
}

TEST(Recorder, AFailureOfAnotherKindThanTheFaultIsNotForeseen) {
    EXPECT_EQ(errors_of(always(&FaultShares::close), failed(TransportError::connect)).unforeseen, 1U);
    EXPECT_EQ(errors_of(always(&FaultShares::stall), failed(TransportError::connect)).unforeseen, 1U);
    EXPECT_EQ(errors_of(always(&FaultShares::stall), failed(TransportError::closed)).unforeseen, 1U);
    EXPECT_EQ(errors_of(always(&FaultShares::dribble), failed(TransportError::closed)).unforeseen, 1U);
}

TEST(Recorder, AnswersWhereTheProfileAsksForNoneAreWrong) {
    Response response = right({}, 0);
    const ErrorCounts errors = errors_of(always(&FaultShares::stall), response);
    EXPECT_EQ(errors.content, 1U);
    EXPECT_EQ(errors.unforeseen, 1U);
}

TEST(Recorder, WrongStatusLengthOrTagIsWrongContent) {
    Response wrong_status = right({}, 0);
    wrong_status.status = 204;
    Response error_status = right({}, 0);
    error_status.status = 500;
    Response too_short = right({}, 0);
    too_short.body.pop_back();
    Response too_long = right({}, 0);
    too_long.body += body_filler;
    Response of_another = right({}, 1);
    for (const Response& response : {wrong_status, error_status, too_short, too_long, of_another}) {
        const ErrorCounts errors = errors_of({}, response);
        EXPECT_EQ(errors.content, 1U);
        EXPECT_EQ(errors.unforeseen, 1U);
        EXPECT_EQ(errors.total(), 1U);
    }
}

/// As right(), of which a client kept 16 bytes and the last one.
Response right_in_part(const Profile& profile, std::uint64_t id) {
    Response response = right(profile, id);
    response.body_skipped = response.body.size() - 17;
    response.body.erase(16, response.body_skipped);
    return response;
}

TEST(Recorder, ABodyThatWasNotKeptWholeIsRightByItsLengthItsTagAndItsLastByte) {
    EXPECT_EQ(errors_of({}, right_in_part({}, 0)), ErrorCounts{});
    Response too_short = right_in_part({}, 0);
    --too_short.body_skipped;
    Response too_long = right_in_part({}, 0);
    ++too_long.body_skipped;
    Response wrong_end = right_in_part({}, 0);
    wrong_end.body.back() = 'x';
    for (const Response& response : {too_short, too_long, wrong_end, right_in_part({}, 1)})
        EXPECT_EQ(errors_of({}, response).content, 1U);
}

TEST(Recorder, CountsTheBytesThatWereNotKeptToo) {
    Recorder recorder({{}, seed, true});
    recorder.end(recorder.begin(ticket(0)), right_in_part({}, 0));
    EXPECT_EQ(recorder.measurement(steady_now()).received_body_bytes, Profile{}.payload_bytes);
}

TEST(Recorder, AStatusThatShouldHaveBeenAnErrorIsWrongContent) {
    Profile profile;
    profile.error_rate = 1;
    const ErrorCounts errors = errors_of(profile, right({}, 0));
    EXPECT_EQ(errors.content, 1U);
    EXPECT_EQ(errors.unforeseen, 1U);
}

TEST(Recorder, OfAForeignTargetLooksAtTheStatusAlone) {
    Recorder recorder({{}, seed, false});
    Response page;
    page.status = 302;
    page.body = "anything";
    recorder.end(recorder.begin(ticket(0)), page);
    page.status = 404;
    recorder.end(recorder.begin(ticket(1)), page);
    recorder.end(recorder.begin(ticket(2)), failed(TransportError::closed));
    const ErrorCounts errors = recorder.measurement(steady_now()).errors;
    EXPECT_EQ(errors, (ErrorCounts{.status = 1, .closed = 1, .unforeseen = 2}));
}

TEST(Recorder, TimeoutsCountInTheLatencyAndOtherFailuresDoNot) {
    Recorder recorder({{}, seed, true});
    Recorder::Exchange exchange = recorder.begin(ticket(0));
    exchange.sent -= 30s;
    exchange.intended_start -= 60s;
    recorder.end(exchange, failed(TransportError::timeout));
    for (const auto error : {TransportError::connect, TransportError::closed, TransportError::other}) {
        recorder.end(recorder.begin(ticket(1)), failed(error));
    }
    const Measurement measurement = recorder.measurement(steady_now());
    EXPECT_EQ(measurement.requests, 4U);
    EXPECT_EQ(measurement.received, Fingerprint{});
    EXPECT_EQ(measurement.service_time_ns.count(), 1U);
    EXPECT_GE(measurement.service_time_ns.max(), Nanoseconds{30s}.count());
    EXPECT_EQ(measurement.response_time_ns.count(), 1U);
    EXPECT_GE(measurement.response_time_ns.max(), Nanoseconds{60s}.count());
}

TEST(Recorder, ResponseTimeCountsFromTheIntendedStart) {
    Recorder recorder({{}, seed, true});
    recorder.end(recorder.begin(ticket(0, steady_now() - 5s)), right({}, 0));
    const Measurement measurement = recorder.measurement(steady_now());
    EXPECT_LT(measurement.service_time_ns.max(), Nanoseconds{5s}.count());
    EXPECT_GE(measurement.response_time_ns.min(), Nanoseconds{4995ms}.count());
}

TEST(Recorder, LatenessIsTheSendersOnlyWhereItHadTimeToBePunctual) {
    Recorder recorder({{}, seed, true});
    recorder.end(recorder.begin(ticket(0, steady_now() - 2s, true)), right({}, 0));
    Ticket overdue = ticket(1, steady_now() - 3s);
    overdue.late = true;
    recorder.end(recorder.begin(overdue), right({}, 1));
    const Measurement measurement = recorder.measurement(steady_now());
    EXPECT_EQ(measurement.send_lateness_ns.count(), 1U);
    EXPECT_GE(measurement.send_lateness_ns.min(), Nanoseconds{1990ms}.count());
    EXPECT_EQ(measurement.sent_late, 1U);
}

// What the target held the request for

/// One request that was sent 100 ms ago, 50 ms late, and whose target tells that it held it for `held`.
Measurement of_one_held(const Expectation& expectation, std::optional<Nanoseconds> held,
                        const std::function<void(Response&)>& change = {}) {
    Recorder recorder(expectation);
    Recorder::Exchange exchange = recorder.begin(ticket(0));
    exchange.sent -= 100ms;
    exchange.intended_start -= 150ms;
    Response response = expectation.verify ? right(expectation.profile, 0) : Response{};
    response.held = held;
    if (change) change(response);
    recorder.end(exchange, response);
    return recorder.measurement(steady_now());
}

Profile delayed(std::string_view delay) {
    Profile profile;
    profile.delay = DelaySpec::parse(delay);
    return profile;
}

/// Histograms keep each value within 0.1 %.
std::int64_t resolution_of(const Measurement& measurement) {
    return measurement.response_time_ns.max() / 1000;
}

TEST(Recorder, OverheadIsTheServiceTimeLessWhatTheTargetHeld) {
    const Measurement measurement = of_one_held({delayed("20ms"), seed, true}, 30ms);
    ASSERT_EQ(measurement.overhead_ns.count(), 1U);
    EXPECT_NEAR(static_cast<double>(measurement.overhead_ns.max() + Nanoseconds{30ms}.count()),
                static_cast<double>(measurement.service_time_ns.max()),
                static_cast<double>(resolution_of(measurement)));
}

TEST(Recorder, PunctualResponseIsWithoutTheTargetsLatenessAlone) {
    const Measurement measurement = of_one_held({delayed("20ms"), seed, true, true}, 30ms);
    ASSERT_EQ(measurement.punctual_response_ns.count(), 1U);
    EXPECT_NEAR(static_cast<double>(measurement.punctual_response_ns.max() + Nanoseconds{10ms}.count()),
                static_cast<double>(measurement.response_time_ns.max()),
                static_cast<double>(resolution_of(measurement)));
}

TEST(Recorder, PunctualResponseTakesTheDelayOfItsOwnRequest) {
    const Expectation expectation{delayed("bimodal:0s,80ms,0.5"), seed, true, true};
    const Nanoseconds delay = reply_for(expectation.profile, seed, 0).delay;
    // Held for exactly as long as it was to.
    const Measurement measurement = of_one_held(expectation, delay);
    EXPECT_EQ(measurement.punctual_response_ns, measurement.response_time_ns);
}

TEST(Recorder, AClosedLoopHasNoPunctualResponse) {
    EXPECT_TRUE(of_one_held({delayed("20ms"), seed, true, false}, 30ms).punctual_response_ns.empty());
}

TEST(Recorder, WhatTheTargetCannotHaveHeldLeavesNothingBelowZero) {
    const Measurement measurement = of_one_held({delayed("20ms"), seed, true, true}, 11 * 24h);
    EXPECT_EQ(measurement.overhead_ns.count(), 1U);
    EXPECT_EQ(measurement.overhead_ns.max(), 0);
    EXPECT_EQ(measurement.punctual_response_ns.count(), 1U);
    EXPECT_EQ(measurement.punctual_response_ns.max(), 0);
}

TEST(Recorder, WithoutAHeldTimeThereIsNoOverhead) {
    const Measurement measurement = of_one_held({delayed("20ms"), seed, true, true}, std::nullopt);
    EXPECT_EQ(measurement.service_time_ns.count(), 1U);
    EXPECT_TRUE(measurement.overhead_ns.empty());
    EXPECT_TRUE(measurement.punctual_response_ns.empty());
}

TEST(Recorder, OnlyRightResponsesHaveAnOverhead) {
    const Expectation expectation{delayed("20ms"), seed, true, true};
    const auto wrong = [](Response& response) { response.body += "x"; };
    const auto late = [](Response& response) { response.error = TransportError::timeout; };
    for (const std::function<void(Response&)>& change : {std::function<void(Response&)>(wrong), {late}}) {
        const Measurement measurement = of_one_held(expectation, 30ms, change);
        EXPECT_EQ(measurement.service_time_ns.count(), 1U);
        EXPECT_TRUE(measurement.overhead_ns.empty());
        EXPECT_TRUE(measurement.punctual_response_ns.empty());
    }
}

TEST(Recorder, AStatusThatTheProfileAsksForHasAnOverhead) {
    Expectation expectation{delayed("20ms"), seed, true, true};
    expectation.profile.error_rate = 1;
    const Measurement measurement = of_one_held(expectation, 30ms);
    EXPECT_EQ(measurement.errors.status, 1U);
    EXPECT_EQ(measurement.overhead_ns.count(), 1U);
    EXPECT_EQ(measurement.punctual_response_ns.count(), 1U);
}

TEST(Recorder, ADribbledResponseIsHeldForLongerThanItTellsAndHasNoOverhead) {
    const Expectation expectation{always(&FaultShares::dribble), seed, true, true};
    const Measurement measurement = of_one_held(expectation, 30ms);
    EXPECT_TRUE(measurement.overhead_ns.empty());
    EXPECT_EQ(measurement.punctual_response_ns.count(), 1U);
}

TEST(Recorder, AForeignTargetThatTellsItHasAnOverheadButNoPunctualResponse) {
    const auto answers_with = [](int status) {
        return [status](Response& response) { response.status = status; };
    };
    const Measurement measurement = of_one_held({{}, seed, false, true}, 30ms, answers_with(204));
    EXPECT_EQ(measurement.overhead_ns.count(), 1U);
    EXPECT_TRUE(measurement.punctual_response_ns.empty()) << "nobody knows how long it was to hold it";
    EXPECT_TRUE(of_one_held({{}, seed, false, true}, 30ms, answers_with(503)).overhead_ns.empty());
}

TEST(Recorder, CountsTheConnectionsThatWereOpened) {
    Recorder recorder({{}, seed, true});
    for (std::uint64_t id = 0; id < 3; ++id) {
        Response response = right({}, id);
        response.new_connection = id != 1;
        recorder.end(recorder.begin(ticket(id)), response);
    }
    EXPECT_EQ(recorder.measurement(steady_now()).connections, 2U);
}

TEST(Recorder, KeepsTheFirstRequestsForTheTimeline) {
    Recorder recorder({{}, seed, true});
    const TimePoint started = steady_now();
    for (std::uint64_t id = 0; id < 1000; ++id) recorder.end(recorder.begin(ticket(id)), right({}, id));
    const auto timeline = recorder.measurement(started).timeline;
    ASSERT_EQ(timeline.size(), 64U);
    for (std::size_t i = 0; i < timeline.size(); ++i) {
        EXPECT_EQ(timeline[i].id, i);
        EXPECT_GE(timeline[i].intended, 0ns);
        EXPECT_GE(timeline[i].sent, timeline[i].intended);
        EXPECT_GE(timeline[i].done, timeline[i].sent);
    }
}

TEST(Recorder, OfNothingHasMeasuredNothing) {
    const Recorder recorder({{}, seed, true});
    const Measurement measurement = recorder.measurement(steady_now());
    EXPECT_EQ(measurement.requests, 0U);
    EXPECT_EQ(measurement.elapsed, 0ns);
    EXPECT_TRUE(measurement.service_time_ns.empty());
    EXPECT_TRUE(measurement.timeline.empty());
}

TEST(Recorder, CountsAllThatEightThreadsGiveIt) {
    constexpr std::uint64_t each = 5'000;
    constexpr std::uint64_t threads = 8;
    Recorder recorder({{}, seed, true});
    {
        std::vector<std::jthread> recording;
        for (std::uint64_t thread = 0; thread < threads; ++thread) {
            recording.emplace_back([&recorder, thread] {
                for (std::uint64_t i = 0; i < each; ++i) {
                    const std::uint64_t id = i * threads + thread;
                    recorder.end(recorder.begin(ticket(id)), right({}, id));
                }
            });
        }
    }
    const Measurement measurement = recorder.measurement(steady_now() - 1h);
    Fingerprint all;
    for (std::uint64_t id = 0; id < each * threads; ++id) all.add(id);
    EXPECT_EQ(measurement.received, all);
    EXPECT_EQ(measurement.requests, each * threads);
    EXPECT_EQ(measurement.errors, ErrorCounts{});
    EXPECT_EQ(measurement.service_time_ns.count(), each * threads);
    EXPECT_EQ(measurement.timeline.size(), 64U);
}

TEST(Recorder, AllocatesNothingWhileItRecords) {
    Profile profile;
    profile.delay = DelaySpec::parse("lognormal:20ms,80ms");
    profile.error_rate = 0.25;
    profile.faults.stall = 0.25;
    Recorder recorder({profile, seed, true, true});
    std::vector<Ticket> tickets;
    std::vector<Response> responses;
    for (std::uint64_t id = 0; id < 1000; ++id) {
        tickets.push_back(ticket(id, steady_now(), id % 2 == 0));
        responses.push_back(reply_for(profile, seed, id).arrives() ? right(profile, id)
                                                                   : failed(TransportError::timeout));
        responses.back().held = 20ms;
    }
    const std::uint64_t before = thread_allocations();
    for (std::size_t i = 0; i < tickets.size(); ++i) recorder.end(recorder.begin(tickets[i]), responses[i]);
    const std::uint64_t allocated = thread_allocations() - before;
    if (!allocations_are_counted()) GTEST_SKIP() << allocations_not_counted;
    EXPECT_EQ(allocated, 0U);
    EXPECT_EQ(recorder.measurement(steady_now()).requests, 1000U);
}

}  // namespace asyncbench::recorder_tests
