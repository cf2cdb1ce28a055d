#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace asyncbench::test {

inline std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_file(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

struct CommandResult {
    int status = 0;
    std::string output;
};

/// Runs a command of the shell; its output and errors together.
inline CommandResult run_command(const std::string& command) {
    CommandResult result;
    FILE* pipe = popen((command + " 2>&1").c_str(), "r");
    if (pipe == nullptr) return {-1, "popen failed"};
    std::array<char, 4096> buffer{};
    while (const std::size_t size = fread(buffer.data(), 1, buffer.size(), pipe)) {
        result.output.append(buffer.data(), size);
    }
    const int status = pclose(pipe);
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return result;
}

/// A directory that goes when the test does.
class TemporaryDirectory {
  public:
    TemporaryDirectory() {
        std::string name = (std::filesystem::temp_directory_path() / "asyncbench-test-XXXXXX").string();
        if (mkdtemp(name.data()) != nullptr) path_ = name;
    }
    ~TemporaryDirectory() {
        std::error_code ignored;
        if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

/// Compares with tests/reports/golden/NAME; writes it anew where ASYNCBENCH_UPDATE_GOLDEN is set.
void expect_golden(const std::string& name, const std::string& text);

/// The widest line in columns of a terminal.
std::size_t widest_line(const std::string& text);

/// Programs that are not ours and judge documents by a JSON Schema.
enum class Validator { ajv, python_jsonschema };

struct SchemaCase {
    std::string document;
    bool valid = true;
};

/// That the validator says of each document what is expected; `schema` is a file of reports/schema.
void expect_validator_agrees(Validator validator, const std::string& schema,
                             const std::vector<SchemaCase>& cases);

/// That each field of a schema of reports/schema is described, and that it allows no others.
void expect_schema_describes_every_field(const std::string& schema);

/// A page but for what its scripts hold: what readers without script see, and what text from outside could
/// have become markup in.
std::string without_scripts(std::string html);

}  // namespace asyncbench::test
