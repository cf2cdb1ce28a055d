#pragma once

#include <string>

namespace asyncbench {

/// Hands the file to the desktop (xdg-open) and waits until it has taken it. Throws Error where there is no
/// display or no program that opens it.
void open_page(const std::string& path);

}  // namespace asyncbench
