#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <vector>

#include "reports/html/markup.hpp"
#include "reports/html/sections.hpp"
#include "reports/text/cell_text.hpp"
#include "reports/text/cells.hpp"
#include "reports/text/human.hpp"
#include "reports/text/latency_kinds.hpp"
#include "reports/text/lines_of_code.hpp"
#include "reports/text/ranking.hpp"

namespace asyncbench {
namespace {

/// A strategy, and how the run had it: `coroutine` as `coroutine` and `coroutine:loops=2`.
struct Variants {
    std::string name;
    std::vector<StrategySpec> specs;
};

std::vector<Variants> by_name(const RunResult& run) {
    std::vector<Variants> all;
    for (const StrategySpec& spec : run.scenario.strategies) {
        // Each program of the user's own is a strategy of its own.
        const std::string name = spec.name == "exec" ? spec.text() : spec.name;
        auto found = std::find_if(all.begin(), all.end(),
                                  [&](const Variants& variants) { return variants.name == name; });
        if (found == all.end()) found = all.insert(all.end(), {name, {}});
        found->specs.push_back(spec);
    }
    return all;
}

/// What it reached at the highest concurrency.
std::string numbers_of(const RunResult& run, const StrategySpec& spec) {
    const std::uint32_t highest = concurrencies_of(run).empty() ? 0 : concurrencies_of(run).back();
    const Cell* cell = find_cell(run, spec, highest);
    if (cell == nullptr) return {};
    if (!is_usable(run, *cell))
        return fmt::format("At {}: {}.", human_count(highest), standing_of(run, *cell));
    std::vector<std::string> parts;
    const auto add = [&](const char* metric, const char* behind) {
        const Estimate* estimate = estimate_of(*cell, metric);
        if (estimate != nullptr) parts.push_back(estimate_text(*cell, metric) + behind);
    };
    add("throughput_rps", "");
    add(has_response_times(run.scenario) ? "response_p99_ns" : "service_p99_ns", " p99");
    add("cpu_us_per_request", " CPU a request");
    return fmt::format("At {}: {}.", human_count(highest), fmt::join(parts, ", "));
}

/// What the writing program knows of it; null where that is nothing.
const StrategyCode* known(const Variants& variants, const HtmlOptions& options) {
    const auto code = std::find_if(options.code.begin(), options.code.end(),
                                   [&](const StrategyCode& each) { return each.strategy == variants.name; });
    return code == options.code.end() ? nullptr : &*code;
}

std::string source_of(const Variants& variants, const StrategyCode* code) {
    if (variants.specs.front().name == "exec") {
        return "<p>A program of its own, of which asyncbench sees no source.</p>";
    }
    if (code == nullptr || code->text.empty()) return "<p>This asyncbench has no source of it.</p>";
    return fmt::format(
        "<p><strong>{} lines of code</strong> in {}</p>\n<pre tabindex=\"0\" role=\"group\" "
        "aria-label=\"The code of {}\"><code>{}</code></pre>",
        human_count(lines_of_code(code->text)), escape_html(code->file), escape_html(variants.name),
        escape_html(code->text));
}

std::string card_of(const RunResult& run, const Variants& variants, const HtmlOptions& options) {
    std::string numbers;
    for (const StrategySpec& spec : variants.specs) {
        const std::string text = numbers_of(run, spec);
        if (text.empty()) continue;
        const std::string which = variants.specs.size() > 1 ? spec.text() + ": " : "";
        numbers += fmt::format("<p>{}</p>\n", escape_html(which + text));
    }
    const StrategyCode* code = known(variants, options);
    const std::string what = code == nullptr || code->description.empty()
                                 ? std::string()
                                 : fmt::format("<p class=\"what\">{}</p>\n", escape_html(code->description));
    return fmt::format("<div class=\"strategy\">\n<h3>{}</h3>\n{}{}{}</div>\n", escape_html(variants.name),
                       what, numbers, source_of(variants, code));
}

}  // namespace

std::string code_section(const RunResult& run, const ResultPart& part, const HtmlOptions& options) {
    std::string cards;
    for (const Variants& variants : by_name(run)) cards += card_of(run, variants, options);
    if (cards.empty()) return {};
    std::string which;
    if (!options.code.empty() && options.code_version != run.tool_version) {
        which = fmt::format(" It is that of asyncbench {}; measured was asyncbench {}.",
                            escape_html(options.code_version), escape_html(run.tool_version));
    }
    return fmt::format(
        "{}<p>What the speed costs those who read and write it: each strategy's source file, whole. Lines of "
        "code are "
        "those that are neither blank nor a comment; the sessions, plans and recorder that all strategies "
        "share are "
        "not among them.{}</p>\n<div class=\"sources\">\n{}</div>\n</section>",
        part.section("code", "The code"), which, cards);
}

}  // namespace asyncbench
