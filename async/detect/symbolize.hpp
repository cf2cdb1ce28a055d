#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace asyncbench::detail {

/// The functions at code addresses, innermost first, as `name (file:line)`, those inlined as frames of their
/// own; `name` alone where there is no debug information, the address where there is no symbol. Reads debug
/// information the first time, which takes up to seconds in large programs. Any thread.
std::vector<std::string> symbolize(std::span<const void* const> addresses);

/// The name in a function as compilers write it out, without what it returns, takes and is compiled to:
/// `net::fetch` of `asyncbench::Task<int> net::fetch(const Url&)`, of `net::fetch(net::fetch(Url const&)::
/// _ZN3net5fetchERK3Url.Frame*) [clone .actor]`, and of g++'s `[with T = int]`.
std::string short_function_name(std::string_view function);

}  // namespace asyncbench::detail
