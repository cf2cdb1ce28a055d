#include "harness/load/failures.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace asyncbench::failures_tests {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(EndingCounter, CountsEachStatusAndEachReasonOnce) {
    EndingCounter counter;
    for (const int status : {200, 200, 503}) counter.count_status(status, "");
    counter.count_reason(ErrorClass::timeout, "slow");
    for (int i = 0; i < 2; ++i) counter.count_reason(ErrorClass::connect, "refused");
    const Endings endings = counter.endings();
    EXPECT_THAT(endings.statuses, ElementsAre(Pair(200, 2), Pair(503, 1)));
    EXPECT_THAT(endings.reasons, ElementsAre(FailureReason{ErrorClass::connect, "refused", 2},
                                             FailureReason{ErrorClass::timeout, "slow", 1}));
}

TEST(EndingCounter, TakesMessagesForOneThatDifferInADurationOrASize) {
    EndingCounter counter;
    counter.count_reason(ErrorClass::connect, "Failed to connect to 127.0.0.1 port 80 after 0 ms: refused");
    counter.count_reason(ErrorClass::connect, "Failed to connect to 127.0.0.1 port 80 after 12 ms: refused");
    counter.count_reason(ErrorClass::connect, "Failed to connect to 127.0.0.1 port 81 after 1 ms: refused");
    counter.count_reason(ErrorClass::timeout,
                         "Operation timed out after 5000 milliseconds with 7 out of 9 bytes");
    EXPECT_THAT(
        counter.endings().reasons,
        ElementsAre(FailureReason{ErrorClass::connect,
                                  "Failed to connect to 127.0.0.1 port 80 after N ms: refused", 2},
                    FailureReason{ErrorClass::connect,
                                  "Failed to connect to 127.0.0.1 port 81 after N ms: refused", 1},
                    FailureReason{ErrorClass::timeout,
                                  "Operation timed out after N milliseconds with N out of N bytes", 1}));
}

TEST(EndingCounter, KeepsSoManyReasonsAndCountsTheOthersByTheirClass) {
    EndingCounter counter;
    for (int i = 0; i < 1000; ++i) counter.count_reason(ErrorClass::other, fmt::format("reason {}", i));
    counter.count_reason(ErrorClass::other, std::string(20'000, 'x'));
    const Endings endings = counter.endings();
    EXPECT_LE(endings.reasons.size(), 40U);
    std::uint64_t all = 0;
    for (const FailureReason& reason : endings.reasons) all += reason.count;
    EXPECT_EQ(all, 1001U);
    EXPECT_EQ(endings.reasons.front().message, "") << "the commonest are those that were not kept";
}

TEST(EndingCounter, HidesSecretsAndBoundsMessages) {
    EndingCounter counter;
    counter.count_reason(ErrorClass::other, "no answer of http://ann:pw@host/");
    counter.count_status(302, "http://ann:pw@host/" + std::string(5000, 'x'));
    const Endings endings = counter.endings();
    EXPECT_EQ(endings.reasons.front().message, "no answer of http://***@host/");
    EXPECT_EQ(endings.redirect.find("ann"), std::string::npos);
    EXPECT_LE(endings.redirect.size(), 2000U);
    counter.count_reason(ErrorClass::other, std::string(199, 'x') + "ä");
    EXPECT_EQ(counter.endings().reasons.back().message, std::string(199, 'x')) << "no character is cut";
}

TEST(EndingCounter, MayBeToldByManyThreads) {
    EndingCounter counter;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&counter] {
            for (int i = 0; i < 1000; ++i) {
                counter.count_status(200, "");
                counter.count_reason(ErrorClass::closed, i % 2 == 0 ? "even" : "odd");
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    const Endings endings = counter.endings();
    EXPECT_EQ(endings.statuses.at(200), 4000U);
    EXPECT_THAT(endings.reasons, ElementsAre(FailureReason{ErrorClass::closed, "even", 2000},
                                             FailureReason{ErrorClass::closed, "odd", 2000}));
}

TEST(Endings, OfTrialsAreAddedUp) {
    Endings sum;
    Endings one;
    one.statuses = {{200, 1}, {503, 2}};
    one.add({ErrorClass::closed, "reset", 3});
    sum += one;
    sum += one;
    EXPECT_THAT(sum.statuses, ElementsAre(Pair(200, 2), Pair(503, 4)));
    EXPECT_THAT(sum.reasons, ElementsAre(FailureReason{ErrorClass::closed, "reset", 6}));
}

TEST(FailuresInWords, SaysTheCommonestFirstAndHowManyAreLeft) {
    Endings endings;
    endings.statuses = {{200, 40}, {429, 5}, {503, 60}, {599, 1}};
    endings.add({ErrorClass::timeout, "slow", 7});
    const ErrorCounts errors{.status = 66, .timeout = 7};
    EXPECT_THAT(failures_in_words(errors, endings, 3),
                ElementsAre("60 × status 503 (Service Unavailable)", "7 × timeout: slow",
                            "5 × status 429 (Too Many Requests)", "1 × for other reasons"));
    EXPECT_THAT(failures_in_words(errors, endings, 4).back(), "1 × status 599");
}

TEST(FailuresInWords, HaveTheCountAloneWhereAProgramTellsNoMore) {
    EXPECT_THAT(failures_in_words({.status = 3, .connect = 2}, {}, 5),
                ElementsAre("3 × status", "2 × connect"));
    EXPECT_THAT(failures_in_words({}, {}, 5), IsEmpty());
}

}  // namespace asyncbench::failures_tests
