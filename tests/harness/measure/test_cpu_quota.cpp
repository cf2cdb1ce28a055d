#include "harness/measure/cpu_quota.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

namespace asyncbench::cpu_quota_tests {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// Files that stand for those of the kernel.
class CpuQuotaTest : public testing::Test {
  protected:
    CpuQuotaTest() {
        std::string name = testing::TempDir() + "cpu-quota-XXXXXX";
        root_ = ::mkdtemp(name.data());
    }
    ~CpuQuotaTest() override { std::filesystem::remove_all(root_); }

    void write(const std::string& path, const std::string& text) {
        std::filesystem::create_directories(std::filesystem::path(root_ + path).parent_path());
        std::ofstream(root_ + path) << text;
    }
    /// A group of version 2 in which this process is.
    void be_in_v2(const std::string& group) {
        write("/proc/self/cgroup", "0::" + group + "\n");
        write("/sys/fs/cgroup/cgroup.controllers", "");
    }
    void be_in_v1(const std::string& group, const std::string& mount = "/sys/fs/cgroup/cpu") {
        write("/proc/self/cgroup", "12:cpuset:/\n4:cpu,cpuacct:" + group + "\n1:name=systemd:/x\n0::/x\n");
        write(mount + "/cpu.shares", "");
    }
    CpuQuota read() const { return read_cpu_quota(root_); }

    std::string root_;
};

TEST_F(CpuQuotaTest, IsThatOfTheProcesssOwnGroup) {
    be_in_v2("/pod/box");
    write("/sys/fs/cgroup/pod/box/cpu.max", "150000 100000\n");
    write("/sys/fs/cgroup/pod/box/cpu.stat",
          "usage_usec 9\nnr_periods 40\nnr_throttled 12\nthrottled_usec 3500\n");
    const CpuQuota quota = read();
    EXPECT_EQ(quota.cores, 1.5);
    EXPECT_EQ(quota.throttled, Nanoseconds{3'500'000});
    EXPECT_EQ(quota.periods, 40U);
    EXPECT_EQ(quota.stopped_periods, 12U);
}

TEST_F(CpuQuotaTest, IsTheTightestOfTheGroupsAbove) {
    be_in_v2("/pod/box");
    write("/sys/fs/cgroup/pod/box/cpu.max", "max 100000\n");
    write("/sys/fs/cgroup/pod/cpu.max", "50000 100000\n");
    write("/sys/fs/cgroup/cpu.max", "400000 100000\n");
    EXPECT_EQ(read().cores, 0.5);
}

TEST_F(CpuQuotaTest, AddsUpForHowLongTheGroupsWereStopped) {
    be_in_v2("/pod/box");
    write("/sys/fs/cgroup/pod/box/cpu.stat", "throttled_usec 5\n");
    write("/sys/fs/cgroup/pod/cpu.stat", "throttled_usec 7000\n");
    EXPECT_EQ(read().throttled, 7'005us);
}

TEST_F(CpuQuotaTest, OfAContainerIsInTheRootThatItSees) {
    be_in_v2("/");
    write("/sys/fs/cgroup/cpu.max", "200000 100000\n");
    EXPECT_EQ(read().cores, 2.0);
    // Without a namespace for groups: the path is that of the host.
    be_in_v2("/kubepods/pod1/abc");
    EXPECT_EQ(read().cores, 2.0);
    be_in_v2("/../../elsewhere");
    EXPECT_EQ(read().cores, 2.0);
}

TEST_F(CpuQuotaTest, IsFoundWhereverTheGroupsAreMounted) {
    write("/proc/self/cgroup", "2:cpu:/box\n0::/\n");
    write("/proc/self/mountinfo",
          "22 1 0:5 / / rw - ext4 /dev/vda rw\n31 22 0:28 / /run/groups rw,relatime shared:9 - cgroup cgroup "
          "rw,cpu\n");
    write("/run/groups/box/cpu.cfs_quota_us", "50000\n");
    write("/run/groups/box/cpu.cfs_period_us", "100000\n");
    EXPECT_EQ(read().cores, 0.5);

    write("/proc/self/cgroup", "0::/pod/box\n");
    write("/proc/self/mountinfo", "40 22 0:37 / /run/unified rw - cgroup2 cgroup2 rw,nsdelegate\n");
    write("/run/unified/pod/cpu.max", "30000 100000\n");
    EXPECT_EQ(read().cores, 0.3);
}

TEST_F(CpuQuotaTest, OfAGroupInAContainerThatSeesAPartOfTheHierarchy) {
    write("/proc/self/cgroup", "2:cpu,cpuacct:/docker/abc/worker\n");
    write("/proc/self/mountinfo",
          "31 22 0:28 /docker/abc /sys/fs/cgroup/cpu ro master:9 - cgroup cgroup rw,cpu,cpuacct\n");
    write("/sys/fs/cgroup/cpu/worker/cpu.cfs_quota_us", "20000\n");
    write("/sys/fs/cgroup/cpu/worker/cpu.cfs_period_us", "100000\n");
    write("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "80000\n");
    write("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
    EXPECT_EQ(read().cores, 0.2);
}

TEST_F(CpuQuotaTest, OfVersionOneIsQuotaOverPeriod) {
    for (const char* mount : {"/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct"}) {
        const std::string group = std::string(mount) + "/docker/abc";
        be_in_v1("/docker/abc", mount);
        write(group + "/cpu.cfs_quota_us", "25000\n");
        write(group + "/cpu.cfs_period_us", "50000\n");
        write(group + "/cpu.stat", "nr_periods 10\nnr_throttled 4\nthrottled_time 2000000\n");
        const CpuQuota quota = read();
        EXPECT_EQ(quota.cores, 0.5) << mount;
        EXPECT_EQ(quota.throttled, 2ms) << "nanoseconds, where version 2 has microseconds";
        EXPECT_EQ(quota.stopped_periods, 4U);
        std::filesystem::remove_all(root_ + "/sys");
    }
}

TEST_F(CpuQuotaTest, OfTheFirstVersionCountsWhereBothAreMounted) {
    be_in_v1("/a");
    write("/sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "-1\n");
    write("/sys/fs/cgroup/unified/cgroup.controllers", "");
    write("/sys/fs/cgroup/unified/x/cpu.max", "1000 100000\n");
    EXPECT_EQ(read().cores, std::nullopt);
}

TEST_F(CpuQuotaTest, ThatIsNotSetIsNoneAndSaidToBeSo) {
    be_in_v2("/box");
    write("/sys/fs/cgroup/box/cpu.max", "max 100000\n");
    CpuQuota quota = read();
    EXPECT_EQ(quota.cores, std::nullopt);
    EXPECT_TRUE(quota.is_readable);
    EXPECT_EQ(quota.reason, "no quota is set");

    be_in_v1("/box");
    write("/sys/fs/cgroup/cpu/box/cpu.cfs_quota_us", "-1\n");
    write("/sys/fs/cgroup/cpu/box/cpu.cfs_period_us", "100000\n");
    quota = read();
    EXPECT_EQ(quota.cores, std::nullopt);
    EXPECT_TRUE(quota.is_readable);
}

TEST_F(CpuQuotaTest, ThatCannotBeReadIsUnknownAndNeverZero) {
    const auto expect_unknown = [&](const char* why) {
        const CpuQuota quota = read();
        EXPECT_EQ(quota.cores, std::nullopt);
        EXPECT_EQ(quota.throttled, std::nullopt);
        EXPECT_FALSE(quota.is_readable);
        EXPECT_THAT(quota.reason, HasSubstr(why));
        EXPECT_NE(quota.why_not_throttled, "");
    };
    expect_unknown("no control group");
    write("/proc/self/cgroup", "nonsense\n\n:\n5:memory:/x\n");
    expect_unknown("no control group");
    write("/proc/self/cgroup", "0::/box\n");
    expect_unknown("not mounted");
    be_in_v2("/box");
    expect_unknown("tells a quota");
}

TEST_F(CpuQuotaTest, OfTextThatIsNotTheKernelsIsNone) {
    be_in_v2("/box");
    for (const char* text : {"", "100000", "100000 0", "much 100000", "-5 100000", "100000 x"}) {
        write("/sys/fs/cgroup/box/cpu.max", text);
        EXPECT_EQ(read().cores, std::nullopt) << text;
        EXPECT_FALSE(read().is_readable) << text;
    }
    write("/sys/fs/cgroup/box/cpu.stat", "throttled_usec\nthrottled_usec many\nusage_usec 7\n");
    EXPECT_EQ(read().throttled, std::nullopt);
}

TEST_F(CpuQuotaTest, OfThisMachineIsReadOrHasAReason) {
    const CpuQuota quota = read_cpu_quota();
    EXPECT_TRUE(quota.cores || !quota.reason.empty());
    EXPECT_TRUE(quota.throttled || !quota.why_not_throttled.empty());
    if (quota.cores) {
        EXPECT_GT(*quota.cores, 0);
    }
}

CpuQuota stopped_for(std::optional<Nanoseconds> time) {
    CpuQuota quota;
    quota.throttled = time;
    return quota;
}

TEST(ThrottledShare, IsTheTimeStoppedInBetween) {
    EXPECT_EQ(throttled_share(stopped_for(5s), stopped_for(5s + 50ms), 1s), 0.05);
    EXPECT_EQ(throttled_share(stopped_for(5s), stopped_for(5s), 1s), 0.0);
    EXPECT_EQ(throttled_share(stopped_for(5s), stopped_for(8s), 1s), 1.0) << "the kernel adds up all CPUs";
    EXPECT_EQ(throttled_share(stopped_for(5s), stopped_for(4s), 1s), 0.0) << "it came into another group";
}

TEST(ThrottledShare, IsUnknownWhereItIsNotTold) {
    EXPECT_EQ(throttled_share(stopped_for(std::nullopt), stopped_for(1s), 1s), std::nullopt);
    EXPECT_EQ(throttled_share(stopped_for(1s), stopped_for(std::nullopt), 1s), std::nullopt);
    EXPECT_EQ(throttled_share(stopped_for(1s), stopped_for(1s), 0s), std::nullopt);
}

TEST(AllowedCpus, AreThoseOfTheThreadsAffinity) {
    const auto all = allowed_cpus();
    ASSERT_TRUE(all);
    EXPECT_GE(*all, 1U);
    std::thread([] {
        cpu_set_t mine;
        ASSERT_EQ(sched_getaffinity(0, sizeof mine, &mine), 0);
        int cpu = 0;
        while (!CPU_ISSET(cpu, &mine)) ++cpu;
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(cpu, &one);
        ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
        EXPECT_EQ(allowed_cpus(), 1U);
    }).join();
}

}  // namespace asyncbench::cpu_quota_tests
