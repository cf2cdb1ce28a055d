#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/run_result.hpp"

namespace asyncbench {

/// The document of schema `asyncbench.result/2` (reports/schema/result-2.schema.json), indented, ends with a
/// line end.
std::string json_report(const RunResult& run);

/// Reads what json_report() wrote. Strict: throws Error, a sentence that names the field, where the text is
/// not of the schema or contradicts itself.
RunResult read_json_report(std::string_view text);

struct TerminalStyle {
    bool colour = false;
    int width = 100;  ///< columns; the table is split in two where it would be wider
};

/// The answer, a table with a row for each cell, and what to know about the numbers; of a load
/// load_terminal_report(). UTF-8.
std::string terminal_report(const RunResult& run, TerminalStyle style);

/// What is told of a strategy beside its numbers: what it is, and its source.
struct StrategyCode {
    std::string strategy;          ///< its name, without parameters
    std::string file;              ///< as a reader finds it
    std::string text;              ///< empty where the writing program has no source of it
    std::string description = {};  ///< what it does, in a sentence
};

/// What lies beside a page of a site, as URLs relative to it.
struct PageLinks {
    std::string style;   ///< page.css
    std::string script;  ///< page_script() of assets.hpp
    std::string index;   ///< the page that lists this one
};

struct HtmlOptions {
    std::string title;                    ///< of the page; empty: the question of the first result
    std::vector<StrategyCode> code;       ///< of the strategies that the writing program knows
    std::string code_version;             ///< of that program; the result may be of another one
    std::optional<PageLinks> links = {};  ///< none: all is in the page
};

/// One HTML file that opens offline, with a part for each result; self-contained where it has no links.
std::string html_report(std::span<const RunResult> runs, const HtmlOptions& options = {});
std::string html_report(const RunResult& run, const HtmlOptions& options = {});

}  // namespace asyncbench
