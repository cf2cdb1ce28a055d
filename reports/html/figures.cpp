#include "reports/html/figures.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "reports/html/assets.hpp"
#include "reports/html/markup.hpp"
#include "reports/text/cells.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/group_text.hpp"
#include "reports/text/human.hpp"
#include "reports/text/latency_kinds.hpp"
#include "reports/text/metric_label.hpp"
#include "reports/text/ranking.hpp"
#include "reports/text/strategy_name.hpp"

namespace asyncbench {
namespace {

std::vector<Figure> read_figures() {
    std::vector<Figure> figures;
    for (const Json& each : Json::parse(report_asset("figures.json")))
        figures.push_back({each["group"], each["name"], each["heading"], each["words"],
                           each.value("metric", std::string())});
    return figures;
}

constexpr std::size_t most_names = 6;

/// A reason and what it holds for, in the order met, each once.
struct Reason {
    std::string text;
    std::vector<std::string> subjects;
};

void add(std::vector<Reason>& reasons, const std::string& text, const std::string& subject) {
    auto found = std::find_if(reasons.begin(), reasons.end(),
                              [&](const Reason& reason) { return reason.text == text; });
    if (found == reasons.end()) found = reasons.insert(reasons.end(), {text, {}});
    auto& subjects = found->subjects;
    if (std::find(subjects.begin(), subjects.end(), subject) == subjects.end()) subjects.push_back(subject);
}

std::string why_wrong(const Cell& cell) {
    if (cell.unavailable()) return "not available for this work";
    const auto found = std::find_if(cell.warnings.begin(), cell.warnings.end(), [](const Warning& warning) {
        return warning.kind == WarningKind::wrong;
    });
    return found == cell.warnings.end() ? "wrong" : fmt::format("wrong: {}", words_of_code(found->code));
}

/// Why no figure can draw the cell; empty where one may.
std::string why_never_drawn(const RunResult& run, const Cell* cell) {
    if (cell == nullptr || cell->trials == 0) return "not measured so far";
    if (is_usable(run, *cell)) return {};
    return is_wrong_as_a_whole(run) ? "the run as a whole is wrong" : why_wrong(*cell);
}

std::string why_unknown(const Cell& cell, std::string_view metric) {
    if (metric.empty() || cell.metrics.contains(metric)) return {};
    const auto unknown = cell.unknown.find(metric);
    return unknown == cell.unknown.end() ? "its program does not tell" : unknown->second;
}

template <typename Visit>
void for_each_place(const RunResult& run, Visit&& visit) {
    for (const std::uint32_t concurrency : run.scenario.concurrency) {
        for (const StrategySpec& strategy : run.scenario.strategies) {
            visit(find_cell(run, strategy, concurrency),
                  fmt::format("{} at {}", strategy.text(), human_count(concurrency)));
        }
    }
}

std::vector<Reason> reasons_of_unknown(const RunResult& run, std::string_view metric) {
    std::vector<Reason> reasons;
    for_each_place(run, [&](const Cell* cell, const std::string&) {
        if (!why_never_drawn(run, cell).empty()) return;
        if (const std::string why = why_unknown(*cell, metric); !why.empty())
            add(reasons, why, cell->strategy.text());
    });
    return reasons;
}

std::string some_of(const std::vector<std::string>& names) {
    if (names.size() <= most_names + 1) return fmt::format("{}", fmt::join(names, ", "));
    return fmt::format("{} and {} more", fmt::join(names.begin(), names.begin() + most_names, ", "),
                       names.size() - most_names);
}

std::vector<std::string> sentences_of(const char* begin, const std::vector<Reason>& reasons) {
    std::vector<std::string> sentences;
    sentences.reserve(reasons.size());
    for (const Reason& reason : reasons)
        sentences.push_back(fmt::format("{}: {} ({}).", begin, some_of(reason.subjects), reason.text));
    return sentences;
}

/// Why the figure draws nothing at all of this run, as a clause.
std::string why_undrawn(const RunResult& run, const Figure& figure) {
    const auto usable = std::count_if(run.summary.begin(), run.summary.end(),
                                      [&](const Cell& cell) { return is_usable(run, cell); });
    if (run.summary.empty()) return "nothing has been measured";
    if (usable == 0) return "nothing was measured that can be used";
    if (figure.name == "ratios") {
        return run.scenario.strategies.size() < 2
                   ? "there is nothing to compare with, as one strategy was measured"
                   : "no two strategies have a usable measurement at one concurrency in trials of one block";
    }
    if (figure.metric.empty()) return "no trial holds what it is made of";
    std::vector<std::string> reasons;
    for (const Reason& reason : reasons_of_unknown(run, figure.metric)) reasons.push_back(reason.text);
    return reasons.empty() ? "it is 0 in every cell" : fmt::format("{}", fmt::join(reasons, "; "));
}

/// What the figure's lines through symbols are the intervals of.
std::vector<Estimate> intervals_in(const RunResult& run, const Figure& figure,
                                   const std::vector<Comparison>& ratios) {
    std::vector<Estimate> estimates;
    if (figure.name == "ratios") {
        std::transform(ratios.begin(), ratios.end(), std::back_inserter(estimates),
                       [](const Comparison& comparison) { return comparison.ratio; });
        return estimates;
    }
    const std::string_view metric =
        figure.group == "throughput" ? "throughput_rps" : std::string_view(figure.metric);
    for (const Cell& cell : run.summary) {
        const Estimate* estimate = is_usable(run, cell) ? estimate_of(cell, metric) : nullptr;
        if (estimate != nullptr) estimates.push_back(*estimate);
    }
    return estimates;
}

/// `93.8 %`, `93.8 % to 95.7 %`; empty where nothing has an interval.
std::string confidence_text(const std::vector<Estimate>& estimates) {
    std::vector<double> confidences;
    for (const Estimate& estimate : estimates) {
        if (has_interval(estimate)) confidences.push_back(estimate.confidence);
    }
    if (confidences.empty()) return {};
    const auto [least, most] = std::minmax_element(confidences.begin(), confidences.end());
    const std::string low = human_percent(*least);
    const std::string high = human_percent(*most);
    return low == high ? low : fmt::format("{} to {}", low, high);
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

/// Small charts stand side by side.
std::string_view layout_of(std::string_view group) {
    return group == "loop" ? "thirds" : group == "overhead" || group == "cost" ? "pair" : "";
}

}  // namespace

std::span<const Figure> run_figures() {
    static const std::vector<Figure> figures = read_figures();
    return figures;
}

std::string name_on_page(std::string_view metric) {
    const auto figures = run_figures();
    const auto found = std::find_if(figures.begin(), figures.end(),
                                    [&](const Figure& figure) { return figure.metric == metric; });
    if (found == figures.end()) return metric_label(metric);
    std::string name = found->heading;
    if (name.starts_with("CPU")) return name;
    name.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(name.front())));
    return name;
}

std::string ranked_name(const RunResult& run) {
    std::string name = name_on_page(ranking_metric(run));
    name.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(name.front())));
    return name;
}

std::string figures_markup(const RunResult& run, const Json& shown, std::string_view group,
                           const std::string& more) {
    std::string drawn;
    std::vector<const Figure*> undrawn;
    for (const Figure& figure : run_figures()) {
        if (figure.group != group) continue;
        if (shown["captions"].contains(figure.name)) {
            drawn += markup_of(run, figure, drawn.empty() ? more : std::string());
        } else {
            undrawn.push_back(&figure);
        }
    }
    const std::string_view layout = layout_of(group);
    if (!drawn.empty() && !layout.empty())
        drawn = fmt::format("<div class=\"{}\">\n{}</div>\n", layout, drawn);
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

std::vector<std::string> never_drawn_sentences(const RunResult& run) {
    std::vector<Reason> reasons;
    for_each_place(run, [&](const Cell* cell, const std::string& place) {
        if (const std::string why = why_never_drawn(run, cell); !why.empty()) return add(reasons, why, place);
        if (cell->used_trials == cell->trials) return;
        add(reasons, why_wrong(*cell),
            fmt::format("{} of {}", counted(cell->trials - cell->used_trials, "trial"), place));
    });
    return sentences_of("In no chart", reasons);
}

std::vector<std::string> left_out_sentences(const RunResult& run, const Figure& figure) {
    return sentences_of("Left out", reasons_of_unknown(run, figure.metric));
}

}  // namespace asyncbench
