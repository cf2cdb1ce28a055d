#pragma once

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

#include "async/detect/finding.hpp"

namespace asyncbench {

/// Keeps every finding of the process while it lives, instead of whoever received them before. From any
/// thread.
class CollectedFindings final : public FindingSink {
  public:
    void found(const Finding& finding) noexcept override {
        const std::lock_guard lock(mutex_);
        findings_.push_back(finding);
    }

    /// Those so far, in the order they came.
    std::vector<Finding> all() const {
        const std::lock_guard lock(mutex_);
        return findings_;
    }
    /// As all(), which are forgotten.
    std::vector<Finding> take() {
        const std::lock_guard lock(mutex_);
        return std::exchange(findings_, {});
    }
    std::size_t count(Finding::Kind kind) const {
        const std::lock_guard lock(mutex_);
        return static_cast<std::size_t>(
            std::count_if(findings_.begin(), findings_.end(),
                          [&](const Finding& finding) { return finding.kind == kind; }));
    }

  private:
    mutable std::mutex mutex_;
    std::vector<Finding> findings_;
    ReceiveFindings receive_{*this};  // last: none comes before the rest is there, nor after its end
};

}  // namespace asyncbench
