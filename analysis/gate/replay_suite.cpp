#include "analysis/gate/replay_suite.hpp"

#include <algorithm>
#include <utility>

#include "analysis/gate/failure_limit.hpp"
#include "analysis/gate/looks.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t cell_subject = 0;

class Replay : private PairSource {
  public:
    Replay(const GateRules& rules, const GateSubject& cell, std::span<const SamplePair> pairs,
           const GateSubject& control_cell, std::span<const SamplePair> control)
        : pairs_(pairs), control_(control) {
        result_.rules = rules;
        result_.subjects = {cell, control_cell};
        result_.subjects.back().is_control = true;
    }

    std::optional<ReplayedSuite> run() {
        look_and_confirm(result_, *this);
        if (lacks_pairs_) return std::nullopt;
        return ReplayedSuite{result_.verdict(), taken_, result_.control && result_.control->moved,
                             std::move(result_.lines)};
    }

  private:
    bool measure(const std::vector<std::size_t>& subjects, std::size_t from, std::size_t to,
                 bool confirmation) override {
        lacks_pairs_ |= taken_ + to - from > std::min(pairs_.size(), control_.size());
        if (lacks_pairs_) return false;
        for (; from < to && result_.failure.empty(); ++from, ++taken_) {
            for (const std::size_t subject : subjects) {
                const auto& pairs = subject == cell_subject ? pairs_ : control_;
                add(pairs[taken_], subject, static_cast<std::uint32_t>(from), confirmation);
            }
        }
        return result_.failure.empty();
    }

    void looked(std::size_t /*pairs*/, std::size_t /*open_lines*/) override {}

    void add(const SamplePair& measured, std::size_t subject, std::uint32_t pair, bool confirmation) {
        for (const auto& [sample, arm] :
             {std::pair{&measured.base, Arm::base}, {&measured.head, Arm::head}}) {
            GateSample& added = result_.samples.emplace_back(*sample);
            added.subject = subject;
            added.arm = arm;
            added.pair = pair;
            added.confirmation = confirmation;
            FailureLimit& limit = subject != cell_subject ? of_control_
                                  : arm == Arm::base      ? of_base_
                                                          : of_head_;
            limit.count(!added.failure.empty());
            if (limit.reached()) result_.failure = added.failure;
        }
    }

    std::span<const SamplePair> pairs_;
    std::span<const SamplePair> control_;
    GateResult result_;
    std::size_t taken_ = 0;
    bool lacks_pairs_ = false;
    FailureLimit of_base_;
    FailureLimit of_head_;
    FailureLimit of_control_;
};

}  // namespace

std::optional<ReplayedSuite> replay_suite(const GateRules& rules, const GateSubject& cell,
                                          std::span<const SamplePair> pairs, const GateSubject& control_cell,
                                          std::span<const SamplePair> control) {
    return Replay(rules, cell, pairs, control_cell, control).run();
}

}  // namespace asyncbench
