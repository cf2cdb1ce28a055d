#include "harness/engine/reachable.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/http/kept_server.hpp"
#include "tests/support/http/raw_server.hpp"

namespace asyncbench::reachable_tests {

using namespace std::chrono_literals;
using testing::ElementsAre;

const std::atomic<bool> never{false};

TEST(Reachable, AreTheAddressesThatAcceptAConnection) {
    const test::KeptServer server([](const auto&) { return test::ok_answer(); });
    EXPECT_THAT(reachable({"::1", "127.0.0.1"}, server.port(), steady_now() + 5s, never),
                ElementsAre("127.0.0.1"));
}

TEST(Reachable, IsTheFirstOneWhereNoneAccepts) {
    EXPECT_THAT(reachable({"::1", "127.0.0.1"}, test::refusing_port(), steady_now() + 5s, never),
                ElementsAre("::1"));
}

}  // namespace asyncbench::reachable_tests
