#include <CLI/CLI.hpp>

#include <memory>
#include <vector>

#include "cli/commands.hpp"
#include "cli/format_output.hpp"
#include "cli/output_files.hpp"
#include "cli/read_result.hpp"
#include "harness/errors.hpp"

namespace asyncbench {
namespace {

struct Options {
    std::vector<std::string> inputs;
    OutputFiles output;
    FormatOutput format;
};

void report(const Options& options) {
    std::vector<RunResult> runs;
    for (const std::string& path : options.inputs) runs.push_back(read_result(path));
    if (options.format.is_wanted()) return options.format.write(runs, options.output.directory);
    if (runs.size() > 1) throw UsageError("Several results go together with --format only; name one.");
    options.output.require_writable();
    options.output.write(runs.front());
}

}  // namespace

void add_report_command(CLI::App& app, CommandContext&) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand("report", "Tell a result again, from the JSON that `run` wrote");
    command->add_option("result", options->inputs, "JSON files")->required();
    command->add_option("-o,--out", options->output.directory, "Directory for result.json and report.html")
        ->type_name("DIR");
    command->add_option("--json", options->output.json, "JSON result; - is stdout, then without the table")
        ->type_name("FILE");
    command->add_option("--html", options->output.html, "HTML report; - is stdout, then without the table")
        ->type_name("FILE");
    options->format.add_to(*command);
    command->callback([options] { report(*options); });
}

}  // namespace asyncbench
