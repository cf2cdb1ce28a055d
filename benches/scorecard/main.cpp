// Runs every case and writes what the detectors said as JSON: {"cases": [{"detector", "name", "faulty",
// "found"}]}, where `found` lists the kinds of all findings.

#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <vector>

#include "async/detect/diagnose.hpp"
#include "benches/scorecard/scorecard.hpp"
#include "harness/http/transfer.hpp"

int main() {
    using namespace asyncbench;
    initialize_curl();
    nlohmann::ordered_json cases = nlohmann::ordered_json::array();
    for (const auto& group : {task_cases(), stall_cases(), blocking_call_cases()}) {
        for (const ScorecardCase& one : group) {
            const Diagnose diagnose;
            one.run();
            nlohmann::ordered_json found = nlohmann::ordered_json::array();
            for (const CountedFinding& counted : diagnose.report().findings) {
                found.push_back(name_of(counted.first.kind));
            }
            cases.push_back({{"detector", name_of(one.detector)},
                             {"name", one.name},
                             {"faulty", one.faulty},
                             {"found", std::move(found)}});
        }
    }
    std::cout << nlohmann::ordered_json{{"cases", std::move(cases)}}.dump(1) << '\n';
    return 0;
}
