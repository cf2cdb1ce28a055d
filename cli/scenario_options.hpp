#pragma once

#include <string>
#include <vector>

#include "cli/profile_options.hpp"
#include "harness/trial/scenario.hpp"

namespace CLI {
class App;
}

namespace asyncbench {

/// The flags of `run` that say what is measured. They overwrite what a scenario file says.
class ScenarioOptions {
  public:
    void add_to(CLI::App& app);

    /// The default comparison, or the scenario file, with the flags over it. Throws UsageError; which
    /// strategies exist is not looked at.
    Scenario scenario() const;

  private:
    void apply_plan(Scenario& scenario) const;

    std::string file_;
    std::vector<std::string> strategies_;
    std::vector<std::string> concurrency_;
    std::string requests_;
    std::string duration_;
    std::string rate_;
    std::string arrivals_;
    std::string repetitions_;
    std::string warmup_;
    std::string timeout_;
    std::string compute_;
    std::string target_;
    bool pin_ = false;
    bool diagnose_ = false;
    std::string stall_threshold_;
    ProfileOptions profile_;
};

/// The comparison that `asyncbench run` does when it is told nothing.
Scenario default_scenario();

/// The files of benches/scenarios, wherever this program was built or installed; sorted.
std::vector<std::string> shipped_scenario_files();

}  // namespace asyncbench
