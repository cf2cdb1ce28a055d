#pragma once

#include <optional>
#include <string>
#include <vector>

namespace asyncbench {

/// A trial of a search at one rate.
struct RateStep {
    double rate_rps = 0;
    bool holds = false;     ///< the trial kept to all goals
    bool confirms = false;  ///< it is one of those that confirm the answer
    bool limited = false;   ///< the generator was at its limit, so that the server may bear more
    std::string why;        ///< which goal it did not keep to, and its value; empty where it holds

    bool operator==(const RateStep&) const = default;
};

/// The highest rate at which a server keeps to its goals, and how it was found.
struct RateSearchResult {
    std::vector<std::string> goals;         ///< `p99<50ms`
    std::optional<double> closed_loop_rps;  ///< what the connections bore as fast as they could, before
    std::vector<RateStep> steps;            ///< in the order measured
    std::optional<double> highest_held;     ///< confirmed; none where no rate was
    std::optional<double> lowest_broken;    ///< the next rate above it that did not hold

    bool operator==(const RateSearchResult&) const = default;
};

/// Says which rate to measure next, in search of the highest one that holds. It doubles or halves the first
/// rate until one holds and one does not, and then halves the distance on a logarithmic scale. At the end
/// fresh trials look at both again, as one trial may hold or not by chance. Where most trials of a rate say
/// the other thing, the search goes on. Pure: whoever measures tells what came of it.
class RateSearch {
  public:
    struct Options {
        double first_rps = 100;
        double precision = 0.03;     ///< as a share: how far the lowest broken rate may be above the answer
        unsigned confirmations = 3;  ///< of each of the two rates; odd
        /// How often a rate may turn out to hold that had not: within the noise the search would go on for
        /// ever.
        unsigned most_turns_up = 2;
        unsigned most_steps = 40;  ///< then it ends without an answer, or with one that is not confirmed
        double least_rps = 1;      ///< where this does not hold, nothing does
        double most_rps = 1e6;     ///< where this holds, it is the answer
    };
    explicit RateSearch(Options options);

    struct Next {
        double rate_rps;
        bool confirms;
    };
    /// None where it is done.
    std::optional<Next> next() const;
    /// What came of next().
    void add(bool holds);

    std::optional<double> highest_held() const;   ///< only if it is confirmed
    std::optional<double> lowest_broken() const;  ///< above it

  private:
    /// Fresh trials of a rate, of which most decide.
    struct Votes {
        unsigned holds = 0;
        unsigned breaks = 0;
    };

    unsigned majority() const { return options_.confirmations / 2 + 1; }
    bool is_bracketed() const;
    double between() const;
    void refuse_held();
    void refuse_broken();

    Options options_;
    std::vector<double> held_;    ///< ascending
    std::vector<double> broken_;  ///< descending
    unsigned steps_ = 0;
    unsigned turns_up_ = 0;  ///< how often a broken rate did hold
    Votes of_held_;          ///< of the highest held rate
    Votes of_broken_;        ///< of the lowest broken one
};

}  // namespace asyncbench
