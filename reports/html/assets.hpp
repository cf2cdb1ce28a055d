#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asyncbench {

/// A file that was embedded at build time (scripts/cmake/AsyncbenchReportAssets.cmake).
struct ReportAsset {
    std::string_view name;  ///< `page.html`, `page.css`, `drawing.js`
    std::string_view text;
};

std::span<const ReportAsset> report_assets();

/// Throws std::out_of_range where there is none of this name.
std::string_view report_asset(std::string_view name);

/// A `<template>` of fragments.html with values in its places, as fill_template() puts them; its line ends
/// are spaces where it is prose. Throws std::out_of_range where there is none of this name.
std::string fragment(std::string_view name,
                     const std::vector<std::pair<std::string_view, std::string>>& values = {});

/// What a page holds of scripts.
struct PageScripts {
    std::string first;    ///< `<script>` for its head
    std::string last;     ///< `<script>` elements for the end of its body: all that draws charts
    std::string sources;  ///< what `script-src` of its Content-Security-Policy allows: these and no other
};

/// Scripts that stand in the page, what draws compressed. The policy names each by the hash that the build
/// made of it, so that one that came in by text from outside would not run.
const PageScripts& inline_scripts();

/// Scripts that lie beside the page, in the file that page_script() is, at `url`.
PageScripts shared_scripts(std::string_view url);

/// All scripts of a page as one file, to lie beside pages.
std::string page_script();

}  // namespace asyncbench
