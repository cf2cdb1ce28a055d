# Embeds the pitfalls' source files into asyncbench_benches, so that reports can show the code that was measured.

include(AsyncbenchEmbed)

set(asyncbench_pitfall_sources "")
file(GLOB asyncbench_pitfall_files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/benches/pitfalls/*.cpp)
foreach(path IN LISTS asyncbench_pitfall_files)
  cmake_path(GET path FILENAME name)
  list(APPEND asyncbench_pitfall_sources ${name}=${path})
endforeach()
asyncbench_embed(asyncbench_benches benches/pitfalls/pitfall_sources.hpp PitfallSource pitfall_sources
  ${asyncbench_pitfall_sources})
