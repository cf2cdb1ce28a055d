#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace asyncbench {

/// What a response's header says about the connection: HTTP/1.1 keeps it without a word, 1.0 does not.
enum class Persistence { implied, keep_alive, close };

/// Reason phrase of the statuses a target answers with.
std::string_view reason_of(int status);

/// Status line and header of a response of `length` body bytes.
std::string response_head(int status, std::string_view content_type, std::uint64_t length,
                          Persistence persistence);

/// The head of the answer to an `/io` request, with zeros in place of the time that it was held. It names no
/// content type: the content has none, and a client pays more to read that line than the one of the held
/// time.
struct IoHead {
    std::string text;
    std::size_t held_at = 0;  ///< where `held_digits` digits stand
};
IoHead io_response_head(int status, std::uint64_t length, Persistence persistence);

/// A whole response whose body is the reason phrase; none for the answer to HEAD, which has no body.
std::string plain_response(int status, Persistence persistence, bool with_body);

}  // namespace asyncbench
