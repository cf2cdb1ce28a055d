// Runs every case and writes what the detectors said as JSON: {"cases": [{"detector", "name", "faulty",
// "found"}]}, where `found` lists the kinds of all findings.

#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <vector>

#include "benches/scorecard/scorecard.hpp"
#include "harness/async/collected_findings.hpp"
#include "harness/async/stall_watchdog.hpp"
#include "harness/http/transfer.hpp"

int main() {
    using namespace asyncbench;
    initialize_curl();
    nlohmann::ordered_json cases = nlohmann::ordered_json::array();
    for (const auto& group : {task_cases(), stall_cases()}) {
        for (const ScorecardCase& one : group) {
            CollectedFindings findings;
            const StallWatchdog watchdog;
            one.run();
            nlohmann::ordered_json found = nlohmann::ordered_json::array();
            for (const Finding& finding : findings.all()) found.push_back(name_of(finding.kind));
            cases.push_back({{"detector", name_of(one.detector)},
                             {"name", one.name},
                             {"faulty", one.faulty},
                             {"found", std::move(found)}});
        }
    }
    std::cout << nlohmann::ordered_json{{"cases", std::move(cases)}}.dump(1) << '\n';
    return 0;
}
