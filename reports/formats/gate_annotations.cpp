#include <fmt/format.h>

#include <string>
#include <string_view>

#include "reports/gate_report.hpp"
#include "reports/text/gate_text.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

/// The characters of `special` as %XX, as GitHub's runner reads them back (actions/toolkit, command.ts). The
/// rest of what could steer a log becomes visible.
std::string escaped(std::string_view text, std::string_view special) {
    std::string result;
    for (const char c : text) {
        if (special.find(c) == std::string_view::npos) {
            result += c;
        } else {
            result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return printable(result);
}

std::string command(std::string_view level, std::string_view title, std::string_view message) {
    return fmt::format("::{} title={}::{}\n", level, escaped(title, "%\r\n:,"), escaped(message, "%\r\n"));
}

std::string command_of(Verdict verdict, const std::string& title, const std::string& message) {
    if (verdict == Verdict::pass) return {};
    return command(verdict == Verdict::fail ? "error" : "warning",
                   fmt::format("{} {}", name_of(verdict), title), message);
}

}  // namespace

std::string gate_github_annotations(const GateResult& result) {
    if (!result.failure.empty()) return command("error", "asyncbench gate", result.failure);
    std::string text;
    for (const Warning& warning : result.warnings) {
        if (warning.kind == WarningKind::wrong)
            text += command("error", "WRONG " + warning.code, warning.message);
    }
    for (const GateLine& line : result.lines) {
        if (!line.decides()) continue;
        text += command_of(line.verdict,
                           fmt::format("{}: {} {}", subject_name(result, line.subject),
                                       metric_label(line.rule.metric), ratio_text(line.ratio)),
                           line.reason);
    }
    for (const BudgetLine& line : result.budgets) {
        text += command_of(line.verdict,
                           fmt::format("{}: {}", subject_name(result, line.subject), line.budget.text),
                           line.reason);
    }
    return text;
}

}  // namespace asyncbench
