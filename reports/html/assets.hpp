#pragma once

#include <span>
#include <string>
#include <string_view>

namespace asyncbench {

/// A file that was embedded at build time (scripts/cmake/AsyncbenchEmbed.cmake).
struct ReportAsset {
    std::string_view name;  ///< `page.css`, `charts/throughput.vl.json`, `vega.js`
    std::string_view text;
};

std::span<const ReportAsset> report_assets();

/// Throws std::out_of_range where there is none of this name.
std::string_view report_asset(std::string_view name);

/// The style sheets that all pages share.
std::string page_style();

/// What a page holds of scripts.
struct PageScripts {
    std::string first;    ///< `<script>` for its head
    std::string last;     ///< `<script>` elements for the end of its body: Vega, and all that draws charts
    std::string sources;  ///< what `script-src` of its Content-Security-Policy allows: these and no other
};

/// Scripts that stand in the page, Vega compressed. The policy names each by its hash, so that one that came
/// in by text from outside would not run.
const PageScripts& inline_scripts();

/// Scripts that lie beside the page, in the file that page_script() is, at `url`.
PageScripts shared_scripts(std::string_view url);

/// All scripts of a page as one file, to lie beside pages.
std::string page_script();

}  // namespace asyncbench
