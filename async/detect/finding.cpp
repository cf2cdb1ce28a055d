#include "async/detect/finding.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <mutex>
#include <utility>

#include "async/detect/blocking_calls.hpp"

namespace asyncbench {

namespace {

// Held while a sink is called, so that none is called after its end.
std::mutex sink_mutex;
FindingSink* installed_sink = nullptr;

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

void write_to_stderr(const Finding& finding) noexcept {
    std::string text = fmt::format("asyncbench: {}: {}\n", name_of(finding.kind), finding.message);
    for (const std::string& frame : finding.backtrace) text += fmt::format("    {}\n", frame);
    std::fputs(text.c_str(), stderr);
}

void report(const Finding& finding) noexcept {
    const AllowBlocking reporting;
    const std::lock_guard lock(sink_mutex);
    if (installed_sink != nullptr) {
        installed_sink->found(finding);
    } else {
        write_to_stderr(finding);
    }
}

}  // namespace asyncbench
