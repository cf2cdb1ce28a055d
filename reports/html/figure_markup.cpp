#include "reports/html/figure_markup.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "reports/html/assets.hpp"
#include "reports/html/left_out.hpp"
#include "reports/html/markup.hpp"
#include "reports/text/cells.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/group_text.hpp"
#include "reports/text/human.hpp"
#include "reports/text/latency_kinds.hpp"
#include "reports/text/ranking.hpp"
#include "reports/text/strategy_name.hpp"

namespace asyncbench {
namespace {

/// What the figure's lines through symbols are the intervals of.
std::vector<Estimate> intervals_in(const RunResult& run, const Figure& figure,
                                   const std::vector<Comparison>& ratios) {
    std::vector<Estimate> estimates;
    if (figure.name == "ratios") {
        std::transform(ratios.begin(), ratios.end(), std::back_inserter(estimates),
                       [](const Comparison& comparison) { return comparison.ratio; });
        return estimates;
    }
    for (const Cell& cell : run.summary) {
        const Estimate* estimate = is_usable(run, cell) ? estimate_of(cell, figure.metric) : nullptr;
        if (estimate != nullptr) estimates.push_back(*estimate);
    }
    return estimates;
}

std::string intervals_text(const std::vector<Estimate>& estimates) {
    if (estimates.empty()) return {};
    const std::string confidence = confidence_text(estimates);
    return confidence.empty() ? "; too few trials for intervals"
                              : fmt::format("; intervals of {} confidence", confidence);
}

/// `3 to 5 trials a cell`, and how many are planned where some have not been run. Wrong cells have none.
std::string trials_a_cell(const RunResult& run) {
    std::uint32_t fewest = 0;
    std::uint32_t most = 0;
    bool all_run = run.summary.size() == run.scenario.concurrency.size() * run.scenario.strategies.size();
    for (const Cell& cell : run.summary) {
        all_run = all_run && cell.trials >= run.scenario.repetitions;
        if (!is_usable(run, cell)) continue;
        fewest = most == 0 ? cell.used_trials : std::min(fewest, cell.used_trials);
        most = std::max(most, cell.used_trials);
    }
    const std::string from = fewest == most ? "" : fmt::format("{} to ", human_count(fewest));
    const bool tells = !all_run && run.scenario.repetitions > 0;
    const std::string planned =
        tells ? fmt::format(", of {} planned", human_count(run.scenario.repetitions)) : "";
    return fmt::format("{}{} a cell{}", from, counted(most, "trial"), planned);
}

/// Whether anything that charts draw is disturbed or limited, so that they have to say how that looks.
bool has_drawn(const RunResult& run, std::string_view standing) {
    return std::any_of(run.summary.begin(), run.summary.end(), [&](const Cell& cell) {
        if (!is_usable(run, cell)) return false;
        return (standing == "limited" && cell.limited_trials > 0) ||
               (standing == "disturbed" && cell.disturbed_trials > 0);
    });
}

/// How what is no plain value looks, where there is such.
std::string standing_sentences(const RunResult& run) {
    std::string text;
    if (has_drawn(run, "disturbed")) text += fragment("hollow");
    if (has_drawn(run, "limited")) text += fragment("arrow");
    return text;
}

/// Of each chart that is drawn, of medians of cells.
std::string confidence_of_charts(const RunResult& run) {
    std::vector<Estimate> all;
    for (const Figure& figure : run_figures()) {
        const auto some = intervals_in(run, figure, {});
        all.insert(all.end(), some.begin(), some.end());
    }
    return confidence_text(all);
}

/// The line under a figure of this run.
std::string words_of(const RunResult& run, const Figure& figure) {
    if (figure.name == "drift") return fmt::format("{}. {}", ranked_name(run), figure.words);
    const bool has_both =
        (figure.name == "latency" || figure.name == "distribution") && has_response_times(run.scenario);
    return has_both ? figure.words + fragment("dashed-is-response") : figure.words;
}

/// Why a chart does not show what a reader would look for in it.
std::string caveat_of(const RunResult& run, const Figure& figure) {
    if (figure.name != "throughput" || run.scenario.plan.kind != PlanKind::open) return {};
    return fragment("offered", {{"rate", human_rate(run.scenario.plan.rate_rps)}});
}

std::string markup_of(const RunResult& run, const Figure& figure, const std::string& more) {
    std::string left_out;
    for (const std::string& sentence : left_out_sentences(run, figure))
        left_out += fmt::format("<p class=\"left-out\">{}</p>\n", escape_html(sentence));
    return fragment("figure", {{"heading", figure.heading},
                               {"name", figure.name},
                               {"left_out", left_out},
                               {"words", escape_html(words_of(run, figure))},
                               {"caveat", caveat_of(run, figure)},
                               {"more", more}});
}

/// The charts that a reader would look for, in a line: no card stands for them.
std::string not_drawn(const RunResult& run, const std::vector<const Figure*>& figures) {
    std::vector<std::pair<std::string, std::vector<std::string>>> by_reason;
    for (const Figure* figure : figures) {
        const std::string reason = why_undrawn(run, *figure);
        auto found = std::find_if(by_reason.begin(), by_reason.end(),
                                  [&](const auto& each) { return each.first == reason; });
        if (found == by_reason.end()) found = by_reason.insert(found, {reason, {}});
        found->second.emplace_back(figure->heading);
    }
    std::vector<std::string> parts;
    parts.reserve(by_reason.size());
    for (const auto& [reason, headings] : by_reason)
        parts.push_back(fmt::format("{}, because {}", listed(headings), reason));
    if (parts.empty()) return {};
    return fmt::format("<p class=\"not-drawn\">Not drawn: {}.</p>\n",
                       escape_html(fmt::format("{}", fmt::join(parts, "; "))));
}

}  // namespace

std::string figures_markup(const RunResult& run, const Json& shown, const FigureGroup& group,
                           const std::string& more) {
    std::string drawn;
    std::vector<const Figure*> undrawn;
    for (const Figure& figure : run_figures()) {
        if (figure.group != group.name) continue;
        if (shown["captions"].contains(figure.name)) {
            drawn += markup_of(run, figure, drawn.empty() ? more : std::string());
        } else {
            undrawn.push_back(&figure);
        }
    }
    if (!drawn.empty() && !group.layout.empty())
        drawn = fmt::format("<div class=\"{}\">\n{}</div>\n", group.layout, drawn);
    return drawn + not_drawn(run, undrawn);
}

std::string every_level_sentence(const RunResult& run) {
    std::vector<std::string> names;
    for (const StrategySpec& strategy : run.scenario.strategies) {
        const bool once = std::any_of(run.summary.begin(), run.summary.end(), [&](const Cell& cell) {
            return cell.strategy == strategy && cell.every_level;
        });
        if (once && run.scenario.concurrency.size() > 1) names.push_back(name_in_text(run, strategy));
    }
    if (names.empty()) return {};
    return fragment(names.size() == 1 ? "every-level-one" : "every-level-many", {{"names", listed(names)}});
}

std::string charts_caption(const RunResult& run, const Json& shown) {
    if (shown["captions"].empty()) return {};
    const std::string confidence = confidence_of_charts(run);
    std::vector<std::string> texts{fragment(
        "drawn-are",
        {{"trials", trials_a_cell(run)},
         {"interval", confidence.empty() ? "" : fragment("its-interval", {{"confidence", confidence}})},
         {"standing", standing_sentences(run)}})};
    if (std::string sentence = every_level_sentence(run); !sentence.empty())
        texts.push_back(std::move(sentence));
    for (std::string& sentence : never_drawn_sentences(run)) texts.push_back(std::move(sentence));
    return fmt::format("<div class=\"reading\">\n{}</div>\n", paragraphs(texts));
}

std::string caption_of(const RunResult& run, const Figure& figure, const std::vector<Comparison>& ratios) {
    return fmt::format("{} {}; {}{}.{}", words_of(run, figure), describe_load(run.scenario),
                       trials_a_cell(run), intervals_text(intervals_in(run, figure, ratios)),
                       standing_sentences(run));
}

}  // namespace asyncbench
