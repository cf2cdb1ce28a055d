#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "analysis/compare/measured_values.hpp"
#include "async/errors.hpp"
#include "harness/trial/json_fields.hpp"

// The format: docs/user_guide.md and src/json_reporter.cc of google/benchmark, json_schema_version 1.

namespace asyncbench {
namespace {

constexpr double unknown_number = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t most_rows = 1'000'000;
constexpr std::size_t longest_name = 4096;

/// Numbers of a row that are no counter.
constexpr std::array<std::string_view, 9> not_counters{"family_index", "per_family_instance_index",
                                                       "repetitions",  "repetition_index",
                                                       "threads",      "iterations",
                                                       "real_time",    "cpu_time",
                                                       "time_unit"};

/// Facts of the context that say nothing of the machine, or name it.
constexpr std::array<std::string_view, 6> not_facts{"date",        "host_name", "executable",
                                                    "mhz_per_cpu", "load_avg",  "json_schema_version"};

template <std::size_t size>
bool is_among(const std::array<std::string_view, size>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// `NaN`, `-NaN`, `Infinity` and `-Infinity` outside of strings become null: no JSON has them, and
/// json_reporter.cc writes them bare.
std::string without_bare_numbers(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::string_view rest = text.substr(i);
        if (!in_string) {
            const std::string_view unsigned_rest = rest.substr(rest.starts_with('-') ? 1 : 0);
            const std::size_t length = unsigned_rest.starts_with("NaN")        ? 3
                                       : unsigned_rest.starts_with("Infinity") ? 8
                                                                               : 0;
            if (length > 0) {
                result += "null";
                i += rest.size() - unsigned_rest.size() + length - 1;
                continue;
            }
        }
        if (text[i] == '"') in_string = !in_string;
        result += text[i];
        if (in_string && text[i] == '\\' && i + 1 < text.size()) result += text[++i];
    }
    return result;
}

double nanoseconds_of(JsonFields& row) {
    const std::string unit = row.has("time_unit") ? row.text("time_unit") : "ns";
    if (unit == "ns") return 1;
    if (unit == "us") return 1e3;
    if (unit == "ms") return 1e6;
    if (unit == "s") return 1e9;
    row.fail("time_unit", "must be ns, us, ms or s");
}

Environment environment_of(const JsonFields& context) {
    Environment environment;
    for (const auto& item : context.value().items()) {
        const std::string name = item.key() == "num_cpus" ? "cpus_online" : item.key();
        const Json& value = item.value();
        if (is_among(not_facts, name) || value.is_null()) continue;
        environment.facts.push_back(
            {name, value.is_string() ? value.get<std::string>() : to_text(value), {}});
    }
    return environment;
}

/// How often a benchmark is repeated is no part of what it does: `BM_Sum/64` of `BM_Sum/64/repeats:8`.
std::string without_repeats(const std::string& name) {
    constexpr std::string_view mark = "/repeats:";
    const auto begin = name.find(mark);
    if (begin == std::string::npos) return name;
    const auto end = name.find('/', begin + mark.size());
    return name.substr(0, begin) + (end == std::string::npos ? "" : name.substr(end));
}

class Reader {
  public:
    explicit Reader(MeasuredValues& measured) : measured_(measured) {}

    void read(JsonFields row) {
        const std::string name =
            without_repeats(row.text(row.has("run_name") ? "run_name" : "name", longest_name));
        if (row.has("aggregate_name") || (row.has("run_type") && row.text("run_type") == "aggregate")) {
            subject_named(name);
            return;
        }
        if (row.has("error_occurred") && row.flag("error_occurred")) {
            note(subject_named(name),
                 {"benchmark-error", message_of(row, name, "failed", "error_message"), WarningKind::wrong});
        } else if (row.has("skipped") && is_skipped(row)) {
            MeasuredCell& subject = subject_named(name);
            add_repetition(subject);
            note(subject, {"benchmark-skipped", message_of(row, name, "was skipped", "skip_message"),
                           WarningKind::note});
        } else {
            read_values(row, subject_named(name));
        }
    }

    /// What has aggregates or nothing at all cannot be compared: told, and left out. What failed stays, as
    /// wrong, or nobody would miss it.
    void finish() {
        std::erase_if(measured_.cells, [&](const MeasuredCell& subject) {
            if (!metrics_of(subject).empty() || has(subject.warnings, WarningKind::wrong)) return false;
            for (const Warning& warning : subject.warnings) measured_.warnings.push_back(warning);
            if (subject.warnings.empty()) {
                measured_.warnings.push_back(
                    {"only-aggregates",
                     fmt::format("{} of {} has aggregates only, from which nothing can be compared; run it "
                                 "without --benchmark_report_aggregates_only.",
                                 subject.name, measured_.source),
                     WarningKind::note});
            }
            return true;
        });
        for (MeasuredCell& subject : measured_.cells) {
            tell_unknown(subject);
            // One that failed once did not do its work: none of its repetitions is used.
            if (has(subject.warnings, WarningKind::wrong)) subject.used_trials = 0;
        }
    }

  private:
    static bool is_skipped(JsonFields& row) {
        const Json& value = row.at("skipped");
        return !value.is_boolean() || value.get<bool>();
    }

    std::string message_of(JsonFields& row, const std::string& name, std::string_view what,
                           std::string_view key) const {
        const std::string reason = row.has(key) ? row.text(key) : "";
        return fmt::format("{} of {} {}{}.", name, measured_.source, what,
                           reason.empty() ? " and says no reason" : ": " + reason);
    }

    static void note(MeasuredCell& subject, const Warning& warning) {
        const auto& known = subject.warnings;
        if (std::find(known.begin(), known.end(), warning) == known.end())
            subject.warnings.push_back(warning);
    }

    /// The metric that the most repetitions do not tell, for all of them.
    void tell_unknown(MeasuredCell& subject) const {
        std::size_t least = subject.used_trials;
        std::string metric;
        for (const std::string& each : metrics_of(subject)) {
            const std::size_t count = values_of(subject, each).values.size();
            if (count >= least) continue;
            least = count;
            metric = each;
        }
        if (metric.empty()) return;
        note(subject,
             {"values-left-out",
              fmt::format("{} of {}: {} of {} repetitions tell no finite number for {}, and are left "
                          "out.",
                          subject.name, measured_.source, subject.used_trials - least, subject.used_trials,
                          metric),
              WarningKind::note});
    }

    MeasuredCell& subject_named(const std::string& name) {
        const auto [place, is_new] = places_.emplace(name, measured_.cells.size());
        if (is_new) measured_.cells.emplace_back().name = name;
        return measured_.cells[place->second];
    }

    static Trial& add_repetition(MeasuredCell& subject) {
        Trial& repetition = subject.measured.emplace_back();
        repetition.repetition = subject.trials;
        ++subject.trials;
        ++subject.used_trials;
        return repetition;
    }

    static MetricValue metric_of(const Json& value, double factor = 1) {
        const double scaled = value.is_number() ? value.get<double>() * factor : unknown_number;
        return std::isfinite(scaled) ? MetricValue{scaled, {}}
                                     : MetricValue::unknown("it was no finite number");
    }

    static void read_values(JsonFields& row, MeasuredCell& subject) {
        const double factor = nanoseconds_of(row);
        Metrics& metrics = add_repetition(subject).metrics;
        metrics["real_time_ns"] = metric_of(row.at("real_time"), factor);
        metrics["cpu_time_ns"] = metric_of(row.at("cpu_time"), factor);
        for (const auto& item : row.value().items()) {
            if (is_among(not_counters, item.key())) continue;
            if (item.value().is_number() || item.value().is_null())
                metrics[item.key()] = metric_of(item.value());
        }
    }

    MeasuredValues& measured_;
    std::map<std::string, std::size_t> places_;
};

}  // namespace

MeasuredValues google_benchmark_values(std::string_view text, std::string source) {
    const std::string what = fmt::format("The result {}", source);
    const Json document = parse_json(without_bare_numbers(text), what);
    JsonFields fields(document, what);
    if (!fields.has("context") || !fields.has("benchmarks")) {
        throw Error(
            fmt::format("{} is neither a result of asyncbench nor JSON of Google Benchmark "
                        "(--benchmark_format=json), which has a context and benchmarks.",
                        what));
    }
    MeasuredValues measured;
    measured.source = std::move(source);
    measured.work = "Google Benchmark";
    measured.environment = environment_of(fields.object("context"));
    Reader reader(measured);
    std::size_t index = 0;
    for (const Json& row : fields.array("benchmarks", most_rows))
        reader.read(JsonFields(row, what, fmt::format("benchmarks[{}]", index++)));
    reader.finish();
    return measured;
}

}  // namespace asyncbench
