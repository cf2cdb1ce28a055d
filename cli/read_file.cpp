#include "cli/read_file.hpp"

#include <fstream>
#include <sstream>

namespace asyncbench {

std::optional<std::string> read_whole_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    // An empty stream buffer counts as a failure to insert.
    if (file && file.peek() != std::ifstream::traits_type::eof()) text << file.rdbuf();
    if (!file.is_open() || file.bad() || !text) return std::nullopt;
    return text.str();
}

}  // namespace asyncbench
