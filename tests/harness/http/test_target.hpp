#pragma once

#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "async/clock.hpp"
#include "harness/http/blocking_session.hpp"
#include "harness/http/http_service.hpp"
#include "harness/trial/target_link.hpp"
#include "harness/work/reply.hpp"
#include "targets/target.hpp"
#include "tests/support/eventually.hpp"

namespace asyncbench::test {

/// A mock target in this process, on a free port of the loopback.
class InProcessTarget {
  public:
    static constexpr std::uint64_t seed = 11;

    explicit InProcessTarget(const Profile& profile = {})
        : target_(options_for(profile)), service_(service_with(std::chrono::seconds{20})) {}

    std::string origin() const { return fmt::format("http://127.0.0.1:{}", target_.port()); }
    std::string url(std::uint64_t id, std::string_view trial = "t") const {
        return fmt::format("{}/io/{}/{}", origin(), trial, id);
    }

    /// What strategies reach it by.
    HttpService& service() const { return *service_; }
    std::unique_ptr<HttpService> service_with(Nanoseconds timeout) const {
        return std::make_unique<HttpService>(
            HttpServiceOptions{.request = {.url = origin()}, .numbered = true, .timeout = timeout});
    }

    TargetStats stats(std::string_view trial = "t") const {
        BlockingSession session({});
        return target_stats_from_json(session.get(fmt::format("{}/stats/{}", origin(), trial)).body);
    }

    /// Open now, as the target sees it.
    std::size_t connections() const { return target_.connections(); }
    std::uint16_t port() const { return target_.port(); }
    void stop() { target_.stop(); }

  private:
    static TargetOptions options_for(const Profile& profile) {
        TargetOptions options;
        options.profile = profile;
        options.seed = seed;
        return options;
    }
    MockTarget target_;
    std::unique_ptr<HttpService> service_;
};

/// A profile whose every request meets `fault`.
inline Profile always(double FaultShares::* fault) {
    Profile profile;
    profile.faults.*fault = 1;
    return profile;
}

inline Profile with_delay(std::string_view spec) {
    Profile profile;
    profile.delay = DelaySpec::parse(spec);
    return profile;
}

}  // namespace asyncbench::test
