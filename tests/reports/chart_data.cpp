#include "tests/reports/chart_data.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "reports/report.hpp"
#include "tests/reports/test_support.hpp"
#include "tests/support/paths/paths.hpp"

namespace asyncbench::test {

Json chart_data(const RunResult& run) {
    const TemporaryDirectory directory;
    const auto page = directory.path() / "page.html";
    write_file(page, html_report(run));
    const CommandResult made =
        run_command("node '" + source_dir() + "/tests/reports/browser/datasets.mjs' " + page.string());
    EXPECT_EQ(made.status, 0) << made.output;
    return Json::parse(made.output);
}

}  // namespace asyncbench::test
