#pragma once

#include <sys/socket.h>
#include <sys/types.h>

#include <cstddef>
#include <ctime>
#include <optional>
#include <span>

#include "async/clock.hpp"

namespace asyncbench {

/// When bytes came to this machine: by the kernel's stamp, where there is one, or when they were read.
/// Counted from the stamp, what they waited for in the socket while the target had no core is the target's
/// own delay.
struct Arrival {
    TimePoint time{};
    bool stamped = false;
};

/// Has the kernel stamp what `descriptor` receives. Sockets accepted from a listening one inherit it, so that
/// a request that comes before accept(2) returns is stamped too.
void ask_for_stamps(int descriptor);

/// Bytes of control data that a receive needs room for.
inline constexpr std::size_t stamp_control_bytes = CMSG_SPACE(sizeof(timespec));

/// The kernel's stamp in the control data of a received message: time of the wall clock since 1970.
std::optional<Nanoseconds> stamp_in(const msghdr& message);

/// Both clocks at one moment.
struct ClockPair {
    Nanoseconds wall{0};
    TimePoint steady{};
    /// The wall clock was not set since then, as far as is known.
    TimePoint unset_since = TimePoint::min();

    /// Knows of the calls before it in this thread: where the clocks went apart between them, the wall clock
    /// was set.
    static ClockPair now();
    /// The clocks at a later moment, by the same rule.
    ClockPair then(Nanoseconds later_wall, TimePoint later_steady) const;
};

/// The stamp is of the wall clock: what it says of the past is taken over to the steady one. It counts as
/// none where it lies in the future, is older than 10 s, or may be from before the wall clock was set.
Arrival arrival_of(std::optional<Nanoseconds> stamp, const ClockPair& now);

struct Receipt {
    ssize_t bytes = 0;  ///< as of recv(2), with errno
    Arrival arrival;    ///< of the last of them
};

/// recv(2) that also tells when the bytes came.
Receipt receive_stamped(int descriptor, std::span<char> buffer);

}  // namespace asyncbench
