#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/run_result.hpp"
#include "reports/markdown/markdown.hpp"

namespace asyncbench {

// Parts of the Markdown of runs and loads.

/// `**wrong** `; empty of notes.
std::string_view emphasis_of(WarningKind kind);

/// Items, which are Markdown, under a heading; nothing where there is none.
void add_list(MarkdownDocument& document, std::string_view heading, const std::vector<std::string>& items);

/// Adds by `add_content` what is shown when a reader opens it.
void add_folded(MarkdownDocument& document, std::string_view summary,
                const std::function<void()>& add_content);

/// The version, when it was measured, and the command that repeats it.
std::string origin_markdown(const RunResult& run);

/// A table of the facts; nothing where there is none.
void add_environment(MarkdownDocument& document, const Environment& environment);

}  // namespace asyncbench
