# Embeds what the HTML reports are made of into asyncbench_reports: templates, and what scripts/web/page-assets.mjs joins
# of styles, scripts, chart specifications and Vega, from the npm packages that scripts/setup installs.

include(AsyncbenchEmbed)

foreach(package vega vega-lite vega-embed)
  set(asyncbench_npm_file ${PROJECT_SOURCE_DIR}/reports/web/node_modules/${package}/build/${package}.min.js)
  if(NOT EXISTS ${asyncbench_npm_file})
    message(FATAL_ERROR "${asyncbench_npm_file}, which draws the reports' charts, is missing. "
      "Run scripts/setup: it installs the npm packages.")
  endif()
endforeach()

find_program(ASYNCBENCH_NODE node REQUIRED)
set(asyncbench_joined ${CMAKE_CURRENT_BINARY_DIR}/page_assets)
file(MAKE_DIRECTORY ${asyncbench_joined})
set(asyncbench_assets "")
set(asyncbench_joined_files "")
foreach(name head.js drawing.js page.js page.css script-sources.txt)
  list(APPEND asyncbench_joined_files ${asyncbench_joined}/${name})
  list(APPEND asyncbench_assets ${name}=${asyncbench_joined}/${name})
endforeach()
# A new chart is in none of the files that were read before.
file(GLOB asyncbench_charts CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/reports/charts/*.json)
add_custom_command(OUTPUT ${asyncbench_joined_files}
  COMMAND ${ASYNCBENCH_NODE} ${PROJECT_SOURCE_DIR}/scripts/web/page-assets.mjs ${asyncbench_joined}
  DEPENDS ${PROJECT_SOURCE_DIR}/scripts/web/page-assets.mjs ${asyncbench_charts}
  DEPFILE ${asyncbench_joined}/inputs.d
  COMMENT "Joining the scripts and styles of pages" VERBATIM)

file(GLOB asyncbench_templates CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/reports/html/*.html)
foreach(path IN LISTS asyncbench_templates ITEMS
    ${PROJECT_SOURCE_DIR}/reports/html/gate.css ${PROJECT_SOURCE_DIR}/reports/html/pitfalls.css
    ${PROJECT_SOURCE_DIR}/reports/html/live.js ${PROJECT_SOURCE_DIR}/reports/charts/figures.json)
  cmake_path(GET path FILENAME name)
  list(APPEND asyncbench_assets ${name}=${path})
endforeach()
asyncbench_embed(asyncbench_reports reports/html/assets.hpp ReportAsset report_assets ${asyncbench_assets})
