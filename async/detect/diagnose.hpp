#pragma once

#include <memory>

#include "async/detect/blocking_calls.hpp"
#include "async/detect/diagnosis.hpp"
#include "async/detect/stall_watchdog.hpp"

namespace asyncbench {

struct DiagnoseOptions {
    StallOptions stalls = {};
    /// Detected in programs that link asyncbench::blocking_calls.
    BlockingCallOptions blocking_calls = {};
    /// Writes a finding to stderr when the first of its like is made. A stall of a second or more is written
    /// in any case: it may be one that never ends.
    bool tell = true;
};

/// While it lives, every detector is on, for every Loop::run() of the process that is entered from then on:
///
///     Diagnose diagnose;
///     run(loop, serve());
///     Diagnosis diagnosis = diagnose.report();
///
/// Takes all findings, instead of whoever received them before. Of several, the last one made does so.
class Diagnose {
  public:
    explicit Diagnose(const DiagnoseOptions& options = {});
    ~Diagnose();
    Diagnose(const Diagnose&) = delete;
    Diagnose& operator=(const Diagnose&) = delete;

    /// What was found so far. Any thread.
    Diagnosis report() const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace asyncbench
