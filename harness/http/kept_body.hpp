#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace asyncbench {

/// A body of which a long one is kept as its beginning and its last byte, so that memory does not grow with
/// it.
struct KeptBody {
    std::size_t most = std::numeric_limits<std::size_t>::max();  ///< bytes of the beginning
    std::string text = {};      ///< where `skipped` is over 0, and the last byte
    std::uint64_t skipped = 0;  ///< bytes before the last one that are not kept

    std::uint64_t bytes() const { return text.size() + skipped; }

    void take(std::string_view piece) {
        const std::size_t room = most > text.size() ? most - text.size() : 0;
        text.append(piece.substr(0, room));
        if (piece.size() <= room) return;
        // The last byte so far stands at the end, behind what is kept.
        if (text.size() == most) {
            text.push_back(piece.back());
            skipped += piece.size() - room - 1;
        } else {
            text.back() = piece.back();
            skipped += piece.size();
        }
    }

    void clear() {
        text.clear();
        skipped = 0;
    }
};

}  // namespace asyncbench
