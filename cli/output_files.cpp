#include "cli/output_files.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <vector>

#include "harness/errors.hpp"
#include "reports/report.hpp"

namespace asyncbench {
namespace {

namespace fs = std::filesystem;

Error not_writable(const std::string& path) {
    return Error(fmt::format("{} cannot be written: {}. Choose another place, or mend its permissions.", path,
                             std::strerror(errno)));
}

void write_file(const std::string& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << text;
    file.close();
    if (!file) throw not_writable(path);
    fmt::print(stderr, "Wrote {}\n", path);
}

}  // namespace

void OutputFiles::require_writable() const {
    std::vector<std::string> files;
    if (!directory.empty()) {
        std::error_code error;
        fs::create_directories(directory, error);
        if (error) {
            throw Error(fmt::format("The directory {} cannot be made: {}. Choose another with -o.", directory,
                                    error.message()));
        }
        files.push_back(directory + "/result.json");
        files.push_back(directory + "/report.html");
    }
    if (!json.empty() && !json_on_stdout()) files.push_back(json);
    if (!html.empty()) files.push_back(html);
    for (const std::string& path : files) {
        std::ofstream file(path, std::ios::app);  // does not touch what is there
        if (!file) throw not_writable(path);
    }
}

void OutputFiles::write(const RunResult& run) const {
    if (!directory.empty() || !json.empty()) {
        const std::string text = json_report(run);
        if (!directory.empty()) write_file(directory + "/result.json", text);
        if (json_on_stdout()) {
            fmt::print("{}", text);
        } else if (!json.empty()) {
            write_file(json, text);
        }
    }
    if (!directory.empty() || !html.empty()) {
        const std::string text = html_report(run);
        if (!directory.empty()) write_file(directory + "/report.html", text);
        if (!html.empty()) write_file(html, text);
    }
}

void print_terminal_report(const RunResult& run) {
    TerminalStyle style;
    winsize size{};
    if (isatty(STDOUT_FILENO) != 0) {
        style.colour = std::getenv("NO_COLOR") == nullptr;
        if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) style.width = size.ws_col;
    }
    fmt::print("{}", terminal_report(run, style));
    std::fflush(stdout);
}

}  // namespace asyncbench
