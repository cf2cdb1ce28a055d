#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/trial/scenario_option.hpp"

namespace CLI {
class App;
}

namespace asyncbench {

/// The comparison that `asyncbench run` does when it is told nothing.
Scenario default_scenario();

/// The load that `asyncbench load` puts on a server when it is told nothing else.
Scenario default_load();

/// The options of scenarios as flags of `run`, `gate` and `target`. They overwrite what a scenario file says.
class ScenarioOptions {
  public:
    /// The flags of `run`, and the scenario as a positional.
    void add_to(CLI::App& app);
    /// The flags of `gate`, and the scenario as `--scenario`.
    void add_to_gate(CLI::App& app);
    /// The flags of `load`, and the URL as a positional.
    void add_to_load(CLI::App& app);
    /// The flags that say how a target answers.
    void add_to_target(CLI::App& app);

    /// The default comparison, or the scenario file, with the flags over it. Throws UsageError; which
    /// strategies exist is not looked at.
    Scenario scenario() const;

    /// Of `load`: the scenario file over the defaults, and the URL and the flags over both. Throws
    /// UsageError.
    Scenario load_scenario();
    /// Whether the field was given as a flag of `load`, or in its scenario file. After load_scenario().
    bool says(std::string_view field) const;

    /// Whether a flag or a scenario was given.
    bool says_anything() const { return !file_.empty() || !given_.empty(); }

    /// Whether the field was given as a flag.
    bool has(std::string_view field) const;

    /// The scenario file, or the name of a shipped one; empty where none was given, or a URL in its place.
    const std::string& file() const;

    /// What a batch that is asked for without a concurrency has.
    enum class Batch {
        all_at_once,
        as_before,  ///< the concurrency of the defaults
    };
    /// The same with other defaults.
    Scenario scenario_over(const Scenario& defaults, Batch batch) const;

    /// Sets what was given as a flag. Throws UsageError.
    void apply_to(Scenario& scenario) const;

  private:
    void add_flags(CLI::App& app, ScenarioOption::Flag flag);
    /// `other_names` begin with a comma: `,--connections`.
    void add_flag(CLI::App& app, const ScenarioOption& option, const std::string& other_names = {});

    /// Of load_scenario().
    void leave_out_courses_before(Scenario& scenario) const;
    void require_one_course() const;
    void check_connections(const Scenario& scenario) const;
    void read_requests_of(Scenario& scenario) const;

    std::string file_;                                ///< or a URL
    std::string load_file_;                           ///< the scenario of `load`, whose positional is its URL
    std::set<std::string, std::less<>> file_fields_;  ///< that stand in it
    /// Texts, as what flags overwrite is read after them.
    std::vector<std::pair<const ScenarioOption*, std::vector<std::string>>> given_;
};

/// The option as another process takes it on its command line: its long flag, and its value where it has one.
/// Nothing of a switch that is off, and of what the scenario leaves out.
std::vector<std::string> arguments_for(const ScenarioOption& option, const Scenario& scenario);

/// The flags that make another process of this program answer as the scenario says.
std::vector<std::string> target_flags(const Scenario& scenario);

/// The files of benches/scenarios, wherever this program was built or installed; sorted.
std::vector<std::string> shipped_scenario_files();

}  // namespace asyncbench
