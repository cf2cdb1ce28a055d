// g++ 12 destroys some temporaries of an awaiting expression twice (bugs 99576, 100611). The forms below are
// those that Task's comment allows and that this project writes; each must end as many objects as it makes.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "async/gather.hpp"
#include "async/schedule.hpp"
#include "async/semaphore.hpp"
#include "async/task.hpp"
#include "async/timeout.hpp"
#include "tests/async/run_task.hpp"

namespace asyncbench::compiler_hazards_tests {

using namespace std::chrono_literals;

class Compilers : public ::testing::Test {
  protected:
    void TearDown() override { EXPECT_EQ(alive, 0); }

    /// Counts its objects; has a constructor, which the aggregates that go wrong have not.
    class Counted {
      public:
        explicit Counted(std::string text) : text_(std::move(text)) { ++alive; }
        Counted(const Counted& other) : text_(other.text_) { ++alive; }
        Counted(Counted&& other) noexcept : text_(std::move(other.text_)) { ++alive; }
        Counted& operator=(const Counted&) = default;
        Counted& operator=(Counted&&) = default;
        ~Counted() { --alive; }
        const std::string& text() const { return text_; }

      private:
        std::string text_;
    };

    /// A request as users write it: several members and a constructor.
    class Request {
      public:
        explicit Request(std::string url, int retries = 3) : url_(std::move(url)), retries_(retries) {}
        std::string describe() const { return url_.text() + std::to_string(retries_); }

      private:
        Counted url_;
        int retries_;
    };

    static Task<void> hop() { co_await resume_on(*Loop::current()); }

    static Task<std::string> take(Counted counted) {
        co_await hop();
        co_return counted.text();
    }
    static Task<std::string> refer(const Counted& counted) {
        co_await hop();
        co_return counted.text();
    }
    static Task<std::string> get(Request request) {
        co_await hop();
        co_return request.describe();
    }
    static Task<Counted> make(std::string text) {
        co_await hop();
        co_return Counted(std::move(text));
    }
    static Task<int> number(int value) {
        co_await hop();
        co_return value;
    }

    static inline int alive = 0;
    static inline const std::string long_text = "longer than a string holds without memory of its own";
};

TEST_F(Compilers, EndATemporaryArgumentWithAConstructorOnce) {
    const auto outer = []() -> Task<void> {
        EXPECT_EQ(co_await take(Counted(long_text)), long_text);
        EXPECT_EQ(co_await refer(Counted(long_text)), long_text);
        EXPECT_EQ(co_await get(Request(long_text, 2)), long_text + "2");
    };
    testing::run_task(outer());
}

TEST_F(Compilers, EndANamedArgumentThatIsMovedOnce) {
    const auto outer = []() -> Task<void> {
        Counted named(long_text);
        EXPECT_EQ(co_await take(std::move(named)), long_text);
        Request request(long_text);
        Task<std::string> task = get(std::move(request));
        EXPECT_EQ(co_await std::move(task), long_text + "3");
    };
    testing::run_task(outer());
}

TEST_F(Compilers, EndANamedAggregateThatIsMovedOnce) {
    struct Aggregate {
        Counted url;
        Counted body;
    };
    const auto post = [](Aggregate aggregate) -> Task<std::string> {
        co_await hop();
        co_return aggregate.url.text() + aggregate.body.text();
    };
    const auto outer = [](auto posts) -> Task<void> {
        Aggregate named{Counted(long_text), Counted("body")};
        EXPECT_EQ(co_await posts(std::move(named)), long_text + "body");
        Aggregate kept{Counted(long_text), Counted("kept")};
        Task<std::string> task = posts(kept);
        EXPECT_EQ(co_await std::move(task), long_text + "kept");
    };
    testing::run_task(outer(post));
}

TEST_F(Compilers, EndTheElementsOfNamedListsOnce) {
    const auto join = [](std::array<Counted, 2> both, std::vector<std::string> more) -> Task<std::string> {
        co_await hop();
        co_return both[0].text() + both[1].text() + more.at(0);
    };
    const auto outer = [](auto joins) -> Task<void> {
        // A list that holds co_await itself does not compile.
        const std::string awaited = co_await take(Counted(long_text));
        std::array<Counted, 2> named{Counted(long_text), Counted("2")};
        std::vector<std::string> more{awaited};
        EXPECT_EQ(co_await joins(std::move(named), std::move(more)), long_text + "2" + long_text);
    };
    testing::run_task(outer(join));
}

TEST_F(Compilers, EndWhatAnIfChoosesOnce) {
    const auto outer = [](bool condition) -> Task<std::string> {
        Counted chosen("default");
        if (condition) {
            chosen = co_await make(long_text);
        }
        co_return chosen.text();
    };
    EXPECT_EQ(testing::run_task(outer(true)), long_text);
    EXPECT_EQ(testing::run_task(outer(false)), "default");
}

TEST_F(Compilers, EndAResultOnce) {
    const auto outer = []() -> Task<void> {
        const Counted kept = co_await make(long_text);
        EXPECT_EQ(kept.text(), long_text);
        EXPECT_EQ((co_await make(long_text)).text(), long_text);
        co_await make(long_text);
    };
    testing::run_task(outer());
}

TEST_F(Compilers, EndStringAndTupleTemporariesOnce) {
    const auto echo = [](std::string text, std::tuple<std::string, Counted> pair) -> Task<std::string> {
        co_await hop();
        co_return text + std::get<0>(pair) + std::get<1>(pair).text();
    };
    const auto outer = [](auto echoes) -> Task<void> {
        EXPECT_EQ(co_await echoes(long_text + "1", std::tuple(long_text + "2", Counted("3"))),
                  long_text + "1" + long_text + "23");
    };
    testing::run_task(outer(echo));
}

TEST_F(Compilers, AwaitSeveralTimesInOneExpression) {
    const auto outer = []() -> Task<void> {
        EXPECT_EQ(co_await number(1) + co_await number(2) * co_await number(3), 7);
        EXPECT_EQ(co_await take(co_await make(co_await take(Counted(long_text)))), long_text);
    };
    testing::run_task(outer());
}

TEST_F(Compilers, ChooseBetweenScalarsInAnAwaitingExpression) {
    const auto outer = [](bool condition) -> Task<int> {
        // lint-coroutines: allow await-in-choice: scalars are not destroyed
        co_return co_await number(condition ? 1 : 2) + (condition ? co_await number(10) : 20);
    };
    EXPECT_EQ(testing::run_task(outer(true)), 11);
    EXPECT_EQ(testing::run_task(outer(false)), 22);
}

TEST_F(Compilers, KeepTheCapturesOfANamedLambdaThatIsMoved) {
    const auto apply = [](auto function) -> Task<std::string> {
        co_await hop();
        co_return function();
    };
    const auto outer = [](auto applies) -> Task<void> {
        auto function = [held = Counted(long_text)] { return held.text(); };
        EXPECT_EQ(co_await applies(std::move(function)), long_text);
    };
    testing::run_task(outer(apply));
}

TEST_F(Compilers, EndWhatAnExceptionPassesOnce) {
    const auto fail = [](Counted) -> Task<Counted> {
        co_await hop();
        throw std::runtime_error("on the way");
    };
    const auto outer = [](auto fails) -> Task<void> {
        const Counted local(long_text);
        bool caught = false;
        try {
            const Counted result = co_await fails(Counted(long_text));
        } catch (const std::runtime_error&) {
            caught = true;
        }
        EXPECT_TRUE(caught);
        EXPECT_EQ(alive, 1);
    };
    testing::run_task(outer(fail));
}

TEST_F(Compilers, AwaitInLoopsAndConditions) {
    const auto outer = []() -> Task<int> {
        int sum = 0;
        while (co_await number(sum) < 10) {
            if (const int step = co_await number(3); step > 0) {
                sum += step;
            }
        }
        std::vector<Counted> all;
        for (int i = 0; i < 3; ++i) {
            all.push_back(co_await make(long_text));
        }
        co_return sum + static_cast<int>(all.size());
    };
    EXPECT_EQ(testing::run_task(outer()), 15);
}

TEST_F(Compilers, EndAwaitersAndTasksOfThisLibraryOnce) {
    const auto outer = []() -> Task<void> {
        Semaphore semaphore(1);
        {
            const Semaphore::Permit permit = co_await semaphore.acquire();
            EXPECT_EQ(semaphore.available(), 0U);
        }
        static_cast<void>(co_await semaphore.acquire());
        EXPECT_EQ(semaphore.available(), 1U);
        const auto [one, two] = co_await gather(make(long_text), take(Counted(long_text)));
        EXPECT_EQ(one.text(), two);
        EXPECT_EQ((co_await with_timeout(make(long_text), 1h)).text(), long_text);
        EXPECT_EQ(co_await take(Counted(long_text)).with_cancellation({}), long_text);
    };
    testing::run_task(outer());
}

}  // namespace asyncbench::compiler_hazards_tests
