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

/// `<script>` elements with Vega, compressed, and all that draws charts and saves them.
std::string page_scripts();

/// The same as one file, to lie beside pages.
std::string page_script();

}  // namespace asyncbench
