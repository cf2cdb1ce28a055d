#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "reports/formats/benchfmt.hpp"
#include "reports/run_formats.hpp"
#include "reports/text/describe.hpp"

namespace asyncbench {

std::string benchfmt_report(const RunResult& run) {
    // benchstat compares only what has the same settings: neither the date nor our version is one.
    std::string text = benchfmt_setting("scenario", run.scenario.name) +
                       benchfmt_setting("load", describe_load(run.scenario));
    // benchstat makes a table of each.
    const std::vector<std::string_view> shown = metrics_shown(ShownByDefault::in_benchfmt);
    for (const std::string_view metric : shown) text += benchfmt_unit_line(metric);
    for (const Trial& trial : run.trials) {
        if (!trial.usable()) continue;
        const std::string name =
            fmt::format("Run/strategy={}/concurrency={}", benchfmt_part(trial.spec.strategy.text()),
                        trial.spec.plan.concurrency);
        text += benchfmt_line(name, trial.metrics, shown);
    }
    return text;
}

}  // namespace asyncbench
