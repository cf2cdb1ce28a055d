#include "harness/gate/replay_suite.hpp"

#include <algorithm>
#include <utility>

#include "harness/gate/judging.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t cell_subject = 0;

class Replay {
  public:
    Replay(const GateRules& rules, const GateSubject& cell, std::span<const SamplePair> pairs,
           const GateSubject& control_cell, std::span<const SamplePair> control)
        : pairs_(pairs), control_(control) {
        result_.rules = rules;
        result_.subjects = {cell, control_cell};
        result_.subjects.back().is_control = true;
    }

    std::optional<ReplayedSuite> run() {
        make_lines(result_);
        for (const std::size_t look : result_.rules.looks.pairs) {
            if (!take(look - taken_, false)) return std::nullopt;
            judge_lines(result_);
            if (!is_open(result_, cell_subject)) break;
        }
        if (result_.rules.confirm && !subjects_to_confirm(result_).empty()) {
            if (!take(result_.rules.looks.pairs.front(), true)) return std::nullopt;
            judge_confirmation(result_);
        }
        close_lines(result_);
        return ReplayedSuite{result_.verdict(), taken_, result_.control && result_.control->moved,
                             std::move(result_.lines)};
    }

  private:
    bool take(std::size_t count, bool confirmation) {
        if (taken_ + count > std::min(pairs_.size(), control_.size())) return false;
        for (std::size_t i = 0; i < count; ++i) {
            const auto pair = static_cast<std::uint32_t>(confirmation ? i : taken_ + i);
            add(pairs_[taken_ + i], cell_subject, pair, confirmation);
            add(control_[taken_ + i], cell_subject + 1, pair, confirmation);
        }
        taken_ += count;
        return true;
    }

    void add(const SamplePair& measured, std::size_t subject, std::uint32_t pair, bool confirmation) {
        for (const auto& [sample, arm] :
             {std::pair{&measured.base, Arm::base}, {&measured.head, Arm::head}}) {
            GateSample& added = result_.samples.emplace_back(*sample);
            added.subject = subject;
            added.arm = arm;
            added.pair = pair;
            added.confirmation = confirmation;
        }
    }

    std::span<const SamplePair> pairs_;
    std::span<const SamplePair> control_;
    GateResult result_;
    std::size_t taken_ = 0;
};

}  // namespace

std::optional<ReplayedSuite> replay_suite(const GateRules& rules, const GateSubject& cell,
                                          std::span<const SamplePair> pairs, const GateSubject& control_cell,
                                          std::span<const SamplePair> control) {
    return Replay(rules, cell, pairs, control_cell, control).run();
}

}  // namespace asyncbench
