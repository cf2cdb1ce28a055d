# asyncbench_embed(<target> <header> <type> <function> <name>=<path>...): embeds files into a target. `header` declares
# `struct <type> { std::string_view name; std::string_view text; }` and `std::span<const <type>> <function>()`, which
# this defines. By .incbin, which takes no time to compile where an array of bytes would take many seconds.
function(asyncbench_embed target header type function)
  set(declarations "")
  set(entries "")
  set(paths "")
  set(number 0)
  foreach(file IN LISTS ARGN)
    string(REGEX MATCH "^([^=]+)=(.*)$" _ ${file})
    set(name ${CMAKE_MATCH_1})
    set(path ${CMAKE_MATCH_2})
    get_source_file_property(made_by_the_build ${path} GENERATED)
    if(NOT EXISTS ${path} AND NOT made_by_the_build)
      message(FATAL_ERROR "The file ${path}, which is embedded, is missing.")
    endif()
    set(symbol ${target}_${function}_${number})
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
      "        ${type}{\"${name}\", {${symbol}, static_cast<std::size_t>(${symbol}_end - ${symbol})}},\n")
    list(APPEND paths ${path})
    math(EXPR number "${number} + 1")
  endforeach()

  set(source ${CMAKE_CURRENT_BINARY_DIR}/${function}.cpp)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT [=[
// Made by scripts/cmake/AsyncbenchEmbed.cmake.
#include "@header@"

#include <array>
#include <cstddef>
@declarations@
namespace asyncbench {

std::span<const @type@> @function@() {
    static const std::array files{
@entries@    };
    return files;
}

}  // namespace asyncbench
]=])
  set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS "${paths}")
  target_sources(${target} PRIVATE ${source})
endfunction()
