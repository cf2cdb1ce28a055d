#include "async/detect/diagnosis.hpp"

#include <algorithm>

namespace asyncbench {

namespace {

bool are_same(const Finding& one, const Finding& other) {
    return one.kind == other.kind && one.created == other.created && one.coroutine == other.coroutine &&
           one.function == other.function;
}

}  // namespace

bool Diagnosis::add(const Finding& finding, std::uint64_t count) {
    const auto known = std::find_if(findings.begin(), findings.end(), [&](const CountedFinding& counted) {
        return are_same(counted.first, finding);
    });
    if (known != findings.end()) {
        if (!finding.reported_before) known->count += count;
        if (finding.kind == Finding::Kind::stall && finding.duration > known->first.duration) {
            known->first = finding;
        }
        return false;
    }
    if (findings.size() < most_findings) {
        findings.push_back({finding, count});
        return true;
    }
    not_listed += count;
    return false;
}

Diagnosis& Diagnosis::operator+=(const Diagnosis& other) {
    for (const CountedFinding& counted : other.findings) add(counted.first, counted.count);
    not_listed += other.not_listed;
    suppressed += other.suppressed;
    stalls_ns += other.stalls_ns;
    lag_ns += other.lag_ns;
    return *this;
}

std::uint64_t Diagnosis::count_of(Finding::Kind kind) const {
    std::uint64_t count = 0;
    for (const CountedFinding& counted : findings) {
        if (counted.first.kind == kind) count += counted.count;
    }
    return count;
}

}  // namespace asyncbench
