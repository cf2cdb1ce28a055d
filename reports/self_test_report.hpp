#pragma once

#include <string>

#include "analysis/gate/self_test.hpp"
#include "reports/report.hpp"

namespace asyncbench {

/// What the gate caught and what it blamed wrongly, a row for each injection, with intervals; and the
/// tolerances that this machine can hold. UTF-8.
std::string self_test_terminal_report(const SelfTestResult& result, TerminalStyle style);

/// The same with every pair that was measured, as schema `asyncbench.gate-self-test/1`. Compact: there are
/// thousands.
std::string self_test_json_report(const SelfTestResult& result);

}  // namespace asyncbench
