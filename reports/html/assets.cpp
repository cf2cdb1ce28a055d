#include "reports/html/assets.hpp"

#include <fmt/format.h>

#include <initializer_list>
#include <stdexcept>

#include "harness/measure/base64.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/packing.hpp"
#include "reports/html/sha256.hpp"

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
    return joined({"unpack.js", "theme.js", "short_names.js", "chart.js", "chosen.js", "legend.js",
                   "data_table.js", "save.js", "report.js", "contents.js", "print.js"});
}

std::string element_of(const std::string& script) {
    return fmt::format("<script>{}</script>\n", script);
}

/// A script by its hash, as a Content-Security-Policy names it.
std::string source_of(const std::string& script) {
    return fmt::format("'sha256-{}'", encode_base64(sha256(script)));
}

}  // namespace

std::string_view report_asset(std::string_view name) {
    for (const ReportAsset& asset : report_assets()) {
        if (asset.name == name) return asset.text;
    }
    throw std::out_of_range(fmt::format("no report asset '{}'", name));
}

std::string page_style() {
    return joined({"colours.css", "page.css", "tables.css", "figures.css", "contents.css", "print.css"});
}

const PageScripts& inline_scripts() {
    static const PageScripts scripts = [] {
        const std::string first = joined({"scripted.js"});
        const std::string own = "\n" + own_script();
        return PageScripts{element_of(first),
                           fmt::format("<script type=\"application/gzip\" id=\"vega\">{}</script>\n{}",
                                       packed(vega()), element_of(own)),
                           fmt::format("{} {} {}", source_of(first), source_of(vega()), source_of(own))};
    }();
    return scripts;
}

PageScripts shared_scripts(std::string_view url) {
    const std::string first = joined({"scripted.js"});
    return {element_of(first), fmt::format("<script src=\"{}\"></script>\n", escape_html(url)),
            fmt::format("'self' {}", source_of(first))};
}

std::string page_script() {
    return joined({"scripted.js"}) + vega() + own_script();
}

}  // namespace asyncbench
