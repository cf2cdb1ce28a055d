#pragma once

namespace asyncbench {

/// The exit statuses of the contract (design, "Command line").
enum class ExitStatus {
    done = 0,
    failed = 1,
    regression = 2,
    inconclusive = 3,
    wrong = 4,
    usage = 64,
    interrupted = 130,
};

}  // namespace asyncbench
