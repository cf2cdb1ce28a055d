#include "harness/trial/targets_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "async/errors.hpp"
#include "async/utf8.hpp"
#include "harness/trial/input_file.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t longest_url = 65536;
constexpr std::string_view spaces = " \t";

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(spaces);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(spaces) - begin + 1);
}

bool is_url(std::string_view text) {
    return text.starts_with("http://") || text.starts_with("https://") || text.starts_with('/');
}

/// The URL behind `METHOD `, or all of the line; none where it begins no target.
std::optional<std::string_view> url_in(std::string_view line) {
    if (is_url(line)) return line;
    const auto space = line.find_first_of(spaces);
    if (space == std::string_view::npos || line.substr(0, space).find(':') != std::string_view::npos)
        return std::nullopt;
    const std::string_view url = trimmed(line.substr(space));
    return is_url(url) ? std::optional(url) : std::nullopt;
}

class TargetReader {
  public:
    TargetReader(std::string_view text, std::string_view file, bool is_sequence)
        : text_(text), file_(file), is_sequence_(is_sequence) {}

    std::vector<LoadTarget> targets() {
        const auto first = text_.find_first_not_of(" \t\r\n");
        const bool is_json = first != std::string_view::npos && text_[first] == '{';
        while (next_line()) {
            try {
                read(is_json);
            } catch (const Error& error) {
                // What a text of JSON says of itself names the line already.
                const std::string words = error.what();
                const bool names_it = words.starts_with(place());
                throw UsageError(names_it ? words : fmt::format("{} cannot be used: {}", place(), words));
            }
        }
        if (targets_.empty())
            throw UsageError(fmt::format("There is no {} in {}.", is_sequence_ ? "step" : "target", file_));
        return std::move(targets_);
    }

  private:
    std::string place() const { return fmt::format("Line {} of {}", line_number_, file_); }

    bool next_line() {
        if (text_.empty()) return false;
        const auto end = text_.find('\n');
        line_ = text_.substr(0, end);
        text_.remove_prefix(end == std::string_view::npos ? text_.size() : end + 1);
        if (line_.ends_with('\r')) line_.remove_suffix(1);
        ++line_number_;
        return true;
    }

    void read(bool is_json) {
        line_ = trimmed(line_);
        if (line_.empty() || line_.starts_with('#')) return;
        if (is_json) {
            const Json value = parse_json(line_, place());
            begin(load_target_from(JsonFields(value, place())));
        } else if (const auto url = url_in(line_)) {
            LoadTarget target{.url = std::string(*url)};
            if (url->size() < line_.size())
                target.method = parse_method(line_.substr(0, line_.find_first_of(spaces)));
            begin(std::move(target));
        } else {
            if (targets_.empty()) throw UsageError("A target begins with `METHOD URL` or with a URL.");
            add_to(targets_.back());
        }
    }

    /// A line behind that of the URL.
    void add_to(LoadTarget& target) {
        if (!line_.starts_with('@')) {
            if (as_utf8(line_) != line_) throw UsageError("The header is no UTF-8.");
            target.headers.push_back(parse_header(line_));
            return;
        }
        if (target.body) throw UsageError("The target has a body already.");
        const std::string path(line_.substr(1));
        SharedBytes& body = bodies_[path];
        if (body.empty()) body = SharedBytes(read_input(path, "The file of the body"));
        target.body = body;
        count_body(target);
    }

    void begin(LoadTarget target) {
        const auto& limits = is_sequence_ ? steps_limits : targets_limits;
        if (!limits.holds(targets_.size() + 1)) {
            throw UsageError(fmt::format("There are too many {}; they must be {}.",
                                         is_sequence_ ? "steps" : "targets", limits.words));
        }
        if (is_sequence_ && target.weight > 0)
            throw UsageError("A step has no weight: steps are done in their order.");
        if (!is_sequence_ && !target.captures.empty())
            throw UsageError("A capture is of a sequence; give the file by --steps.");
        check_url(target.url);
        if (is_sequence_ && target.name.empty()) target.name = fmt::format("step {}", targets_.size() + 1);
        count_body(target);
        targets_.push_back(std::move(target));
    }

    void check_url(const std::string& url) {
        if (url.size() > longest_url)
            throw UsageError(fmt::format("The URL is too long; at most {} bytes.", longest_url));
        const bool is_clean =
            std::none_of(url.begin(), url.end(), [](unsigned char c) { return c <= ' ' || c == 0x7f; });
        if (!is_clean || as_utf8(url) != url) {
            throw UsageError(
                "The URL has a space, a control character or no UTF-8; write it with %-escapes.");
        }
        if (url.starts_with('/')) return;
        const auto server = is_url(url) ? server_name_in(url) : std::nullopt;
        if (!server) {
            throw UsageError(fmt::format("'{}' is no URL; write it like http://localhost:8080/path.",
                                         SecretText::url(url).shown()));
        }
        if (server_.empty()) server_ = *server;
        if (*server != server_) {
            throw UsageError(
                fmt::format("All URLs must be of one server: this one is of {}, and others are of {}.",
                            *server, server_));
        }
    }

    void count_body(const LoadTarget& target) {
        if (!target.body) return;
        const std::size_t size = target.body->text().size();
        if (!body_limits.holds(size))
            throw UsageError(
                fmt::format("A body of {} bytes is too large; it must be {}.", size, body_limits.words));
        body_bytes_ += size;
        if (!bodies_limits.holds(body_bytes_))
            throw UsageError(
                fmt::format("The bodies are too large; together they must be {}.", bodies_limits.words));
    }

    std::string_view text_;  ///< what is left of it
    std::string_view file_;
    bool is_sequence_;
    std::string_view line_;
    std::size_t line_number_ = 0;
    std::vector<LoadTarget> targets_;
    std::map<std::string, SharedBytes> bodies_;  ///< by the paths of their files
    std::uint64_t body_bytes_ = 0;
    std::string server_;
};

}  // namespace

std::vector<LoadTarget> parse_targets(std::string_view text, std::string_view file) {
    return TargetReader(text, file, false).targets();
}

std::vector<LoadTarget> parse_steps(std::string_view text, std::string_view file) {
    return TargetReader(text, file, true).targets();
}

}  // namespace asyncbench
