#pragma once

#include <string>
#include <vector>

#include "analysis/gate/gate_config.hpp"
#include "analysis/gate/gate_result.hpp"
#include "analysis/gate/self_test.hpp"
#include "cli/output_files.hpp"
#include "cli/scenario_options.hpp"

namespace CLI {
class App;
}

namespace asyncbench {

/// Where the gate puts what it found.
class GateOutput {
  public:
    GateOutput();
    void add_to(CLI::App& app);

    /// As OutputFiles::require_writable().
    void require_writable(const std::vector<std::string>& inputs) const;
    /// Throws UsageError where a form is asked for that a self-test does not have.
    void require_forms_of_self_test() const;
    /// As OutputFiles::write(); then annotations, where they are wanted.
    void write(const GateResult& result) const;
    /// Table and JSON.
    void write(const SelfTestResult& result) const;

  private:
    std::vector<OutputFiles::Other> others(const GateResult& result) const;

    OutputFiles files_;
    std::string markdown_;
    std::string junit_;
    std::string benchfmt_;
    std::string action_smaller_;
    std::string action_bigger_;
    bool annotations_ = false;
};

/// What `gate` compares, and by which rules, as its flags say.
struct GateOptions {
    std::string base;  ///< command of the trials
    std::string head;
    std::string baseline;            ///< a result to compare a fresh run with
    std::vector<std::string> files;  ///< two results to compare
    std::string base_target;         ///< command of the user's server
    std::string head_target;
    std::string base_url;  ///< of a server that runs already
    std::string head_url;
    bool https = false;       ///< whether the servers speak TLS
    std::string health_path;  ///< what they answer when they are ready
    std::string start_timeout;
    std::string patience;                 ///< how much longer than its work a trial may take
    std::string suites;                   ///< of --self-test
    std::vector<std::string> injections;  ///< of --self-test: `10%`
    ScenarioOptions scenario;
    std::vector<std::string> metrics;  ///< `p50=5%,10%`
    std::vector<std::string> information;
    std::vector<std::string> ignored;
    std::vector<std::string> budgets;
    std::vector<std::string> looks;
    std::string alpha;
    std::string config;
    GateOutput output;
    bool different_machine = false;  ///< compare results although they are of two machines
    bool self_test = false;          ///< compare nothing, inject what is to be found
    bool only_latency = false;       ///< of --self-test
    bool no_confirm = false;
    bool strict = false;
    bool quiet = false;

    void add_to(CLI::App& app);

    /// Whether two builds of a server are compared.
    bool compares_servers() const { return !base_target.empty() || !head_target.empty(); }

    /// Whether two servers are compared that somebody else runs.
    bool compares_running_servers() const { return !base_url.empty() || !head_url.empty(); }

    /// Every file that is read.
    std::vector<std::string> inputs() const;

    /// The configuration file, if there is one, with the flags over it. Says on stderr where one was found in
    /// the current directory. Throws UsageError.
    GateConfig settings() const;

  private:
    void require_one_shape() const;
    void require_self_test() const;
    GateConfig from_file() const;
    void apply_servers(GateConfig& settings) const;
    void require_running_servers() const;
    void load_running_servers(GateConfig& settings) const;
    void apply_rules(GateRules& rules) const;
};

}  // namespace asyncbench
