#pragma once

#include <string>

namespace asyncbench {

/// What `git rev-parse HEAD` says in this directory. Empty outside a git work tree, and where git cannot say,
/// which is told on stderr.
std::string work_tree_commit();

}  // namespace asyncbench
