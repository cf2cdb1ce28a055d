#include "harness/work/secret_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace asyncbench {
namespace {

constexpr std::string_view quotes_and_spaces = "'\"`<> \t\r\n";

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_of_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' || c == '_' ||
           c == '.';
}

std::string lower_case(std::string_view text) {
    std::string lower(text);
    // Of ASCII, whatever the locale is.
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return lower;
}

template <std::size_t count>
bool is_one_of(const std::array<std::string_view, count>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// Of a parameter, an option or a variable: `access_token`, `--password`, `API_KEY`.
bool names_a_secret(std::string_view name) {
    constexpr std::array<std::string_view, 5> whole{"key", "sig", "auth", "authorization", "pwd"};
    constexpr std::array<std::string_view, 9> parts{"token",      "secret",     "passw",
                                                    "passphrase", "apikey",     "credential",
                                                    "signature",  "privatekey", "accesskey"};
    const std::string lower = lower_case(name.substr(std::min(name.find_first_not_of("-."), name.size())));
    if (is_one_of(whole, lower)) return true;
    std::string letters;
    std::copy_if(lower.begin(), lower.end(), std::back_inserter(letters),
                 [](char c) { return c != '-' && c != '_' && c != '.'; });
    return std::any_of(parts.begin(), parts.end(),
                       [&](std::string_view part) { return letters.find(part) != std::string::npos; });
}

bool is_header_with_a_secret(std::string_view name) {
    constexpr std::array<std::string_view, 5> whole{"authorization", "proxy-authorization", "cookie",
                                                    "set-cookie", "www-authenticate"};
    // Any other has a dash: `token: ` is what parsers say of what they did not expect.
    return is_one_of(whole, lower_case(name)) ||
           (name.find('-') != std::string_view::npos && name.front() != '-' && names_a_secret(name));
}

/// What a text is taken apart into, from left to right.
class Hider {
  public:
    /// `whole` is a URL and nothing else, so that no quotes or spaces end it.
    explicit Hider(std::string_view text, bool whole = false) : text_(text), is_url_(whole) {}

    std::string result() {
        while (at_ < text_.size()) {
            if (hide_in_url() || hide_value()) continue;
            shown_ += text_[at_++];
        }
        return std::move(shown_);
    }

  private:
    /// Up to `end`, and goes on there.
    void hide_until(std::size_t end) {
        shown_ += hidden_mark;
        at_ = end;
    }

    /// Where the name begins that ends before `end`.
    std::string_view name_before(std::size_t end) const {
        std::size_t begin = end;
        while (begin > 0 && is_of_name(text_[begin - 1])) --begin;
        return text_.substr(begin, end - begin);
    }

    /// Behind `://`: whether something is hidden of what stands before the host.
    bool hide_in_url() {
        constexpr std::string_view mark = "://";
        if (at_ < mark.size() || text_.substr(at_ - mark.size(), mark.size()) != mark) return false;
        const std::string_view rest = text_.substr(at_);
        const std::string_view token = is_url_ ? rest : rest.substr(0, rest.find_first_of(quotes_and_spaces));
        const std::string_view authority = token.substr(0, token.find_first_of("/?#"));
        auto sign = authority.rfind('@');
        // A password that was not encoded may hold a slash; what stands behind the colon is no port then.
        const auto colon = authority.find(':');
        const bool has_port = colon == std::string_view::npos || authority.starts_with('[') ||
                              std::all_of(authority.begin() + static_cast<std::ptrdiff_t>(colon) + 1,
                                          authority.end(), is_digit);
        if (sign == std::string_view::npos && !has_port) sign = token.rfind('@');
        if (sign == std::string_view::npos || sign == 0) return false;
        hide_until(at_ + sign);
        return true;
    }

    /// At what is between a name and its value: `=`, `:`, or the space behind an option.
    bool hide_value() {
        const char c = text_[at_];
        if (c != '=' && c != ':' && c != ' ' && c != '"') return false;
        const std::string_view name = name_before(at_);
        if (name.empty()) return false;
        if (c == '=') return names_a_secret(name) && hide_behind(1, "&;,)#");
        if (c == ':') return is_header_with_a_secret(name) && hide_line();
        if (c == ' ')
            return name.starts_with("--") && names_a_secret(name) && is_value(at_ + 1) && hide_behind(1, "");
        return text_.substr(at_).starts_with("\":") && names_a_secret(name) && hide_behind(2, ",}");
    }

    bool is_value(std::size_t at) const { return at < text_.size() && text_[at] != '-'; }

    /// A value that begins `between` characters further on, and ends with its quotes, or at a space or one of
    /// `ends`.
    bool hide_behind(std::size_t between, std::string_view ends) {
        std::size_t begin = at_ + between;
        while (between > 1 && begin < text_.size() && text_[begin] == ' ') ++begin;
        const bool quoted = begin < text_.size() && (text_[begin] == '\'' || text_[begin] == '"');
        if (quoted) ++begin;
        const std::size_t end =
            quoted ? text_.find(text_[begin - 1], begin)
                   : text_.find_first_of(std::string(quotes_and_spaces) + std::string(ends), begin);
        return hide_between(begin, end);
    }

    /// A header's value, which may hold spaces; it ends with the line or the quotes around it.
    bool hide_line() {
        std::size_t begin = at_ + 1;
        while (begin < text_.size() && text_[begin] == ' ') ++begin;
        return hide_between(begin, text_.find_first_of("'\"`\r\n", begin));
    }

    bool hide_between(std::size_t begin, std::size_t end) {
        end = std::min(end, text_.size());
        if (begin >= end) return false;
        shown_ += text_.substr(at_, begin - at_);
        hide_until(end);
        return true;
    }

    std::string_view text_;
    bool is_url_;
    std::string shown_;
    std::size_t at_ = 0;
};

}  // namespace

std::string without_secrets(std::string_view text) {
    return Hider(text).result();
}

SecretText SecretText::url(std::string text) {
    constexpr std::string_view scheme = "http://";
    const std::string_view missing = text.find("://") == std::string::npos ? scheme : "";
    const std::string whole = std::string(missing) + text;
    std::string shown = Hider(whole, true).result().substr(missing.size());
    return {std::move(text), std::move(shown)};
}

SecretText SecretText::header(std::string line) {
    constexpr std::array<std::string_view, 19> harmless{"accept",
                                                        "accept-charset",
                                                        "accept-encoding",
                                                        "accept-language",
                                                        "cache-control",
                                                        "connection",
                                                        "content-encoding",
                                                        "content-length",
                                                        "content-type",
                                                        "expect",
                                                        "host",
                                                        "if-modified-since",
                                                        "if-none-match",
                                                        "origin",
                                                        "pragma",
                                                        "range",
                                                        "te",
                                                        "upgrade",
                                                        "user-agent"};
    const auto colon = line.find(':');
    const auto name = std::string_view(line).substr(0, colon);
    if (is_one_of(harmless, lower_case(name))) return {std::move(line)};
    // Without a colon it is no header, and nobody knows which part of it is the secret.
    std::string shown =
        colon == std::string::npos ? std::string(hidden_mark) : fmt::format("{}: {}", name, hidden_mark);
    return {std::move(line), std::move(shown)};
}

SecretText SecretText::body(std::string text) {
    std::string shown = fmt::format("{} ({} bytes)", hidden_mark, text.size());
    return {std::move(text), std::move(shown)};
}

bool SecretText::lacks_its_secret() const {
    const std::string mark(hidden_mark);
    return text_.find(mark + "@") != std::string::npos || text_.find("=" + mark) != std::string::npos ||
           text_.ends_with(": " + mark) || text_.starts_with(mark + " (");
}

}  // namespace asyncbench
