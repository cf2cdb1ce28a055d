#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "async/errors.hpp"
#include "harness/load/strategy.hpp"

namespace asyncbench::strategy_tests {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

class Named final : public Strategy {
  public:
    explicit Named(std::uint32_t threads) : threads_(threads) {}
    void run(Plan&, Recorder&) override {}
    StrategyStats stats() const override { return {.threads = threads_, .loops = std::nullopt}; }

  private:
    std::uint32_t threads_;
};

StrategyInfo info(const std::string& name, std::vector<ParameterInfo> parameters = {}) {
    return {name, "For a test.", "", std::move(parameters)};
}

StrategyRegistry two_strategies() {
    StrategyRegistry registry;
    registry.add(info("plain"), [](const StrategyOptions&) { return std::make_unique<Named>(1); });
    registry.add(
        info("pooled", {{"threads", "4", "threads"}, {"loops", "1", "loops"}}),
        [](const StrategyOptions& options) { return std::make_unique<Named>(options.count("threads", 4)); });
    return registry;
}

StrategyOptions with(const std::string& parameter, const std::string& value) {
    StrategyOptions options;
    options.parameters[parameter] = value;
    return options;
}

TEST(StrategyRegistry, MakesTheStrategyThatIsNamed) {
    const auto registry = two_strategies();
    EXPECT_EQ(registry.make("plain", {})->stats().threads, 1U);
    EXPECT_EQ(registry.make("pooled", {})->stats().threads, 4U);
    EXPECT_EQ(registry.make("pooled", with("threads", "9"))->stats().threads, 9U);
}

TEST(StrategyRegistry, NamesWhatThereIsWhereAStrategyIsUnknown) {
    const auto registry = two_strategies();
    EXPECT_THAT([&] { registry.make("corotine", {}); },
                ThrowsMessage<UsageError>(
                    AllOf(HasSubstr("'corotine'"), HasSubstr("plain, pooled"), HasSubstr("exec:COMMAND"))));
    EXPECT_THROW(registry.require("", {}), UsageError);
}

TEST(StrategyRegistry, NamesTheParametersWhereOneIsUnknown) {
    const auto registry = two_strategies();
    EXPECT_THAT([&] { registry.make("pooled", with("thread", "2")); },
                ThrowsMessage<UsageError>(AllOf(HasSubstr("'thread'"), HasSubstr("threads, loops"))));
    EXPECT_THAT([&] { registry.make("plain", with("threads", "2")); },
                ThrowsMessage<UsageError>(AllOf(HasSubstr("plain"), HasSubstr("none"))));
}

TEST(StrategyRegistry, RefusesANameThatIsTaken) {
    auto registry = two_strategies();
    EXPECT_THROW(registry.add(info("plain"), nullptr), std::logic_error);
    EXPECT_EQ(registry.all().size(), 2U);
}

TEST(StrategyRegistry, IsAValueWhoseCopyCanHoldMore) {
    const auto registry = two_strategies();
    auto copy = registry;
    copy.add(info("mine"), [](const StrategyOptions&) { return std::make_unique<Named>(7); });
    EXPECT_EQ(copy.make("mine", {})->stats().threads, 7U);
    EXPECT_THROW(registry.require("mine", {}), UsageError);
}

TEST(StrategyOptions, TakesWholeNumbersFromOneToAMillion) {
    EXPECT_EQ(with("threads", "1").count("threads", 4), 1U);
    EXPECT_EQ(with("threads", "1000000").count("threads", 4), 1'000'000U);
    EXPECT_EQ(StrategyOptions{}.count("threads", 4), 4U);
    for (const char* text : {"", "0", "-1", "+1", "1.5", "1e3", "0x10", " 1", "1 ", "1000001", "4294967297",
                             "99999999999999999999", "many"}) {
        EXPECT_THAT([&] { with("threads", text).count("threads", 4); },
                    ThrowsMessage<UsageError>(HasSubstr(std::string("threads=") + text)));
    }
}

}  // namespace asyncbench::strategy_tests
