#include "harness/measure/process_tree.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "harness/measure/proc_file.hpp"
#include "harness/measure/process_usage.hpp"

namespace asyncbench {
namespace {

constexpr std::uint64_t bytes_of_kibibyte = 1024;

std::string path_of(pid_t process, std::string_view file) {
    return fmt::format("/proc/{}/{}", process, file);
}

/// The processes of this machine whose number `wanted` takes.
template <typename Predicate>
std::vector<pid_t> process_numbers(Predicate wanted) {
    std::vector<pid_t> numbers;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
        const auto number = leading_number(entry.path().filename().native());
        if (number && wanted(static_cast<pid_t>(*number))) numbers.push_back(static_cast<pid_t>(*number));
    }
    return numbers;
}

Nanoseconds of_ticks(std::uint64_t ticks) {
    static const auto ticks_of_second = static_cast<std::uint64_t>(sysconf(_SC_CLK_TCK));
    return std::chrono::seconds{ticks / ticks_of_second} +
           Nanoseconds{std::nano::den * (ticks % ticks_of_second) / ticks_of_second};
}

std::optional<std::uint64_t> kibibytes_in(const std::string& path, std::string_view key) {
    const auto text = read_small_file(path);
    const auto field = text ? find_proc_field(*text, key) : std::nullopt;
    return field ? leading_number(*field) : std::nullopt;
}

/// Whether its ended children leave nothing behind, not even their CPU time.
bool ignores_ends_of_children(pid_t process) {
    const auto status = read_small_file(path_of(process, "status"));
    const auto field = status ? find_proc_field(*status, "SigIgn") : std::nullopt;
    if (!field) return false;
    std::uint64_t ignored = 0;
    std::from_chars(field->data(), field->data() + field->size(), ignored, 16);
    return ((ignored >> (SIGCHLD - 1)) & 1) != 0;
}

/// Empty where its peak counts from here on; see clear_refs in proc(5).
std::string set_peak_back(pid_t process) {
    const std::string path = path_of(process, "clear_refs");
    const int file = open(path.c_str(), O_WRONLY | O_CLOEXEC);
    const bool done = file >= 0 && write(file, "5", 1) == 1;
    const int error = errno;
    if (file >= 0) close(file);
    if (done || error == ENOENT || error == ESRCH) return {};
    return fmt::format("the peak of process {} cannot be set back for each trial ({}: {})", process, path,
                       std::strerror(error));
}

TreeNumber known(double value) {
    return {value, {}};
}
TreeNumber unknown(std::string reason) {
    return {std::nullopt, std::move(reason)};
}

TreeNumber sum_of_pss(const std::vector<pid_t>& processes) {
    double sum = 0;
    for (const pid_t process : processes) {
        const auto pss = kibibytes_in(path_of(process, "smaps_rollup"), "Pss");
        if (pss) sum += static_cast<double>(*pss * bytes_of_kibibyte);
        if (!pss && kill(process, 0) == 0)
            return unknown(fmt::format("{} tells no Pss", path_of(process, "smaps_rollup")));
    }
    return known(sum);
}

}  // namespace

std::optional<ProcessTree::Process> ProcessTree::read(pid_t process) {
    const auto text = read_small_file(path_of(process, "stat"));
    // The second field is the program's name in brackets, which may hold brackets and blanks itself.
    const auto name_ends = text ? text->rfind(')') : std::string::npos;
    if (name_ends == std::string::npos || name_ends + 2 >= text->size()) return std::nullopt;
    std::string_view rest = std::string_view(*text).substr(name_ends + 2);
    const char state = rest.front();
    rest.remove_prefix(1);
    enum Field {
        parent,
        group,
        user = 10,
        system,
        waited_user,
        waited_system,
        threads = 16,
        started = 18,
        fields
    };
    std::array<std::int64_t, fields> values{};
    for (auto& value : values) {
        rest = rest.substr(std::min(rest.find_first_not_of(' '), rest.size()));
        const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
        if (error != std::errc{}) return std::nullopt;
        rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    }
    const auto ticks = [&](Field field) { return static_cast<std::uint64_t>(values[field]); };
    Process found;
    found.parent = static_cast<pid_t>(values[parent]);
    found.group = static_cast<pid_t>(values[group]);
    found.is_zombie = state == 'Z' || state == 'X';
    found.threads = static_cast<std::uint32_t>(values[threads]);
    found.started_ticks = ticks(started);
    const Nanoseconds own = process_cpu_time(process).value_or(of_ticks(ticks(user) + ticks(system)));
    found.cpu = own + of_ticks(ticks(waited_user) + ticks(waited_system));
    return found;
}

ProcessTree::Processes ProcessTree::members() const {
    Processes all;
    for (const pid_t number : process_numbers([](pid_t) { return true; })) {
        if (const auto process = read(number)) all.emplace(number, *process);
    }
    // Whoever has left the group is found by its parent; and whoever has lost its parent, by its group.
    const auto belongs = [&](pid_t number) {
        for (int generation = 0; generation < 100; ++generation) {
            const auto found = all.find(number);
            if (number == left_out_ || found == all.end()) return false;
            if (number == root_.group || found->second.group == root_.group) return true;
            const auto before = seen_.find(number);
            if (before != seen_.end() && before->second.started_ticks == found->second.started_ticks)
                return true;
            number = found->second.parent;
        }
        return false;
    };
    Processes found;
    for (const auto& [number, process] : all) {
        if (belongs(number)) found.emplace(number, process);
    }
    return found;
}

/// Of the group, and those that were seen before: their numbers cost less to find than everybody's parents.
ProcessTree::Processes ProcessTree::members_seen_before() const {
    Processes found;
    for (const pid_t number : process_numbers([this](pid_t process) {
             return process != left_out_ && (seen_.contains(process) || getpgid(process) == root_.group);
         })) {
        const auto process = read(number);
        if (!process) continue;
        const auto before = seen_.find(number);
        const bool is_same = before != seen_.end() && before->second.started_ticks == process->started_ticks;
        if (is_same || process->group == root_.group) found.emplace(number, *process);
    }
    return found;
}

bool ProcessTree::is_shell(pid_t process) const {
    if (process != root_.group || root_.shell.empty()) return false;
    std::string line;
    for (const std::string& argument : root_.shell) line += argument + '\0';
    return read_small_file(path_of(process, "cmdline")) == line;
}

void ProcessTree::note(const Processes& members) {
    std::uint64_t peak_rss_bytes = 0;
    std::uint32_t threads = 0;
    std::uint32_t processes = 0;
    for (const auto& [number, process] : members) {
        seen_.insert_or_assign(number, process);
        if (process.is_zombie || is_shell(number)) continue;
        ++processes;
        threads += process.threads;
        peak_rss_bytes += kibibytes_in(path_of(number, "status"), "VmHWM").value_or(0) * bytes_of_kibibyte;
    }
    peak_rss_bytes_ = std::max(peak_rss_bytes_, peak_rss_bytes);
    threads_ = std::max(threads_, threads);
    processes_ = std::max(processes_, processes);
}

void ProcessTree::begin() {
    const Processes now = members();
    seen_.clear();
    why_no_peak_.clear();
    peak_rss_bytes_ = 0;
    threads_ = processes_ = 0;
    for (const auto& [number, process] : now) {
        std::string why = set_peak_back(number);
        if (why_no_peak_.empty()) why_no_peak_ = std::move(why);
    }
    note(now);
    cpu_before_ = Nanoseconds{0};
    for (const auto& [number, process] : now) {
        // Again, as late as can be: what the rest took is not what is measured.
        if (const auto last = read(number)) cpu_before_ += last->cpu;
    }
}

void ProcessTree::look() {
    note(members_seen_before());
}

/// Of one that ended, and whose time no process of the tree has got.
std::string ProcessTree::why_cpu_is_lost(const Processes& at_end) const {
    for (const auto& [number, process] : seen_) {
        const auto still = at_end.find(number);
        if (still != at_end.end() && still->second.started_ticks == process.started_ticks) continue;
        const auto parent = at_end.find(process.parent);
        const bool parent_ended = parent == at_end.end() && seen_.contains(process.parent);
        if (parent_ended) continue;  // which told its own parent of both
        if (parent == at_end.end() || ignores_ends_of_children(process.parent)) {
            return fmt::format(
                "process {} of it ended and no process of it waited for that, so that its CPU time is lost",
                number);
        }
    }
    return {};
}

ProcessTreeUsage ProcessTree::end() {
    const Processes now = members();
    Nanoseconds cpu{0};
    for (const auto& [number, process] : now) cpu += process.cpu;
    const std::string why_lost = why_cpu_is_lost(now);
    note(now);
    ProcessTreeUsage usage;
    if (processes_ == 0) {
        const TreeNumber none = unknown("no process of it could be read");
        return {none, none, none, none, none};
    }
    if (!why_lost.empty()) {
        usage.cpu_ns = unknown(why_lost);
    } else if (cpu < cpu_before_) {
        usage.cpu_ns = unknown("its CPU time went back, as processes of it ended");
    } else {
        usage.cpu_ns = known(static_cast<double>((cpu - cpu_before_).count()));
    }
    if (!why_no_peak_.empty()) {
        usage.peak_rss_bytes = unknown(why_no_peak_);
    } else if (peak_rss_bytes_ == 0) {
        usage.peak_rss_bytes = unknown("/proc tells no VmHWM of it");
    } else {
        usage.peak_rss_bytes = known(static_cast<double>(peak_rss_bytes_));
    }
    std::vector<pid_t> living;
    for (const auto& [number, process] : now) {
        if (!process.is_zombie && !is_shell(number)) living.push_back(number);
    }
    usage.pss_bytes = living.empty() ? unknown("no process of it is left") : sum_of_pss(living);
    usage.threads = known(threads_);
    usage.processes = known(processes_);
    return usage;
}

}  // namespace asyncbench
