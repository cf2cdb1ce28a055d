#include "analysis/gate/looks.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/gate/judge.hpp"
#include "analysis/gate/judge_lines.hpp"

namespace asyncbench {
namespace {

Judgement judgement_of(const GateResult& result) {
    return judge(result.rules, GateEvidence(result.subjects, result.samples), result.stage);
}

bool measure_with_control(const GateResult& result, PairSource& source, std::vector<std::size_t> subjects,
                          std::size_t from, std::size_t to, bool confirmation) {
    subjects.push_back(result.subjects.size() - 1);
    return source.measure(subjects, from, to, confirmation);
}

std::vector<std::size_t> subjects_but_the_control(const GateResult& result) {
    std::vector<std::size_t> subjects;
    for (std::size_t subject = 0; subject + 1 < result.subjects.size(); ++subject)
        subjects.push_back(subject);
    return subjects;
}

void look_until_decided(GateResult& result, PairSource& source) {
    std::size_t measured = 0;
    std::vector<std::size_t> open = subjects_but_the_control(result);
    for (const std::size_t look : result.rules.looks.pairs) {
        if (open.empty() || !measure_with_control(result, source, open, measured, look, false)) return;
        measured = look;
        result.stage.looks.push_back(look);
        const GateEvidence evidence(result.subjects, result.samples);
        const Judgement judgement = judge(result.rules, evidence, result.stage);
        std::erase_if(open, [&](std::size_t subject) { return !is_open(judgement, evidence, subject); });
        source.looked(look, open_lines(judgement));
    }
}

/// Those of which more than `measured` pairs are wanted.
std::vector<std::size_t> subjects_beyond(const std::vector<PairsWanted>& wanted, std::size_t measured) {
    std::vector<std::size_t> subjects;
    for (const PairsWanted& each : wanted) {
        if (each.pairs > measured) subjects.push_back(each.subject);
    }
    return subjects;
}

void confirm(GateResult& result, PairSource& source) {
    const std::vector<PairsWanted> wanted = pairs_to_confirm(judgement_of(result));
    if (wanted.empty()) return;
    std::set<std::size_t> ends;
    for (const PairsWanted& each : wanted) ends.insert(each.pairs);
    std::size_t measured = 0;
    for (const std::size_t end : ends) {
        if (!measure_with_control(result, source, subjects_beyond(wanted, measured), measured, end, true))
            break;
        measured = end;
    }
    result.stage.confirmed = true;
    source.looked(measured, open_lines(judgement_of(result)));
}

}  // namespace

bool is_open(const Judgement& judgement, const GateEvidence& evidence, std::size_t subject) {
    const auto against = obstacles(cell_state(evidence, subject, {Batch::first}));
    if (!reason_against(against, more_pairs_help_no_more).empty()) return false;
    if (judge_same_work(evidence, subject)) return false;
    return std::any_of(judgement.lines.begin(), judgement.lines.end(),
                       [&](const GateLine& line) {
                           return line.subject == subject && is_of_pairs(line) && line.pairs > 0 &&
                                  line.decided_after == 0;
                       }) ||
           std::any_of(judgement.budgets.begin(), judgement.budgets.end(), [&](const BudgetLine& line) {
               return line.subject == subject && line.decided_after == 0 && std::isfinite(line.value.value);
           });
}

std::size_t open_lines(const Judgement& judgement) {
    std::size_t open = 0;
    for (const GateLine& line : judgement.lines)
        open += line.decides() && line.verdict == Verdict::inconclusive ? 1 : 0;
    for (const BudgetLine& line : judgement.budgets) open += line.verdict == Verdict::inconclusive ? 1 : 0;
    return open;
}

std::vector<PairsWanted> pairs_to_confirm(const Judgement& judgement) {
    std::vector<PairsWanted> wanted;
    const auto want = [&](std::size_t subject, std::size_t pairs) {
        const auto known = std::find_if(wanted.begin(), wanted.end(),
                                        [&](const PairsWanted& each) { return each.subject == subject; });
        if (known == wanted.end()) {
            wanted.push_back({subject, pairs});
        } else {
            known->pairs = std::max(known->pairs, pairs);
        }
    };
    for (const GateLine& line : judgement.lines)
        if (line.decides() && line.verdict == Verdict::fail) want(line.subject, line.decided_after);
    for (const BudgetLine& line : judgement.budgets)
        if (line.verdict == Verdict::fail) want(line.subject, line.decided_after);
    return wanted;
}

void look_and_confirm(GateResult& result, PairSource& source) {
    look_until_decided(result, source);
    if (result.rules.confirm) confirm(result, source);
    result.stage.ended = true;
    result.stage.stopped = !result.failure.empty() || result.interrupted;
    conclude(result);
}

}  // namespace asyncbench
