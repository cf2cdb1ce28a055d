#include "analysis/gate/looks.hpp"

#include <set>
#include <utility>

#include "analysis/gate/judging.hpp"

namespace asyncbench {
namespace {

std::vector<std::size_t> open_subjects(const GateResult& result, bool all) {
    std::vector<std::size_t> subjects;
    for (std::size_t subject = 0; subject + 1 < result.subjects.size(); ++subject) {
        if (all || is_open(result, subject)) subjects.push_back(subject);
    }
    return subjects;
}

bool measure_with_control(GateResult& result, PairSource& source, std::vector<std::size_t> subjects,
                          std::size_t from, std::size_t to, bool confirmation) {
    subjects.push_back(result.subjects.size() - 1);
    return source.measure(subjects, from, to, confirmation);
}

void look_until_decided(GateResult& result, PairSource& source) {
    std::size_t measured = 0;
    for (const std::size_t look : result.rules.looks.pairs) {
        const auto subjects = open_subjects(result, measured == 0);
        if (subjects.empty()) return;
        if (!measure_with_control(result, source, subjects, measured, look, false))
            return update_lines(result);
        measured = look;
        judge_lines(result);
        source.looked(look);
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
    const std::vector<PairsWanted> wanted = pairs_to_confirm(result);
    if (wanted.empty()) return;
    std::set<std::size_t> ends;
    for (const PairsWanted& each : wanted) ends.insert(each.pairs);
    std::size_t measured = 0;
    for (const std::size_t end : ends) {
        if (!measure_with_control(result, source, subjects_beyond(wanted, measured), measured, end, true))
            break;
        measured = end;
    }
    judge_confirmation(result);
    source.looked(measured);
}

}  // namespace

void look_and_confirm(GateResult& result, PairSource& source) {
    make_lines(result);
    if (auto warning = warning_of_looks(result)) result.warnings.push_back(std::move(*warning));
    look_until_decided(result, source);
    if (result.rules.confirm) confirm(result, source);
    close_lines(result);
}

}  // namespace asyncbench
