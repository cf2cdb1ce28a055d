#include "harness/trial/server_log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "async/errors.hpp"

namespace asyncbench {
namespace {

int new_file() {
    std::string name = (std::filesystem::temp_directory_path() / "asyncbench-server-XXXXXX").string();
    const int file = mkostemp(name.data(), O_APPEND | O_CLOEXEC);
    if (file < 0) {
        throw Error(
            fmt::format("No file {} for what a server writes: {}. Set TMPDIR to a directory that can be "
                        "written.",
                        name, std::strerror(errno)));
    }
    unlink(name.c_str());
    return file;
}

}  // namespace

ServerLog::ServerLog() : file_(new_file()) {}

ServerLog::~ServerLog() {
    close(file_);
}

std::string ServerLog::end(std::size_t most) const {
    struct stat status{};
    if (fstat(file_, &status) != 0) return "";
    const auto size = static_cast<std::size_t>(status.st_size);
    std::string text(std::min(size, most), '\0');
    const ssize_t count = pread(file_, text.data(), text.size(), static_cast<off_t>(size - text.size()));
    text.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
    return size > most && !text.empty() ? "..." + text : text;
}

}  // namespace asyncbench
