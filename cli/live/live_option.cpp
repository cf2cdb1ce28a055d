#include "cli/live/live_option.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cli/tell.hpp"

namespace asyncbench {

void LiveOption::add_to(CLI::App& command, const std::string& what) {
    command
        .add_flag(
            "--live{0}", port_,
            fmt::format("Serve a page of the {} while it goes on, on 127.0.0.1 (without PORT: a free one)",
                        what))
        ->option_text("[=PORT]")
        ->check(CLI::Range(0, 65535));
}

std::uint16_t LiveOption::port() const {
    return static_cast<std::uint16_t>(std::stoul(port_));
}

void LiveOption::tell_of(const std::string& url) {
    put_on_stderr(fmt::format("Live at {}\n", url));
}

}  // namespace asyncbench
