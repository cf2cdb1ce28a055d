#include "reports/html/assets.hpp"

#include <fmt/format.h>

#include <initializer_list>
#include <stdexcept>

#include "reports/html/markup.hpp"

namespace asyncbench {

namespace {

std::string joined(std::initializer_list<std::string_view> names) {
    std::string text;
    for (const std::string_view name : names) text.append(report_asset(name)).append("\n");
    return text;
}

std::string vega() {
    return joined({"vega.js", "vega-lite.js", "vega-embed.js"});
}

std::string own_script() {
    return joined({"unpack.js", "theme.js", "chart.js", "chosen.js", "legend.js", "data_table.js", "save.js",
                   "report.js"});
}

}  // namespace

std::string_view report_asset(std::string_view name) {
    for (const ReportAsset& asset : report_assets()) {
        if (asset.name == name) return asset.text;
    }
    throw std::out_of_range(fmt::format("no report asset '{}'", name));
}

std::string page_style() {
    return joined({"colours.css", "page.css", "tables.css", "figures.css", "print.css"});
}

std::string page_scripts() {
    return fmt::format("<script type=\"application/gzip\" id=\"vega\">{}</script>\n<script>\n{}</script>\n",
                       gzip_base64(vega()), own_script());
}

std::string page_script() {
    return vega() + own_script();
}

}  // namespace asyncbench
