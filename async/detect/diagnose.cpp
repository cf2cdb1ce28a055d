#include "async/detect/diagnose.hpp"

#include <mutex>

#include "async/detect/finding.hpp"

namespace asyncbench {

class Diagnose::Impl final : public FindingSink {
  public:
    explicit Impl(const DiagnoseOptions& options)
        : tell_(options.tell),
          receive_(*this),
          blocking_calls_(options.blocking_calls),
          watchdog_(options.stalls) {}

    void found(const Finding& finding) noexcept override {
        bool is_new = false;
        {
            const std::lock_guard lock(mutex_);
            is_new = diagnosis_.add(finding);
        }
        const bool may_never_end = finding.kind == Finding::Kind::stall && finding.duration >= second;
        if ((tell_ && is_new) || may_never_end) write_to_stderr(finding);
    }

    Diagnosis report() const {
        Diagnosis diagnosis;
        {
            const std::lock_guard lock(mutex_);
            diagnosis = diagnosis_;
        }
        diagnosis.suppressed = watchdog_.suppressed();
        diagnosis.stalls_ns = watchdog_.stalls_ns();
        diagnosis.lag_ns = watchdog_.lag_ns();
        return diagnosis;
    }

  private:
    static constexpr Nanoseconds second = std::chrono::seconds(1);

    bool tell_;
    mutable std::mutex mutex_;
    Diagnosis diagnosis_;
    ReceiveFindings receive_;
    DetectBlockingCalls blocking_calls_;
    StallWatchdog watchdog_;
};

Diagnose::Diagnose(const DiagnoseOptions& options) : impl_(std::make_unique<Impl>(options)) {}
Diagnose::~Diagnose() = default;

Diagnosis Diagnose::report() const {
    return impl_->report();
}

}  // namespace asyncbench
