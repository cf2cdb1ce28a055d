#include "tests/support/mutations/mutations.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "async/errors.hpp"

namespace asyncbench::test {
namespace {

constexpr int inputs = 10'000;

/// Texts that are likely to hit something when they stand where they do not belong.
const std::vector<std::string> fragments{"null",
                                         "true",
                                         "-1",
                                         "0",
                                         "1e999",
                                         "-0.0",
                                         "1e-400",
                                         "9007199254740993",
                                         "18446744073709551616",
                                         "\"\"",
                                         "[]",
                                         "{}",
                                         "[[[[",
                                         "}}}}",
                                         ",",
                                         ":",
                                         "\"",
                                         "\\",
                                         "\\u0000",
                                         "\\ud800",
                                         std::string(1, '\0'),
                                         "\xff\xfe",
                                         "\xf4\x90\x80\x80",
                                         "20ms",
                                         "-20ms",
                                         "1h1h",
                                         "exec:",
                                         "a:b=c",
                                         "//",
                                         "NaN",
                                         "Infinity",
                                         "-nan(ind)",
                                         "1.#INF",
                                         "\n",
                                         "\t",
                                         "\xc3"};

class Mutator {
  public:
    explicit Mutator(std::uint64_t seed) : random_(seed) {}

    std::string mutate(std::string text) {
        const int changes = 1 + static_cast<int>(below(4));
        for (int i = 0; i < changes && !text.empty(); ++i) change(text);
        return text;
    }

  private:
    std::size_t below(std::size_t count) {
        return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
    }
    void change(std::string& text) {
        const std::size_t at = below(text.size());
        const std::size_t length = 1 + below(std::min<std::size_t>(text.size() - at, 24));
        switch (below(7)) {
            case 0:
                text[at] = static_cast<char>(below(256));
                break;
            case 1:
                text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
                break;
            case 2:
                text.erase(at, length);
                break;
            case 3:
                text.insert(at, text.substr(below(text.size()), length));
                break;
            case 4:
                text.insert(at, fragments[below(fragments.size())]);
                break;
            case 5:
                text.replace(at, length, fragments[below(fragments.size())]);
                break;
            case 6:
                text.resize(at);
                break;
        }
    }
    std::mt19937_64 random_;
};

}  // namespace

void read_mutations(const std::vector<std::string>& texts, const std::function<void(const std::string&)>& read) {
    Mutator mutator(20'240'607 + static_cast<std::uint64_t>(testing::UnitTest::GetInstance()->random_seed()));
    int accepted = 0;
    int refused = 0;
    for (int i = 0; i < inputs; ++i) {
        const std::string text = mutator.mutate(texts[static_cast<std::size_t>(i) % texts.size()]);
        try {
            read(text);
            ++accepted;
        } catch (const Error& error) {
            ++refused;
            EXPECT_NE(std::string(error.what()), "");
        }
    }
    // Mutations that never hit, or always, would test nothing.
    EXPECT_GT(refused, inputs / 4);
    EXPECT_GT(accepted, 10);
}

}  // namespace asyncbench::test
