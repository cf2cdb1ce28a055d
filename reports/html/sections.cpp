#include "reports/html/sections.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/trial/json_names.hpp"
#include "harness/trial/scenario_json.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/table_cells.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/disturbance.hpp"
#include "reports/text/human.hpp"
#include "reports/text/ranking.hpp"

namespace asyncbench {
namespace {

/// Fields of the scenario's JSON that tell the mock what to do.
bool is_of_the_mock(std::string_view field) {
    return field == "latency" || field == "payload" || field == "error_rate" || field == "faults";
}

std::string place_of(const Cell& cell) {
    return fmt::format("{} at {}", cell.strategy.text(), human_count(cell.concurrency));
}

/// The places, or how many of the cells they are.
std::string some_of(const std::vector<std::string>& places, std::size_t cells) {
    constexpr std::size_t most_places = 6;
    return places.size() > most_places ? fmt::format("{} of {} cells", places.size(), cells)
                                       : fmt::format("{}", fmt::join(places, ", "));
}

/// Empty where nothing is wrong.
std::string wrong_places(const RunResult& run) {
    if (run.usable() || (run.trials.empty() && !is_wrong_as_a_whole(run))) return {};
    std::vector<std::string> places;
    for (const Cell* cell : cells_by_concurrency(run))
        if (!cell->usable() && !cell->unavailable()) places.push_back(place_of(*cell));
    if (places.empty() || is_wrong_as_a_whole(run)) return "the run as a whole";
    return some_of(places, run.summary.size());
}

/// What is worth knowing and changes no number, in a line.
std::string notes_notice(const RunResult& run, const std::string& link) {
    std::vector<std::string> codes;
    for (const PlacedWarning& placed : warnings_by_place(run)) {
        if (placed.warning.kind != WarningKind::note) continue;
        const std::string words = words_of_code(placed.warning.code);
        codes.push_back(placed.places.empty() ? words
                                              : fmt::format("{} in {}", words,
                                                            placed.places.size() == run.summary.size()
                                                                ? "every cell"
                                                                : counted(placed.places.size(), "cell")));
    }
    if (codes.empty()) return {};
    return fmt::format("<p class=\"where\">To know before relying on it: {}{}</a>.</p>\n", link,
                       escape_html(fmt::format("{}", fmt::join(codes, ", "))));
}

}  // namespace

std::string ResultPart::section(std::string_view name, std::string_view heading) const {
    return fmt::format("<section aria-labelledby=\"{0}{1}-{2}\">\n<h2 id=\"{1}-{2}\">{3}</h2>\n", of, id,
                       name, heading);
}

std::string findings_notice(const RunResult& run, const std::string& id) {
    std::string text;
    const std::string link = fmt::format("<a href=\"#{}-warnings\">", id);
    if (const std::string where = wrong_places(run); !where.empty()) {
        text += fmt::format(
            "<p class=\"notice\" role=\"note\"><strong>Wrong:</strong> {}. What is wrong is not drawn and "
            "not "
            "ranked; the {}warnings</a> say why.</p>\n",
            escape_html(where), link);
    }
    std::vector<std::string> limited;
    for (const Cell* cell : cells_by_concurrency(run))
        if (is_usable(run, *cell) && cell->limited()) limited.push_back(place_of(*cell));
    if (!limited.empty()) {
        text += fmt::format(
            "<p class=\"notice limited\" role=\"note\"><strong>Limited:</strong> {}. Something was at its "
            "limit, so that the true values may be better (≥ or ≤); the {}warnings</a> say what.</p>\n",
            escape_html(some_of(limited, run.summary.size())), link);
    }
    if (const auto disturbance = disturbance_of(run)) {
        text += fmt::format(
            "<p class=\"notice disturbed\" role=\"note\"><strong>Disturbed:</strong> {} See the "
            "{}warnings</a>.</p>\n",
            escape_html(describe(*disturbance)), link);
    }
    return text + notes_notice(run, link);
}

std::string warning_item(const Warning& warning, const std::string& where) {
    const std::string place =
        where.empty() ? "" : fmt::format(" <span class=\"where\">({})</span>", escape_html(where));
    const bool wrong = warning.kind == WarningKind::wrong;
    const std::string kind =
        warning.kind == WarningKind::note ? "" : fmt::format(" <strong>{}</strong>", name_of(warning.kind));
    return fmt::format("<li{}><code>{}</code>{} {}{}</li>\n", wrong ? " class=\"bad\"" : "",
                       escape_html(warning.code), kind, escape_html(warning.message), place);
}

std::string warning_list(const RunResult& run) {
    const auto warnings = warnings_to_list(run);
    if (warnings.empty()) return "<p>None.</p>";
    std::string items;
    for (const PlacedWarning& placed : warnings)
        items += warning_item(placed.warning, describe_places(placed, placed.places.size()));
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
