# cmake --install: the asyncbench command with its man page and completions (component `program`), and the headers, the
# libraries and a package for find_package(asyncbench) (component `development`). `cpack` makes a Debian package of each.
include(CMakePackageConfigHelpers)

install(TARGETS asyncbench RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/benches/scenarios DESTINATION ${CMAKE_INSTALL_DATADIR}/asyncbench
        COMPONENT program)

# What the program writes of itself.
set(generated ${PROJECT_BINARY_DIR}/generated)
file(MAKE_DIRECTORY ${generated})
foreach(what man bash zsh fish)
  add_custom_command(OUTPUT ${generated}/${what} COMMAND asyncbench generate ${what} > ${generated}/${what}
                     DEPENDS asyncbench VERBATIM)
  list(APPEND generated_files ${generated}/${what})
endforeach()
add_custom_target(asyncbench_generated ALL DEPENDS ${generated_files})
install(FILES ${generated}/man DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 RENAME asyncbench.1 COMPONENT program)
install(FILES ${generated}/bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME asyncbench
        COMPONENT program)
install(FILES ${generated}/zsh DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions RENAME _asyncbench
        COMPONENT program)
install(FILES ${generated}/fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d
        RENAME asyncbench.fish COMPONENT program)

install(TARGETS asyncbench_async asyncbench_harness asyncbench_analysis asyncbench_interposed_calls asyncbench_blocking_calls asyncbench_counting_new
        asyncbench_benches asyncbench_targets asyncbench_reports asyncbench_cli
        EXPORT asyncbench ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
if(TARGET asyncbench_operator_new)
  install(TARGETS asyncbench_operator_new EXPORT asyncbench ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
          COMPONENT development)
endif()
# A path may hold a space.
install(CODE "set(source_dir [[${PROJECT_SOURCE_DIR}]])
set(include_dir [[${CMAKE_INSTALL_INCLUDEDIR}/asyncbench]])" COMPONENT development)
install(SCRIPT ${CMAKE_CURRENT_LIST_DIR}/AsyncbenchPublicHeaders.cmake COMPONENT development)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/asyncbench)
install(EXPORT asyncbench NAMESPACE asyncbench:: DESTINATION ${package_dir} FILE asyncbenchTargets.cmake
        COMPONENT development)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/asyncbenchConfig.cmake.in
  ${PROJECT_BINARY_DIR}/asyncbenchConfig.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/asyncbenchConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/asyncbenchConfig.cmake ${PROJECT_BINARY_DIR}/asyncbenchConfigVersion.cmake
        DESTINATION ${package_dir} COMPONENT development)

foreach(component program development)
  set(name asyncbench)
  if(component STREQUAL development)
    set(name libasyncbench-dev)
  endif()
  install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${name} RENAME copyright
          COMPONENT ${component})
endforeach()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "The asyncbench authors")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_ALL program development)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME asyncbench)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libasyncbench-dev)
string(CONCAT CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
  "libboost1.81-dev, libcurl4-openssl-dev, libcpp-httplib-dev, liburing-dev, libssl-dev, libnghttp2-dev, libre2-dev, libcli11-dev, nlohmann-json3-dev, libfmt-dev, "
  "libsqlite3-dev, zlib1g-dev")
include(CPack)
