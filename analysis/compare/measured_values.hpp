#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/run_result.hpp"
#include "harness/measure/environment.hpp"
#include "harness/trial/metric.hpp"
#include "harness/trial/warning.hpp"

namespace asyncbench {

/// The values of one metric, one for each repetition, in the order measured.
struct MetricValues {
    std::string metric;
    std::string unit;
    Better better = Better::lower;
    std::vector<double> values;
    std::vector<std::uint32_t>
        repetitions;      ///< of each value: pairs it with the same block of another subject
    std::string unknown;  ///< why there is none
};

/// One trial of a cell apart from its values: also those whose values are left out, as they are wrong.
struct MeasuredTrial {
    std::uint32_t repetition = 0;
    std::string failure;  ///< why there is no measurement; empty where there is one
    std::vector<Warning> warnings;
    std::uint64_t requests = 0;
    std::uint64_t unforeseen_errors = 0;  ///< failed although the profile asked for no failure
};

/// What one cell of a result, or one benchmark of a file, measured.
struct MeasuredSubject {
    std::string name;  ///< `coroutine at 64`, `BM_Gather/64`; joins base and head
    std::string strategy;
    std::uint32_t concurrency = 0;  ///< 0 where the file knows none
    std::uint64_t requests = 0;     ///< that each trial was told to do; 0 where that is not fixed
    std::vector<MetricValues> metrics;
    std::size_t repetitions = 0;  ///< that measured it: a metric of fewer values was not told by each of them
    std::vector<MeasuredTrial> trials;  ///< every one; none where a file of another program tells values only
    std::vector<Warning> warnings;
    bool usable = true;
    bool limited = false;  ///< its values are bounds (Cell::limited)
};

/// A file of results, whatever wrote it, as far as a comparison needs it.
struct MeasuredValues {
    std::string source;  ///< the file's name
    std::string work;    ///< what was asked of the subjects; results of different work are not compared
    Environment environment;
    std::vector<MeasuredSubject> subjects;
    std::optional<Ranking> ranking;  ///< what the run itself answered
    std::vector<Warning> warnings;
};

/// Whether asyncbench measured it: its subjects are strategies, and its metrics those of trials.
bool is_of_trials(const MeasuredValues& measured);

/// What a scenario asks of each request and trial, whatever measures it: `plan batch, requests 2000, ...`.
std::string work_of(const Scenario& scenario);

/// What two such texts do not have in common: `latency 20ms; and latency 22ms`.
std::string difference_of_work(std::string_view base, std::string_view head);

/// Of the usable trials of each cell.
MeasuredValues measured_values(const RunResult& run, std::string source);

/// Of Google Benchmark's JSON (`--benchmark_format=json`): repetitions where there are, never its aggregates;
/// a
/// benchmark with an error is wrong, one that was skipped a warning. NaN and Infinity, which it may write
/// bare, are unknown values, told in a warning of the benchmark. Times are in nanoseconds (`real_time_ns`,
/// `cpu_time_ns`), counters have their own names. Throws Error where the text is something else.
MeasuredValues google_benchmark_values(std::string_view text, std::string source);

}  // namespace asyncbench
