#include "harness/measure/environment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <set>
#include <stdexcept>
#include <string>

#include "harness/measure/build_info.hpp"
#include "harness/measure/cpu_facts.hpp"

namespace asyncbench::environment_tests {

using testing::HasSubstr;
using testing::StartsWith;

std::string value_of(const Environment& environment, std::string_view name) {
    const EnvironmentFact* fact = environment.find(name);
    return fact ? fact->value.value_or("unknown: " + fact->reason) : "no such fact";
}

TEST(Environment, HasEveryFactOnceWithAValueOrAReason) {
    const Environment environment = read_environment();
    std::set<std::string> names;
    for (const auto& fact : environment.facts) {
        EXPECT_TRUE(names.insert(fact.name).second) << fact.name << " twice";
        EXPECT_NE(fact.value.has_value(), !fact.reason.empty()) << fact.name;
    }
    for (const auto* name : {"os",
                             "kernel",
                             "virtualization",
                             "cpu_model",
                             "cpus_online",
                             "cpus_allowed",
                             "cpu_mhz",
                             "cpu_governor",
                             "turbo",
                             "smt",
                             "memory_bytes",
                             "load_average_1m",
                             "clock_source",
                             "perf_event_paranoid",
                             "file_descriptor_limit",
                             "ephemeral_ports",
                             "tcp_tw_reuse",
                             "somaxconn",
                             "compiler",
                             "compiler_flags",
                             "build_type",
                             "asyncbench_version",
                             "boost_version",
                             "curl_version"}) {
        EXPECT_TRUE(names.contains(name)) << name;
    }
}

TEST(Environment, DescribesThisMachineAndThisBuild) {
    const Environment environment = read_environment();
    EXPECT_THAT(value_of(environment, "kernel"), StartsWith("Linux "));
    EXPECT_GE(std::stoul(value_of(environment, "cpus_online")), 1U);
    EXPECT_GT(std::stoull(value_of(environment, "memory_bytes")), 16U << 20U);
    EXPECT_GE(std::stod(value_of(environment, "load_average_1m")), 0);
    EXPECT_THAT(value_of(environment, "curl_version"), StartsWith("libcurl/"));
    EXPECT_THAT(value_of(environment, "ephemeral_ports"), testing::MatchesRegex("[0-9]+-[0-9]+"));
}

TEST(Environment, NamesTheCpusThatThisThreadMayUse) {
    cpu_set_t before;
    ASSERT_EQ(sched_getaffinity(0, sizeof before, &before), 0);
    int first = 0;
    while (!CPU_ISSET(first, &before)) ++first;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
    const std::string allowed = value_of(read_environment(), "cpus_allowed");
    ASSERT_EQ(sched_setaffinity(0, sizeof before, &before), 0);
    EXPECT_EQ(allowed, std::to_string(first));
}

TEST(Environment, NamesNeitherHostNorUser) {
    for (const auto& fact : read_environment().facts) {
        EXPECT_THAT(fact.name, testing::Not(HasSubstr("host")));
        EXPECT_THAT(fact.name, testing::Not(HasSubstr("user")));
    }
    std::array<char, 256> host{};
    ASSERT_EQ(gethostname(host.data(), host.size() - 1), 0);
    EXPECT_NE(value_of(read_environment(), "kernel"), host.data());
    for (const auto& fact : read_environment().facts)
        EXPECT_NE(fact.value, std::string{host.data()}) << fact.name;
}

TEST(Environment, FindsNothingUnderAnotherName) {
    EXPECT_EQ(read_environment().find("no_such_fact"), nullptr);
}

TEST(BuildInfo, SaysWhatWasBuiltWithWhat) {
    const BuildInfo build = build_info();
    EXPECT_THAT(build.version, testing::MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+"));
    EXPECT_THAT(build.boost_version, testing::MatchesRegex("1\\.[0-9]+\\.[0-9]+"));
#if defined(__clang__)
    EXPECT_THAT(build.compiler, StartsWith("Clang "));
#else
    EXPECT_THAT(build.compiler, StartsWith("GCC "));
#endif
}

/// Files below a folder of its own that stand for a machine's.
class CpuFacts : public testing::Test {
  protected:
    CpuFacts() {
        std::string name = std::filesystem::temp_directory_path() / "cpu-facts-XXXXXX";
        if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
        root_ = name;
    }
    ~CpuFacts() override { std::filesystem::remove_all(root_); }

    void file(const std::string& path, const std::string& content) {
        const std::filesystem::path whole = root_ + path;
        std::filesystem::create_directories(whole.parent_path());
        std::ofstream(whole) << content;
    }
    std::string value(std::string_view name) const {
        return value_of(Environment{read_cpu_facts(root_)}, name);
    }

    std::string root_;
};

TEST_F(CpuFacts, AreThoseOfABareMachine) {
    file("/proc/cpuinfo",
         "model name\t: Some CPU @ 3GHz\ncpu MHz\t\t: 2400.000\nflags\t\t: fpu vme hypervisors\n");
    file("/sys/devices/system/cpu/cpu0/uevent", "");
    file("/sys/devices/system/cpu/cpu1/uevent", "");
    file("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave\n");
    file("/sys/devices/system/cpu/cpu1/cpufreq/scaling_governor", "performance\n");
    file("/sys/devices/system/cpu/intel_pstate/no_turbo", "0\n");
    file("/sys/devices/system/cpu/smt/active", "1\n");
    EXPECT_EQ(value("virtualization"), "none");
    EXPECT_EQ(value("cpu_model"), "Some CPU @ 3GHz");
    EXPECT_EQ(value("cpu_mhz"), "2400.000");
    EXPECT_EQ(value("cpu_governor"), "performance,powersave");
    EXPECT_EQ(value("turbo"), "on");
    EXPECT_EQ(value("smt"), "on");
}

TEST_F(CpuFacts, AreThoseOfAVirtualMachine) {
    file("/proc/cpuinfo", "flags\t\t: fpu hypervisor vme\n");
    file("/sys/class/dmi/id/sys_vendor", "QEMU\n");
    file("/sys/class/dmi/id/product_name", "Standard PC\n");
    file("/sys/devices/system/cpu/cpufreq/boost", "0\n");
    file("/sys/devices/system/cpu/smt/active", "0\n");
    EXPECT_EQ(value("virtualization"), "QEMU Standard PC");
    EXPECT_THAT(value("cpu_governor"), HasSubstr("unknown: "));
    EXPECT_EQ(value("turbo"), "off");
    EXPECT_EQ(value("smt"), "off");
}

TEST_F(CpuFacts, HaveReasonsWhereNothingCanBeRead) {
    for (const auto& fact : read_cpu_facts(root_)) {
        EXPECT_EQ(fact.value, std::nullopt) << fact.name;
        EXPECT_NE(fact.reason, "") << fact.name;
    }
}

}  // namespace asyncbench::environment_tests
