#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/engine/variables.hpp"

namespace asyncbench {

/// `NAME=counter`, `NAME=counter:FIRST`, `NAME=random:LOW,HIGH`, `NAME=@FILE.csv`, `NAME=@FILE.csv:COLUMN`.
/// The column is by default that of the variable's name. A file that is read already is not read again, so
/// that all of its variables have one row. Throws UsageError, a sentence.
class VariableReader {
  public:
    void add(std::string_view text);
    /// All columns of a CSV file.
    void add_csv(const std::string& path);
    VariableSet take() { return std::move(set_); }

  private:
    void add(Variable variable);
    std::size_t table_of(const std::string& path);

    VariableSet set_;
    std::vector<std::string> paths_;  ///< of the tables
};

}  // namespace asyncbench
