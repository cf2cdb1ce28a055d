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

# asyncbench_library(<folder> [NAME <name>] [SEPARATE] [EXCLUDE <path>...]): static library asyncbench_<name>, also known
# as asyncbench::<name>, of all sources below the folder, whose name it has unless told otherwise. SEPARATE says that
# ASYNCBENCH_UNITY is not for it: its files are examples that use the same names.
function(asyncbench_library folder)
  cmake_parse_arguments(arg "SEPARATE" "NAME" "EXCLUDE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
  foreach(path IN LISTS arg_EXCLUDE)
    list(FILTER sources EXCLUDE REGEX "^${PROJECT_SOURCE_DIR}/${path}")
  endforeach()
  set(name ${folder})
  if(arg_NAME)
    set(name ${arg_NAME})
  endif()
  if(NOT sources)
    file(WRITE ${PROJECT_BINARY_DIR}/${name}_empty.cpp "")
    set(sources ${PROJECT_BINARY_DIR}/${name}_empty.cpp)
  endif()
  add_library(asyncbench_${name} STATIC ${sources})
  add_library(asyncbench::${name} ALIAS asyncbench_${name})
  set_target_properties(asyncbench_${name} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(asyncbench_${name} PUBLIC cxx_std_20)
  target_include_directories(asyncbench_${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/asyncbench>)
  asyncbench_warnings(asyncbench_${name})
  if(ASYNCBENCH_UNITY AND NOT arg_SEPARATE)
    set_target_properties(asyncbench_${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
    foreach(source IN LISTS sources)
      cmake_path(GET source PARENT_PATH source_folder)
      string(MAKE_C_IDENTIFIER "${source_folder}" group)
      set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${group})
    endforeach()
  endif()
endfunction()
