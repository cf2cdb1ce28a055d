#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "cli/output_files.hpp"

namespace CLI {
class App;
}

namespace asyncbench {

/// The flag `--live[=PORT]` of a command that measures.
class LiveOption {
  public:
    /// `what` is what the page is of: `run`.
    void add_to(CLI::App& command, const std::string& what);

    /// Shows what `measured` says while it goes on, and says on stderr where; null where the flag was not
    /// given. Throws Error where the port cannot be had.
    template <typename Live, typename Measured>
    std::unique_ptr<Live> start(const Measured& measured, const OutputFiles& output) const {
        if (port_.empty()) return nullptr;
        auto live = std::make_unique<Live>(measured, port(), output.report_path());
        tell_of(live->page().url());
        return live;
    }

  private:
    std::uint16_t port() const;
    static void tell_of(const std::string& url);

    std::string port_;  ///< empty: no live page; 0: any
};

}  // namespace asyncbench
