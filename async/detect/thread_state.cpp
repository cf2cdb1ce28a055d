#include "async/detect/thread_state.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <ctime>
#include <string_view>

namespace asyncbench::detail {

namespace {

int open_of_thread(pid_t id, const char* file) {
    return open(fmt::format("/proc/self/task/{}/{}", id, file).c_str(), O_RDONLY | O_CLOEXEC);
}

template <std::size_t N>
std::string_view read_into(std::array<char, N>& buffer, int descriptor) {
    const ssize_t length = descriptor < 0 ? 0 : pread(descriptor, buffer.data(), buffer.size(), 0);
    return {buffer.data(), length > 0 ? static_cast<std::size_t>(length) : 0};
}

std::int64_t number_at(std::string_view text) {
    std::int64_t value = 0;
    text.remove_prefix(std::min(text.find_first_of("0123456789"), text.size()));
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::string_view after(std::string_view text, std::string_view label) {
    const std::size_t position = text.find(label);
    return position == std::string_view::npos ? std::string_view() : text.substr(position + label.size());
}

}  // namespace

ThreadStateReader::ThreadStateReader(pthread_t thread, pid_t id)
    : has_cpu_clock_(pthread_getcpuclockid(thread, &cpu_clock_) == 0),
      status_(open_of_thread(id, "status")),
      schedstat_(open_of_thread(id, "schedstat")) {}

ThreadStateReader::~ThreadStateReader() {
    for (const int descriptor : {status_, schedstat_}) {
        if (descriptor >= 0) {
            close(descriptor);
        }
    }
}

ThreadState ThreadStateReader::read() const {
    ThreadState state;
    timespec cpu{};
    if (has_cpu_clock_ && clock_gettime(cpu_clock_, &cpu) == 0) {
        state.cpu = std::chrono::seconds(cpu.tv_sec) + Nanoseconds(cpu.tv_nsec);
    }
    std::array<char, 4096> buffer;
    const std::string_view status = read_into(buffer, status_);
    // "\nvoluntary": the line of the involuntary ones ends in the same word.
    state.voluntary_switches =
        static_cast<std::uint64_t>(number_at(after(status, "\nvoluntary_ctxt_switches:")));
    state.runnable = after(status, "State:\t").starts_with('R');
    state.kept_waiting = Nanoseconds(number_at(after(read_into(buffer, schedstat_), " ")));
    return state;
}

}  // namespace asyncbench::detail
