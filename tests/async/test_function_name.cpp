#include "async/detect/symbolize.hpp"

#include <gtest/gtest.h>

namespace asyncbench::detail {
namespace {

TEST(ShortFunctionName, LeavesOutWhatAFunctionReturnsAndTakes) {
    EXPECT_EQ(short_function_name("asyncbench::Task<int> net::fetch(const Url&)"), "net::fetch");
    EXPECT_EQ(short_function_name("Task<> Client::get(std::string) const"), "Client::get");
    EXPECT_EQ(short_function_name("int main()"), "main");
    EXPECT_EQ(short_function_name("poll"), "poll");
    EXPECT_EQ(short_function_name("Node* find(int)"), "find");
    EXPECT_EQ(short_function_name("const T& largest(std::vector<T>) [with T = int]"), "largest");
}

TEST(ShortFunctionName, KeepsBracketsThatBelongToTheName) {
    EXPECT_EQ(short_function_name("Task<int> (anonymous namespace)::fetch(int)"),
              "(anonymous namespace)::fetch");
    EXPECT_EQ(short_function_name("void Hop::operator()() const"), "Hop::operator()");
    EXPECT_EQ(short_function_name("Task<void> asyncbench::{anonymous}::user(Plan&)"),
              "asyncbench::{anonymous}::user");
    EXPECT_EQ(short_function_name("std::map<int, void (*)(int)>::find(int)"),
              "std::map<int, void (*)(int)>::find");
}

TEST(ShortFunctionName, LeavesOutWhatACoroutineIsCompiledTo) {
    EXPECT_EQ(short_function_name("net::fetch(net::fetch(Url const&)::_Z5fetchRK3Url.Frame*) [clone .actor]"),
              "net::fetch");
}

TEST(ShortFunctionName, NamesALambdaByTheFunctionAroundIt) {
    EXPECT_EQ(short_function_name("test()::<lambda(int)>"), "test::lambda");
}

}  // namespace
}  // namespace asyncbench::detail
