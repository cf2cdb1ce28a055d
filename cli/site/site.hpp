#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "analysis/run_result.hpp"
#include "reports/report.hpp"

namespace asyncbench {

/// A directory that keeps the reports of many runs, for any web server or none:
///
///     index.html            the runs, newest first
///     assets/               what the pages share, named by its content
///     runs/NAME/index.html  a run's page
///     runs/NAME/result.json its result, which index and page are made of
///
/// Other files there are left alone.
class ReportSite {
  public:
    explicit ReportSite(std::filesystem::path directory) : directory_(std::move(directory)) {}

    /// Keeps the runs, each once, makes their pages and those that are missing, and the index anew of all
    /// that lies there. Tells of the index on stderr, and of results that cannot be read. Throws Error where
    /// the directory cannot be written or has an index of somebody else.
    void add(std::span<const RunResult> runs, const HtmlOptions& options) const;

  private:
    void require_own_index() const;
    void write_page(const std::string& name, const RunResult& run, HtmlOptions options) const;
    void write_index(const HtmlOptions& options) const;

    std::filesystem::path directory_;
};

/// `2026-11-24T02-15-00Z-default-1f2e3d4c`: when, what, and a hash of what was measured, so that the same
/// measurement has the same name, whichever version wrote it. Of letters, digits and dashes.
std::string site_name(const RunResult& run);

}  // namespace asyncbench
