#include "async/detect/diagnosis.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace asyncbench::diagnosis_tests {

Finding finding_at(const std::string& created, Finding::Kind kind = Finding::Kind::never_awaited) {
    Finding finding;
    finding.kind = kind;
    finding.created = created;
    return finding;
}

TEST(Diagnosis, CountsTheSameFindingOnce) {
    Diagnosis diagnosis;
    diagnosis.add(finding_at("a.cpp:1"));
    diagnosis.add(finding_at("a.cpp:2"));
    diagnosis.add(finding_at("a.cpp:1"));
    ASSERT_EQ(diagnosis.findings.size(), 2u);
    EXPECT_EQ(diagnosis.findings[0].count, 2u);
    EXPECT_EQ(diagnosis.findings[1].count, 1u);
    EXPECT_EQ(diagnosis.count_of(Finding::Kind::never_awaited), 3u);
    EXPECT_EQ(diagnosis.count_of(Finding::Kind::stall), 0u);
}

TEST(Diagnosis, ListsABoundedNumberAndCountsTheRest) {
    Diagnosis diagnosis;
    EXPECT_TRUE(diagnosis.clean());
    for (std::size_t i = 0; i < Diagnosis::most_findings + 3; ++i) {
        diagnosis.add(finding_at("a.cpp:" + std::to_string(i)));
    }
    EXPECT_EQ(diagnosis.findings.size(), Diagnosis::most_findings);
    EXPECT_EQ(diagnosis.not_listed, 3u);
    EXPECT_FALSE(diagnosis.clean());
}

TEST(Diagnosis, CountsAStallOnceHoweverOftenItIsReportedAndKeepsTheLongest) {
    const auto stall = [](int ms, bool before) {
        Finding finding = finding_at("a.cpp:1", Finding::Kind::stall);
        finding.duration = std::chrono::milliseconds(ms);
        finding.reported_before = before;
        return finding;
    };
    Diagnosis diagnosis;
    EXPECT_TRUE(diagnosis.add(stall(100, false)));
    EXPECT_FALSE(diagnosis.add(stall(200, true)));
    EXPECT_FALSE(diagnosis.add(stall(400, true)));
    EXPECT_FALSE(diagnosis.add(stall(100, false)));
    ASSERT_EQ(diagnosis.findings.size(), 1u);
    EXPECT_EQ(diagnosis.findings[0].count, 2u);
    EXPECT_EQ(diagnosis.findings[0].first.duration, std::chrono::milliseconds(400));
}

TEST(Diagnosis, AddsUpWhatSeveralFound) {
    Diagnosis one;
    one.add(finding_at("a.cpp:1"), 2);
    one.suppressed = 1;
    one.lag_ns.record(1000);
    Diagnosis other;
    other.add(finding_at("a.cpp:1"));
    other.add(finding_at("a.cpp:1", Finding::Kind::stall));
    other.not_listed = 4;
    other.stalls_ns.record(5);
    one += other;
    ASSERT_EQ(one.findings.size(), 2u);
    EXPECT_EQ(one.findings[0].count, 3u);
    EXPECT_EQ(one.not_listed, 4u);
    EXPECT_EQ(one.suppressed, 1u);
    EXPECT_EQ(one.lag_ns.count(), 1u);
    EXPECT_EQ(one.stalls_ns.count(), 1u);
}

TEST(Finding, EachKindHasANameOfItsOwn) {
    std::set<std::string_view> names;
    for (const Finding::Kind kind : finding_kinds()) names.insert(name_of(kind));
    EXPECT_EQ(names.size(), finding_kinds().size());
    EXPECT_FALSE(names.contains("unknown"));
}

}  // namespace asyncbench::diagnosis_tests
