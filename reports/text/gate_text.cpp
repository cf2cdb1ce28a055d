#include "reports/text/gate_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "harness/work/units.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

/// What counts for the verdict: lines that decide, and budgets.
struct Checks {
    std::size_t all = 0;
    std::size_t improved = 0;
    std::vector<std::string> failed;  ///< `coroutine at 64: service p50 1.21×`
    std::vector<std::string> open;
};

void add_check(Checks& checks, Verdict verdict, std::string what) {
    ++checks.all;
    if (verdict == Verdict::fail)
        checks.failed.push_back(std::move(what));
    else if (verdict == Verdict::inconclusive)
        checks.open.push_back(std::move(what));
}

/// Its ratio, or, of a count that has none as base counts nothing, the counts.
std::string change_text(const GateLine& line) {
    const bool counted_only =
        !std::isfinite(line.ratio.value) && std::isfinite(line.base.value) && std::isfinite(line.head.value);
    if (!counted_only) return ratio_text(line.ratio);
    return fmt::format("{:g} instead of {:g}", line.head.value, line.base.value);
}

Checks checks_of(const GateResult& result) {
    Checks checks;
    for (const GateLine& line : result.lines) {
        if (!line.decides()) continue;
        checks.improved += line.improved ? 1 : 0;
        add_check(checks, line.verdict,
                  fmt::format("{}: {} {}", subject_name(result, line.subject), metric_label(line.rule.metric),
                              change_text(line)));
    }
    for (const BudgetLine& line : result.budgets) {
        add_check(checks, line.verdict,
                  fmt::format("{}: {} is {}", subject_name(result, line.subject), line.budget.text,
                              absolute_text(line.budget.metric, line.value)));
    }
    return checks;
}

std::string some_of(const std::vector<std::string>& texts) {
    constexpr std::size_t most = 3;
    const auto shown = static_cast<std::ptrdiff_t>(std::min(texts.size(), most));
    std::string text = fmt::format("{}", fmt::join(texts.begin(), texts.begin() + shown, "; "));
    if (texts.size() > most) text += fmt::format("; and {} more", texts.size() - most);
    return text;
}

bool control_moved(const GateResult& result) {
    return result.control && result.control->moved;
}

std::string headline_of_pass(const Checks& checks) {
    std::string text = fmt::format("PASS: head is shown not to be worse by as much as would matter, in {}",
                                   counted(checks.all, "check"));
    if (checks.improved > 0) text += fmt::format("; {} got better", checks.improved);
    return text + ".";
}

std::string headline_of_inconclusive(const GateResult& result, const Checks& checks) {
    if (result.interrupted) return "INCONCLUSIVE: interrupted; this is what was measured until then.";
    if (!result.usable()) return "WRONG: what was measured must not be used; the warnings say why.";
    if (control_moved(result)) {
        return "INCONCLUSIVE: the control moved, in which nothing differs, so that nothing can be said of "
               "head.";
    }
    if (checks.all == 0) return "INCONCLUSIVE: there was nothing to decide.";
    return fmt::format("INCONCLUSIVE: {} of {} showed neither that head is worse nor that it is not: {}.",
                       checks.open.size(), counted(checks.all, "check"), some_of(checks.open));
}

/// `5 %`, on one line.
std::string percent_text(double share) {
    return fmt::format("{:g}\u00a0%", share * 100);
}

std::string describe(const GateArm& arm) {
    // Of servers the program is this one in both arms, and only loads them.
    return arm.target.empty() ? arm.program.shown() : fmt::format("server {}", arm.target.shown());
}

std::string_view describe(GateShape shape) {
    switch (shape) {
        case GateShape::paired:
            return "Measured in turns";
        case GateShape::stored:
            return "Head measured now, base taken from a file";
        case GateShape::files:
            break;
    }
    return "Both taken from files";
}

}  // namespace

const std::string& subject_name(const GateResult& result, std::size_t subject) {
    return result.subjects.at(subject).name;
}

std::string verdict_text(const GateLine& line) {
    if (line.rule.lane == Lane::information) return "information";
    if (line.standing == LineStanding::not_told) return "not reported";
    if (line.standing == LineStanding::not_exact) return "not exact";
    return fmt::format("{}{}", name_of(line.verdict), line.improved ? ", better" : "");
}

std::string absolute_text(std::string_view metric, const Estimate& estimate) {
    return std::isfinite(estimate.value) ? human_estimate(metric, estimate) : no_value;
}

std::string ratio_text(const Estimate& ratio) {
    if (!std::isfinite(ratio.value)) return no_value;
    // Near 1, where a gate decides, three significant digits would be a place less above 1 than below it.
    if (ratio.value < 0.1 || ratio.value > 10) return human_ratio(ratio);
    const std::string text = fmt::format("{:.3f}×", ratio.value);
    return has_interval(ratio) ? fmt::format("{} [{:.3f}–{:.3f}]", text, ratio.low, ratio.high) : text;
}

std::string_view ratio_heading(GateShape shape) {
    return shape == GateShape::paired ? "median of pairs' ratios" : "median of all ratios";
}

std::string describe(const Tolerance& tolerance) {
    return fmt::format("fails from +{}, passes below +{}", percent_text(tolerance.fail_from),
                       percent_text(tolerance.pass_below));
}

std::string gate_headline(const GateResult& result) {
    if (!result.failure.empty()) return fmt::format("NOT COMPARED: {}", result.failure);
    const Checks checks = checks_of(result);
    switch (result.verdict()) {
        case Verdict::fail:
            return fmt::format("FAIL: head does not hold {} of {}: {}.", checks.failed.size(),
                               counted(checks.all, "check"), some_of(checks.failed));
        case Verdict::pass:
            return headline_of_pass(checks);
        case Verdict::inconclusive:
            break;
    }
    return headline_of_inconclusive(result, checks);
}

std::string describe_gate(const GateResult& result) {
    std::string text = fmt::format("{}: base {}; head {}.", describe(result.shape), describe(result.base),
                                   describe(result.head));
    if (result.samples.empty()) return text;
    if (result.shape != GateShape::files) text += fmt::format(" Load: {}.", describe_load(result.scenario));
    const std::string took =
        result.elapsed.count() > 0
            ? fmt::format(" in {}", human_time(static_cast<double>(result.elapsed.count())))
            : "";
    return text + fmt::format(" {}{}.", counted(result.samples.size(), "trial"), took);
}

std::string describe_control(const GateResult& result) {
    if (!result.control) return {};
    const GateControl& control = *result.control;
    const GateCell& subject = result.subjects.at(control.subject);
    return fmt::format("Control, the same program in both arms: {} at {}, {} {}, limit ±{}: {}.",
                       subject.strategy, subject.concurrency, metric_label(control.metric),
                       ratio_text(control.ratio), percent_text(result.rules.control_limit),
                       control.moved ? "it moved, the machine was disturbed" : "it did not move");
}

std::vector<std::string> gate_disturbances(const GateResult& result) {
    std::vector<std::string> texts;
    texts.reserve(result.environment_differences.size() + 1);
    for (const EnvironmentDifference& difference : result.environment_differences) {
        texts.push_back(
            fmt::format("{} differs: base {}, head {}.", difference.fact, difference.base, difference.head));
    }
    if (!result.failure.empty() && result.lines.empty()) return texts;  // the failure is that of the trials
    // That a strategy is unavailable is a warning of its cell.
    const auto is_lost = [](const GateTrial& sample) { return sample.lost(); };
    const auto failed = std::count_if(result.samples.begin(), result.samples.end(), is_lost);
    if (failed > 0) {
        const auto first = std::find_if(result.samples.begin(), result.samples.end(), is_lost);
        texts.push_back(fmt::format("{} of {} gave no measurement; the first, {} of {}: {}", failed,
                                    counted(result.samples.size(), "trial"),
                                    subject_name(result, first->subject),
                                    first->arm == Arm::base ? "base" : "head", first->failure));
    }
    return texts;
}

std::string describe_decision(const GateResult& result) {
    if (result.shape != GateShape::paired) {
        return "Base and head were measured at different times, so that whatever the machine did meanwhile "
               "counts as a change: this is weaker than measuring them in turns. The ratio is the median of "
               "all ratios of a value of head and one of base (Hodges and Lehmann) with the interval of "
               "the exact rank sum test; Holm's method keeps the chance of a false FAIL over all checks "
               "together below alpha.";
    }
    const Looks& looks = result.rules.looks;
    return fmt::format(
        "Base and head took turns in blocks of random order. Values are the median of the pairs' ratios and "
        "its exact interval by the sign test, judged after {} pairs. Holm's method keeps the chance of a "
        "false FAIL over all checks and looks together below {}.{}",
        fmt::join(looks.pairs, ", "), percent_text(looks.alpha),
        result.rules.confirm ? " A second batch of pairs must confirm a FAIL." : "");
}

std::vector<std::string> gate_advice(const GateResult& result) {
    if (!result.failure.empty() || result.interrupted) return {};
    if (!result.usable()) return {"Put right what the warnings name, and measure again."};
    switch (result.verdict()) {
        case Verdict::pass:
            return {};
        case Verdict::fail:
            return {
                "Find what changed between base and head in the code these metrics measure. A change that "
                "is meant needs a wider tolerance or budget in the same commit, so that it is seen."};
        case Verdict::inconclusive:
            break;
    }
    if (control_moved(result)) {
        return {
            "Measure again when the machine has less else to do; `asyncbench gate --self-test` shows what "
            "this machine can hold."};
    }
    if (result.shape != GateShape::paired) {
        return {
            "Measure both builds in turns (--base CMD --head CMD): results of two runs differ by what the "
            "machine did meanwhile, and few repetitions show little."};
    }
    return {
        "More pairs narrow the intervals; a wider tolerance needs fewer. `asyncbench gate --self-test` "
        "shows which this machine can hold."};
}

}  // namespace asyncbench
