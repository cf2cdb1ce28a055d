#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "harness/engine/kept_response.hpp"

namespace re2 {
class RE2;
}

namespace asyncbench {

/// A place in a response: `header NAME`, `body`, or `json POINTER`, which is RFC 6901 (`/items/0/id`).
class ResponseQuery {
  public:
    /// Takes its words from the front of `text`, and the space behind them. Throws UsageError, a sentence.
    static ResponseQuery take_from(std::string_view& text);

    /// What stands there; none where the response has no such thing. Of a header that stands there several
    /// times all values, by commas. Of JSON that is no text the compact form.
    std::optional<std::string> value_in(const KeptResponse& response) const;

    bool needs_body() const { return kind_ != Kind::header; }
    std::string text() const;  ///< the form that is read
    bool operator==(const ResponseQuery&) const = default;

  private:
    enum class Kind : std::uint8_t { header, body, json };

    Kind kind_ = Kind::body;
    std::string argument_;
};

/// A regular expression of RE2, which takes linear time whatever the text. Copies share it; any thread.
class Pattern {
  public:
    /// Throws UsageError, a sentence.
    explicit Pattern(std::string_view text);

    bool finds(std::string_view text) const;
    /// Of the first match in `text` the first group, or where the pattern has none all of it; none where
    /// nothing matches.
    std::optional<std::string> first_in(std::string_view text) const;

  private:
    std::shared_ptr<const re2::RE2> compiled_;
};

/// What a response must be, besides its status: `header Content-Type contains json`, `body matches ^\[`,
/// `json /items/0/id == 7`, `header X-Cache not exists`.
class ResponseCheck {
  public:
    /// Throws UsageError, a sentence.
    static ResponseCheck parse(std::string_view text);

    /// Empty where it holds; else why not, valid as long as this.
    std::string_view problem_of(const KeptResponse& response) const;

    bool needs_body() const { return query_.needs_body(); }
    const std::string& text() const { return text_; }
    bool operator==(const ResponseCheck& other) const { return text_ == other.text_; }

  private:
    enum class Predicate : std::uint8_t { equals, contains, matches, exists };

    explicit ResponseCheck(std::string_view text);
    bool holds(const std::optional<std::string>& found) const;

    std::string text_;
    ResponseQuery query_;
    bool is_not_ = false;
    Predicate predicate_ = Predicate::exists;
    std::string value_;
    std::optional<Pattern> pattern_;
    std::string problem_;
    std::string problem_of_cut_;  ///< where only the beginning of the body was looked at
};

/// A value that is taken out of a response for the requests that follow: a place, and `regex PATTERN` for
/// the part of it that the first group matches: `header Location regex /orders/(\d+)`.
class Capture {
  public:
    /// Throws UsageError, a sentence.
    static Capture parse(std::string_view name, std::string_view text);

    /// None where there is nothing to take.
    std::optional<std::string> value_in(const KeptResponse& response) const;
    /// Where there is none.
    const std::string& problem() const { return problem_; }

    bool needs_body() const { return query_.needs_body(); }
    const std::string& name() const { return name_; }  ///< of the variable
    const std::string& text() const { return text_; }

  private:
    Capture(std::string_view name, std::string_view text);

    std::string name_;
    std::string text_;
    ResponseQuery query_;
    std::optional<Pattern> pattern_;
    std::string problem_;
};

}  // namespace asyncbench
