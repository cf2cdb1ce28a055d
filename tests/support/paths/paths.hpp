// Where the tests find what they need. Functions, so that only their own file depends on the place of a
// checkout, and a compiler cache serves every other one.
#pragma once

#include <string>

namespace asyncbench::test {

/// The folder of this project's sources, without a slash at its end.
std::string source_dir();

/// The path of the asyncbench command that was built with the tests.
std::string asyncbench_program();

}  // namespace asyncbench::test
