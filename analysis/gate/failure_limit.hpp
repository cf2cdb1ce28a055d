#pragma once

#include <cstddef>

namespace asyncbench {

/// When there is no sense in going on with an arm: its trials failed twice in a row, or more than once and
/// more than one in ten.
class FailureLimit {
  public:
    void count(bool failed) {
        ++trials_;
        failed_ += failed ? 1 : 0;
        in_a_row_ = failed ? in_a_row_ + 1 : 0;
        reached_ |= in_a_row_ > 1 || (failed_ > 1 && 10 * failed_ > trials_);
    }
    bool reached() const { return reached_; }
    std::size_t trials() const { return trials_; }
    std::size_t failed() const { return failed_; }

  private:
    std::size_t trials_ = 0;
    std::size_t failed_ = 0;
    std::size_t in_a_row_ = 0;
    bool reached_ = false;
};

}  // namespace asyncbench
