#pragma once

#include <string>

#include "harness/trial/run_result.hpp"

namespace asyncbench {

/// Where `run` and `report` put what they have to say.
struct OutputFiles {
    std::string directory;  ///< gets result.json and report.html; empty: none
    std::string json;       ///< a file, or `-` for stdout; empty: none
    std::string html;       ///< a file; empty: none

    /// Creates the directory and opens each file for writing, before minutes of measuring are spent. Throws
    /// Error.
    void require_writable() const;

    /// Writes them and tells on stderr where they are. Throws Error.
    void write(const RunResult& run) const;

    /// stdout belongs to the JSON document.
    bool json_on_stdout() const { return json == "-"; }
};

/// The terminal report on stdout, as wide as the terminal; coloured where it is one and NO_COLOR is not set.
void print_terminal_report(const RunResult& run);

}  // namespace asyncbench
