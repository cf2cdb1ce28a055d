#include "harness/trial/input_file.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <fstream>
#include <iostream>

#include "async/errors.hpp"

namespace asyncbench {

std::string read_input(const std::string& path, std::string_view what) {
    constexpr std::size_t longest = std::size_t{64} << 20;
    std::ifstream file;
    if (path != "-") file.open(path, std::ios::binary);
    std::istream& in = path == "-" ? std::cin : file;
    std::string text;
    std::string piece(65536, '\0');
    while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0) {
        text.append(piece, 0, static_cast<std::size_t>(in.gcount()));
        if (text.size() > longest)
            throw UsageError(fmt::format("{} {} is too large; it must be at most 64 MiB.", what, path));
    }
    if (path != "-" && (!file.is_open() || file.bad())) {
        throw UsageError(
            fmt::format("{} {} cannot be read; check that it exists and is readable.", what, path));
    }
    return text;
}

}  // namespace asyncbench
