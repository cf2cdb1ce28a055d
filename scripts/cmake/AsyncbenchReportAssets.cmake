# Embeds what the HTML reports are made of into asyncbench_reports: pages, style, script and chart specifications of
# reports/, and Vega from the npm packages that scripts/setup installs.

include(AsyncbenchEmbed)

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
asyncbench_embed(asyncbench_reports reports/html/assets.hpp ReportAsset report_assets ${asyncbench_assets})
