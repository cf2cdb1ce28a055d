// What the gate decides of pairs that were measured once, and are kept in docs/measured. A change of the code
// that judges must not change it, or say why: with ASYNCBENCH_UPDATE set in the environment, the test writes
// what is decided now, and the difference is for the reviewer.

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "analysis/gate/self_test.hpp"
#include "harness/trial/json_fields.hpp"
#include "harness/trial/trial_json.hpp"
#include "tests/support/paths/paths.hpp"

namespace asyncbench::recorded_pairs_tests {

const std::string expected_file = test::source_dir() + "/tests/analysis/gate/data/recorded_verdicts.txt";

/// A file that xz has compressed.
Json read_compressed(const std::string& path) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(fmt::format("xz -dc '{}'", path).c_str(), "r"),
                                                     &pclose);
    std::string text;
    std::array<char, 65536> part;
    while (const std::size_t length = fread(part.data(), 1, part.size(), pipe.get()))
        text.append(part.data(), length);
    return Json::parse(text);
}

GateTrial sample_of(const Json& object) {
    GateTrial sample;
    sample.order = object.at("order");
    JsonFields fields(object, "a kept sample");
    sample.metrics = metrics_from(fields);
    if (object.contains("warnings")) sample.warnings = warnings_from(fields, "warnings");
    sample.failure = object.value("failure", "");
    return sample;
}

std::vector<SamplePair> pairs_of(const Json& list) {
    std::vector<SamplePair> pairs;
    for (const Json& pair : list) pairs.push_back({sample_of(pair.at("base")), sample_of(pair.at("head"))});
    return pairs;
}

/// One file: an injection's pairs, and the control's of the same blocks.
struct Recorded {
    std::string name;
    GateRules rules;
    GateCell cell;
    GateCell control_cell;
    std::vector<SamplePair> pairs;
    std::vector<SamplePair> control;
};

std::vector<Recorded> recorded(int file) {
    const Json document = read_compressed(
        fmt::format("{}/docs/measured/gate-error-rates/self-test-{}.json.xz", test::source_dir(), file));
    Recorded all;
    all.rules = default_gate_rules();
    std::erase_if(all.rules.metrics, [](const MetricRule& rule) {
        return rule.lane == Lane::deterministic && rule.metric != "errors";
    });
    all.rules.looks.pairs = document.at("looks").get<std::vector<std::size_t>>();
    all.rules.looks.alpha = document.at("alpha");
    all.cell = {document.at("cell"), "coroutine", 16, false, document.at("requests")};
    all.control_cell = {document.at("control"), "callback", 16, true, document.at("requests")};
    all.control = pairs_of(document.at("control_pairs"));
    std::vector<Recorded> each;
    for (const Json& injection : document.at("injections")) {
        Recorded one = all;
        one.name = fmt::format("{} {}", file, injection.at("name").get<std::string>());
        one.pairs = pairs_of(injection.at("pairs"));
        each.push_back(std::move(one));
    }
    return each;
}

char letter_of(const GateLine& line) {
    if (!line.decides()) return '-';
    return name_of(line.verdict).front();
}

/// FNV-1a.
std::uint32_t hash_of(std::string_view text) {
    std::uint32_t hash = 2166136261U;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    return hash;
}

/// `PASS 20 PPPPP- 20,20,20,20,0,0 3f2a9c01`: the verdict, the pairs that it took, and of each line the
/// verdict and the pairs it was decided after; then a hash of all reasons.
std::string text_of(const ReplayedSuite& suite) {
    std::string letters;
    std::vector<std::size_t> decided;
    std::string reasons;
    for (const GateLine& line : suite.lines) {
        letters += letter_of(line);
        decided.push_back(line.decided_after);
        reasons += line.reason + '\n';
    }
    return fmt::format("{} {}{} {} {} {:08x}", name_of(suite.verdict), suite.pairs,
                       suite.control_moved ? " moved" : "", letters, fmt::join(decided, ","),
                       hash_of(reasons));
}

/// Suite after suite, each of pairs that no other has.
void add_decisions(std::vector<std::string>& lines, const Recorded& recorded, const std::string& what) {
    const auto pairs = std::span(recorded.pairs);
    const auto control = std::span(recorded.control).first(recorded.pairs.size());
    for (std::size_t from = 0, number = 0; from < pairs.size(); ++number) {
        const auto suite = replay_suite(recorded.rules, recorded.cell, pairs.subspan(from),
                                        recorded.control_cell, control.subspan(from));
        if (!suite) break;
        lines.push_back(fmt::format("{}{} {}: {}", recorded.name, what, number, text_of(*suite)));
        from += std::max<std::size_t>(suite->pairs, 1);
    }
}

/// What may go wrong with some of the trials.
const std::vector<std::pair<std::string, std::function<void(Recorded&)>>> mishaps{
    {", head loses one in 30",
     [](Recorded& all) {
         for (std::size_t i = 7; i < all.pairs.size(); i += 30) {
             all.pairs[i].head.failure = "It crashed.";
             all.pairs[i].head.metrics.clear();
         }
     }},
    {", base loses one in 50",
     [](Recorded& all) {
         for (std::size_t i = 11; i < all.pairs.size(); i += 50) all.pairs[i].base.failure = "It crashed.";
     }},
    {", head is lost twice in a row",
     [](Recorded& all) {
         for (std::size_t i = 33; i < all.pairs.size(); i += 61)
             all.pairs[i].head.failure = all.pairs[i - 1].head.failure = "It crashed.";
     }},
    {", requests of head fail",
     [](Recorded& all) {
         for (std::size_t i = 3; i < all.pairs.size(); i += 45)
             all.pairs[i].head.metrics["unforeseen_errors"] = {2, {}};
     }},
    {", requests of base fail",
     [](Recorded& all) { all.pairs[25].base.metrics["unforeseen_errors"] = {1, {}}; }},
    {", head does other work once",
     [](Recorded& all) {
         for (std::size_t i = 9; i < all.pairs.size(); i += 70)
             all.pairs[i].head.warnings.push_back(
                 {"work-mismatch", "It was other work.", WarningKind::wrong});
     }},
    {", head does fewer requests", [](Recorded& all) { all.pairs[50].head.metrics["requests"] = {310, {}}; }},
    {", head answers with less once",
     [](Recorded& all) { all.pairs[17].head.metrics["response_bytes_per_request"] = {900, {}}; }},
    {", most of head are limited",
     [](Recorded& all) {
         for (std::size_t i = 0; i < all.pairs.size(); ++i)
             if (i % 3 != 0)
                 all.pairs[i].head.warnings.push_back(
                     {"target-saturated", "It was too much.", WarningKind::limited});
     }},
    {", base tells no CPU time",
     [](Recorded& all) {
         for (SamplePair& pair : all.pairs) pair.base.metrics.erase("cpu_us_per_request");
     }},
    {", head tells no p50 at times",
     [](Recorded& all) {
         for (std::size_t i = 5; i < all.pairs.size(); i += 40)
             all.pairs[i].head.metrics["service_p50_ns"] = MetricValue::unknown("no clock");
     }},
    {", the control is lost",
     [](Recorded& all) {
         for (std::size_t i = 0; i < all.control.size(); ++i)
             if (i % 5 == 1)
                 all.control[i].base.warnings.push_back({"wrong-content", "Who?", WarningKind::wrong});
     }},
    {", nothing is confirmed", [](Recorded& all) { all.rules.confirm = false; }},
    {", looks at 6 and 12", [](Recorded& all) { all.rules.looks = {{6, 12}, 0.1}; }},
};

std::vector<std::string> decisions() {
    std::vector<std::string> lines;
    for (int file = 0; file < 4; ++file) {
        for (const Recorded& each : recorded(file)) {
            add_decisions(lines, each, "");
            if (file > 0) continue;
            for (const auto& [what, happens] : mishaps) {
                Recorded changed = each;
                happens(changed);
                add_decisions(lines, changed, what);
            }
        }
    }
    return lines;
}

TEST(RecordedPairs, AreDecidedAsBefore) {
    const std::vector<std::string> now = decisions();
    ASSERT_GT(now.size(), 1000U);
    if (std::getenv("ASYNCBENCH_UPDATE") != nullptr) {
        std::ofstream(expected_file) << fmt::format("{}\n", fmt::join(now, "\n"));
        return;
    }
    std::vector<std::string> before;
    std::ifstream in(expected_file);
    for (std::string line; std::getline(in, line);) before.push_back(line);
    ASSERT_EQ(now.size(), before.size());
    for (std::size_t i = 0; i < now.size(); ++i) EXPECT_EQ(now[i], before[i]);
}

}  // namespace asyncbench::recorded_pairs_tests
