# Embeds what the HTML report is made of into asyncbench_reports: page, style, script and chart specifications of
# reports/, and Vega from the npm packages that scripts/setup installs. By .incbin, which takes no time to compile
# where an array of bytes would take many seconds.

set(asyncbench_npm ${PROJECT_SOURCE_DIR}/reports/web/node_modules)
set(asyncbench_assets
  vega.js=${asyncbench_npm}/vega/build/vega.min.js
  vega-lite.js=${asyncbench_npm}/vega-lite/build/vega-lite.min.js
  vega-embed.js=${asyncbench_npm}/vega-embed/build/vega-embed.min.js)
file(GLOB asyncbench_page_files CONFIGURE_DEPENDS
  ${PROJECT_SOURCE_DIR}/reports/html/*.html ${PROJECT_SOURCE_DIR}/reports/html/*.css
  ${PROJECT_SOURCE_DIR}/reports/html/*.js)
foreach(path IN LISTS asyncbench_page_files)
  cmake_path(GET path FILENAME name)
  list(APPEND asyncbench_assets ${name}=${path})
endforeach()
file(GLOB asyncbench_charts CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/reports/charts/*.vl.json)
foreach(path IN LISTS asyncbench_charts)
  cmake_path(GET path FILENAME name)
  list(APPEND asyncbench_assets charts/${name}=${path})
endforeach()

set(declarations "")
set(entries "")
set(paths "")
set(number 0)
foreach(asset IN LISTS asyncbench_assets)
  string(REGEX MATCH "^([^=]+)=(.*)$" _ ${asset})
  set(name ${CMAKE_MATCH_1})
  set(path ${CMAKE_MATCH_2})
  if(NOT EXISTS ${path})
    message(FATAL_ERROR "The report's asset ${path} is missing; run scripts/setup, which installs npm packages.")
  endif()
  set(symbol asyncbench_report_asset_${number})
  string(APPEND declarations "
asm(\".pushsection .rodata\\n\"
    \"${symbol}: .incbin \\\"${path}\\\"\\n\"
    \"${symbol}_end: .byte 0\\n\"
    \".globl ${symbol}, ${symbol}_end\\n\"
    \".popsection\\n\");
extern \"C\" const char ${symbol}[];
extern \"C\" const char ${symbol}_end[];
")
  string(APPEND entries
    "        ReportAsset{\"${name}\", {${symbol}, static_cast<std::size_t>(${symbol}_end - ${symbol})}},\n")
  list(APPEND paths ${path})
  math(EXPR number "${number} + 1")
endforeach()

set(source ${CMAKE_CURRENT_BINARY_DIR}/report_assets.cpp)
file(CONFIGURE OUTPUT ${source} @ONLY CONTENT [=[
// Made by scripts/cmake/AsyncbenchReportAssets.cmake.
#include "reports/html/assets.hpp"

#include <array>
#include <cstddef>
@declarations@
namespace asyncbench {

std::span<const ReportAsset> report_assets() {
    static const std::array assets{
@entries@    };
    return assets;
}

}  // namespace asyncbench
]=])
set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS "${paths}")
target_sources(asyncbench_reports PRIVATE ${source})
