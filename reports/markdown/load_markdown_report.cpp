#include "reports/markdown/load_markdown_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>
#include <vector>

#include "reports/markdown/markdown.hpp"
#include "reports/markdown/markdown_parts.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/human.hpp"
#include "reports/text/load_answer.hpp"
#include "reports/text/load_times.hpp"

namespace asyncbench {
namespace {

MarkdownTable table_of_times(const RunResult& run) {
    MarkdownTable table;
    table.add_column("latency", MarkdownTable::Align::left);
    for (const char* heading : {"mean", "p50", "p90", "p99", "p99.9", "max"}) table.add_column(heading);
    const auto add = [&](const std::vector<LoadTime>& times, std::string_view of) {
        for (const LoadTime& time : times) {
            std::vector<std::string> row{fmt::format("{}{}", time.name, of), human_time(time.ns.mean())};
            for (const double percentile : {50.0, 90.0, 99.0, 99.9, 100.0})
                row.push_back(human_percentile(time.ns, percentile));
            table.add_row(row);
        }
    };
    add(load_latencies(run), "");
    for (const LoadTime& phase : load_phases(run))
        if (phase.name == "first event" || phase.name == "between events") add({phase}, "");
    add(load_generator_times(run), " (generator)");
    return table;
}

MarkdownTable table_of_requests(const LoadView& load) {
    MarkdownTable table;
    table.add_column("request", MarkdownTable::Align::left);
    for (const char* heading : {"answered", "errors", "p50", "p99", "max"}) table.add_column(heading);
    for (const RequestView& each : load.each_request) {
        std::vector<std::string> row{each.name, human_count(each.answered), human_count(each.errors)};
        for (const double percentile : {50.0, 99.0, 100.0})
            row.push_back(human_percentile(each.service_time_ns, percentile));
        table.add_row(row);
    }
    return table;
}

std::vector<std::string> failures_of_load(const RunResult& run) {
    constexpr std::size_t most_reasons = 3;
    std::vector<std::string> items;
    for (const FailureClass& each : failure_classes(run, most_reasons)) {
        items.push_back(escape_markdown(fmt::format("{}: {}", human_count(each.count), name_of(each.error)) +
                                        fmt::format(" ({})", fmt::join(each.reasons, "; "))));
    }
    return items;
}

std::vector<std::string> findings_of_load(const RunResult& run) {
    std::vector<std::string> items;
    for (const Warning& finding : load_findings(run)) {
        items.push_back(fmt::format("{}{}: {}", emphasis_of(finding.kind), escape_markdown(finding.code),
                                    escape_markdown(finding.message)));
    }
    return items;
}

MarkdownTable table_of_search(const RateSearchResult& search) {
    MarkdownTable table;
    table.add_column("trial");
    table.add_column("rate");
    table.add_column("held", MarkdownTable::Align::left);
    for (std::size_t i = 0; i < search.steps.size(); ++i) {
        const RateStep& step = search.steps[i];
        table.add_row({human_count(i + 1), human_rate(step.rate_rps),
                       step.holds ? std::string("yes") : "no: " + step.why});
    }
    return table;
}

}  // namespace

std::string load_markdown_report(const RunResult& run) {
    MarkdownDocument document;
    document.add(fmt::format("### {}\n", escape_markdown(heading_of(run))));
    bool first = true;
    for (const std::string& sentence : load_answer(run)) {
        const char* mark = std::exchange(first, false) ? "**" : "";
        document.add(fmt::format("\n{0}{1}{0}\n", mark, escape_markdown(sentence)));
    }
    document.add("\n");
    document.add(table_of_times(run));
    if (const LoadView& load = *load_trial(run)->load; !load.each_request.empty()) {
        document.add("\n");
        document.add(table_of_requests(load));
    }
    add_list(document, "Why requests failed:\n\n", failures_of_load(run));
    add_list(document, "", findings_of_load(run));
    if (run.search) {
        add_folded(document, "Each trial of the search", [&] { document.add(table_of_search(*run.search)); });
    }
    add_folded(document, "How it was measured", [&] {
        document.add(escape_markdown(describe_load(run.scenario)) + "\n\n" + origin_markdown(run));
        add_environment(document, run.environment);
    });
    return document.text();
}

}  // namespace asyncbench
