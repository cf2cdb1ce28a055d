#include "targets/mock/outgoing.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace asyncbench::mock {
namespace {

/// What a socket gets that takes at most `step` bytes a call.
std::string write_out(Outgoing& outgoing, std::size_t step) {
    std::string written;
    Outgoing::Buffers buffers;
    while (!outgoing.at_end()) {
        std::size_t left = step;
        for (const auto& buffer : outgoing.gather(buffers)) {
            const std::size_t taken = std::min(left, buffer.size());
            written.append(static_cast<const char*>(buffer.data()), taken);
            left -= taken;
        }
        if (left == step) return written + " and no more";
        outgoing.advance(step - left);
    }
    return written;
}

TEST(Outgoing, IsHeadThenBodyHoweverLittleTheSocketTakes) {
    for (const std::uint64_t body_bytes : {0, 1, 15, 16, 17, 100}) {
        for (const std::size_t step : {1, 3, 16, 1000}) {
            Outgoing outgoing("head", 5, 9, body_bytes);
            EXPECT_EQ(write_out(outgoing, step), "head" + body_for(5, 9, body_bytes));
            EXPECT_TRUE(outgoing.complete());
        }
    }
}

TEST(Outgoing, RepeatsOneBlockForLargeBodies) {
    constexpr std::uint64_t body_bytes = 3'000'000;
    Outgoing outgoing("head", 5, 9, body_bytes);
    EXPECT_EQ(write_out(outgoing, 100'000), "head" + body_for(5, 9, body_bytes));
}

TEST(Outgoing, StopsAtItsEndAndGoesOnFromThere) {
    const std::string whole = "head" + body_for(5, 9, 200);
    for (std::size_t end = 0; end <= whole.size(); ++end) {
        Outgoing outgoing("head", 5, 9, 200);
        outgoing.set_end(end);
        std::string written = write_out(outgoing, 7);
        EXPECT_EQ(written, whole.substr(0, end));
        outgoing.set_end(outgoing.total_bytes());
        written += write_out(outgoing, 50);
        EXPECT_EQ(written, whole);
    }
}

TEST(Outgoing, OfTextAloneIsTheText) {
    Outgoing outgoing("all there is");
    EXPECT_EQ(write_out(outgoing, 5), "all there is");
    EXPECT_TRUE(outgoing.complete());
}

}  // namespace
}  // namespace asyncbench::mock
