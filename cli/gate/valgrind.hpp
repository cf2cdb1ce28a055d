#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace asyncbench {

/// Where valgrind is installed, by PATH; none where it is not.
std::optional<std::string> find_valgrind();

/// Counts the instructions of a command and of all processes that it starts, in user mode, with valgrind's
/// callgrind: some 20 times slower, and the same on any machine, however busy. For one run; it has a
/// directory for valgrind's logs as long as it lives.
class ValgrindRun {
  public:
    /// `valgrind` is the program. Throws Error where there is no room for logs.
    explicit ValgrindRun(std::string valgrind);
    ~ValgrindRun();
    ValgrindRun(const ValgrindRun&) = delete;
    ValgrindRun& operator=(const ValgrindRun&) = delete;

    /// The command, started under valgrind.
    std::vector<std::string> wrap(const std::vector<std::string>& command) const;

    /// After the command has ended: of that process which did the most, for a shell that waits for the
    /// program does little itself. None where no process told a count.
    std::optional<std::uint64_t> instructions() const;

  private:
    std::string valgrind_;
    std::filesystem::path logs_;
};

/// The count in a log of callgrind, which stands in the line `Collected : N`; none where there is no such
/// line.
std::optional<std::uint64_t> instructions_in_log(const std::string& log);

}  // namespace asyncbench
