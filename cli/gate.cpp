#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>

#include "async/errors.hpp"
#include "cli/commands.hpp"
#include "cli/gate/counted_runs.hpp"
#include "cli/gate/options.hpp"
#include "cli/gate/paired_gate.hpp"
#include "cli/gate/programs.hpp"
#include "cli/gate/progress.hpp"
#include "cli/gate/self_test_command.hpp"
#include "cli/gate/stored.hpp"
#include "cli/shell_quote.hpp"
#include "harness/http/transfer.hpp"
#include "harness/measure/build_info.hpp"
#include "harness/measure/descriptors.hpp"

namespace asyncbench {
namespace {

/// A FAIL goes before what is wrong: it rests on pairs in which both arms did the work while the control
/// stood still, or on requests that failed, and what else went wrong did not make it.
ExitStatus status_of(const GateResult& result, bool strict) {
    if (result.interrupted) return ExitStatus::interrupted;
    if (!result.failure.empty()) return ExitStatus::failed;
    const Verdict verdict = result.verdict();
    if (verdict == Verdict::fail) return ExitStatus::regression;
    if (!result.usable()) return ExitStatus::wrong;
    return strict && verdict == Verdict::inconclusive ? ExitStatus::inconclusive : ExitStatus::done;
}

GateResult measure_paired(const PairedPrograms& programs, const GateOptions& options) {
    GateProgress progress(progress_style(options.quiet));
    GateResult result = run_paired_gate(programs.plan(), progress);
    if (result.failure.empty() && !result.interrupted) {
        run_counted_runs(programs.plan(), progress, result);
    }
    result.base.target = options.base_target;
    result.head.target = options.head_target;
    return result;
}

/// Each shape of the gate makes a result; all are told in the same way. What was started is the caller's to
/// end.
GateResult compare(const GateOptions& options, const GateConfig& settings,
                   std::unique_ptr<PairedPrograms>& programs) {
    if (!options.files.empty()) return gate_files(options, settings);
    if (!options.baseline.empty()) return gate_stored(options, settings);
    programs = std::make_unique<PairedPrograms>(options, settings);
    return measure_paired(*programs, options);
}

ExitStatus gate(const GateOptions& options, const CommandContext& context) {
    const GateConfig settings = options.settings();
    options.output.require_writable(options.inputs());
    raise_descriptor_limit();
    initialize_curl();
    if (options.self_test) return gate_self_test(options, settings, context);
    // Ended after the result is written: servers may take their time, and a second signal would not wait.
    std::unique_ptr<PairedPrograms> programs;
    GateResult result = compare(options, settings, programs);
    result.tool_version = build_info().version;
    result.command = quoted_command(context.arguments);
    options.output.write(result);
    return status_of(result, settings.strict);
}

}  // namespace

void add_gate_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<GateOptions>();
    CLI::App* command = app.add_subcommand(
        "gate", "Say whether head is slower than base, by measuring both in turns, for CI");
    options->add_to(*command);
    command->footer(
        "CMD is run by /bin/sh and speaks the trial protocol (docs/trial-protocol.md); a path to\n"
        "another build of asyncbench is enough. Both arms do the same work, in blocks of ABBA or\n"
        "BAAB, beside a control in which nothing differs; a FAIL is measured again before it\n"
        "counts.\n"
        "\n"
        "  asyncbench gate --base old/asyncbench --head new/asyncbench -o gate\n"
        "\n"
        "Weaker, as what the machine did between the two counts as a change: --baseline FILE\n"
        "against a run of the same scenario now, and two files that are there, of `run` or of\n"
        "Google Benchmark:\n"
        "\n"
        "  asyncbench gate --baseline yesterday.json\n"
        "  asyncbench gate base.json head.json\n"
        "\n"
        "Exit status: 0 PASS, or INCONCLUSIVE without --strict; 1 could not be done; 2 FAIL; 3\n"
        "INCONCLUSIVE with --strict; 4 measured wrong; 64 wrong usage; 130 interrupted, the partial\n"
        "result written.");
    command->callback([options, &context] { context.status = gate(*options, context); });
}

}  // namespace asyncbench
