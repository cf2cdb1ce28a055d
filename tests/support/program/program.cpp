#include "tests/support/program/program.hpp"
#include "tests/support/paths/paths.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include "async/clock.hpp"
#include "reports/report.hpp"

namespace asyncbench::test {
namespace fs = std::filesystem;
namespace {

constexpr std::chrono::seconds longest_run{60};

int open_or_throw(const std::string& path, int flags) {
    const int descriptor = open(path.c_str(), flags | O_CLOEXEC, 0600);
    if (descriptor < 0) throw std::runtime_error("cannot open " + path);
    return descriptor;
}

}  // namespace

Folder::Folder() {
    std::string name = (fs::temp_directory_path() / "asyncbench-cli-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    path_ = name;
}

Folder::~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

std::string Folder::write(std::string_view name, std::string_view text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return path(name);
}

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

Program::Program(const std::vector<std::string>& arguments, const ProgramOptions& options) {
    std::vector<std::string> command = {test::asyncbench_program()};
    command.insert(command.end(), arguments.begin(), arguments.end());
    if (!options.shell_before.empty()) {
        command.insert(command.begin(), {"/bin/sh", "-c", options.shell_before + "; exec \"$@\"", "sh"});
    }
    std::vector<char*> pointers;
    for (std::string& argument : command) pointers.push_back(argument.data());
    pointers.push_back(nullptr);

    folder_.write("in", options.input);
    const int input = open_or_throw(folder_.path("in"), O_RDONLY);
    int out = open_or_throw(folder_.path("out"), O_WRONLY | O_CREAT | O_APPEND);
    int err = open_or_throw(folder_.path("err"), O_WRONLY | O_CREAT | O_APPEND);
    if (options.on_terminal) {
        close(out);
        close(err);
        if (openpty(&terminal_, &out, nullptr, nullptr, nullptr) != 0) throw std::runtime_error("no pty");
        fcntl(terminal_, F_SETFD, FD_CLOEXEC);
        fcntl(terminal_, F_SETFL, O_NONBLOCK);
        err = dup(out);
    } else if (!options.read_output) {
        close(out);
        std::array<int, 2> ends{};
        if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
        fcntl(ends[1], F_SETPIPE_SZ, 4096);  // so that little fills it
        unread_ = ends[0];
        out = ends[1];
    }

    pid_ = fork();
    if (pid_ == 0) {
        dup2(input, STDIN_FILENO);
        dup2(out, STDOUT_FILENO);
        dup2(err, STDERR_FILENO);
        if (options.on_terminal) {
            close(out);
            close(err);
        }
        unsetenv("COLUMNS");  // of whoever runs the tests
        if (options.on_terminal) setenv("TERM", "xterm-256color", 1);
        for (const auto& [name, value] : options.environment) setenv(name.c_str(), value.c_str(), 1);
        execv(pointers[0], pointers.data());
        _exit(127);
    }
    close(input);
    close(out);
    close(err);
}

Program::~Program() {
    if (pid_ > 0) {
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    if (terminal_ >= 0) close(terminal_);
    if (unread_ >= 0) close(unread_);
}

std::string Program::out_so_far() const {
    return terminal_ >= 0 ? drawn_ : read_file(folder_.path("out"));
}

std::string Program::err_so_far() const {
    return read_file(folder_.path("err"));
}

void Program::send(int signal) const {
    kill(pid_, signal);
}

/// What was drawn must be taken, or the program would wait for room.
void Program::drain_terminal() {
    std::array<char, 4096> chunk;
    while (terminal_ >= 0) {
        const ssize_t count = read(terminal_, chunk.data(), chunk.size());
        if (count <= 0) return;
        drawn_.append(chunk.data(), static_cast<std::size_t>(count));
    }
}

Outcome Program::wait() {
    const auto deadline = Clock::now() + longest_run;
    Outcome outcome;
    int status = 0;
    while (waitpid(pid_, &status, WNOHANG) == 0) {
        drain_terminal();
        if (Clock::now() > deadline) {
            outcome.err = err_so_far() + "\n(did not end in time)";
            return outcome;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
    drain_terminal();
    pid_ = -1;
    if (WIFEXITED(status)) outcome.status = WEXITSTATUS(status);
    outcome.out = out_so_far();
    outcome.err = err_so_far();
    return outcome;
}

Outcome run_shell(const std::string& command) {
    Outcome outcome;
    FILE* output = popen((command + " 2>&1").c_str(), "r");
    if (output == nullptr) throw std::runtime_error("no shell");
    std::array<char, 4096> chunk;
    while (const std::size_t count = fread(chunk.data(), 1, chunk.size(), output)) {
        outcome.out.append(chunk.data(), count);
    }
    const int status = pclose(output);
    if (WIFEXITED(status)) outcome.status = WEXITSTATUS(status);
    return outcome;
}

Outcome run_program(const std::vector<std::string>& arguments, const ProgramOptions& options) {
    return Program(arguments, options).wait();
}

std::vector<std::string> short_run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"run", "-r", "1", "--warmup", "0"});
    return arguments;
}

Measured measure(std::vector<std::string> arguments) {
    const Folder folder;
    arguments = short_run(std::move(arguments));
    arguments.insert(arguments.end(), {"--json", folder.path("result.json")});
    Measured measured;
    measured.outcome = run_program(arguments);
    measured.result = read_json_report(read_file(folder.path("result.json")));
    return measured;
}

bool has_warning(const Trial& trial, std::string_view code) {
    for (const Warning& warning : trial.warnings) {
        if (warning.code == code) return true;
    }
    return false;
}

}  // namespace asyncbench::test
