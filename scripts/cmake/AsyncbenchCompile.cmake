# How this project compiles: language, warnings, sanitizers, and one library a top-level folder.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

set(ASYNCBENCH_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")
if(ASYNCBENCH_SANITIZE)
  # A finding ends its program, or its test would pass.
  add_compile_options(-fsanitize=${ASYNCBENCH_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${ASYNCBENCH_SANITIZE})
endif()

function(asyncbench_warnings target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror)
  # Atomic fences are invisible to TSan; GCC warns about each use in Asio's headers.
  if(ASYNCBENCH_SANITIZE MATCHES thread AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    target_compile_options(${target} PRIVATE -Wno-tsan)
  endif()
endfunction()

# asyncbench_library(<folder> [EXCLUDE <path>...]): static library asyncbench_<folder>, also known as
# asyncbench::<folder>, of all sources below the folder.
function(asyncbench_library folder)
  cmake_parse_arguments(arg "" "" EXCLUDE ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
  foreach(path IN LISTS arg_EXCLUDE)
    list(FILTER sources EXCLUDE REGEX "^${PROJECT_SOURCE_DIR}/${path}")
  endforeach()
  if(NOT sources)
    file(WRITE ${PROJECT_BINARY_DIR}/${folder}_empty.cpp "")
    set(sources ${PROJECT_BINARY_DIR}/${folder}_empty.cpp)
  endif()
  add_library(asyncbench_${folder} STATIC ${sources})
  add_library(asyncbench::${folder} ALIAS asyncbench_${folder})
  set_target_properties(asyncbench_${folder} PROPERTIES EXPORT_NAME ${folder})
  target_compile_features(asyncbench_${folder} PUBLIC cxx_std_20)
  target_include_directories(asyncbench_${folder} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/asyncbench>)
  asyncbench_warnings(asyncbench_${folder})
endfunction()
