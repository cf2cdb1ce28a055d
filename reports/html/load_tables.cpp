#include "reports/html/load_tables.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "reports/html/html_table.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/sections.hpp"
#include "reports/text/human.hpp"
#include "reports/text/load_answer.hpp"
#include "reports/text/load_times.hpp"

namespace asyncbench {
namespace {

std::string share_text(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? std::string(no_value)
                      : human_percent(static_cast<double>(part) / static_cast<double>(whole));
}

std::string time_or_none(std::optional<std::int64_t> ns) {
    return ns ? human_time(static_cast<double>(*ns)) : std::string(no_value);
}

std::string framed(const char* layout, const HtmlTable& table) {
    return fmt::format("<div class=\"{}\">\n{}\n</div>\n", layout, table.text());
}

void add_times(HtmlTable& table, const std::vector<LoadTime>& times, std::string_view of = {}) {
    for (const LoadTime& time : times) {
        std::vector<std::string> row{fmt::format("{}{}", time.name, of), human_count(time.ns.count()),
                                     human_time(time.ns.mean())};
        for (const double percentile : {50.0, 90.0, 99.0, 99.9, 100.0})
            row.push_back(human_percentile(time.ns, percentile));
        table.add_row(row);
    }
}

std::string table_of_seconds(const Trial& trial, std::size_t number, std::size_t trials) {
    constexpr std::size_t most = 600;
    const std::vector<LoadSecond>& seconds = trial.load->seconds;
    const std::string left_out =
        seconds.size() > most ? fmt::format(" The first {} of {}; the JSON has all.", most, seconds.size())
                              : "";
    HtmlTable table(fmt::format("Each second{}; the last may be cut off.{}",
                                trials > 1 ? fmt::format(" of trial {}", number) : "", left_out),
                    {"Second", "Sent", "Answered", "Errors", "p50", "p90", "p99", "max"},
                    TableLayout::compact);
    for (std::size_t i = 0; i < std::min(most, seconds.size()); ++i) {
        const LoadSecond& second = seconds[i];
        table.add_row({human_count(std::uint64_t{second.second} + 1), human_count(second.sent),
                       human_count(second.answered), human_count(second.errors), time_or_none(second.p50_ns),
                       time_or_none(second.p90_ns), time_or_none(second.p99_ns),
                       time_or_none(second.max_ns)});
    }
    return table.text();
}

HtmlTable table_of_statuses(const RunResult& run) {
    std::map<int, std::uint64_t> statuses;
    std::uint64_t all = 0;
    for (const Trial& trial : run.trials) {
        for (const auto& [status, count] : trial.endings.statuses) {
            statuses[status] += count;
            all += count;
        }
    }
    HtmlTable table("Whole responses.", {"Status", "Responses", "Share"});
    for (const auto& [status, count] : statuses)
        table.add_row({fmt::format("{}", status), human_count(count), share_text(count, all)});
    return table;
}

}  // namespace

std::string load_time_table(const RunResult& run) {
    HtmlTable table("Times of all requests that started in the measured time.",
                    {"Time", "Count", "Mean", "p50", "p90", "p99", "p99.9", "Max"});
    add_times(table, load_latencies(run));
    std::vector<LoadTime> phases = load_phases(run);
    std::erase_if(phases, [](const LoadTime& time) { return time.name == "whole response"; });
    add_times(table, phases);
    add_times(table, load_generator_times(run), " (generator)");
    return framed("table wide", table);
}

std::string load_request_table(const RunResult& run) {
    const LoadView& load = *load_trial(run)->load;
    if (load.each_request.empty()) return {};
    HtmlTable table("Each of the requests, from the send.",
                    {"Request", "Answered", "Errors", "Mean", "p50", "p90", "p99", "p99.9", "Max"});
    for (const RequestView& each : load.each_request) {
        const Histogram& times = each.service_time_ns;
        std::vector<std::string> row{each.name, human_count(each.answered), human_count(each.errors),
                                     times.empty() ? std::string(no_value) : human_time(times.mean())};
        for (const double percentile : {50.0, 90.0, 99.0, 99.9, 100.0})
            row.push_back(human_percentile(times, percentile));
        table.add_row(row);
    }
    return framed("table wide", table);
}

std::string load_second_table(const RunResult& run) {
    const auto has_seconds = [](const Trial& trial) { return trial.load && !trial.load->seconds.empty(); };
    const auto trials =
        static_cast<std::size_t>(std::count_if(run.trials.begin(), run.trials.end(), has_seconds));
    std::string tables;
    for (std::size_t i = 0; i < run.trials.size(); ++i)
        if (has_seconds(run.trials[i])) tables += table_of_seconds(run.trials[i], i + 1, trials);
    if (tables.empty()) return {};
    return folded("The numbers of each second",
                  fmt::format("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Each "
                              "second\">\n{}\n</div>\n",
                              tables));
}

std::string load_failure_tables(const RunResult& run) {
    constexpr std::size_t most_reasons = 5;
    std::uint64_t requests = 0;
    for (const Trial& trial : run.trials) requests += trial.requests();
    const std::vector<FailureClass> classes = failure_classes(run, most_reasons);
    std::string text;
    if (classes.empty()) {
        text = fmt::format("<p>None of {} failed.</p>\n", counted(requests, "request"));
    } else {
        HtmlTable table(fmt::format("What failed of {}.", counted(requests, "request")),
                        {"Class", "Requests", "Share", "Why"});
        for (const FailureClass& each : classes) {
            table.add_row({std::string(name_of(each.error)), human_count(each.count),
                           share_text(each.count, requests),
                           fmt::format("{}", fmt::join(each.reasons, "; "))});
        }
        text = framed("table wide", table);
    }
    return text + framed("table", table_of_statuses(run));
}

std::string load_search_table(const RunResult& run) {
    if (!run.search) return {};
    HtmlTable table("Each trial of the search, in the order measured.",
                    {"Trial", "Rate", "Held", "Why not", "Generator"});
    if (run.search->closed_loop_rps)
        table.add_row({"closed loop", human_rate(*run.search->closed_loop_rps), "", "the first guess", ""});
    for (std::size_t i = 0; i < run.search->steps.size(); ++i) {
        const RateStep& step = run.search->steps[i];
        table.add_row({fmt::format("{}{}", i + 1, step.confirms ? " (looked again)" : ""),
                       human_rate(step.rate_rps), step.holds ? "yes" : "no", step.why,
                       step.limited ? "at its limit" : ""});
    }
    return folded("Each trial of the search", framed("table wide", table));
}

std::string load_generator_table(const RunResult& run) {
    const Trial& trial = *load_trial(run);
    const LoadView& load = *trial.load;
    HtmlTable table("The load generator.", {"Fact", "Value"});
    const auto add_metric = [&](const char* what, const char* metric) {
        const auto value = value_of(trial.metrics, metric);
        if (value) table.add_row({what, human_metric(metric, *value)});
    };
    table.add_row({"threads", human_count(load.threads)});
    table.add_row({"interface of the kernel",
                   load.io == IoKind::uring ? "io_uring"
                   : load.why_no_uring.empty()
                       ? "epoll"
                       : fmt::format("epoll, as there is no io_uring here: {}", load.why_no_uring)});
    add_metric("cores used", "cpu_share");
    table.add_row({"busiest thread, share of the time on a CPU", human_percent(load.busiest_thread)});
    add_metric("CPU time a request", "cpu_us_per_request");
    add_metric("peak memory", "peak_rss_bytes");
    table.add_row({"connections opened", human_count(static_cast<std::uint64_t>(
                                             value_of(trial.metrics, "connections_opened").value_or(0)))});
    table.add_row({"connections open at the start", human_count(load.connections_at_start)});
    table.add_row({"waited for events, times", human_count(load.wakeups)});
    table.add_row({"responses that the kernel stamped", share_text(load.stamped, trial.client.count)});
    table.add_row({"requests still open at the end", human_count(load.unfinished)});
    if (has_response_times(run.scenario)) {
        add_metric("requests sent late, as no connection was free", "sent_late_share");
        table.add_row({"requests never sent", human_count(load.not_sent)});
    }
    return framed("table", table);
}

std::string load_finding_list(const RunResult& run) {
    const std::vector<Warning> findings = load_findings(run);
    if (findings.empty()) return "<p>None.</p>";
    std::string items;
    for (const Warning& finding : findings) items += warning_item(finding);
    return fmt::format("<ul>\n{}</ul>", items);
}

}  // namespace asyncbench
