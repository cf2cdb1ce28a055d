// The table of percentiles against HdrHistogram-Java's, kept by scripts/make-histogram-testdata.
#include "reports/formats/percentile_text.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/harness/measure/reference_data_sets.hpp"
#include "tests/reports/test_support.hpp"
#include "tests/support/paths/paths.hpp"

namespace asyncbench::percentile_text_tests {

class PercentileText : public testing::TestWithParam<reference::DataSet> {};

TEST_P(PercentileText, IsWhatJavaWrites) {
    Histogram histogram;
    GetParam().generate([&](std::int64_t value, std::uint64_t count) { histogram.record(value, count); });
    const auto answers = nlohmann::json::parse(
        test::read_file(test::source_dir() + "/tests/harness/measure/data/hdrhistogram.json"));
    std::string java;
    for (const auto& set : answers.at("data_sets")) {
        if (set.at("name") == GetParam().name) java = set.at("percentile_text");
    }
    ASSERT_FALSE(java.empty());
    EXPECT_EQ(percentile_text(histogram), java);
}

INSTANTIATE_TEST_SUITE_P(Java, PercentileText,
                         testing::ValuesIn(reference::data_sets().begin(), reference::data_sets().end()),
                         [](const auto& set) { return std::string{set.param.name}; });

}  // namespace asyncbench::percentile_text_tests
