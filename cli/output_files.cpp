#include "cli/output_files.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
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

void print(const std::string& text) {
    const bool whole = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
    if (!whole || std::fflush(stdout) != 0) {
        throw Error(fmt::format("The result cannot be written to stdout: {}.", std::strerror(errno)));
    }
}

TerminalStyle terminal_style() {
    TerminalStyle style;
    winsize size{};
    if (isatty(STDOUT_FILENO) != 0) {
        style.colour = std::getenv("NO_COLOR") == nullptr;
        if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) style.width = size.ws_col;
    }
    return style;
}

}  // namespace

void OutputFiles::require_writable() const {
    if (json_on_stdout() && html_on_stdout())
        throw UsageError("--json and --html cannot both go to stdout (-); give one of them a file.");
    std::vector<std::string> files;
    if (!directory.empty()) {
        std::error_code error;
        fs::create_directories(directory, error);
        if (error) {
            throw Error(fmt::format("The directory {} cannot be made: {}. Choose another with -o.", directory,
                                    error.message()));
        }
        files.push_back(directory + "/" + json_name);
        files.push_back(directory + "/" + html_name);
    }
    if (!json.empty() && !json_on_stdout()) files.push_back(json);
    if (!html.empty() && !html_on_stdout()) files.push_back(html);
    for (const std::string& path : files) {
        const bool is_new = !fs::exists(path);
        std::ofstream file(path, std::ios::app);  // does not touch what is there
        if (!file) throw not_writable(path);
        if (is_new) fs::remove(path);
    }
}

void OutputFiles::write(const RunResult& run) const {
    write(Documents{[&](const TerminalStyle& style) { return terminal_report(run, style); },
                    [&] { return json_report(run); }, [&] { return html_report(run); }});
}

void OutputFiles::write(const Documents& documents) const {
    std::exception_ptr failure;
    const auto attempt = [&failure](const auto& write_one) {
        try {
            write_one();
        } catch (const Error&) {
            if (!failure) failure = std::current_exception();
        }
    };
    if (!json_on_stdout() && !html_on_stdout()) attempt([&] { print(documents.terminal(terminal_style())); });
    if (!directory.empty() || !json.empty()) {
        const std::string text = documents.json();
        if (json_on_stdout()) attempt([&] { print(text); });
        if (!directory.empty()) attempt([&] { write_file(directory + "/" + json_name, text); });
        if (!json.empty() && !json_on_stdout()) attempt([&] { write_file(json, text); });
    }
    if (!directory.empty() || !html.empty()) {
        const std::string text = documents.html();
        if (html_on_stdout()) attempt([&] { print(text); });
        if (!directory.empty()) attempt([&] { write_file(directory + "/" + html_name, text); });
        if (!html.empty() && !html_on_stdout()) attempt([&] { write_file(html, text); });
    }
    if (failure) std::rethrow_exception(failure);
}

}  // namespace asyncbench
