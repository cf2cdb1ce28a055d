#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/run_result.hpp"
#include "reports/html/contents.hpp"
#include "reports/report.hpp"

namespace asyncbench {

/// The page that a result is shown on.
struct ResultPage {
    std::string title;
    bool several = false;  ///< results
};

/// The id of a result's `<article>`, the first of which has index 0.
std::string result_id(std::size_t index);

/// A result as an `<article>`, and the headings of its sections.
struct ResultMarkup {
    std::string article;
    std::vector<ContentsEntry> sections;
};
ResultMarkup result_markup(const RunResult& run, std::size_t index, const ResultPage& page,
                           const HtmlOptions& options);

}  // namespace asyncbench
