#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asyncbench {

/// Text as content or as a quoted attribute: it never becomes markup, and characters that would reorder the
/// text around it are shown by their numbers (printable(), reports/text/human.hpp).
std::string escape_html(std::string_view text);

/// Puts values in the places `{{name}}` of a template, as they are. Throws std::out_of_range where the
/// template names a place that has no value.
std::string fill_template(std::string_view text,
                          const std::vector<std::pair<std::string_view, std::string>>& values);

/// `<p>` for each; text is escaped.
std::string paragraphs(const std::vector<std::string>& texts);

/// Markup behind a summary, whose text is escaped. Written open, for readers without script; report.js folds
/// it. Empty where there is no content.
std::string folded(std::string_view summary, std::string_view content);

}  // namespace asyncbench
