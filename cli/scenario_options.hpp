#pragma once

#include <string>
#include <vector>

#include "cli/profile_options.hpp"
#include "harness/trial/scenario.hpp"

namespace CLI {
class App;
}

namespace asyncbench {

/// The comparison that `asyncbench run` does when it is told nothing.
Scenario default_scenario();

/// The flags of `run` and `gate` that say what is measured. They overwrite what a scenario file says.
class ScenarioOptions {
  public:
    /// The flags, the scenario as a positional, and the number of repetitions.
    void add_to(CLI::App& app);
    /// The flags alone, and the scenario as `--scenario`: what a gate takes, which repeats as it needs.
    void add_to_gate(CLI::App& app);

    /// The default comparison, or the scenario file, with the flags over it. Throws UsageError; which
    /// strategies exist is not looked at.
    Scenario scenario() const { return scenario_over(default_scenario(), Batch::all_at_once); }

    /// Whether a flag or a scenario was given.
    bool says_anything() const;

    /// The scenario file, or the name of a shipped one; empty where none was given.
    const std::string& file() const { return file_; }

    /// What a batch that is asked for without a concurrency has.
    enum class Batch {
        all_at_once,
        as_before,  ///< the concurrency of the defaults
    };
    /// The same with other defaults.
    Scenario scenario_over(const Scenario& defaults, Batch batch) const;

  private:
    void add_load_to(CLI::App& app);
    void apply_plan(Scenario& scenario, Batch batch) const;
    void apply_target(Scenario& scenario) const;

    std::string file_;
    std::vector<std::string> strategies_;
    std::vector<std::string> concurrency_;
    std::string requests_;
    std::string duration_;
    std::string rate_;
    std::string arrivals_;
    std::string repetitions_;
    std::string budget_;
    std::string warmup_;
    std::string timeout_;
    std::string compute_;
    std::string target_;
    bool pin_ = false;
    bool diagnose_ = false;
    std::string stall_threshold_;
    ProfileOptions profile_;
};

/// The files of benches/scenarios, wherever this program was built or installed; sorted.
std::vector<std::string> shipped_scenario_files();

}  // namespace asyncbench
