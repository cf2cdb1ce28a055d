#pragma once

#include <functional>
#include <string>
#include <vector>

namespace asyncbench::test {

/// Gives `read` ten thousand texts, each one of `texts` spoiled at random. What it throws and is no Error leaves,
/// and so fails the test. The texts are the same in each run, but for one with --gtest_shuffle: with
/// --gtest_repeat=N they are others each time.
void read_mutations(const std::vector<std::string>& texts, const std::function<void(const std::string&)>& read);

}  // namespace asyncbench::test
