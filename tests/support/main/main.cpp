// The main() of all tests: every detector is on, and a test during which one reports what the test did not
// ask for fails. Tests that provoke findings collect them (CollectedFindings).

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "async/detect/blocking_calls.hpp"
#include "async/detect/collected_findings.hpp"
#include "async/detect/stall_watchdog.hpp"

namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr std::chrono::milliseconds longest_step{1000};  // each copy of a body of megabytes takes new pages
#else
constexpr std::chrono::milliseconds longest_step{100};
#endif

class FailOnFindings final : public testing::EmptyTestEventListener {
  public:
    // Also for what static objects and SetUpTestSuite() do between tests.
    void OnTestStart(const testing::TestInfo&) override { fail(); }
    void OnTestEnd(const testing::TestInfo&) override { fail(); }

  private:
    void fail() {
        for (const asyncbench::Finding& finding : findings_.take()) {
            std::string text = fmt::format("{}: {}", asyncbench::name_of(finding.kind), finding.message);
            for (const std::string& frame : finding.backtrace) {
                text += "\n    " + frame;
            }
            ADD_FAILURE() << "A detector reported what this test did not expect.\n" << text;
        }
    }

    asyncbench::CollectedFindings findings_;
    // On a busy machine the holder of a lock may itself wait for a CPU.
    asyncbench::DetectBlockingCalls blocking_calls_{{.tolerance = std::chrono::milliseconds(50)}};
#if !defined(__SANITIZE_THREAD__)
    // Without callbacks of its own on the loops: some tests count steps. Not under ThreadSanitizer, where
    // honest steps take ten times as long, and a process with a second thread may not fork() and start
    // threads.
    asyncbench::StallWatchdog watchdog_{
        {.threshold = longest_step,
         .reports_per_minute = 1000,
         .lag_interval = {} }};
#endif
};

}  // namespace

int main(int argc, char** argv) {
    testing::InitGoogleMock(&argc, argv);
    auto& listeners = testing::UnitTest::GetInstance()->listeners();
    auto* const detectors = new FailOnFindings;
    listeners.Append(detectors);
    const int status = RUN_ALL_TESTS();
    delete listeners.Release(detectors);  // before the static objects that it uses
    return status;
}
