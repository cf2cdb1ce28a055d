#include "cli/terminal_width.hpp"

#include <sys/ioctl.h>

namespace asyncbench {

std::optional<std::size_t> columns_of_terminal(int descriptor) {
    winsize size{};
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
    return size.ws_col;
}

}  // namespace asyncbench
