# How this project compiles: language, warnings, sanitizers, and one library a top-level folder.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# Messages name files as they stand in the repository, wherever it lies; "../../" is how they reach the compiler
# through ccache.
add_compile_options(-fmacro-prefix-map=${PROJECT_SOURCE_DIR}/= -fmacro-prefix-map=../../=)

set(ASYNCBENCH_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")
if(ASYNCBENCH_SANITIZE)
  # A finding ends its program, or its test would pass.
  add_compile_options(-fsanitize=${ASYNCBENCH_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  # These four look at each access to a member and double the time to compile. A null pointer ends the program without
  # them as well, and objects that are too small or of another type are AddressSanitizer's to find.
  add_compile_options(-fno-sanitize=null,alignment,object-size,vptr)
  add_link_options(-fsanitize=${ASYNCBENCH_SANITIZE})
endif()

# Headers cost most of the time of a whole build. A folder as one file reads them once.
option(ASYNCBENCH_UNITY "Compile each folder of the libraries as one file" OFF)

function(asyncbench_warnings target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror)
  if(ASYNCBENCH_UNITY AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    # It takes the files of a unity build for headers, whose types nobody may build of local ones.
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
  endif()
  if(ASYNCBENCH_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized)  # instrumented code misleads it
  endif()
  # Atomic fences are invisible to TSan; GCC warns about each use in Asio's headers.
  if(ASYNCBENCH_SANITIZE MATCHES thread AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    target_compile_options(${target} PRIVATE -Wno-tsan)
  endif()
endfunction()

# asyncbench_unity(<target> <batch> <path>...): sources of a target, as one file for each folder, or for each `batch` files
# of it where that is not 0; as they are where ASYNCBENCH_UNITY is off. Paths are relative to the project. In place of
# CMake's UNITY_BUILD, whose files name others by absolute paths: a compiler cache has no use of these in a second
# checkout.
function(asyncbench_unity target batch)
  if(NOT ASYNCBENCH_UNITY)
    list(TRANSFORM ARGN PREPEND ${PROJECT_SOURCE_DIR}/)
    target_sources(${target} PRIVATE ${ARGN})
    return()
  endif()
  set(folders "")
  foreach(source IN LISTS ARGN)
    cmake_path(GET source PARENT_PATH folder)
    list(APPEND folders ${folder})
    list(APPEND sources_of_${folder} ${source})
  endforeach()
  list(REMOVE_DUPLICATES folders)
  foreach(folder IN LISTS folders)
    set(part 0)
    while(sources_of_${folder})
      set(includes "")
      set(count 0)
      while(sources_of_${folder} AND (batch EQUAL 0 OR count LESS batch))
        list(POP_FRONT sources_of_${folder} source)
        string(APPEND includes "#include \"${source}\"\n")
        math(EXPR count "${count} + 1")
      endwhile()
      string(REPLACE "/" "_" file "${folder}_${part}.cpp")
      file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/unity/${file} CONTENT "${includes}" @ONLY)
      target_sources(${target} PRIVATE ${PROJECT_BINARY_DIR}/unity/${file})
      math(EXPR part "${part} + 1")
    endwhile()
  endforeach()
endfunction()

# asyncbench_library(<folder> [NAME <name>] [EXCLUDE <path>...] [SEPARATE <path>...]): static library asyncbench_<name>,
# also known as asyncbench::<name>, of all sources below the folder, whose name it has unless told otherwise. What begins
# with a path of EXCLUDE is no part of it; what begins with one of SEPARATE is compiled by itself: it has definitions of
# its own, or uses a name that a neighbour uses.
function(asyncbench_library folder)
  cmake_parse_arguments(arg "" "NAME" "EXCLUDE;SEPARATE" ${ARGN})
  file(GLOB_RECURSE sources RELATIVE ${PROJECT_SOURCE_DIR} CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
  set(separate "")
  foreach(path IN LISTS arg_EXCLUDE)
    list(FILTER sources EXCLUDE REGEX "^${path}")
  endforeach()
  foreach(path IN LISTS arg_SEPARATE)
    set(found ${sources})
    list(FILTER found INCLUDE REGEX "^${path}")
    list(FILTER sources EXCLUDE REGEX "^${path}")
    list(APPEND separate ${found})
  endforeach()
  set(name ${folder})
  if(arg_NAME)
    set(name ${arg_NAME})
  endif()
  list(TRANSFORM separate PREPEND ${PROJECT_SOURCE_DIR}/)
  add_library(asyncbench_${name} STATIC ${separate})
  asyncbench_unity(asyncbench_${name} 0 ${sources})
  add_library(asyncbench::${name} ALIAS asyncbench_${name})
  set_target_properties(asyncbench_${name} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(asyncbench_${name} PUBLIC cxx_std_20)
  target_include_directories(asyncbench_${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/asyncbench>)
  asyncbench_warnings(asyncbench_${name})
endfunction()
