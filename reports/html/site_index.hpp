#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/run_result.hpp"

namespace asyncbench {

/// A run of a site that keeps many.
struct SiteEntry {
    std::string directory;  ///< of its page, relative to the index, of letters, digits, dashes and slashes
    std::string title;
    std::string name;
    std::string started_utc;
    std::string answer;  ///< the first sentence
    std::size_t cells = 0;
    std::size_t wrong_cells = 0;  ///< all of them where the run as a whole is wrong
    bool interrupted = false;
    bool too_few = false;  ///< trials for any rank
};

SiteEntry site_entry(const RunResult& run, std::string directory);

/// The page that lists the runs, newest first. `style` is the URL of the style sheet, relative to the index.
std::string site_index(std::vector<SiteEntry> entries, const std::string& style);

/// Whether the text is an index that site_index() made, of this version or another.
bool is_site_index(std::string_view text);

}  // namespace asyncbench
