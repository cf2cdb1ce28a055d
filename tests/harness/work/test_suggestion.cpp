#include "harness/work/suggestion.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace asyncbench::suggestion_tests {

const std::vector<std::string> names{"sequential",    "thread-pool",    "callback",          "coroutine",
                                     "callback-poll", "coroutine-asio", "thread-per-request"};

TEST(DidYouMean, NamesWhatIsWrittenMostAlike) {
    EXPECT_EQ(did_you_mean("corotine", names), " Did you mean coroutine?");
    EXPECT_EQ(did_you_mean("Coroutine", names), " Did you mean coroutine?");
    EXPECT_EQ(did_you_mean("threadpool", names), " Did you mean thread-pool?");
    EXPECT_EQ(did_you_mean("sequentail", names), " Did you mean sequential?");
}

TEST(DidYouMean, NamesWhatBeginsSo) {
    EXPECT_EQ(did_you_mean("thread", names), " Did you mean thread-pool or thread-per-request?");
    EXPECT_EQ(did_you_mean("threads", names), " Did you mean thread-pool or thread-per-request?");
    EXPECT_EQ(did_you_mean("abc", {"abcd", "abce", "abcf", "abcg"}), " Did you mean abcd, abce or abcf?");
}

TEST(DidYouMean, IsSilentWhereNothingIsAlike) {
    for (const char* typed : {"", "x", "fast", "exec"}) EXPECT_EQ(did_you_mean(typed, names), "") << typed;
    EXPECT_EQ(did_you_mean(std::string(100'000, 'c'), names), "");
    EXPECT_EQ(did_you_mean("run", {}), "");
}

TEST(DidYouMean, KnowsOfASingleLetterItsCaseAlone) {
    EXPECT_EQ(did_you_mean("-v", {"-V", "-k"}), " Did you mean -V?");
    EXPECT_EQ(did_you_mean("a", {"b"}), "");
}

}  // namespace asyncbench::suggestion_tests
