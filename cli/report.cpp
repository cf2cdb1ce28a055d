#include "reports/report.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>

#include "cli/commands.hpp"
#include "cli/output_files.hpp"
#include "cli/read_file.hpp"
#include "harness/errors.hpp"

namespace asyncbench {
namespace {

struct Options {
    std::string input;
    OutputFiles output;
};

RunResult read_result(const std::string& path) {
    const auto text = read_whole_file(path);
    if (!text) {
        throw Error(fmt::format("The result {} cannot be read; check that it exists and is readable.", path));
    }
    try {
        return read_json_report(*text);
    } catch (const Error& error) {
        throw Error(fmt::format("{}: {}", path, error.what()));
    }
}

}  // namespace

void add_report_command(CLI::App& app, CommandContext&) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand("report", "Tell a result again, from the JSON that `run` wrote");
    command->add_option("result", options->input, "JSON file")->required();
    command->add_option("-o,--out", options->output.directory, "Directory for result.json and report.html")
        ->type_name("DIR");
    command->add_option("--json", options->output.json, "JSON result; - is stdout, then without the table")
        ->type_name("FILE");
    command->add_option("--html", options->output.html, "HTML report; - is stdout, then without the table")
        ->type_name("FILE");
    command->callback([options] {
        const RunResult run = read_result(options->input);
        options->output.require_writable();
        options->output.write(run);
    });
}

}  // namespace asyncbench
