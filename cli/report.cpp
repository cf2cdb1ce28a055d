#include "reports/report.hpp"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

#include "async/errors.hpp"
#include "cli/commands.hpp"
#include "cli/files.hpp"
#include "cli/format_output.hpp"
#include "cli/html_options.hpp"
#include "cli/output_files.hpp"
#include "cli/read_result.hpp"
#include "cli/site/site.hpp"

namespace asyncbench {
namespace {

bool is_set(const char* variable) {
    const char* value = std::getenv(variable);
    return value != nullptr && *value != '\0';
}

/// The program's exit status; -1 where it could not be started or was killed.
int run_and_wait(std::string program, std::string argument) {
    char* arguments[] = {program.data(), argument.data(), nullptr};
    pid_t child = 0;
    if (posix_spawnp(&child, program.c_str(), nullptr, nullptr, arguments, environ) != 0) return -1;
    int status = 0;
    if (waitpid(child, &status, 0) != child) return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// Hands the file to the desktop (xdg-open) and waits until it has taken it. Throws Error where there is no
/// display or no program that opens it.
void open_page(const std::string& path) {
    if (!is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY")) {
        throw Error(
            fmt::format("{} was written but cannot be opened: there is no display here (neither DISPLAY nor "
                        "WAYLAND_DISPLAY is set). Open it in a browser where there is one.",
                        path));
    }
    // A name that begins with a dash would be an option.
    const std::string argument = path.starts_with('-') ? "./" + path : path;
    if (const int status = run_and_wait("xdg-open", argument); status != 0) {
        throw Error(fmt::format("{} was written but xdg-open {}. Open it in a browser by hand.", path,
                                status < 0
                                    ? std::string("could not be run (Debian's package xdg-utils has it)")
                                    : fmt::format("failed with status {}", status)));
    }
}

struct ReportOptions {
    std::vector<std::string> inputs;
    OutputFiles output;
    FormatOutput format;
    std::string title;
    bool open = false;
    std::string site;
};

/// `-o report.html` names the file, and no directory.
OutputFiles output_of(const ReportOptions& options) {
    OutputFiles output = options.output;
    if (output.directory.ends_with(".html")) {
        if (!output.html.empty()) throw UsageError("-o FILE.html and --html both name the HTML report.");
        output.html = std::exchange(output.directory, {});
    }
    if (options.inputs.size() > 1 && !output.json.empty()) {
        throw UsageError("--json retells one result; of several there is only --html and -o FILE.html.");
    }
    const bool is_there = !output.directory.empty() && !options.inputs.empty() &&
                          is_same_file(output.directory + "/" + output.json_name, options.inputs.front());
    // `report out/result.json -o out` tells the result again beside it, and leaves it as it is.
    if (options.inputs.size() > 1 || is_there) output.json_name.clear();
    if (!options.title.empty() && output.html.empty() && output.directory.empty()) {
        throw UsageError("--title heads the HTML report that -o, --html or --site writes; give one of them.");
    }
    return output;
}

/// The HTML report among the files.
std::string page_of(const OutputFiles& output) {
    if (!output.html.empty() && output.html != "-") return output.html;
    if (!output.directory.empty()) return output.directory + "/" + output.html_name;
    throw UsageError("--open opens the report that -o or --html writes; give one of them.");
}

std::string terminal_reports(const std::vector<RunResult>& runs, const TerminalStyle& style) {
    std::string text;
    for (const RunResult& run : runs) {
        if (!text.empty()) text += "\n";
        text += terminal_report(run, style);
    }
    return text;
}

void write_pages(const ReportOptions& options, const std::vector<RunResult>& runs, const HtmlOptions& html) {
    const OutputFiles output = output_of(options);
    const std::string page = options.open ? page_of(output) : std::string{};
    output.require_writable({}, options.inputs);
    OutputFiles::Documents documents;
    documents.terminal = [&](const TerminalStyle& style) { return terminal_reports(runs, style); };
    documents.html = [&] { return html_report(runs, html); };
    if (runs.size() == 1) documents.json = [&] { return json_report(runs.front()); };
    output.write(documents);
    if (options.open) open_page(page);
}

/// A file that was asked for is written, or the flag refused.
void require_one_purpose(const ReportOptions& options) {
    const std::string_view purpose = options.format.is_wanted() ? "--format"
                                     : !options.site.empty()    ? "--site"
                                                                : "";
    options.format.require_consistent();
    if (purpose.empty()) return;
    const std::pair<std::string_view, bool> others[] = {
        {"--json", !options.output.json.empty()},
        {"--html", !options.output.html.empty()},
        {"--open", options.open},
        {"--title", !options.title.empty() && purpose == "--format"},
        {"--site", !options.site.empty() && purpose == "--format"},
        {"-o", !options.output.directory.empty() && purpose == "--site"}};
    for (const auto& [flag, is_given] : others) {
        if (is_given)
            throw UsageError(
                fmt::format("{} and {} do not go together; call `report` for each.", purpose, flag));
    }
}

void report(const ReportOptions& options, const CommandContext& context) {
    if (options.inputs.empty() && options.site.empty()) {
        throw UsageError("The results are missing: name JSON files that `run` wrote.");
    }
    require_one_purpose(options);
    std::vector<RunResult> runs;
    runs.reserve(options.inputs.size());
    for (const std::string& path : options.inputs) runs.push_back(read_result(path));
    if (options.format.is_wanted()) {
        require_distinct_files({options.output.directory}, options.inputs);
        return options.format.write(runs, options.output.directory);
    }
    HtmlOptions html = html_options(context.strategies);
    html.title = options.title;
    if (!options.site.empty()) return ReportSite(options.site).add(runs, html);
    write_pages(options, runs, html);
}

}  // namespace

void add_report_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<ReportOptions>();
    CLI::App* command = app.add_subcommand(
        "report", "Tell results again, from the JSON that `run` wrote; several in one page");
    command->add_option("results", options->inputs, "JSON files")->type_name("FILE");
    command
        ->add_option("-o,--out", options->output.directory,
                     "Directory for report.html (and, of one result, result.json), or a file *.html")
        ->type_name("DIR");
    command->add_option("--json", options->output.json, "JSON result; - is stdout, then without the table")
        ->type_name("FILE");
    command->add_option("--html", options->output.html, "HTML report; - is stdout, then without the table")
        ->type_name("FILE");
    command->add_option("--title", options->title, "Heading of the HTML report (the result's question)")
        ->type_name("TEXT");
    command->add_flag("--open", options->open, "Show the HTML report in the desktop's browser");
    options->format.add_to(*command);
    command
        ->add_option(
            "--site", options->site,
            "Directory that keeps many: adds the results, each with a page, and makes the index anew")
        ->type_name("DIR");
    command->footer("Exit status: 0 done, whatever the result says; 1 could not be done; 64 wrong usage.");
    command->callback([options, &context] { report(*options, context); });
}

}  // namespace asyncbench
