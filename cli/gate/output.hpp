#pragma once

#include <string>
#include <vector>

#include "analysis/gate/gate_result.hpp"
#include "analysis/gate/self_test.hpp"
#include "cli/output_files.hpp"

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

}  // namespace asyncbench
