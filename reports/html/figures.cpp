#include "reports/html/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "reports/html/assets.hpp"
#include "reports/text/metric_label.hpp"
#include "reports/text/ranking.hpp"

namespace asyncbench {

std::span<const FigureGroup> figure_groups() {
    static constexpr std::array<FigureGroup, 7> groups{{{"throughput", "throughput_figures", ""},
                                                        {"ratios", "ratio_figures", ""},
                                                        {"latency", "latency_figures", ""},
                                                        {"overhead", "overhead_figures", "pair"},
                                                        {"cost", "cost_figures", "pair"},
                                                        {"loop", "loop_figures", "thirds"},
                                                        {"drift", "drift_figures", ""}}};
    return groups;
}

std::vector<Figure> figures_from(std::string_view json) {
    const auto groups = figure_groups();
    std::vector<Figure> figures;
    for (const Json& each : Json::parse(json)) {
        Figure figure{each.at("group"), each.at("name"), each.at("heading"), each.at("words"),
                      each.value("metric", std::string())};
        if (std::none_of(groups.begin(), groups.end(),
                         [&](const FigureGroup& group) { return group.name == figure.group; })) {
            throw std::invalid_argument(fmt::format(
                "the figure '{}' is of the group '{}', which the page has not", figure.name, figure.group));
        }
        figures.push_back(std::move(figure));
    }
    return figures;
}

std::span<const Figure> run_figures() {
    static const std::vector<Figure> figures = figures_from(report_asset("figures.json"));
    return figures;
}

std::string name_on_page(std::string_view metric) {
    const auto figures = run_figures();
    const auto found = std::find_if(figures.begin(), figures.end(),
                                    [&](const Figure& figure) { return figure.metric == metric; });
    if (found == figures.end()) return metric_label(metric);
    std::string name = found->heading;
    if (name.starts_with("CPU")) return name;
    name.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(name.front())));
    return name;
}

std::string ranked_name(const RunResult& run) {
    std::string name = name_on_page(ranking_metric(run));
    name.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(name.front())));
    return name;
}

}  // namespace asyncbench
