#pragma once

#include <functional>
#include <string>
#include <vector>

#include "analysis/run_result.hpp"
#include "reports/report.hpp"

namespace asyncbench {

/// Where commands that measure put what they have to say.
struct OutputFiles {
    std::string directory;                  ///< gets the next two; empty: none
    std::string json_name = "result.json";  ///< empty: none
    std::string html_name = "report.html";
    std::string json;  ///< a file, or `-` for stdout; empty: none
    std::string html;  ///< a file, or `-` for stdout; empty: none

    /// Where the HTML report will be; empty where there will be none.
    std::string report_path() const;

    /// A document besides those two.
    struct Other {
        std::string path;  ///< a file, or `-` for stdout; empty: none
        std::function<std::string()> text;
    };

    /// Creates the directory and opens each file for writing, before minutes of measuring are spent; leaves
    /// no file behind that was not there. Throws Error; UsageError where two documents were to go to stdout
    /// or into one file, one over a file of `inputs`, or the directory to stdout.
    void require_writable(const std::vector<std::string>& other_paths = {},
                          const std::vector<std::string>& inputs = {}) const;

    /// The table on stdout, as wide as the terminal and coloured where it is one and NO_COLOR is not set, or
    /// the JSON or HTML document; then the files, told of on stderr. Where one cannot be written the others
    /// still are: what took minutes to measure is not lost to a closed pipe. Throws the first Error then.
    void write(const RunResult& run, const HtmlOptions& html_options) const;

    /// What makes the documents; only those that are wanted are made. What has no JSON or no HTML leaves
    /// `json` or `html` empty.
    struct Documents {
        std::function<std::string(const TerminalStyle&)> terminal;
        std::function<std::string()> json;
        std::function<std::string()> html;
        std::vector<Other> others = {};
    };
    void write(const Documents& documents) const;
};

}  // namespace asyncbench
