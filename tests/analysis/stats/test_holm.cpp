#include "analysis/stats/holm.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

#include "tests/analysis/stats/reference.hpp"

namespace asyncbench::holm_tests {

using Values = std::vector<double>;

TEST(Holm, AdjustsAsRDoes) {
    for (const auto& row : reference::answers_of_r("holm")) {
        const Values adjusted = holm_adjusted(reference::numbers(row.at("p")));
        const Values of_r = reference::numbers(row.at("adjusted"));
        ASSERT_EQ(adjusted.size(), of_r.size());
        for (std::size_t i = 0; i < adjusted.size(); ++i) EXPECT_DOUBLE_EQ(adjusted[i], of_r[i]) << row;
    }
}

TEST(Holm, LeavesASingleTestAndNoneAsTheyAre) {
    EXPECT_EQ(holm_adjusted(Values{0.2}), Values{0.2});
    EXPECT_TRUE(holm_adjusted({}).empty());
}

TEST(Holm, RefusesWhatIsNoProbability) {
    for (const double p : {-0.001, 1.001, std::nan("")}) {
        EXPECT_THROW(holm_adjusted(Values{0.5, p}), std::invalid_argument);
    }
}

}  // namespace asyncbench::holm_tests
