#include "analysis/ranking/block_schedule.hpp"

#include <algorithm>
#include <numeric>

#include "analysis/ranking/looks.hpp"
#include "harness/trial/experiment.hpp"

namespace asyncbench {

std::uint32_t least_blocks(const Scenario& scenario) {
    if (scenario.repetitions > 0) return scenario.repetitions;
    constexpr double most_of_budget = 1.25;
    const double blocks_in_budget = most_of_budget * static_cast<double>(scenario.budget.count()) /
                                    static_cast<double>(expected_block_time(scenario).count());
    const std::uint32_t first_look = blocks_of_first_look(questions_of(scenario));
    return static_cast<std::uint32_t>(std::clamp(blocks_in_budget, 1.0, static_cast<double>(first_look)));
}

BlockSchedule::BlockSchedule(const Scenario& scenario)
    : repetitions_(scenario.repetitions),
      budget_(scenario.budget),
      first_look_(blocks_of_first_look(questions_of(scenario))),
      planned_(least_blocks(scenario)) {}

bool BlockSchedule::all_looks_taken() const {
    return looks_ == alpha_of_look.size();
}

std::uint32_t BlockSchedule::blocks_of_next_look() const {
    return blocks_of_look(first_look_, looks_ + 1);
}

std::optional<JudgedBlocks> BlockSchedule::block_ended(std::vector<std::uint32_t> clear) {
    ++done_;
    clear_ = static_cast<std::uint32_t>(clear.size());
    if (!is_open_ended() || all_looks_taken() || clear_ < blocks_of_next_look()) return std::nullopt;
    const double alpha = alpha_of_look[looks_];
    ++looks_;
    return JudgedBlocks{std::move(clear), alpha, static_cast<std::uint32_t>(looks_)};
}

void BlockSchedule::plan_on(std::size_t open, Nanoseconds elapsed) {
    if (!is_open_ended() || wants_block()) return;
    if (all_looks_taken() || (looks_ > 0 && open == 0)) return;
    const double block_ns = static_cast<double>(elapsed.count()) / done_;
    const auto left_ns = static_cast<double>((budget_ - elapsed).count());
    if (looks_ == 0) {
        // On a machine that is never clear, more blocks make the one judgement surer, up to a limit.
        const bool hopeless = done_ >= blocks_of_look(first_look_, alpha_of_look.size());
        if (!hopeless && block_ns <= left_ns) ++planned_;
        return;
    }
    // A look whose clear blocks the budget cannot hold would waste it.
    const double clear_share = static_cast<double>(clear_) / done_;
    const double next_look_ns = (blocks_of_next_look() - clear_) / clear_share * block_ns;
    if (next_look_ns <= left_ns) ++planned_;
}

std::optional<JudgedBlocks> BlockSchedule::judgement_at_end() const {
    if (looks_ > 0 || done_ == 0) return std::nullopt;
    std::vector<std::uint32_t> all(done_);
    std::iota(all.begin(), all.end(), 0U);
    return JudgedBlocks{std::move(all), alpha_of_run, 0};
}

Nanoseconds BlockSchedule::most_left(Nanoseconds elapsed) const {
    if (done_ == 0 || !wants_block()) return Nanoseconds{0};
    const Nanoseconds planned = elapsed / done_ * (planned_ - done_);
    return is_open_ended() ? std::max(planned, budget_ - elapsed) : planned;
}

}  // namespace asyncbench
