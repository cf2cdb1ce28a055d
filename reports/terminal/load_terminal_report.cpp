#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/http/request_spec.hpp"
#include "harness/load/failures.hpp"
#include "reports/load_report.hpp"
#include "reports/terminal/table.hpp"
#include "reports/terminal/writer.hpp"
#include "reports/text/human.hpp"
#include "reports/text/load_answer.hpp"
#include "reports/text/wrapped.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t most_lines = 30;
constexpr std::size_t most_bars = 5;
constexpr std::size_t bar_width = 36;
constexpr std::size_t label_width = 14;

struct Line {
    std::string text;
    Tone tone = Tone::plain;
};
using Lines = std::vector<Line>;

void add_paragraph(Lines& lines, std::size_t width, std::string_view text, Tone tone = Tone::plain,
                   std::size_t indent = 0, std::size_t first_indent = 0) {
    for (const std::string& each : wrapped(printable(text), width, indent, first_indent))
        lines.push_back({each, tone});
}

/// `requests     19,984 in 10 s`: what follows the label is broken below itself.
void add_labelled(Lines& lines, std::size_t width, std::string_view label, std::string_view text) {
    Lines broken;
    add_paragraph(broken, width, text, Tone::plain, label_width, label_width);
    broken.front().text.replace(0, label.size(), label);
    lines.insert(lines.end(), broken.begin(), broken.end());
}

std::string time_of(double ns) {
    return human_time(ns);
}

double seconds_of(const Trial& trial) {
    return value_of(trial.metrics, "elapsed_ns").value_or(0) / 1e9;
}

class LoadReport {
  public:
    LoadReport(const RunResult& run, std::size_t width)
        : run_(run), trial_(*load_trial(run)), load_(*trial_.load), width_(width) {}

    Lines lines() const {
        Lines head = heading();
        if (run_.search) add(head, found());
        for (const Lines& part : {answer(), counts(), latencies(), requests()}) add(head, part);
        Lines tail = details();
        add(tail,
            findings(most_lines > head.size() + tail.size() + 2 ? most_lines - head.size() - tail.size() - 2
                                                                : 1));
        const Lines bars = distribution();
        // Whatever is found is told; the picture only where there is room.
        if (head.size() + bars.size() + tail.size() + 2 <= most_lines) add(head, bars);
        add(head, tail);
        return head;
    }

  private:
    static void add(Lines& lines, const Lines& part) {
        if (part.empty()) return;
        if (!lines.empty()) lines.push_back({});
        lines.insert(lines.end(), part.begin(), part.end());
    }
    bool is_open() const { return trial_.spec.plan.kind == PlanKind::open; }

    Lines heading() const {
        Lines lines;
        const LoadSettings& load = *run_.scenario.load;
        std::string what = method_of(run_.scenario.request);
        if (!load.targets.empty()) what = fmt::format("Targets of {} at", load.targets);
        if (!load.steps.empty()) what = fmt::format("Steps of {} at", load.steps);
        add_paragraph(lines, width_, fmt::format("{} {}", what, run_.scenario.target.shown()), Tone::heading);
        add_paragraph(lines, width_, load_heading(run_.scenario));
        return lines;
    }

    Lines answer() const {
        Lines lines;
        add_paragraph(lines, width_, served_sentence(run_), trial_.usable() ? Tone::heading : Tone::bad);
        for (const auto& [text, holds] : checked_thresholds(run_)) {
            add_paragraph(lines, width_, fmt::format("{} {}", holds ? "holds: " : "BROKEN:", text),
                          holds ? Tone::plain : Tone::bad);
        }
        return lines;
    }

    /// Of a search.
    Lines found() const {
        Lines lines;
        const RateSearchResult& search = *run_.search;
        add_paragraph(lines, width_, search_sentence(run_), search.highest_held ? Tone::heading : Tone::bad);
        std::vector<std::string> steps;
        if (search.closed_loop_rps)
            steps.push_back(fmt::format("closed loop {}", human_rate(*search.closed_loop_rps)));
        std::size_t confirmed = 0;
        for (const RateStep& step : search.steps) {
            if (step.confirms && step.holds && step.rate_rps == search.highest_held) ++confirmed;
            if (!step.confirms || !step.holds) steps.push_back(text_of(step));
        }
        if (confirmed > 0) steps.push_back(fmt::format("confirmed by {}", counted(confirmed, "fresh trial")));
        add_labelled(lines, width_, "rates", fmt::format("{}", fmt::join(steps, "; ")));
        return lines;
    }

    Lines counts() const {
        Lines lines;
        const double seconds = seconds_of(trial_);
        add_labelled(lines, width_, "requests",
                     fmt::format("{} in {}   {}   {}/s received", human_count(trial_.requests()),
                                 human_time(seconds * 1e9),
                                 human_rate(value_of(trial_.metrics, "throughput_rps").value_or(0)),
                                 human_bytes(static_cast<double>(load_.received_bytes) / seconds)));
        const ErrorCounts& errors = trial_.errors;
        std::string text =
            fmt::format("{} ({})", human_count(errors.total()),
                        human_percent(trial_.requests() == 0 ? 0
                                                             : static_cast<double>(errors.total()) /
                                                                   static_cast<double>(trial_.requests())));
        for (const ErrorClass each : all_error_classes) {
            if (count_of(errors, each) > 0)
                text += fmt::format("   {} {}", name_of(each), human_count(count_of(errors, each)));
        }
        add_labelled(lines, width_, "errors", text);
        constexpr std::size_t most_reasons = 2;
        for (std::size_t i = 0; i < std::min(most_reasons, trial_.endings.reasons.size()); ++i) {
            const FailureReason& reason = trial_.endings.reasons[i];
            add_labelled(lines, width_, "",
                         fmt::format("{} × {}", human_count(reason.count), reason.message));
        }
        std::vector<std::string> statuses;
        for (const auto& [status, count] : trial_.endings.statuses)
            statuses.push_back(fmt::format("{}: {}", status, human_count(count)));
        if (!statuses.empty())
            add_labelled(lines, width_, "status", fmt::format("{}", fmt::join(statuses, "   ")));
        return lines;
    }

    Lines latencies() const {
        if (trial_.service_time_ns.empty()) return {};
        Table table;
        table.add_column("latency", Table::Align::left);
        for (const char* heading : {"mean", "p50", "p90", "p99", "p99.9", "max"}) table.add_column(heading);
        const auto add_row = [&](std::string name, const Histogram& times) {
            std::vector<std::string> row{std::move(name), time_of(times.mean())};
            for (const double percentile : {50.0, 90.0, 99.0, 99.9, 100.0})
                row.push_back(human_percentile(times, percentile));
            table.add_row(std::move(row));
        };
        if (is_open()) add_row("from schedule", trial_.response_time_ns);
        add_row("from send", trial_.service_time_ns);
        Lines lines;
        for (std::string& line : table.lines()) lines.push_back({std::move(line)});
        return lines;
    }

    /// Of several requests each.
    Lines requests() const {
        constexpr std::size_t most = 6;
        if (load_.each_request.empty()) return {};
        Table table;
        table.add_column("request", Table::Align::left);
        for (const char* heading : {"answered", "errors", "p50", "p99", "max"}) table.add_column(heading);
        for (std::size_t i = 0; i < std::min(most, load_.each_request.size()); ++i) {
            const RequestView& each = load_.each_request[i];
            const Histogram& times = each.service_time_ns;
            table.add_row({shortened(printable(each.name), width_ / 2), human_count(each.answered),
                           human_count(each.errors), human_percentile(times, 50), human_percentile(times, 99),
                           human_percentile(times, 100)});
        }
        Lines lines;
        for (std::string& line : table.lines()) lines.push_back({std::move(line)});
        if (load_.each_request.size() > most)
            lines.push_back({fmt::format("and {} more: --html, --json", load_.each_request.size() - most)});
        return lines;
    }

    /// How the response times are spread, by bounds of 1, 2 and 5, or of 1, times a power of ten.
    Lines distribution() const {
        const Histogram& times = trial_.response_time_ns;
        if (times.empty()) return {};
        for (const std::vector<double>& steps : {std::vector{1.0, 2.0, 5.0}, std::vector{1.0}}) {
            Lines lines = bars_between(bounds_of(times, steps));
            if (lines.size() <= most_bars || steps.size() == 1) return lines;
        }
        return {};
    }

    static std::vector<double> bounds_of(const Histogram& times, const std::vector<double>& steps) {
        const auto least = std::max(1.0, static_cast<double>(times.min()));
        const auto most = static_cast<double>(times.max());
        std::vector<double> bounds;
        for (double power = std::pow(10, std::floor(std::log10(least))); power <= most * 10; power *= 10) {
            for (const double step : steps) {
                const double bound = power * step;
                if (bound <= least) {
                    bounds.assign(1, bound);
                } else if (bounds.empty() || bounds.back() < most) {
                    if (bounds.empty()) bounds.push_back(0);
                    bounds.push_back(bound);
                }
            }
        }
        return bounds;
    }

    Lines bars_between(const std::vector<double>& bounds) const {
        const Histogram& times = trial_.response_time_ns;
        Lines lines;
        for (std::size_t i = 0; i + 1 < bounds.size(); ++i) {
            const auto share_below = [&](double bound) {
                return times.share_at_or_below(static_cast<std::int64_t>(bound) - 1);
            };
            const double share = share_below(bounds[i + 1]) - share_below(bounds[i]);
            const auto length = static_cast<std::size_t>(std::lround(share * bar_width));
            std::string bar(length, '#');
            if (length == 0 && share > 0) bar = "|";
            lines.push_back(
                {fmt::format("{:>18}   {:<{}} {}",
                             fmt::format("{} – {}", human_time(bounds[i]), human_time(bounds[i + 1])), bar,
                             bar_width, human_percent(share))});
        }
        return lines;
    }

    Lines details() const {
        Lines lines;
        if (!load_.first_byte_ns.empty()) {
            const auto first = static_cast<double>(load_.first_byte_ns.value_at_percentile(50));
            const auto whole = static_cast<double>(trial_.service_time_ns.value_at_percentile(50));
            add_labelled(
                lines, width_, "phases (p50)",
                fmt::format(
                    "connect {}   {}first byte {}   rest {}", human_percentile(load_.connect_ns, 50),
                    load_.tls_ns.empty() ? "" : fmt::format("TLS {}   ", human_percentile(load_.tls_ns, 50)),
                    time_of(first), time_of(std::max(0.0, whole - first))));
        }
        add_events(lines);
        const auto opened =
            static_cast<std::uint64_t>(value_of(trial_.metrics, "connections_opened").value_or(0));
        std::string again = ", one for each request";
        if (!trial_.spec.load->connection_stages.empty()) {
            again = "";
        } else if (trial_.spec.load->keep_alive) {
            again = fmt::format(", {} of them again",
                                human_count(opened - std::min(opened, load_.connections_at_start)));
        }
        add_labelled(lines, width_, "connections",
                     fmt::format("{} opened{}   {}{}", human_count(opened), again,
                                 load_.http == HttpVersion::http2 ? "HTTP/2" : "HTTP/1.1",
                                 load_.tls_ns.empty() ? "" : " over TLS"));
        add_over_time(lines);
        add_generator(lines);
        return lines;
    }

    void add_events(Lines& lines) const {
        if (load_.streams == 0) return;
        const auto both = [](const Histogram& times) {
            return fmt::format("{} (p50), {} (p99)", human_percentile(times, 50),
                               human_percentile(times, 99));
        };
        std::string text =
            fmt::format("{} of {}", human_count(load_.events), counted(load_.streams, "streamed response"));
        if (!load_.first_event_ns.empty())
            text += fmt::format("   first after {}", both(load_.first_event_ns));
        if (!load_.event_gap_ns.empty()) text += fmt::format("   gaps {}", both(load_.event_gap_ns));
        add_labelled(lines, width_, "events", text);
    }

    void add_over_time(Lines& lines) const {
        std::vector<LoadSecond> whole = load_.seconds;
        if (!whole.empty()) whole.pop_back();  // may be cut off
        if (whole.size() < 2) return;
        const auto range = [&](auto&& value, auto&& text) {
            auto least = std::numeric_limits<double>::max();
            double most = 0;
            for (const LoadSecond& second : whole) {
                const auto each = value(second);
                if (!each) continue;
                least = std::min(least, static_cast<double>(*each));
                most = std::max(most, static_cast<double>(*each));
            }
            return least > most ? std::string(no_value) : span_text(text(least), text(most));
        };
        add_labelled(
            lines, width_, "each second",
            fmt::format("{}   p99 {}",
                        range([](const LoadSecond& s) { return std::optional(s.answered); }, human_rate),
                        range([](const LoadSecond& s) { return s.p99_ns; }, human_time)));
    }

    void add_generator(Lines& lines) const {
        const auto cpu = value_of(trial_.metrics, "cpu_us_per_request");
        std::string text = fmt::format("{} on {}, {} cores", counted(load_.threads, "thread"),
                                       load_.io == IoKind::uring ? "io_uring" : "epoll",
                                       human_number(value_of(trial_.metrics, "cpu_share").value_or(0)));
        if (cpu) text += fmt::format(", {} a request", human_time(*cpu * 1e3));
        if (const auto late = value_of(trial_.metrics, "send_lateness_p99_ns"))
            text += fmt::format("; sends late by {} (p99)", human_time(*late));
        if (!load_.pick_up_ns.empty()) {
            text +=
                fmt::format("; responses picked up {} (p50), {} (p99) after the kernel's stamp",
                            human_percentile(load_.pick_up_ns, 50), human_percentile(load_.pick_up_ns, 99));
        }
        add_labelled(lines, width_, "generator", text);
        if (!load_.why_no_uring.empty())
            add_labelled(lines, width_, "", "no io_uring here: " + load_.why_no_uring);
    }

    /// The worst first; what has no room is counted.
    Lines findings(std::size_t room) const {
        const std::vector<Warning> warnings = load_findings(run_);
        Lines lines;
        for (std::size_t i = 0; i < warnings.size(); ++i) {
            const Warning& warning = warnings[i];
            const bool counts = warning.kind != WarningKind::note;
            Lines one;
            add_paragraph(one, width_, (counts ? "! " : "- ") + warning.message,
                          counts ? Tone::note : Tone::plain, 2);
            const bool is_last = i + 1 == warnings.size();
            if (lines.size() + one.size() + (is_last ? 0 : 1) > room) {
                lines.push_back(
                    {fmt::format("- {} in --json", counted(warnings.size() - i, "more finding"))});
                break;
            }
            lines.insert(lines.end(), one.begin(), one.end());
        }
        return lines;
    }

    const RunResult& run_;
    const Trial& trial_;
    const LoadView& load_;
    std::size_t width_;
};

}  // namespace

std::string load_heading(const Scenario& scenario) {
    const std::uint32_t connections = scenario.concurrency.front();
    const PlanSpec& plan = scenario.plan;
    std::string text;
    if (!scenario.load->stages.empty()) {
        text = fmt::format("stages {} over {}", text_of(scenario.load->stages),
                           counted(connections, "connection"));
    } else if (!scenario.load->connection_stages.empty()) {
        text = fmt::format("stages {} of connections", text_of(scenario.load->connection_stages));
    } else if (plan.kind == PlanKind::open) {
        text = fmt::format("{} offered for {} over {}", human_rate(plan.rate_rps), to_text(plan.duration),
                           counted(connections, "connection"));
    } else if (plan.kind == PlanKind::batch) {
        text =
            fmt::format("{} over {}", counted(plan.requests, "request"), counted(connections, "connection"));
    } else {
        text = fmt::format(
            "{} for {}, each with {} at a time", counted(connections, "connection"), to_text(plan.duration),
            scenario.load->streams == 1 ? "one request" : counted(scenario.load->streams, "request"));
    }
    if (scenario.load->http == HttpVersion::http2) text += ", HTTP/2";
    if (!scenario.load->unix_socket.empty())
        text += fmt::format(", over the Unix socket {}", scenario.load->unix_socket);
    if (!scenario.load->keep_alive) text += ", a new connection for each request";
    if (scenario.warmup.count() > 0) text += fmt::format(", {} of warm-up before", to_text(scenario.warmup));
    return text;
}

std::string text_of_value(const Threshold& threshold, double value) {
    const std::string& text = threshold.text();
    return fmt::format("{} {}", text.substr(0, text.find_first_of("<>")), human_value(threshold, value));
}

std::string text_of(const RateStep& step) {
    return step.holds ? fmt::format("{} holds", human_rate(step.rate_rps))
                      : fmt::format("{}: {}", human_rate(step.rate_rps), step.why);
}

std::string load_terminal_report(const RunResult& run, TerminalStyle style) {
    Writer out(style);
    if (load_trial(run) == nullptr) {
        out.paragraph(run.trials.empty() ? "Nothing was measured." : run.trials.back().failure, Tone::bad);
        return out.take();
    }
    constexpr std::size_t readable = 80;
    for (const Line& line : LoadReport(run, std::min(readable, out.width())).lines())
        out.line(line.text, line.tone);
    return out.take();
}

}  // namespace asyncbench
