#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "async/clock.hpp"
#include "async/histogram.hpp"
#include "harness/http/request_spec.hpp"
#include "harness/http/session_options.hpp"
#include "harness/trial/child_process.hpp"
#include "harness/trial/server_process.hpp"
#include "harness/trial/trial.hpp"
#include "harness/trial/warning.hpp"
#include "harness/work/fingerprint.hpp"
#include "harness/work/secret_text.hpp"

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
    /// A foreign server. Asks it each of the requests once, within the options' timeout, and reads no more of
    /// an answer than tells that there is one. Throws Error where it does not answer with success. Returns at
    /// once where that is interrupted: whoever interrupts is answered by the run. A name in other letters
    /// than ASCII's is used as IDNA writes it. `known` addresses stand in place of a lookup.
    explicit TargetLink(const SecretText& url, const RequestSpec& request = {}, SessionOptions options = {},
                        std::vector<std::string> known = {});
    /// A foreign server that nobody asks before: whether it answers is what the trial shows. `addresses` are
    /// where its host was found; none where the URL has one itself.
    struct Unasked {
        SecretText url;
        std::vector<std::string> addresses;
    };
    explicit TargetLink(Unasked server);
    /// A server of the user's own, started and stopped by us; throws as ServerProcess does.
    explicit TargetLink(ServerSpec server);

    const SecretText& base_url() const { return base_url_; }
    /// In digits: where the host of base_url() answered, which was looked up once. Empty where the URL has an
    /// address itself.
    const std::string& address() const { return address_; }
    /// Says which address is measured, and which are not; none where the URL says so itself.
    std::optional<Warning> address_note() const;
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
    SecretText base_url_;
    std::string address_;
    std::vector<std::string> addresses_;  ///< all that the name has
};

}  // namespace asyncbench
