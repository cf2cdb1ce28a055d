#include "tests/analysis/gate/made_up.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "analysis/gate/evidence.hpp"
#include "harness/work/random.hpp"

namespace asyncbench::test {
namespace {

constexpr double requests = 300;

/// 0.99 to 1.01.
double noise(std::uint64_t number, std::uint64_t stream) {
    return 0.99 + 0.02 * to_unit(random_bits(7, number, stream));
}

GateTrial made_up_sample(std::size_t subject, Arm arm, std::uint32_t pair, std::uint32_t order,
                         MadeUpPair worse, bool confirmation) {
    GateTrial sample;
    sample.subject = subject;
    sample.arm = arm;
    sample.repetition = pair;
    sample.order = order;
    sample.confirmation = confirmation;
    const bool head = arm == Arm::head;
    const auto put = [&](const char* name, double value) { sample.metrics[name] = {value, {}}; };
    put("service_p50_ns", 5e6 * noise(order, 1) * (head ? worse.p50_ratio : 1));
    put("service_p99_ns", 8e6 * noise(order, 2));
    put("throughput_rps", 3000 * noise(order, 3) * (head ? worse.throughput_ratio : 1));
    put("requests", requests);
    put(std::string(unforeseen_errors_metric).c_str(), 0);
    return sample;
}

GateCell made_up_subject(const char* name, bool is_control) {
    return {name, "callback", 16, is_control, static_cast<std::uint64_t>(requests)};
}

}  // namespace

GateResult made_up_gate() {
    GateResult gate;
    gate.rules.looks.pairs = {20};
    gate.rules.metrics = {{"service_p50_ns", Lane::paired, {0.05, 0.10}, false},
                          {"throughput_rps", Lane::paired, {0.05, 0.10}, false},
                          {"errors", Lane::deterministic, {0, 0}, true},
                          {"service_p99_ns", Lane::information, {}, true}};
    gate.subjects = {made_up_subject("a at 16", false), made_up_subject("b at 16", false),
                     made_up_subject("control", true)};
    return gate;
}

void add_pairs(GateResult& gate, std::size_t subject, std::size_t pairs, MadeUpPair pair, bool confirmation) {
    std::uint32_t first = 0;
    for (const GateTrial& sample : gate.samples) {
        if (sample.subject == subject && sample.confirmation == confirmation) {
            first = std::max(first, sample.repetition + 1);
        }
    }
    for (std::uint32_t number = first; number < first + pairs; ++number) {
        for (const Arm arm : {Arm::base, Arm::head}) {
            const auto order = static_cast<std::uint32_t>(gate.samples.size());
            gate.samples.push_back(made_up_sample(subject, arm, number, order, pair, confirmation));
        }
    }
}

void add_pairs_everywhere(GateResult& gate, std::size_t pairs, MadeUpPair pair) {
    add_pairs(gate, cell_a, pairs, pair);
    add_pairs(gate, cell_b, pairs, pair);
    add_pairs(gate, control, pairs);
}

void look(GateResult& gate) {
    std::size_t pairs = 0;
    for (const GateTrial& sample : gate.samples)
        if (!sample.confirmation) pairs = std::max<std::size_t>(pairs, sample.repetition + 1);
    gate.stage.looks.push_back(pairs);
    conclude(gate);
}

void confirm(GateResult& gate) {
    gate.stage.confirmed = true;
    conclude(gate);
}

void close(GateResult& gate) {
    gate.stage.ended = true;
    conclude(gate);
}

Judgement judgement_of(const GateResult& gate) {
    return judge(gate.rules, GateEvidence(gate.subjects, gate.samples), gate.stage);
}

bool is_open(const GateResult& gate, std::size_t subject) {
    return asyncbench::is_open(judgement_of(gate), GateEvidence(gate.subjects, gate.samples), subject);
}

std::vector<GateTrial*> samples_of(GateResult& gate, std::size_t subject, Arm arm) {
    std::vector<GateTrial*> samples;
    for (GateTrial& sample : gate.samples) {
        if (sample.subject == subject && sample.arm == arm) samples.push_back(&sample);
    }
    return samples;
}

const GateLine& line_of(const GateResult& gate, std::size_t subject, const std::string& metric) {
    const auto found = std::find_if(gate.lines.begin(), gate.lines.end(), [&](const GateLine& line) {
        return line.subject == subject && line.rule.metric == metric;
    });
    static const GateLine none;
    EXPECT_NE(found, gate.lines.end()) << metric;
    return found == gate.lines.end() ? none : *found;
}

const Warning* find_warning(const GateResult& gate, const std::string& code) {
    const auto found = std::find_if(gate.warnings.begin(), gate.warnings.end(),
                                    [&](const Warning& warning) { return warning.code == code; });
    return found == gate.warnings.end() ? nullptr : &*found;
}

}  // namespace asyncbench::test
