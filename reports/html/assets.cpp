#include "reports/html/assets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "reports/html/markup.hpp"
#include "reports/html/packing.hpp"

namespace asyncbench {

namespace {

std::string script_element(std::string_view script) {
    return fmt::format("<script>{}</script>\n", script);
}

}  // namespace

std::string_view report_asset(std::string_view name) {
    const auto assets = report_assets();
    const auto found = std::find_if(assets.begin(), assets.end(),
                                    [&](const ReportAsset& asset) { return asset.name == name; });
    if (found == assets.end()) throw std::out_of_range(fmt::format("no report asset '{}'", name));
    return found->text;
}

std::string fragment(std::string_view name,
                     const std::vector<std::pair<std::string_view, std::string>>& values) {
    const std::string_view all = report_asset("fragments.html");
    const std::string open = fmt::format("<template id=\"{}\">", name);
    const auto at = all.find(open);
    if (at == std::string_view::npos) throw std::out_of_range(fmt::format("no fragment '{}'", name));
    const auto begin = at + open.size();
    std::string text(all.substr(begin, all.find("</template>", begin) - begin));
    // A line of prose is broken where the file is 120 columns wide, and one of markup behind a tag or place.
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '\n' && text[i - 1] != '>' && text[i - 1] != '}') text[i] = ' ';
    }
    return fill_template(text, values);
}

const PageScripts& inline_scripts() {
    static const PageScripts scripts{
        script_element(report_asset("head.js")),
        fmt::format("<script type=\"application/gzip\" id=\"drawing\">{}</script>\n{}",
                    packed(report_asset("drawing.js")), script_element(report_asset("page.js"))),
        std::string(report_asset("script-sources.txt"))};
    return scripts;
}

PageScripts shared_scripts(std::string_view url) {
    const std::string_view sources = report_asset("script-sources.txt");
    return {script_element(report_asset("head.js")),
            fmt::format("<script src=\"{}\"></script>\n", escape_html(url)),
            fmt::format("'self' {}", sources.substr(0, sources.find(' ')))};
}

std::string page_script() {
    return fmt::format("{}{}{}", report_asset("head.js"), report_asset("page.js"),
                       report_asset("drawing.js"));
}

}  // namespace asyncbench
