# Embeds what the HTML reports are made of into asyncbench_reports: templates, and what scripts/web/page-assets.mjs joins
# of styles, scripts, chart specifications and Vega, from the npm packages that scripts/setup installs.

include(AsyncbenchEmbed)

find_program(ASYNCBENCH_NODE node REQUIRED)
set(asyncbench_npm ${PROJECT_SOURCE_DIR}/reports/web/node_modules)
set(asyncbench_joined ${CMAKE_CURRENT_BINARY_DIR}/page_assets)
file(MAKE_DIRECTORY ${asyncbench_joined})
file(GLOB asyncbench_page_parts CONFIGURE_DEPENDS
  ${PROJECT_SOURCE_DIR}/reports/html/*.css ${PROJECT_SOURCE_DIR}/reports/html/*.js
  ${PROJECT_SOURCE_DIR}/reports/charts/*.json)
set(asyncbench_assets "")
set(asyncbench_joined_files "")
foreach(name head.js drawing.js page.js page.css script-sources.txt)
  list(APPEND asyncbench_joined_files ${asyncbench_joined}/${name})
  list(APPEND asyncbench_assets ${name}=${asyncbench_joined}/${name})
endforeach()
foreach(package vega vega-lite vega-embed)
  list(APPEND asyncbench_page_parts ${asyncbench_npm}/${package}/build/${package}.min.js)
endforeach()
add_custom_command(OUTPUT ${asyncbench_joined_files}
  COMMAND ${ASYNCBENCH_NODE} ${PROJECT_SOURCE_DIR}/scripts/web/page-assets.mjs ${asyncbench_joined}
  DEPENDS ${PROJECT_SOURCE_DIR}/scripts/web/page-assets.mjs ${asyncbench_page_parts}
  COMMENT "Joining the scripts and styles of pages" VERBATIM)

file(GLOB asyncbench_templates CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/reports/html/*.html)
foreach(path IN LISTS asyncbench_templates ITEMS
    ${PROJECT_SOURCE_DIR}/reports/html/gate.css ${PROJECT_SOURCE_DIR}/reports/html/pitfalls.css
    ${PROJECT_SOURCE_DIR}/reports/html/live.js ${PROJECT_SOURCE_DIR}/reports/charts/figures.json)
  cmake_path(GET path FILENAME name)
  list(APPEND asyncbench_assets ${name}=${path})
endforeach()
asyncbench_embed(asyncbench_reports reports/html/assets.hpp ReportAsset report_assets ${asyncbench_assets})
