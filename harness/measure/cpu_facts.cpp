#include "harness/measure/cpu_facts.hpp"

#include <array>
#include <cstring>
#include <optional>
#include <set>
#include <string>
#include <utility>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

#include "harness/measure/proc_file.hpp"

namespace asyncbench {
namespace {

std::optional<std::string> line_of(const std::string& path) {
    const auto content = read_small_file(path);
    if (!content || trimmed(*content).empty()) return std::nullopt;
    return std::string{trimmed(*content)};
}

bool has_word(std::string_view words, std::string_view word) {
    while (!words.empty()) {
        const auto end = words.find(' ');
        if (words.substr(0, end) == word) return true;
        if (end == std::string_view::npos) break;
        words.remove_prefix(end + 1);
    }
    return false;
}

/// The 12 letters with which a hypervisor introduces itself, `KVMKVMKVM`; empty where it does not.
/// Source: Linux, arch/x86/include/asm/processor.h, hypervisor_cpuid_base().
std::string hypervisor_signature() {
#if defined(__x86_64__) || defined(__i386__)
    constexpr unsigned hypervisor_leaf = 0x40000000;
    unsigned highest_leaf = 0;
    std::array<unsigned, 3> letters{};
    __cpuid(hypervisor_leaf, highest_leaf, letters[0], letters[1], letters[2]);
    std::array<char, sizeof letters + 1> text{};
    std::memcpy(text.data(), letters.data(), sizeof letters);
    return text.data();
#else
    return "";
#endif
}

/// The maker's and the product's name in the firmware: `QEMU Standard PC (Q35 + ICH9, 2009)`.
std::string firmware_names(const std::string& root) {
    const auto maker = line_of(root + "/sys/class/dmi/id/sys_vendor");
    const auto product = line_of(root + "/sys/class/dmi/id/product_name");
    if (!maker) return product.value_or("");
    return product ? *maker + " " + *product : *maker;
}

EnvironmentFact virtualization(const std::string& root, std::string_view cpuinfo) {
    const auto flags = find_proc_field(cpuinfo, "flags");
    if (!flags) {
        return {"virtualization", std::nullopt, "/proc/cpuinfo names no CPU flags on this architecture"};
    }
    if (!has_word(*flags, "hypervisor")) return {"virtualization", "none", ""};
    std::string name = root.empty() ? hypervisor_signature() : "";
    const std::string firmware = firmware_names(root);
    if (!firmware.empty()) name += name.empty() ? firmware : " (" + firmware + ")";
    return {"virtualization", name.empty() ? "a hypervisor that gives no name" : name, ""};
}

EnvironmentFact cpuinfo_field(std::string name, std::string_view cpuinfo, std::string_view key) {
    const auto field = find_proc_field(cpuinfo, key);
    if (field && !field->empty()) return {std::move(name), std::string{*field}, ""};
    return {std::move(name), std::nullopt, "/proc/cpuinfo has no " + std::string{key}};
}

EnvironmentFact governor(const std::string& root) {
    // CPUs may have governors of their own: all that occur.
    std::set<std::string> governors;
    for (int cpu = 0;; ++cpu) {
        const std::string folder = root + "/sys/devices/system/cpu/cpu" + std::to_string(cpu);
        if (!read_small_file(folder + "/uevent")) break;
        if (auto name = line_of(folder + "/cpufreq/scaling_governor")) governors.insert(*std::move(name));
    }
    if (governors.empty()) {
        return {"cpu_governor", std::nullopt,
                "the kernel shows no cpufreq here; in a virtual machine the host sets the frequency"};
    }
    std::string all;
    for (const auto& name : governors) all += (all.empty() ? "" : ",") + name;
    return {"cpu_governor", all, ""};
}

EnvironmentFact turbo(const std::string& root) {
    const std::string cpu = root + "/sys/devices/system/cpu/";
    if (const auto off = line_of(cpu + "intel_pstate/no_turbo")) {
        return {"turbo", *off == "0" ? "on" : "off", ""};
    }
    if (const auto on = line_of(cpu + "cpufreq/boost")) return {"turbo", *on == "1" ? "on" : "off", ""};
    return {"turbo", std::nullopt, "neither intel_pstate/no_turbo nor cpufreq/boost is there"};
}

EnvironmentFact smt(const std::string& root) {
    const auto active = line_of(root + "/sys/devices/system/cpu/smt/active");
    if (active) return {"smt", *active == "1" ? "on" : "off", ""};
    return {"smt", std::nullopt, "/sys/devices/system/cpu/smt/active cannot be read"};
}

}  // namespace

std::vector<EnvironmentFact> read_cpu_facts(const std::string& root) {
    const std::string cpuinfo = read_small_file(root + "/proc/cpuinfo").value_or("");
    return {virtualization(root, cpuinfo),
            cpuinfo_field("cpu_model", cpuinfo, "model name"),
            cpuinfo_field("cpu_mhz", cpuinfo, "cpu MHz"),
            governor(root),
            turbo(root),
            smt(root)};
}

}  // namespace asyncbench
