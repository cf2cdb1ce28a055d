#include "cli/write_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "cli/tell.hpp"

namespace asyncbench {

Error not_writable(const std::string& path) {
    return Error(fmt::format("{} cannot be written: {}. Choose another place, or mend its permissions.", path,
                             std::strerror(errno)));
}

void save_file(const std::string& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << text;
    file.close();
    if (!file) throw not_writable(path);
}

void write_file(const std::string& path, const std::string& text) {
    save_file(path, text);
    tell(fmt::format("Wrote {}", path));
}

void write_to_stdout(const std::string& text) {
    const bool whole = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
    if (!whole || std::fflush(stdout) != 0) {
        throw Error(fmt::format("The result cannot be written to stdout: {}.", std::strerror(errno)));
    }
}

}  // namespace asyncbench
