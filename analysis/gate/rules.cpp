#include "analysis/gate/rules.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <functional>
#include <utility>

#include "async/errors.hpp"
#include "harness/trial/metric.hpp"
#include "harness/work/suggestion.hpp"
#include "harness/work/units.hpp"

namespace asyncbench {
namespace {

/// Of files of other programs.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> short_names_of_others{
    {{"real-time", "real_time_ns"}, {"cpu-time", "cpu_time_ns"}}};

bool is_counted(std::string_view metric) {
    const MetricInfo* info = find_metric(metric);
    return info != nullptr && info->gate.test == GateDefault::Test::counts;
}

constexpr std::string_view counter_prefix = "counter:";

std::string counter_named(std::string_view name) {
    constexpr std::size_t longest = 128;
    const bool known_characters = std::all_of(name.begin(), name.end(), [](char character) {
        return std::isalnum(static_cast<unsigned char>(character)) != 0 ||
               std::string_view("_-./%").find(character) != std::string_view::npos;
    });
    if (name.empty() || name.size() > longest || !known_characters) {
        throw UsageError(
            fmt::format("'{}{}' names no counter; it has up to {} letters, digits and any of _ - . / %.",
                        counter_prefix, name, longest));
    }
    return std::string(name);
}

/// Of a limit in the unit that the metric's name ends in.
double parse_limit(std::string_view text, std::string_view metric) {
    if (metric.ends_with("_ns")) return static_cast<double>(parse_duration(text).count());
    if (metric.ends_with("_us_per_request")) {
        return static_cast<double>(parse_duration(text).count()) / 1e3;
    }
    if (metric.ends_with("_bytes")) return static_cast<double>(parse_size(text));
    if (metric.ends_with("_rps")) return parse_rate(text, any_number);
    if (text.ends_with('%')) return parse_percent(text, metric);
    return parse_number(text, metric);
}

/// Counts need no room for noise: where only one number is given, what does not fail passes.
Tolerance parse_tolerance(std::string_view text, std::string_view name, bool counts) {
    const auto comma = text.find(',');
    Tolerance tolerance;
    tolerance.fail_from = parse_percent(text.substr(0, comma), name);
    tolerance.pass_below = comma == std::string_view::npos ? (counts ? 1 : 2) * tolerance.fail_from
                                                           : parse_percent(text.substr(comma + 1), name);
    if (tolerance.pass_below < tolerance.fail_from) {
        throw UsageError(fmt::format(
            "{}={} would pass less than what fails; the second number, below which it passes, must be at "
            "least the first.",
            name, text));
    }
    return tolerance;
}

}  // namespace

MetricRule default_rule(std::string_view metric) {
    const MetricInfo& info = *find_metric(metric);
    const auto test = info.gate.test;
    const Lane lane = test == GateDefault::Test::counts  ? Lane::deterministic
                      : test == GateDefault::Test::pairs ? Lane::paired
                                                         : Lane::information;
    // Every program tells its times; what else it does not tell decides nothing.
    const bool always_told = metric == "service_p50_ns" || metric == "throughput_rps";
    return {std::string(metric), lane, {info.gate.fail_from, info.gate.pass_below}, !always_told};
}

GateRules default_gate_rules() {
    GateRules rules;
    // In the order that reports show them.
    for (const char* metric :
         {"service_p50_ns", "throughput_rps", "cpu_us_per_request", "peak_rss_bytes",
          "instructions_per_request", "allocations_per_request", "connections_opened", "requests", "errors"})
        rules.metrics.push_back(default_rule(metric));
    rules.metrics.push_back(default_rule("service_p99_ns"));
    return rules;
}

const MetricRule* find_rule(const GateRules& rules, std::string_view metric) {
    const auto found = std::find_if(rules.metrics.begin(), rules.metrics.end(),
                                    [&](const MetricRule& rule) { return rule.metric == metric; });
    return found == rules.metrics.end() ? nullptr : &*found;
}

std::string metric_named(std::string_view name) {
    if (name.starts_with(counter_prefix)) return counter_named(name.substr(counter_prefix.size()));
    std::vector<std::string> known;
    const auto is_meant = [&](std::string_view short_name, std::string_view metric) {
        if (!short_name.empty()) known.emplace_back(short_name);
        return name == metric || (!short_name.empty() && name == short_name);
    };
    for (const MetricInfo& info : metric_catalogue())
        if (is_meant(info.short_name, info.name)) return std::string(info.name);
    for (const auto& [short_name, metric] : short_names_of_others)
        if (is_meant(short_name, metric)) return std::string(metric);
    throw UsageError(fmt::format(
        "There is no metric '{}'.{} There are: {}, and the names that `asyncbench list metrics` prints.",
        name, did_you_mean(name, known), fmt::join(known, ", ")));
}

Budget parse_budget(std::string_view text) {
    const auto sign = text.find_first_of("<>");
    if (sign == std::string_view::npos || sign == 0) {
        throw UsageError(fmt::format(
            "'{}' is no budget; write it like p99<50ms, throughput>1000/s or peak-memory<64MB.", text));
    }
    Budget budget;
    budget.metric = metric_named(text.substr(0, sign));
    budget.below = text[sign] == '<';
    std::string_view limit = text.substr(sign + 1);
    if (limit.starts_with('=')) limit.remove_prefix(1);
    budget.limit = parse_limit(limit, budget.metric);
    budget.text = std::string(text);
    return budget;
}

double parse_percent(std::string_view text, std::string_view what) {
    constexpr double most = 1000;
    const bool marked = text.ends_with('%');
    double percent = -1;
    if (marked) {
        try {
            percent = parse_number(text.substr(0, text.size() - 1), what);
        } catch (const UsageError&) {
            percent = -1;  // told below, with the sign that belongs to it
        }
    }
    if (percent < 0 || percent > most) {
        throw UsageError(fmt::format("{}: '{}' is no share; write it like 5% or 2.5%.", what, text));
    }
    return percent / 100;
}

void set_rule(GateRules& rules, std::string_view name, std::string_view text, AskedBy asked_by) {
    const std::string metric = metric_named(name);
    const MetricRule* before = find_rule(rules, metric);
    MetricRule rule = before != nullptr ? *before : MetricRule{metric, Lane::paired, {}, false};
    std::erase_if(rules.metrics, [&](const MetricRule& each) { return each.metric == metric; });
    std::erase(rules.ignored, metric);
    if (text == "ignore") return rules.ignored.push_back(metric);
    rule.asked_by = asked_by;
    rule.if_known = text == "information";
    if (text == "information") {
        rule.lane = Lane::information;
    } else {
        const MetricInfo* info = find_metric(metric);
        const bool counts = is_counted(metric) || name.starts_with(counter_prefix);
        rule.lane = counts ? Lane::deterministic : Lane::paired;
        if (rule.lane == Lane::paired && info != nullptr && info->better == Better::neither) {
            throw UsageError(fmt::format(
                "{} is neither better high nor low, so that nothing can be worse; show it with --information "
                "{}.",
                name, name));
        }
        if (metric == "errors") {
            throw UsageError(
                "errors has no tolerance: one request that fails although nobody asked for it is enough. "
                "Show it "
                "only with --information errors, or leave it out with --ignore errors.");
        }
        rule.tolerance = parse_tolerance(text, name, counts);
    }
    rules.metrics.push_back(std::move(rule));
}

void add_times_of_others(GateRules& rules) {
    for (const char* metric : {"real_time_ns", "cpu_time_ns"}) {
        const bool ignored =
            std::find(rules.ignored.begin(), rules.ignored.end(), metric) != rules.ignored.end();
        if (!ignored && find_rule(rules, metric) == nullptr)
            rules.metrics.push_back({metric, Lane::paired, {}, false});
    }
}

void check(const GateRules& rules) {
    const auto& looks = rules.looks.pairs;
    const bool ascending =
        std::adjacent_find(looks.begin(), looks.end(), std::greater_equal<>()) == looks.end();
    constexpr std::size_t most = 10'000;
    if (looks.empty() || !ascending || looks.front() < 2 || looks.back() > most) {
        throw UsageError(
            fmt::format("The looks are numbers of pairs that ascend, from 2 to {}: 20,40,80.", most));
    }
    if (!(rules.looks.alpha >= least_alpha && rules.looks.alpha <= largest_alpha)) {
        throw UsageError(fmt::format("alpha is {:g}; it must be at least {:g} and at most {:g}.",
                                     rules.looks.alpha, least_alpha, largest_alpha));
    }
}

}  // namespace asyncbench
