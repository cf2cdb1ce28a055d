#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "harness/load/measurement.hpp"

namespace asyncbench {

/// Counts how the requests of a trial end: each status, and each reason in words. Thread-safe; what succeeds
/// costs one addition, and memory does not grow with what fails.
class EndingCounter {
  public:
    /// A whole response of `status`. `where_to` is not empty where it redirects.
    void count_status(int status, std::string_view where_to);
    /// Why a request failed that has no status to tell, or a wrong one.
    void count_reason(ErrorClass error, std::string_view message);

    Endings endings() const;

  private:
    static constexpr std::size_t statuses = 1000;

    std::array<std::atomic<std::uint64_t>, statuses> by_status_{};
    mutable std::mutex mutex_;
    std::map<std::pair<ErrorClass, std::string>, std::uint64_t> by_reason_;
    std::string redirect_;
};

/// Whether a response of the status leads elsewhere: 304 does not.
bool is_redirect(int status);

/// What failed, the commonest first and `most` at most: `60 × status 503 (Service Unavailable)`,
/// `161 × connect: Cannot assign requested address`. Of a class whose reasons are not known the count alone.
std::vector<std::string> failures_in_words(const ErrorCounts& errors, const Endings& endings,
                                           std::size_t most);

}  // namespace asyncbench
