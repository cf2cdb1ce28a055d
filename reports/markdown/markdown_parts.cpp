#include "reports/markdown/markdown_parts.hpp"

#include <fmt/format.h>

namespace asyncbench {

std::string_view emphasis_of(WarningKind kind) {
    switch (kind) {
        case WarningKind::wrong:
            return "**wrong** ";
        case WarningKind::limited:
            return "**limited** ";
        case WarningKind::disturbed:
        case WarningKind::note:
            break;
    }
    return "";
}

void add_list(MarkdownDocument& document, std::string_view heading, const std::vector<std::string>& items) {
    if (items.empty()) return;
    document.add("\n" + std::string(heading));
    document.add_list(items);
}

void add_folded(MarkdownDocument& document, std::string_view summary,
                const std::function<void()>& add_content) {
    document.add(fmt::format("\n<details><summary>{}</summary>\n\n", summary));
    add_content();
    document.add("\n</details>\n");
}

std::string origin_markdown(const RunResult& run) {
    std::string text = fmt::format("asyncbench {}, {}\n", escape_markdown(run.tool_version),
                                   escape_markdown(run.started_utc));
    if (!run.command.empty()) text += fmt::format("\nRepeat it: {}\n", code_markdown(run.command));
    return text;
}

void add_environment(MarkdownDocument& document, const Environment& environment) {
    if (environment.facts.empty()) return;
    MarkdownTable table;
    table.add_column("fact", MarkdownTable::Align::left);
    table.add_column("value", MarkdownTable::Align::left);
    for (const EnvironmentFact& fact : environment.facts)
        table.add_row({fact.name, fact.value.value_or(fmt::format("unknown: {}", fact.reason))});
    document.add("\n");
    document.add(table);
}

}  // namespace asyncbench
