#include "harness/measure/arrival.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>

namespace asyncbench {
namespace {

constexpr std::chrono::seconds oldest_plausible{10};

Nanoseconds nanoseconds_of(const timespec& time) {
    return std::chrono::seconds{time.tv_sec} + Nanoseconds{time.tv_nsec};
}

}  // namespace

std::optional<Nanoseconds> stamp_in(const msghdr& message) {
    for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
         part = CMSG_NXTHDR(const_cast<msghdr*>(&message), part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS) continue;
        timespec time{};
        std::memcpy(&time, CMSG_DATA(part), sizeof time);
        return nanoseconds_of(time);
    }
    return std::nullopt;
}

ClockPair ClockPair::now() {
    timespec time{};
    clock_gettime(CLOCK_REALTIME, &time);
    return {nanoseconds_of(time), steady_now()};
}

void ask_for_stamps(int descriptor) {
    const int on = 1;
    // Where the kernel does not, the arrival is that in user space, and is told to be.
    ::setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
}

Arrival arrival_of(std::optional<Nanoseconds> stamp, const ClockPair& now) {
    if (!stamp) return {now.steady, false};
    const Nanoseconds age = now.wall - *stamp;
    if (age < Nanoseconds{0} || age > oldest_plausible) return {now.steady, false};
    return {now.steady - age, true};
}

Receipt receive_stamped(int descriptor, std::span<char> buffer) {
    alignas(cmsghdr) std::array<char, stamp_control_bytes> control;
    iovec piece{buffer.data(), buffer.size()};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    Receipt receipt;
    receipt.bytes = ::recvmsg(descriptor, &message, 0);
    const int error = errno;
    if (receipt.bytes > 0) {
        const auto stamp = stamp_in(message);
        receipt.arrival = arrival_of(stamp, ClockPair::now());
    }
    errno = error;
    return receipt;
}

}  // namespace asyncbench
