// What comes from outside, spoiled at random: whatever the bytes, a reader gives a value or throws Error.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "async/errors.hpp"
#include "harness/measure/histogram_codec.hpp"
#include "harness/trial/scenario_json.hpp"
#include "harness/trial/target_link.hpp"
#include "harness/trial/trial_json.hpp"
#include "tests/support/mutations/mutations.hpp"

namespace asyncbench::mutations_tests {

using test::read_mutations;

std::string result_line() {
    Trial result;
    result.metrics = {{"elapsed_ns", {2e9, ""}},
                      {"throughput_rps", {123.4, ""}},
                      {"instructions_per_request", MetricValue::unknown("perf_event_paranoid is 3")}};
    for (int i = 0; i < 40; ++i) result.service_time_ns.record(20'000'000 + i * 100'000);
    result.response_time_ns = result.service_time_ns;
    result.overhead_ns.record(90'000, 40);
    result.client = {40, 0xabcdef};
    result.errors = {.status = 3, .timeout = 2, .unforeseen = 1};
    result.timeline = {{0, Nanoseconds{0}, Nanoseconds{5}, Nanoseconds{9}}};
    result.warnings = {{"hint", "A hint.", WarningKind::note}};
    return to_json_line(result);
}

TEST(Mutations, OfATrialsLinesAreReadOrRefused) {
    const std::string by_hand =
        R"({"event":"result","elapsed_ns":1000000,"client":{"count":2,"fingerprint":"00000000000000ff"},)"
        R"("errors":{},"service_time":{"values":[[20000000,1],[21000000,1]]}})";
    read_mutations({result_line(), by_hand, ready_line(), R"({"event":"result","failure":"no route"})"},
                   [](const std::string& text) { trial_event_from_json(text); });
}

TEST(Mutations, OfAScenarioAreReadOrRefusedAsWrongUsage) {
    const std::vector<std::string> scenarios{
        R"({"name":"fan-out","question":"How?","strategies":["sequential","thread-pool:threads=16",)"
        R"("exec:python3 x.py"],"concurrency":[1,"10k",256],"duration":"1m30s","latency":"lognormal:20ms,80ms",)"
        R"("payload":"4KiB","error_rate":0.01,"faults":"close:0.01,stall:0.001","compute":"50us",)"
        R"("target":"mock","repetitions":5,"one_in_flight":["sequential"],"warmup":0.25,"timeout":"30s","seed":7,"pin":true})",
        R"({"plan":"open","rate":1000.5,"arrivals":"poisson","duration":2,"strategies":"coroutine","concurrency":64})",
        R"({"requests":"100k","latency":"bimodal:5ms,100ms,0.05","budget":"2m"})"};
    read_mutations(scenarios, [](const std::string& text) {
        try {
            scenario_from_json(text, "x.json");
        } catch (const UsageError&) {
            throw;
        } catch (const Error& error) {
            ADD_FAILURE() << "not wrong usage: " << error.what();
            throw;
        }
    });
}

TEST(Mutations, OfATrialSpecAreReadOrRefused) {
    TrialSpec spec;
    spec.trial = "r0-c64-s1-coroutine";
    spec.strategy = StrategySpec::parse("thread-pool:threads=16");
    spec.base_url = "http://127.0.0.1:8080";
    spec.profile.delay = DelaySpec::parse("uniform:10ms,30ms");
    read_mutations({to_json_line(spec)}, [](const std::string& text) { trial_spec_from_json(text); });
}

TEST(Mutations, OfATargetsStatisticsAreReadOrRefused) {
    Histogram delay_error;
    for (int i = 0; i < 100; ++i) delay_error.record(1000 * i);
    const std::string stats =
        R"({"trial":"t","requests":4,"connections":2,"served":{"count":3,"fingerprint":"00000000000000ff"},)"
        R"("process_cpu_ns":1000,"clock_ns":5000000000000,"delay_error_hdr":")" +
        encode_v2(delay_error) + "\"}";
    read_mutations({stats}, [](const std::string& text) { target_stats_from_json(text); });
}

}  // namespace asyncbench::mutations_tests
