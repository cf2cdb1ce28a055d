#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "analysis/ranking/rank.hpp"
#include "harness/trial/scenario.hpp"

namespace asyncbench {

/// How many blocks the scenario will measure at least: its repetitions, or those of the first look, or what
/// the budget and a quarter of it can hold, and one in any case. Fewer than those of the first look show no
/// order.
std::uint32_t least_blocks(const Scenario& scenario);

/// Says how many blocks a run measures, and which of them it judges when. It is told what happened, and reads
/// no clock itself. With `repetitions` the run measures so many, and all are judged once. Otherwise looks are
/// taken after n, 2 n and 4 n clear blocks (looks.hpp), until no question is open or the budget cannot hold
/// the next look. What decides about going on is the same for all trials of a block, so that the order shown
/// by a look keeps its error rate.
class BlockSchedule {
  public:
    explicit BlockSchedule(const Scenario& scenario);

    bool wants_block() const { return done_ < planned_; }
    std::uint32_t done() const { return done_; }        ///< whole blocks
    std::uint32_t planned() const { return planned_; }  ///< by now; plan_on() may add to them

    /// A block has ended. `clear` are all blocks so far that were not disturbed, ascending. Gives the look
    /// that is due by now, if one is.
    std::optional<JudgedBlocks> block_ended(std::vector<std::uint32_t> clear);

    /// Adds a block where it can still change the answer. `open` counts the questions without an answer at
    /// the last look; before the first it is not looked at. `elapsed` is the time since the first block
    /// began.
    void plan_on(std::size_t open, Nanoseconds elapsed);

    /// All blocks at the full error rate, for the end of a run that took no look; none after a look, which
    /// has spent its share.
    std::optional<JudgedBlocks> judgement_at_end() const;

    /// The longest that the planned blocks can take, and where their number is open, the budget.
    Nanoseconds most_left(Nanoseconds elapsed) const;

  private:
    bool is_open_ended() const { return repetitions_ == 0; }
    bool all_looks_taken() const;
    std::uint32_t blocks_of_next_look() const;

    std::uint32_t repetitions_;
    Nanoseconds budget_;
    std::uint32_t first_look_;
    std::uint32_t planned_;
    std::uint32_t done_ = 0;
    std::uint32_t clear_ = 0;
    std::size_t looks_ = 0;  ///< taken
};

}  // namespace asyncbench
