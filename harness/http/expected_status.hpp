#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace asyncbench {

/// Which statuses of responses are right: below 400 where nothing else is said.
class ExpectedStatus {
  public:
    /// `200`, `200,404`, `2xx,304`. Throws UsageError, a sentence.
    static ExpectedStatus parse(std::string_view text);

    bool holds(int status) const;
    /// The form that parse() reads; empty where nothing is said.
    const std::string& text() const { return text_; }
    bool operator==(const ExpectedStatus&) const = default;

  private:
    struct Range {
        int least = 0;
        int most = 0;
        bool operator==(const Range&) const = default;
    };
    std::vector<Range> ranges_;
    std::string text_;
};

}  // namespace asyncbench
