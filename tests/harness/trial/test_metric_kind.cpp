#include "harness/trial/metric.hpp"

#include <gtest/gtest.h>

namespace asyncbench::metric_kind_tests {

TEST(MetricKind, IsTheCataloguesWhereThatKnowsTheMetric) {
    for (const MetricInfo& info : metric_catalogue()) {
        EXPECT_EQ(metric_kind(info.name).unit, info.unit) << info.name;
        EXPECT_EQ(metric_kind(info.name).better, info.better) << info.name;
    }
}

TEST(MetricKind, IsWhatTheNamesEndSaysElsewhere) {
    EXPECT_EQ(metric_kind("real_time_ns").unit, "ns");
    EXPECT_EQ(metric_kind("real_time_ns").better, Better::lower);
    EXPECT_EQ(metric_kind("items_per_second").unit, "1/s");
    EXPECT_EQ(metric_kind("items_per_second").better, Better::higher);
    EXPECT_EQ(metric_kind("heap_bytes").unit, "bytes");
    EXPECT_EQ(metric_kind("switches").unit, "");
    EXPECT_EQ(metric_kind("switches").better, Better::neither);
}

}  // namespace asyncbench::metric_kind_tests
