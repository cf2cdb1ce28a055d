# Installs the headers, as a part of `cmake --install` (AsyncbenchInstall.cmake), with source_dir and include_dir set.
cmake_minimum_required(VERSION 3.25)

# A header is public where it is named here, or where one that is public includes it. No other header is installed.
set(public_headers
  async/async_to_sync.hpp async/create_task.hpp async/gather.hpp async/now_task.hpp async/run.hpp async/schedule.hpp
  async/semaphore.hpp async/shield.hpp async/sleep.hpp async/sync_to_async.hpp async/task.hpp async/task_group.hpp
  async/thread_pool.hpp async/thread_sensitive_context.hpp async/timeout.hpp async/timer.hpp
  async/detect/blocking_calls.hpp async/detect/collected_findings.hpp async/detect/diagnose.hpp
  async/detect/task_faults.hpp
  # Strategies and services of one's own, and the command with them.
  harness/http/async_session.hpp harness/http/blocking_session.hpp harness/http/http_service.hpp
  harness/load/strategy.hpp harness/measure/allocations.hpp harness/work/client_pool.hpp harness/work/reply.hpp
  harness/work/service.hpp
  benches/strategies/strategies.hpp cli/command_line.hpp
  # Reports of one's own.
  analysis/compare/comparison.hpp analysis/ranking/rank.hpp analysis/run_result.hpp analysis/summary.hpp
  reports/report.hpp)

set(installed_headers)
while(public_headers)
  list(POP_FRONT public_headers header)
  if(header IN_LIST installed_headers)
    continue()
  endif()
  list(APPEND installed_headers ${header})
  file(STRINGS ${source_dir}/${header} includes REGEX "^#include \"")
  list(TRANSFORM includes REPLACE "^#include \"(.*)\"$" "\\1")
  list(APPEND public_headers ${includes})
  cmake_path(GET header PARENT_PATH folder)
  file(INSTALL ${source_dir}/${header} DESTINATION ${CMAKE_INSTALL_PREFIX}/${include_dir}/${folder})
endwhile()
