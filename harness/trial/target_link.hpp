#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>

#include "async/clock.hpp"
#include "async/histogram.hpp"
#include "harness/http/blocking_session.hpp"
#include "harness/trial/child_process.hpp"
#include "harness/trial/server_process.hpp"
#include "harness/trial/trial.hpp"
#include "harness/work/fingerprint.hpp"

namespace asyncbench {

/// What `/stats/{trial}` answers.
struct TargetStats {
    std::uint64_t requests = 0;
    std::uint64_t connections = 0;
    Fingerprint served;
    Nanoseconds process_cpu{0};  ///< of the target's process since it began
    Nanoseconds clock{0};        ///< the target's steady clock when it answered
    Histogram delay_error_ns;
    TargetView::Held held;
};

/// Reads the answer; takes it for hostile. Throws Error.
TargetStats target_stats_from_json(const std::string& text);

/// The target of a run: a child process of ours, a server of the user's own that we start, or one that
/// somebody else runs.
class TargetLink {
  public:
    /// Starts `command`, which announces its port in one JSON line on stdout. Throws Error where it does not.
    explicit TargetLink(ChildProcess::Options command);
    /// A foreign server; throws Error where it does not answer.
    explicit TargetLink(std::string url);
    /// A server of the user's own, started and stopped by us; throws as ServerProcess does.
    explicit TargetLink(ServerSpec server);

    const std::string& base_url() const { return base_url_; }
    /// Whether the target is ours, so that it counts what it serves.
    bool counts() const { return std::holds_alternative<Ours>(server_); }

    /// Throws Error where the target does not answer.
    TargetStats stats(const std::string& trial);

    /// Whether the target answers; starts our own again where it does not. Throws Error where that fails, and
    /// where a server that we started for the user does not answer: what it does under load is the user's to
    /// know.
    void ensure_alive();

    /// Of a server of the user's own that we started; null for any other target.
    ServerMeter* server_meter();

    /// A server of the user's own begins to end, while others do; any other target is left alone.
    void ask_to_end();

  private:
    struct Ours {
        ChildProcess::Options command;
        std::unique_ptr<ChildProcess> process = {};
    };
    struct Foreign {};

    void start(Ours& target);

    std::variant<Ours, ServerProcess, Foreign> server_;
    std::string base_url_;
    BlockingSession session_;
};

}  // namespace asyncbench
