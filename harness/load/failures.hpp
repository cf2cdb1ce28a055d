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

/// Counts how the requests of a trial end: each status, and each reason in words. Thread-safe. What succeeds
/// costs one addition; memory does not grow with what fails, and nothing is allocated but for the first
/// redirect.
class EndingCounter {
  public:
    /// A whole response of `status`. `where_to` is not empty where it redirects.
    void count_status(int status, std::string_view where_to);
    /// Why a request failed that has no status to tell, or a wrong one.
    void count_reason(ErrorClass error, std::string_view message);

    Endings endings() const;

  private:
    static constexpr std::size_t statuses = 1000;
    static constexpr std::size_t longest_reason = 200;  ///< bytes
    /// Of a trial, each once. What comes after these is counted by its class alone.
    static constexpr std::size_t most_reasons = 32;

    /// A message, cut, and with `N` for durations and sizes: messages that differ in these alone are one.
    struct Reason {
        ErrorClass error = ErrorClass::other;
        std::size_t length = 0;
        std::array<char, longest_reason> text{};
        std::uint64_t count = 0;

        Reason() = default;
        Reason(ErrorClass error_class, std::string_view message);
        std::string_view message() const { return {text.data(), length}; }
        bool is_as(const Reason& other) const { return error == other.error && message() == other.message(); }
    };

    std::array<std::atomic<std::uint64_t>, statuses> by_status_{};
    mutable std::mutex mutex_;
    std::array<Reason, most_reasons> reasons_;
    std::size_t reasons_known_ = 0;
    std::array<std::uint64_t, 6> others_{};  ///< by class
    std::string redirect_;
};

/// Whether a response of the status leads elsewhere: 304 does not.
bool is_redirect(int status);

/// What failed, the commonest first and `most` at most: `60 × status 503 (Service Unavailable)`,
/// `161 × connect: Cannot assign requested address`. Of a class whose reasons are not known the count alone.
std::vector<std::string> failures_in_words(const ErrorCounts& errors, const Endings& endings,
                                           std::size_t most);

}  // namespace asyncbench
