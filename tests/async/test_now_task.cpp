#include "async/now_task.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <type_traits>

#include "async/loop.hpp"
#include "async/schedule.hpp"
#include "tests/async/run_task.hpp"

namespace asyncbench::now_task_tests {

using testing::run_task;

NowTask<std::size_t> length_after_a_wait(const std::string& text) {
    co_await resume_on(*Loop::current());
    co_return text.size();
}

NowTask<> fail() {
    throw std::runtime_error("broken");
    co_return;
}

Task<std::size_t> lengths() {
    // The temporary lives until the task has ended.
    co_return co_await length_after_a_wait(std::string(100, 'x')) + co_await length_after_a_wait("12");
}

Task<> await_failure() {
    co_await fail();
}

TEST(NowTask, GivesItsResultToTheExpressionThatMakesIt) {
    EXPECT_EQ(run_task(lengths()), 102U);
}

TEST(NowTask, ThrowsWhereItIsAwaited) {
    EXPECT_THROW(run_task(await_failure()), std::runtime_error);
}

TEST(NowTask, CannotBeAssigned) {
    EXPECT_FALSE(std::is_move_assignable_v<NowTask<int>>);
    EXPECT_FALSE(std::is_copy_assignable_v<NowTask<int>>);
    EXPECT_FALSE(std::is_default_constructible_v<NowTask<int>>);
}

}  // namespace asyncbench::now_task_tests
