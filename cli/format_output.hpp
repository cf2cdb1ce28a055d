#pragma once

#include <optional>
#include <span>
#include <string>

#include "analysis/run_result.hpp"

namespace CLI {
class App;
}

namespace asyncbench {

/// `--format NAME [--trials | --seconds]` of `report`: results for other programs and places, on stdout or in
/// a file.
class FormatOutput {
  public:
    void add_to(CLI::App& app);

    bool is_wanted() const { return !name_.empty(); }

    /// Throws UsageError where its flags do not go together.
    void require_consistent() const;

    /// To stdout where `path` is empty or `-`. Percentile tables (hgrm) go to a directory of that name, a
    /// file each, as programs that plot them read one a file. Throws Error.
    void write(std::span<const RunResult> runs, const std::string& path) const;

  private:
    std::string text_of(std::span<const RunResult> runs) const;

    std::string name_;
    bool trials_ = false;
    bool seconds_ = false;
};

}  // namespace asyncbench
