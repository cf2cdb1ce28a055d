#pragma once

#include <string>
#include <string_view>

#include "analysis/history/history_run.hpp"

// MADE UP: nobody measured these numbers.

namespace asyncbench::sample {

/// One cell, `coroutine at 64`, of one metric, `throughput_rps`, measured on day `day` of a month.
HistoryRun history_run(int day, double throughput);

/// A file that goes when this does.
class TemporaryFile {
  public:
    TemporaryFile();
    ~TemporaryFile();
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    const std::string& path() const { return path_; }
    void write(std::string_view bytes) const;
    std::string read() const;

  private:
    std::string path_;
};

}  // namespace asyncbench::sample
