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
    bool goes_on = false;  ///< the run: nobody wants the raw result yet
};

/// A result as an `<article>`, and the headings of its sections.
struct ResultArticle {
    std::string markup;
    std::vector<ContentsEntry> sections;
};

/// The result at this place of the page, from 0.
ResultArticle result_article(const RunResult& run, std::size_t index, const ResultPage& page,
                             const HtmlOptions& options);

}  // namespace asyncbench
