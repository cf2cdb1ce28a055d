#include "reports/html/sections.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/trial/scenario_json.hpp"
#include "reports/html/markup.hpp"
#include "reports/text/answer.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

constexpr const char* nothing = "–";

/// Fields of the scenario's JSON that tell the mock what to do.
bool is_of_the_mock(std::string_view field) {
    return field == "latency" || field == "payload" || field == "error_rate" || field == "faults";
}

}  // namespace

std::string ResultPart::section(std::string_view name, std::string_view heading) const {
    return fmt::format("<section aria-labelledby=\"{0}{1}-{2}\">\n<h2 id=\"{1}-{2}\">{3}</h2>\n", of, id,
                       name, heading);
}

std::string validity_notice(const RunResult& run, const std::string& id) {
    std::vector<std::string> places;
    for (const Cell* cell : cells_by_concurrency(run)) {
        if (!cell->usable()) {
            places.push_back(fmt::format("{} at {}", cell->strategy.text(), human_count(cell->concurrency)));
        }
    }
    if (run.usable()) return {};
    constexpr std::size_t most_places = 6;
    std::string where = fmt::format("{}", fmt::join(places, ", "));
    if (places.size() > most_places) where = fmt::format("{} of {} cells", places.size(), run.summary.size());
    if (places.empty() || is_wrong_as_a_whole(run)) where = "the run as a whole";
    return fmt::format(
        "<p class=\"notice\" role=\"note\"><strong>Not valid:</strong> {}. These measurements are in no "
        "ranking; the <a href=\"#{}-warnings\">warnings</a> say why.</p>",
        escape_html(where), id);
}

std::string warnings_notice(const RunResult& run, const std::string& id) {
    std::vector<std::string> codes;
    for (const PlacedWarning& placed : warnings_by_place(run)) {
        if (placed.warning.kind == WarningKind::wrong) continue;
        const std::string words = words_of_code(placed.warning.code);
        codes.push_back(placed.places.empty() ? words
                                              : fmt::format("{} in {}", words,
                                                            placed.places.size() == run.summary.size()
                                                                ? "every cell"
                                                                : counted(placed.places.size(), "cell")));
    }
    if (codes.empty()) return {};
    return fmt::format(
        "<p class=\"where\">To know before relying on it: <a href=\"#{}-warnings\">{}</a>.</p>", id,
        escape_html(fmt::format("{}", fmt::join(codes, ", "))));
}

std::string warning_item(const Warning& warning, const std::string& where) {
    const std::string place =
        where.empty() ? "" : fmt::format(" <span class=\"where\">({})</span>", escape_html(where));
    return fmt::format("<li{}><code>{}</code>{} {}{}</li>\n", warning.kind == WarningKind::wrong ? " class=\"bad\"" : "",
                       escape_html(warning.code), warning.kind == WarningKind::wrong ? " <strong>not valid</strong>" : "",
                       escape_html(warning.message), place);
}

std::string warning_list(const RunResult& run) {
    const auto warnings = warnings_by_place(run);
    if (warnings.empty()) return "<p>None.</p>";
    std::string items;
    for (const PlacedWarning& placed : warnings) {
        const std::string where = describe_places(placed, placed.places.size());
        items += warning_item(placed.warning, where);
    }
    return fmt::format("<ul>\n{}</ul>", items);
}

std::string environment_table(const Environment& environment) {
    HtmlTable table("The machine and the build.", {"Fact", "Value"});
    for (const EnvironmentFact& fact : environment.facts) {
        table.add_row({fact.name, fact.value ? *fact.value : fmt::format("unknown: {}", fact.reason)});
    }
    return table.text();
}

std::string scenario_table(const Scenario& scenario) {
    HtmlTable table("What was asked for.", {"Field", "Value"});
    const Json fields = json_of(scenario);
    for (const auto& item : fields.items()) {
        const Json& value = item.value();
        std::string text = value.is_string() ? value.get<std::string>() : to_text(value);
        if (value.is_array()) {
            std::vector<std::string> parts;
            for (const Json& element : value) {
                parts.push_back(element.is_string() ? element.get<std::string>() : to_text(element));
            }
            text = fmt::format("{}", fmt::join(parts, ", "));
        }
        if (has_foreign_target(scenario) && is_of_the_mock(item.key())) {
            text = "does not apply: the target is not asyncbench's own";
        }
        table.add_row({item.key(), text.empty() ? nothing : text});
    }
    return table.text();
}

}  // namespace asyncbench
