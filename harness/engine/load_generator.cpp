#include "harness/engine/load_generator.hpp"

#include <sys/prctl.h>

#include <barrier>
#include <exception>
#include <thread>

#include "harness/engine/seconds.hpp"
#include "harness/engine/shard.hpp"

namespace asyncbench {
namespace {

/// How long after the last thread is ready all start.
constexpr std::chrono::milliseconds lead{1};

class Threads {
  public:
    Threads(const LoadSpec& spec, const std::atomic<bool>& interrupted,
            const std::function<void(const LoadSoFar&)>& observer)
        : spec_(spec),
          interrupted_(interrupted),
          seconds_(spec.threads, observer),
          measurements_(spec.threads),
          failures_(spec.threads),
          ready_(spec.threads, SetStart{&start_}) {}

    GeneratedLoad run() {
        {
            std::vector<std::jthread> threads;
            threads.reserve(spec_.threads);
            for (std::uint32_t i = 0; i < spec_.threads; ++i) threads.emplace_back([this, i] { run_one(i); });
            seconds_.run();
        }
        GeneratedLoad all;
        for (std::uint32_t i = 0; i < spec_.threads; ++i) {
            if (failures_[i]) std::rethrow_exception(failures_[i]);
            all.measurement += measurements_[i];
        }
        all.seconds = seconds_.take();
        return all;
    }

  private:
    struct SetStart {
        TimePoint* start;
        void operator()() const noexcept { *start = steady_now() + lead; }
    };

    void run_one(std::uint32_t index) {
        try {
            // Sleeps end when they are to; by default the kernel may add 50 us to each.
            ::prctl(PR_SET_TIMERSLACK, 1);
            const Pacer::Share share{index, spec_.threads};
            Shard shard(spec_, share, make_channels(spec_, share), &interrupted_, &seconds_);
            shard.open_connections();
            ready_.arrive_and_wait();
            measurements_[index] = shard.run(start_);
        } catch (...) {
            failures_[index] = std::current_exception();
            ready_.arrive_and_drop();
        }
        seconds_.ended(index);
    }

    const LoadSpec& spec_;
    const std::atomic<bool>& interrupted_;
    Seconds seconds_;
    std::vector<LoadMeasurement> measurements_;
    std::vector<std::exception_ptr> failures_;
    TimePoint start_;
    std::barrier<SetStart> ready_;
};

}  // namespace

GeneratedLoad generate_load(const LoadSpec& spec, const std::atomic<bool>& interrupted,
                            const std::function<void(const LoadSoFar&)>& observer) {
    return Threads(spec, interrupted, observer).run();
}

}  // namespace asyncbench
