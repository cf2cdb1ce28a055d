#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "analysis/history/history_run.hpp"

struct sqlite3;

namespace asyncbench {

/// Runs in a SQLite file. Used by one thread; several processes may have the same file open, and wait up to
/// five seconds for each other.
class HistoryStore {
  public:
    enum class Access { read, write };

    /// With Access::write a file that is not there, or is empty, becomes a history. Throws Error, a sentence,
    /// where the file cannot be opened, is no SQLite database, is one of another program or of a later
    /// version, or has other tables than those of a history.
    HistoryStore(const std::string& path, Access access);

    /// Adds all of the runs or, where it throws, none. Says of each whether it was added: false where the
    /// history holds the same measurement. Throws Error where the file cannot be written or a value is not a
    /// finite number.
    std::vector<bool> add(std::span<const HistoryRun> runs);

    /// All runs by their time, those of the same time in the order added. Throws Error where the file cannot
    /// be read or holds what no history would.
    std::vector<HistoryRun> runs() const;

  private:
    struct Close {
        void operator()(sqlite3* database) const;
    };

    std::string path_;
    std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace asyncbench
