# Embeds the sources of pitfalls and strategies into asyncbench_benches, so that reports can show the code that was
# measured.

include(AsyncbenchEmbed)

# The .cpp files of a folder of benches/, as its header NAME_sources.hpp declares them.
function(asyncbench_embed_sources folder type name)
  set(sources "")
  file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
  foreach(path IN LISTS files)
    cmake_path(GET path FILENAME file)
    list(APPEND sources ${file}=${path})
  endforeach()
  asyncbench_embed(asyncbench_benches ${folder}/${name}.hpp ${type} ${name} ${sources})
endfunction()

asyncbench_embed_sources(benches/pitfalls PitfallSource pitfall_sources)
asyncbench_embed_sources(benches/strategies StrategySource strategy_sources)
