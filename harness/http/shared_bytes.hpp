#pragma once

#include <memory>
#include <string>
#include <utility>

namespace asyncbench {

/// Bytes that do not change and that copies share: a body of megabytes is kept once, whatever the number of
/// transfers that send it. May be read by many threads.
class SharedBytes {
  public:
    SharedBytes() = default;
    SharedBytes(std::string bytes)  // NOLINT(google-explicit-constructor): a body is written as a text
        : bytes_(bytes.empty() ? nullptr : std::make_shared<const std::string>(std::move(bytes))) {}
    SharedBytes(const char* text) : SharedBytes(std::string(text)) {}  // NOLINT(google-explicit-constructor)

    bool empty() const { return bytes_ == nullptr; }
    /// Lives as long as one of the copies.
    const std::string& text() const {
        static const std::string none;
        return bytes_ == nullptr ? none : *bytes_;
    }

    friend bool operator==(const SharedBytes& a, const SharedBytes& b) {
        return a.bytes_ == b.bytes_ || a.text() == b.text();
    }

  private:
    std::shared_ptr<const std::string> bytes_;
};

}  // namespace asyncbench
