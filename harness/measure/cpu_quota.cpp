#include "harness/measure/cpu_quota.hpp"

#include <sched.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "harness/measure/proc_file.hpp"

namespace asyncbench {
namespace {

/// Where the process stands in the hierarchy that has the CPU controller.
struct Place {
    bool is_v2 = false;
    std::string group;  ///< `/system.slice/x.service`
};

/// Whether `cpu` is one of the controllers in `cpuacct,cpu`.
bool has_cpu(std::string_view controllers) {
    while (!controllers.empty()) {
        const std::string_view one = controllers.substr(0, controllers.find(','));
        if (one == "cpu") return true;
        controllers.remove_prefix(std::min(one.size() + 1, controllers.size()));
    }
    return false;
}

/// Of lines `hierarchy:controllers:group`, see cgroups(7). Where version 1 has the CPU controller, that of
/// version 2 has none.
std::optional<Place> place_of(std::string_view text) {
    std::optional<Place> place;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const auto first = line.find(':');
        const auto second = first == std::string_view::npos ? first : line.find(':', first + 1);
        if (second == std::string_view::npos) continue;
        const std::string_view controllers = line.substr(first + 1, second - first - 1);
        const std::string group(line.substr(second + 1));
        if (has_cpu(controllers)) return Place{false, group};
        if (controllers.empty()) place = Place{true, group};
    }
    return place;
}

/// The group's folder below its mount and those above it, the mount last. A container that has no namespace
/// of its own for groups is told a path that it cannot see; then the mount itself is its group.
std::vector<std::string> folders_of(const std::string& mount, std::string group) {
    std::vector<std::string> folders;
    // Outside of the namespace's own part.
    if (group.find("/..") != std::string::npos) group.clear();
    while (!group.empty() && group != "/") {
        folders.push_back(mount + group);
        group.erase(group.rfind('/') == std::string::npos ? 0 : group.rfind('/'));
    }
    folders.push_back(mount);
    return folders;
}

std::optional<std::uint64_t> number_in(const std::string& path) {
    const auto text = read_small_file(path);
    return text ? leading_number(*text) : std::nullopt;
}

/// The value of the line `key value`.
std::optional<std::uint64_t> field_of(std::string_view text, std::string_view key) {
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const auto blank = line.find(' ');
        if (blank != std::string_view::npos && line.substr(0, blank) == key)
            return leading_number(line.substr(blank));
    }
    return std::nullopt;
}

struct GroupQuota {
    bool is_told = false;
    std::optional<double> cores;
};

/// `quota` is the file's text, or the part of it, that begins with `no_quota` where the group has none.
GroupQuota quota_of(std::string_view quota, std::string_view no_quota, std::optional<std::uint64_t> period) {
    if (quota.starts_with(no_quota)) return {true, std::nullopt};
    const auto time = leading_number(quota);
    if (!time || !period || *period == 0) return {};
    return {true, static_cast<double>(*time) / static_cast<double>(*period)};
}

GroupQuota read_quota(const std::string& folder, bool is_v2) {
    const auto text = read_small_file(folder + (is_v2 ? "/cpu.max" : "/cpu.cfs_quota_us"));
    if (!text) return {};
    if (!is_v2) return quota_of(*text, "-1", number_in(folder + "/cpu.cfs_period_us"));
    const auto blank = text->find(' ');
    if (blank == std::string::npos) return {};
    return quota_of(*text, "max", leading_number(std::string_view(*text).substr(blank)));
}

void add_stops(CpuQuota& quota, const std::string& folder, bool is_v2) {
    const auto stat = read_small_file(folder + "/cpu.stat");
    if (!stat) return;
    const auto throttled = field_of(*stat, is_v2 ? "throttled_usec" : "throttled_time");
    if (!throttled) return;
    const Nanoseconds time = is_v2 ? Nanoseconds{std::chrono::microseconds{*throttled}}
                                   : Nanoseconds{static_cast<Nanoseconds::rep>(*throttled)};
    // Their sum and not the largest, which need not be the one that grows.
    quota.throttled = quota.throttled.value_or(Nanoseconds{0}) + time;
    quota.periods += field_of(*stat, "nr_periods").value_or(0);
    quota.stopped_periods += field_of(*stat, "nr_throttled").value_or(0);
}

/// Where a hierarchy is mounted, and which of its groups that shows at its top.
struct Mount {
    std::string path;
    std::string top = "/";
};

/// The fields of a line, which blanks separate.
std::vector<std::string_view> fields_of(std::string_view line) {
    std::vector<std::string_view> fields;
    while (!(line = trimmed(line)).empty()) {
        fields.push_back(line.substr(0, line.find(' ')));
        line.remove_prefix(fields.back().size());
    }
    return fields;
}

/// Of a line of mountinfo, see proc(5): the fields after `-` are type, source, and options.
std::optional<Mount> mount_in(std::string_view line, const Place& place) {
    constexpr std::size_t top = 3;
    constexpr std::size_t path = 4;
    const std::vector<std::string_view> fields = fields_of(line);
    const auto dash = std::find(fields.begin(), fields.end(), "-");
    if (dash - fields.begin() <= static_cast<std::ptrdiff_t>(path) || fields.end() - dash < 4)
        return std::nullopt;
    const bool has_it = place.is_v2 ? dash[1] == "cgroup2" : dash[1] == "cgroup" && has_cpu(dash[3]);
    if (!has_it) return std::nullopt;
    return Mount{std::string(fields[path]), std::string(fields[top])};
}

/// As the kernel lists it; else, of several places where distributions mount it, the first that is there.
std::optional<Mount> mount_of(const std::string& root, const Place& place) {
    const std::string mountinfo = read_small_file(root + "/proc/self/mountinfo").value_or("");
    for (std::string_view text = mountinfo; !text.empty();) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (auto mount = mount_in(line, place)) return Mount{root + mount->path, mount->top};
    }
    const std::array<const char*, 3> places =
        place.is_v2
            ? std::array{"/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup"}
            : std::array{"/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct", "/sys/fs/cgroup/cpuacct,cpu"};
    for (const char* path : places) {
        std::string mount = root + path;
        if (read_small_file(mount + (place.is_v2 ? "/cgroup.controllers" : "/cpu.shares")))
            return Mount{mount};
    }
    return std::nullopt;
}

/// The group as it is called below a mount that shows only a part of the hierarchy, as in a container that
/// has no namespace of its own for groups.
std::string group_below(const std::string& top, std::string group) {
    if (top != "/" && group.starts_with(top) && (group.size() == top.size() || group[top.size()] == '/'))
        group.erase(0, top.size());
    return group;
}

}  // namespace

std::optional<unsigned> allowed_cpus() {
    // A cpu_set_t holds 1,024 CPUs, and the call fails where the machine has more.
    constexpr int most = 1 << 16;
    for (int cpus = CPU_SETSIZE; cpus <= most; cpus *= 2) {
        cpu_set_t* set = CPU_ALLOC(static_cast<std::size_t>(cpus));
        if (set == nullptr) return std::nullopt;
        const std::size_t size = CPU_ALLOC_SIZE(static_cast<std::size_t>(cpus));
        const bool is_told = sched_getaffinity(0, size, set) == 0;
        const int count = is_told ? CPU_COUNT_S(size, set) : 0;
        CPU_FREE(set);
        if (count > 0) return static_cast<unsigned>(count);
    }
    return std::nullopt;
}

CpuQuota read_cpu_quota(const std::string& root) {
    CpuQuota quota;
    const auto unknown = [&](std::string why) {
        quota.why_not_throttled = quota.reason = std::move(why);
        return quota;
    };
    const auto text = read_small_file(root + "/proc/self/cgroup");
    const std::optional<Place> place = text ? place_of(*text) : std::nullopt;
    if (!place) return unknown("this process is in no control group that has the CPU controller");
    const auto mount = mount_of(root, *place);
    if (!mount) return unknown("the control groups are not mounted");
    for (const std::string& folder : folders_of(mount->path, group_below(mount->top, place->group))) {
        const GroupQuota of_group = read_quota(folder, place->is_v2);
        quota.is_readable = quota.is_readable || of_group.is_told;
        if (of_group.cores) quota.cores = std::min(quota.cores.value_or(*of_group.cores), *of_group.cores);
        add_stops(quota, folder, place->is_v2);
    }
    if (!quota.cores) quota.reason = quota.is_readable ? "no quota is set" : "no control group tells a quota";
    if (!quota.throttled) quota.why_not_throttled = "no control group tells for how long it was stopped";
    return quota;
}

std::optional<double> throttled_share(const CpuQuota& before, const CpuQuota& after, Nanoseconds wall) {
    if (!before.throttled || !after.throttled || wall.count() <= 0) return std::nullopt;
    const Nanoseconds stopped = *after.throttled - *before.throttled;
    return std::clamp(static_cast<double>(stopped.count()) / static_cast<double>(wall.count()), 0.0, 1.0);
}

}  // namespace asyncbench
