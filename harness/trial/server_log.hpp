#pragma once

#include <cstddef>
#include <string>

namespace asyncbench {

/// What a server writes: a file in the temporary directory without a name, which no end of ours leaves
/// behind.
class ServerLog {
  public:
    /// Throws Error where there can be none.
    ServerLog();
    ~ServerLog();
    ServerLog(const ServerLog&) = delete;
    ServerLog& operator=(const ServerLog&) = delete;

    /// To be written to, at its end; not inherited by children as it is.
    int descriptor() const { return file_; }

    /// The last `most` bytes of it, without white space at the end; after "..." where there is more.
    std::string end(std::size_t most) const;

  private:
    int file_;
};

}  // namespace asyncbench
