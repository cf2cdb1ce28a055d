#include "cli/work_tree_commit.hpp"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <system_error>

#include "async/clock.hpp"
#include "async/errors.hpp"
#include "cli/tell.hpp"
#include "harness/trial/child_process.hpp"

namespace asyncbench {
namespace {

namespace fs = std::filesystem;

/// Asked first, as git would complain on stderr where there is none.
bool in_work_tree() {
    std::error_code error;
    for (fs::path folder = fs::current_path(error); !folder.empty(); folder = folder.parent_path()) {
        if (fs::exists(folder / ".git", error)) return true;
        if (folder == folder.root_path()) break;
    }
    return false;
}

bool is_commit(const std::string& text) {
    constexpr std::size_t sha1_digits = 40;
    constexpr std::size_t sha256_digits = 64;
    return (text.size() == sha1_digits || text.size() == sha256_digits) &&
           text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

std::string work_tree_commit() {
    if (!in_work_tree()) return "";
    constexpr std::chrono::seconds patience{10};
    std::string reason;
    try {
        ChildProcess git({.command = {"git", "rev-parse", "--verify", "HEAD"}});
        const TimePoint deadline = Clock::now() + patience;
        const ChildProcess::Read answer = git.read_line(deadline);
        const std::string ending = git.finish(deadline);
        if (answer.outcome == ChildProcess::Wait::line && is_commit(answer.line)) return answer.line;
        reason = "git " + ending;
    } catch (const Error& error) {
        reason = error.what();
    }
    tell(fmt::format("The commit of this work tree is not known ({}); give it with --commit.", reason));
    return "";
}

}  // namespace asyncbench
