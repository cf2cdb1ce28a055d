#include "cli/format_output.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

#include "async/errors.hpp"
#include "cli/files.hpp"
#include "reports/report.hpp"
#include "reports/run_formats.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

/// The documents one after another, with `between` between them.
template <typename TextOf>
std::string joined(std::span<const RunResult> runs, std::string_view between, const TextOf& text_of) {
    std::string text;
    for (const RunResult& run : runs) {
        if (!text.empty()) text += between;
        text += text_of(run);
    }
    return text;
}

std::string json_of_all(std::span<const RunResult> runs) {
    const std::string documents = joined(runs, ",\n", json_report);
    return runs.size() == 1 ? documents : fmt::format("[\n{}]\n", documents);
}

std::string tables_of(const RunResult& run) {
    std::string text;
    for (const PercentileTable& table : percentile_tables(run)) {
        text += fmt::format("{}#[{} of {}]\n{}", text.empty() ? "" : "\n", table.name,
                            printable(run.started_utc), table.text);
    }
    return text;
}

void require_tables(std::span<const RunResult> runs) {
    const bool some = std::any_of(runs.begin(), runs.end(),
                                  [](const RunResult& run) { return !percentile_tables(run).empty(); });
    if (!some)
        throw Error("No cell has a usable trial, so that there is no percentile to write; measure again.");
}

void require_loads(std::span<const RunResult> runs) {
    for (const RunResult& run : runs) {
        if (run.scenario.load) continue;
        throw Error(
            fmt::format("The result of {} is of no load, so that it has no seconds; `asyncbench load` "
                        "measures them.",
                        printable(run.started_utc)));
    }
}

void write_tables(std::span<const RunResult> runs, const std::string& directory) {
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (error) {
        throw Error(fmt::format("The directory {} cannot be made: {}. Choose another with -o.", directory,
                                error.message()));
    }
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const std::string prefix = runs.size() == 1 ? "" : fmt::format("{}-", i + 1);
        for (const PercentileTable& table : percentile_tables(runs[i])) {
            write_file(fmt::format("{}/{}{}.hgrm", directory, prefix, table.name), table.text);
        }
    }
}

}  // namespace

void FormatOutput::add_to(CLI::App& app) {
    app.add_option("--format", name_,
                   "markdown, csv, json, benchfmt or hgrm, on stdout; with -o into that file, hgrm into that "
                   "directory")
        ->check(CLI::IsMember({"markdown", "csv", "json", "benchfmt", "hgrm"}))
        ->type_name("NAME");
    app.add_flag("--trials", trials_, "With --format csv: a row for each metric of each trial");
    app.add_flag("--seconds", seconds_, "With --format csv: a row for each second of a load");
}

std::string FormatOutput::text_of(std::span<const RunResult> runs) const {
    if (name_ == "markdown") return joined(runs, "\n", markdown_report);
    if (name_ == "csv") {
        return csv_report(runs, seconds_ ? CsvRows::seconds : trials_ ? CsvRows::trials : CsvRows::cells);
    }
    if (name_ == "benchfmt") return joined(runs, "\n", benchfmt_report);
    if (name_ == "hgrm") return joined(runs, "\n", tables_of);
    return json_of_all(runs);
}

void FormatOutput::require_consistent() const {
    for (const auto& [flag, is_given] : {std::pair{"--trials", trials_}, {"--seconds", seconds_}}) {
        if (is_given && name_ != "csv") throw UsageError(fmt::format("{} belongs to --format csv.", flag));
    }
    if (trials_ && seconds_) throw UsageError("--trials and --seconds are two tables; give one of them.");
}

void FormatOutput::write(std::span<const RunResult> runs, const std::string& path) const {
    const bool to_stdout = path.empty() || path == "-";
    if (name_ == "hgrm") require_tables(runs);
    if (name_ == "hgrm" && !to_stdout) return write_tables(runs, path);
    if (seconds_) require_loads(runs);
    const std::string text = text_of(runs);
    if (to_stdout) return write_to_stdout(text);
    write_file(path, text);
}

}  // namespace asyncbench
