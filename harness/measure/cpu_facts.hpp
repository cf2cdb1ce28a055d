#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/measure/environment.hpp"

namespace asyncbench {

/// `virtualization`, `cpu_model`, `cpu_mhz`, `cpu_governor`, `turbo`, `smt`: a part of read_environment().
/// `root` is put before each path that is read; empty for this machine.
std::vector<EnvironmentFact> read_cpu_facts(const std::string& root = "");

}  // namespace asyncbench
