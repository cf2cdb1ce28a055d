#include "harness/async/finding.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <mutex>
#include <utility>

#include "harness/async/blocking_calls.hpp"

namespace asyncbench {

namespace {

// Held while a sink is called, so that none is called after its end.
std::mutex sink_mutex;
FindingSink* installed_sink = nullptr;

class WriteToStderr final : public FindingSink {
  public:
    void found(const Finding& finding) noexcept override {
        std::fputs(fmt::format("asyncbench: {}: {}\n", name_of(finding.kind), finding.message).c_str(),
                   stderr);
        for (const std::string& frame : finding.backtrace) {
            std::fputs(fmt::format("    {}\n", frame).c_str(), stderr);
        }
    }
};

}  // namespace

std::span<const Finding::Kind> finding_kinds() {
    using enum Finding::Kind;
    static constexpr std::array kinds = {stall,          blocking_call, never_awaited,     destroyed_pending,
                                         lost_exception, wrong_loop,    waits_for_own_loop};
    return kinds;
}

std::string_view name_of(Finding::Kind kind) {
    switch (kind) {
        case Finding::Kind::stall:
            return "stall";
        case Finding::Kind::blocking_call:
            return "blocking-call";
        case Finding::Kind::never_awaited:
            return "never-awaited";
        case Finding::Kind::destroyed_pending:
            return "destroyed-pending";
        case Finding::Kind::lost_exception:
            return "lost-exception";
        case Finding::Kind::wrong_loop:
            return "wrong-loop";
        case Finding::Kind::waits_for_own_loop:
            return "waits-for-own-loop";
    }
    return "unknown";
}

ReceiveFindings::ReceiveFindings(FindingSink& sink) {
    const std::lock_guard lock(sink_mutex);
    before_ = std::exchange(installed_sink, &sink);
}

ReceiveFindings::~ReceiveFindings() {
    const std::lock_guard lock(sink_mutex);
    installed_sink = before_;
}

void report(const Finding& finding) noexcept {
    const AllowBlocking reporting;
    const std::lock_guard lock(sink_mutex);
    WriteToStderr fallback;
    FindingSink& sink = installed_sink != nullptr ? *installed_sink : fallback;
    sink.found(finding);
}

}  // namespace asyncbench
