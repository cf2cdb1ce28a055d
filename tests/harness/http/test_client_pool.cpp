#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "harness/work/client_pool.hpp"
#include "tests/harness/http/test_target.hpp"

namespace asyncbench::client_pool_tests {

using test::InProcessTarget;

TEST(ClientPool, OpensAsManyConnectionsAsThreadsUseItAtOnce) {
    const InProcessTarget target(test::with_delay("2ms"));
    ClientPool clients(target.service());
    std::atomic<std::uint64_t> opened{0};
    std::atomic<std::uint64_t> failed{0};
    {
        std::vector<std::jthread> threads;
        for (std::uint64_t thread = 0; thread < 6; ++thread) {
            threads.emplace_back([&, thread] {
                for (std::uint64_t i = 0; i < 20; ++i) {
                    const Response response = clients.request({thread * 20 + i, "t", {}});
                    if (response.new_connection) ++opened;
                    if (!response.ok()) ++failed;
                }
            });
        }
    }
    EXPECT_EQ(failed, 0U);
    EXPECT_LE(opened, 6U);
    EXPECT_EQ(target.stats().connections, opened);
    EXPECT_EQ(target.stats().served.count, 120U);
}

TEST(ClientPool, LendsAConnectionToThreadsThatDoNotOverlap) {
    const InProcessTarget target;
    ClientPool clients(target.service());
    for (std::uint64_t id = 0; id < 20; ++id) {
        std::jthread([&] { EXPECT_TRUE(clients.request({id, "t", {}}).ok()); });
    }
    EXPECT_EQ(target.stats().connections, 1U);
}

TEST(ClientPool, ClosesItsConnectionsWhenItEnds) {
    const InProcessTarget target;
    {
        ClientPool clients(target.service());
        EXPECT_TRUE(clients.request({0, "t", {}}).ok());
        EXPECT_EQ(target.connections(), 1U);
    }
    EXPECT_TRUE(test::eventually([&] { return target.connections() == 0; }));
}

}  // namespace asyncbench::client_pool_tests
