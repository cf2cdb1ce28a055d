#include "analysis/gate/verdict_text.hpp"

#include <fmt/format.h>

#include <cmath>

namespace asyncbench {
namespace {

/// `3.1 % worse`, `0.2 % better`.
std::string change(double worsening) {
    const double percent = 100 * std::expm1(std::abs(worsening));
    return fmt::format("{:.1f} % {}", percent, worsening < 0 ? "better" : "worse");
}

std::string interval(const Estimate& worsening) {
    return fmt::format("{} to {}", change(worsening.low), change(worsening.high));
}

double percent(double share) {
    return 100 * share;
}

}  // namespace

std::string text_of_verdict(Verdict verdict, const PairedTest& test, const Tolerance& tolerance,
                            std::string_view rests_on) {
    const Estimate& worse = test.worsening;
    switch (verdict) {
        case Verdict::fail:
            return fmt::format("{} in {} ({}); it fails from {:.3g} %.", change(worse.value), rests_on,
                               interval(worse), percent(tolerance.fail_from));
        case Verdict::pass:
            return fmt::format("At most {} by {}; it passes below {:.3g} %.", change(worse.high), rests_on,
                               percent(tolerance.pass_below));
        case Verdict::inconclusive:
            break;
    }
    return fmt::format(
        "{} leave {}: neither shown to be worse by {:.3g} % nor to be less than {:.3g} % worse.", rests_on,
        interval(worse), percent(tolerance.fail_from), percent(tolerance.pass_below));
}

std::string text_of_confirmed(const GateLine& line, const PairedTest& again) {
    return fmt::format("{} Measured again: {} in {} pairs.", line.reason, change(again.worsening.value),
                       again.pairs);
}

std::string text_of_not_confirmed(const GateLine& line, const PairedTest& again) {
    return fmt::format(
        "Not confirmed: it failed first ({} pairs), and measured again was {} in {} pairs ({}).", line.pairs,
        change(again.worsening.value), again.pairs, interval(again.worsening));
}

std::string text_of_widening(double spread) {
    return fmt::format("The tolerance grew by {:.1f} %, by which the stored values varied themselves.",
                       percent(spread));
}

std::string text_of_not_paired(double widest) {
    std::string text =
        "Base and head were measured at different times, without a control: what the machine did meanwhile "
        "counts as a change, so that this is weaker than --base CMD --head CMD, which measures in turns.";
    if (widest > 0) {
        text +=
            fmt::format(" Tolerances grew by up to {:.1f} %, by which the stored values varied themselves.",
                        percent(widest));
    }
    return text;
}

std::string text_of_moved(const GateControl& control) {
    return fmt::format(
        "The control, in which nothing differs, moved by {:+.1f} % in {} pairs: the machine was disturbed.",
        100 * (control.ratio.value - 1), control.ratios.size());
}

}  // namespace asyncbench
