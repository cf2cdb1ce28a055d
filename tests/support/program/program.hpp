#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/run_result.hpp"
#include "tests/support/processes/processes.hpp"

namespace asyncbench::test {

/// A directory of its own for one test, which goes when the test does.
class Folder {
  public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::string path(std::string_view name) const { return (path_ / name).string(); }
    /// Writes a file and gives its path.
    std::string write(std::string_view name, std::string_view text) const;

  private:
    std::filesystem::path path_;
};

std::string read_file(const std::string& path);

struct Outcome {
    int status = -1;  ///< of the exit; -1 where it was ended by a signal or did not end in a minute
    std::string out;
    std::string err;
};

struct ProgramOptions {
    std::string shell_before = {};  ///< run by /bin/sh before the program is: `ulimit -n 200`
    std::map<std::string, std::string> environment = {};
    std::string input = {};    ///< on stdin
    bool on_terminal = false;  ///< stdout and stderr are one terminal; both are in `out`
    bool read_output = true;   ///< false: stdout is a pipe that nobody reads
};

/// The asyncbench command as a user runs it, with what it writes kept.
class Program {
  public:
    explicit Program(const std::vector<std::string>& arguments, const ProgramOptions& options = {});
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    pid_t pid() const { return pid_; }
    std::string out_so_far() const;
    std::string err_so_far() const;
    void send(int signal) const;
    Outcome wait();

  private:
    void drain_terminal();

    Folder folder_;
    pid_t pid_ = -1;
    int terminal_ = -1;
    int unread_ = -1;
    std::string drawn_;
};

/// A command of the shell, with its errors among its output.
Outcome run_shell(const std::string& command);

Outcome run_program(const std::vector<std::string>& arguments, const ProgramOptions& options = {});

/// `run` with the arguments that make it short, the given ones, and `--json`: what it wrote there.
struct Measured {
    Outcome outcome;
    RunResult result;
};
Measured measure(std::vector<std::string> arguments);

/// A run's arguments that make it short: one trial of each strategy, without warm-up.
std::vector<std::string> short_run(std::vector<std::string> arguments);

bool has_warning(const Trial& trial, std::string_view code);

}  // namespace asyncbench::test
