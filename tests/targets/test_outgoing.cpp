#include "targets/mock/outgoing.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace asyncbench::mock {
namespace {

/// What is written, however many pieces it takes.
std::string write_out(Outgoing& outgoing) {
    std::string written;
    std::string scratch;
    while (!outgoing.at_end()) {
        const Outgoing::Piece piece = outgoing.next(scratch);
        if (piece.bytes.empty()) return written + " and no more";
        written += piece.bytes;
        outgoing.advance(piece.bytes.size());
    }
    return written;
}

TEST(Outgoing, IsHeadThenBodyInOnePieceWhereItIsSmall) {
    for (const std::uint64_t body_bytes : {0, 1, 15, 16, 17, 100, 16'000}) {
        Outgoing outgoing("head", 5, 9, body_bytes);
        std::string scratch = "of the one before";
        const Outgoing::Piece piece = outgoing.next(scratch);
        EXPECT_EQ(piece.bytes, "head" + body_for(5, 9, body_bytes));
        EXPECT_FALSE(piece.lasts);
        outgoing.advance(piece.bytes.size());
        EXPECT_TRUE(outgoing.complete());
    }
}

TEST(Outgoing, RepeatsOneBlockForLargeBodies) {
    constexpr std::uint64_t body_bytes = 3'000'000;
    Outgoing outgoing("head", 5, 9, body_bytes);
    EXPECT_EQ(write_out(outgoing), "head" + body_for(5, 9, body_bytes));
    EXPECT_TRUE(outgoing.complete());
}

TEST(Outgoing, StopsAtItsEndAndGoesOnFromThere) {
    const std::string whole = "head" + body_for(5, 9, 200);
    for (std::size_t end = 0; end <= whole.size(); ++end) {
        Outgoing outgoing("head", 5, 9, 200);
        outgoing.set_end(end);
        std::string written = write_out(outgoing);
        EXPECT_EQ(written, whole.substr(0, end));
        outgoing.set_end(outgoing.total_bytes());
        written += write_out(outgoing);
        EXPECT_EQ(written, whole);
    }
}

TEST(Outgoing, OfTextAloneIsTheText) {
    Outgoing outgoing("all there is");
    EXPECT_EQ(write_out(outgoing), "all there is");
    EXPECT_TRUE(outgoing.complete());
}

}  // namespace
}  // namespace asyncbench::mock
