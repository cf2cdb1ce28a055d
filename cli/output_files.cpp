#include "cli/output_files.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <vector>

#include "async/errors.hpp"
#include "cli/files.hpp"
#include "cli/tell.hpp"
#include "reports/report.hpp"

namespace asyncbench {
namespace {

namespace fs = std::filesystem;

TerminalStyle terminal_style() {
    TerminalStyle style;
    style.colour = obeys_escape_codes(STDOUT_FILENO) && std::getenv("NO_COLOR") == nullptr;
    if (const auto columns = columns_of_output(STDOUT_FILENO)) style.width = static_cast<int>(*columns);
    return style;
}

bool is_stdout(const std::string& path) {
    return path == "-";
}

/// Throws Error where it is not; does not touch what is there.
void require_writable_file(const std::string& path) {
    const bool is_new = !fs::exists(path);
    std::ofstream file(path, std::ios::app);
    if (!file) throw not_writable(path);
    if (is_new) fs::remove(path);
}

/// Writes each document whatever became of the others, and keeps the first Error.
class Writer {
  public:
    void print_text(const std::string& text) {
        attempt([&] { write_to_stdout(text); });
    }
    /// To each of the paths that is not empty; makes the text where there is one.
    void write(const std::function<std::string()>& make, const std::vector<std::string>& paths) {
        if (std::all_of(paths.begin(), paths.end(), [](const std::string& path) { return path.empty(); }))
            return;
        const std::string text = make();
        for (const std::string& path : paths) {
            if (is_stdout(path)) {
                print_text(text);
            } else if (!path.empty()) {
                attempt([&] { write_file(path, text); });
            }
        }
    }
    void rethrow() const {
        if (failure_) std::rethrow_exception(failure_);
    }

  private:
    template <typename Write>
    void attempt(const Write& write_one) {
        try {
            write_one();
        } catch (const Error&) {
            if (!failure_) failure_ = std::current_exception();
        }
    }

    std::exception_ptr failure_;
};

}  // namespace

std::string OutputFiles::report_path() const {
    if (!html.empty() && html != "-") return html;
    return directory.empty() ? std::string() : directory + "/" + html_name;
}

void OutputFiles::require_writable(const std::vector<std::string>& other_paths,
                                   const std::vector<std::string>& inputs) const {
    std::vector<std::string> files{json, html};
    files.insert(files.end(), other_paths.begin(), other_paths.end());
    if (std::count_if(files.begin(), files.end(), is_stdout) > 1) {
        throw UsageError("Only one document can go to stdout (-); give the others a file each.");
    }
    if (is_stdout(directory)) {
        throw UsageError(
            "-o names a directory, and - is none; --json - or --html - write that document to stdout.");
    }
    if (!directory.empty()) {
        if (!json_name.empty()) files.push_back(directory + "/" + json_name);
        files.push_back(directory + "/" + html_name);
    }
    require_distinct_files(files, inputs);
    if (!directory.empty()) {
        std::error_code error;
        fs::create_directories(directory, error);
        if (error) {
            throw Error(fmt::format("The directory {} cannot be made: {}. Choose another with -o.", directory,
                                    error.message()));
        }
    }
    for (const std::string& path : files) {
        if (!path.empty() && !is_stdout(path)) require_writable_file(path);
    }
}

void OutputFiles::write(const RunResult& run, const HtmlOptions& html_options) const {
    write(Documents{[&](const TerminalStyle& style) { return terminal_report(run, style); },
                    [&] { return json_report(run); }, [&] { return html_report(run, html_options); }});
}

void OutputFiles::write(const Documents& documents) const {
    const auto& others = documents.others;
    const bool stdout_is_taken =
        is_stdout(json) || is_stdout(html) ||
        std::any_of(others.begin(), others.end(), [](const Other& other) { return is_stdout(other.path); });
    const auto in_directory = [this](const std::string& name) {
        return directory.empty() || name.empty() ? std::string() : directory + "/" + name;
    };
    Writer writer;
    if (!stdout_is_taken) writer.print_text(documents.terminal(terminal_style()));
    if (documents.json) writer.write(documents.json, {in_directory(json_name), json});
    if (documents.html) writer.write(documents.html, {in_directory(html_name), html});
    for (const Other& other : others) writer.write(other.text, {other.path});
    writer.rethrow();
}

}  // namespace asyncbench
