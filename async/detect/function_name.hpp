#pragma once

#include <string>
#include <string_view>

namespace asyncbench::detail {

/// The name in a function as compilers write it out, without what it returns, takes and is compiled to:
/// `net::fetch` of `asyncbench::Task<int> net::fetch(const Url&)`, of `net::fetch(net::fetch(Url const&)::
/// _ZN3net5fetchERK3Url.Frame*) [clone .actor]`, and of g++'s `[with T = int]`.
std::string short_function_name(std::string_view function);

}  // namespace asyncbench::detail
