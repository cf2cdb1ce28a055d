# cmake --install: the asyncbench command, the headers, the libraries and a package for find_package(asyncbench).
include(CMakePackageConfigHelpers)

install(TARGETS asyncbench RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS asyncbench_harness asyncbench_interposed_calls asyncbench_blocking_calls asyncbench_counting_new
        asyncbench_benches asyncbench_targets asyncbench_reports asyncbench_cli
        EXPORT asyncbench ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
if(TARGET asyncbench_operator_new)
  install(TARGETS asyncbench_operator_new EXPORT asyncbench ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
endif()
foreach(folder harness benches targets reports cli)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${folder} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/asyncbench
          FILES_MATCHING PATTERN "*.hpp" PATTERN node_modules EXCLUDE PATTERN micro EXCLUDE)
endforeach()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/benches/scenarios DESTINATION ${CMAKE_INSTALL_DATADIR}/asyncbench)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/asyncbench)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/asyncbench)
install(EXPORT asyncbench NAMESPACE asyncbench:: DESTINATION ${package_dir} FILE asyncbenchTargets.cmake)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/asyncbenchConfig.cmake.in
  ${PROJECT_BINARY_DIR}/asyncbenchConfig.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/asyncbenchConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/asyncbenchConfig.cmake ${PROJECT_BINARY_DIR}/asyncbenchConfigVersion.cmake
        DESTINATION ${package_dir})
