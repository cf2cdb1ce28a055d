// The main() of all tests: a test during which a detector reports what the test did not ask for fails. Tests
// that provoke findings collect them (CollectedFindings).

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "harness/async/collected_findings.hpp"

namespace {

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
};

}  // namespace

int main(int argc, char** argv) {
    testing::InitGoogleMock(&argc, argv);
    testing::UnitTest::GetInstance()->listeners().Append(new FailOnFindings);
    return RUN_ALL_TESTS();
}
