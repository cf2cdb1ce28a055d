#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace asyncbench {

/// Stands in place of what is hidden.
inline constexpr std::string_view hidden_mark = "***";

/// The text with `***` for each secret that its form gives away: user and password of a URL
/// (`http://***@host/`); the value of a name that holds `token`, `password`, `api_key` or the like
/// (`?access_token=***`, `--password ***`); and of a header such as Authorization or Cookie. For text that
/// was made elsewhere: a command line, what a program or a server wrote. Applied twice it changes nothing
/// more.
std::string without_secrets(std::string_view text);

/// Text that a client or a program is given as it is, and that nobody else sees so: a URL with a password, a
/// command, a header with a token. It becomes no std::string by itself: who needs the text says which one,
/// and every report and message is given shown().
class SecretText {
  public:
    SecretText() = default;
    /// Shown by without_secrets().
    SecretText(std::string text) : text_(std::move(text)), shown_(without_secrets(text_)) {}
    SecretText(std::string_view text) : SecretText(std::string(text)) {}
    SecretText(const char* text) : SecretText(std::string(text)) {}

    /// A URL, of which the user's name and password are hidden where the scheme is missing, too.
    static SecretText url(std::string text);
    /// A whole line `Name: value`. Its value is shown where the name is known to hold no secret (Accept,
    /// Content-Type, ...), and else hidden.
    static SecretText header(std::string line);
    /// Of which the length alone is shown: the body of a request.
    static SecretText body(std::string text);

    /// For whom it is meant alone: a client, a shell, a child's stdin. Never for output.
    const std::string& reveal() const { return text_; }
    /// For everybody.
    const std::string& shown() const { return shown_; }
    bool empty() const { return text_.empty(); }

    /// Whether it was read from where it is shown, so that the secret itself is missing.
    bool lacks_its_secret() const;

    /// How it is shown does not matter: what was read from a file may not know that it is a header.
    bool operator==(const SecretText& other) const { return text_ == other.text_; }

  private:
    SecretText(std::string text, std::string shown) : text_(std::move(text)), shown_(std::move(shown)) {}

    std::string text_;
    std::string shown_;
};

}  // namespace asyncbench
