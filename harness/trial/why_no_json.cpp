#include "harness/trial/why_no_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>

#include "async/utf8.hpp"
#include "harness/trial/json_events.hpp"

namespace asyncbench {
namespace {

constexpr std::string_view white_space = " \t\r\n";
constexpr std::string_view write_it_again = "Write it again.";
/// What leaves no room for lines of others.
constexpr std::string_view how_to_write =
    "Let the program write the file itself (Google Benchmark: --benchmark_out=FILE; asyncbench: --json FILE), "
    "or redirect its stdout alone, without 2>&1.";

struct Beginning {
    std::string_view bytes;
    std::string_view name;
};

/// By their first bytes.
constexpr std::array<Beginning, 5> compressed{{{"\x1f\x8b", "gzip"},
                                               {"\x28\xb5\x2f\xfd", "zstd"},
                                               {"\xfd\x37\x7a\x58\x5a", "xz"},
                                               {"BZh", "bzip2"},
                                               {"PK\x03\x04", "zip"}}};

std::size_t line_of(std::string_view text, std::size_t at) {
    return 1 + static_cast<std::size_t>(std::count(
                   text.begin(), text.begin() + static_cast<std::ptrdiff_t>(std::min(at, text.size())), '\n'));
}

/// The line that holds the byte, without white space around it.
std::string shown_line(std::string_view text, std::size_t at) {
    constexpr std::size_t longest = 60;
    const std::size_t begin = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;  // npos + 1 is 0
    std::string_view line = text.substr(begin, text.find('\n', begin) - begin);
    line.remove_prefix(std::min(line.find_first_not_of(white_space), line.size()));
    line.remove_suffix(line.size() - (line.find_last_not_of(white_space) + 1));
    return fmt::format("`{}`", excerpt(as_utf8(line), longest));
}

bool is_utf16(std::string_view text) {
    if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) return true;
    // ASCII in UTF-16 without a mark: each second byte is 0.
    const auto is_null = [&](std::size_t i) { return text[i] == '\0'; };
    return text.size() >= 4 && is_null(0) == is_null(2) && is_null(1) == is_null(3) && is_null(0) != is_null(1);
}

/// The text of a table as Google Benchmark writes it where nobody asked for JSON.
bool is_console_table(std::string_view text) {
    return text.find("\n-----") != std::string_view::npos && text.find("Iterations") != std::string_view::npos;
}

bool is_csv(std::string_view text) {
    constexpr std::string_view of_google_benchmark = "name,iterations,real_time,";
    if (text.find(of_google_benchmark) != std::string_view::npos) return true;
    const auto commas_in = [&](std::size_t begin) {
        const std::string_view line = text.substr(begin, text.find('\n', begin) - begin);
        return std::count(line.begin(), line.end(), ',');
    };
    const std::size_t second = text.find('\n') + 1;  // npos + 1 is 0
    return second != 0 && second < text.size() && commas_in(0) >= 2 && commas_in(second) == commas_in(0);
}

/// How far the parser came.
struct Progress : JsonEvents {
    bool start_object(std::size_t /*size*/) override { return open(); }
    bool start_array(std::size_t /*size*/) override { return open(); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool parse_error(std::size_t position, const std::string& /*last*/, const Json::exception& error) override {
        read = position;
        reason = error.what();
        // `[json.exception.parse_error.101] parse error at line 2, column 0: ...`
        for (const std::string_view end : {"] ", ": "}) {
            const auto found = reason.find(end);
            if (found != std::string::npos && reason.find_first_of(":(") >= found) reason.erase(0, found + end.size());
        }
        return false;
    }
    bool open() {
        ++depth;
        return true;
    }
    bool close() {
        is_whole = --depth == 0;
        return true;
    }

    std::size_t depth = 0;
    bool is_whole = false;  ///< a document ended
    std::size_t read = 0;   ///< bytes; one more than the text has where it ended too early
    std::string reason;     ///< in the parser's words
};

/// What to do; nothing to say of a single line, as programs send them to each other.
std::string advice(std::string_view text) {
    return text.find('\n') == std::string_view::npos ? std::string() : fmt::format(" {}", how_to_write);
}

/// The first line after the first that JSON may begin with; npos where there is none.
std::size_t begin_of_json(std::string_view text) {
    for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', end + 1)) {
        const std::size_t begin = text.find_first_not_of(white_space, end);
        if (begin == std::string_view::npos) break;
        if (text[begin] != '{') continue;
        const std::size_t next = text.find_first_not_of(white_space, begin + 1);
        if (next != std::string_view::npos && (text[next] == '"' || text[next] == '}')) return begin;
    }
    return std::string_view::npos;
}

/// Of a text that does not begin as a document does.
std::string why_no_document(std::string_view text, std::size_t begin) {
    if (const std::size_t json = begin_of_json(text); json != std::string_view::npos) {
        return fmt::format("it is no JSON alone: line {} is text before the JSON, which begins in line {}: {}.{}",
                           line_of(text, begin), line_of(text, json), shown_line(text, begin), advice(text));
    }
    if (is_console_table(text))
        return fmt::format("it is no JSON, but a table of Google Benchmark for people. Ask for JSON: {}", how_to_write);
    if (is_csv(text)) return fmt::format("it is no JSON, but CSV. Ask for JSON: {}", how_to_write);
    return fmt::format("it is no JSON: line {} is {}.", line_of(text, begin), shown_line(text, begin));
}

/// Of what follows a whole document.
std::string why_more(std::string_view text, std::size_t next) {
    const std::size_t line = line_of(text, next);
    if (text[next] == '{' || text[next] == '[') {
        return fmt::format("it is no JSON alone: a second document begins in line {}. Give each a file of its own; the "
                           "program may append to a file that was there before.",
                           line);
    }
    return fmt::format("it is no JSON alone: line {} is text after the JSON: {}.{}", line, shown_line(text, next),
                       advice(text));
}

/// Whether the parser stopped at a digit after `12,`.
bool is_decimal_comma(std::string_view text, std::size_t at) {
    const auto is_digit = [&](std::size_t i) { return std::isdigit(static_cast<unsigned char>(text[i])) != 0; };
    const std::size_t comma = text.find_last_not_of("0123456789", at);
    return comma != std::string_view::npos && comma > 0 && comma < at && text[comma] == ',' && is_digit(comma - 1) &&
           is_digit(comma + 1);
}

/// Whether a line, which begins with no white space, is one of a log: JSON has no such lines.
bool is_text(std::string_view line) {
    constexpr std::string_view begin_of_json_line = "{}[]\",:";
    constexpr std::string_view of_numbers = "0123456789+-.eE, \t\r]}";
    if (begin_of_json_line.find(line[0]) == std::string_view::npos)
        return line.find_first_not_of(of_numbers) != std::string_view::npos;
    return line[0] == '[' && line.size() > 1 && std::isalpha(static_cast<unsigned char>(line[1])) != 0;
}

/// Of a fault within the document; `at` is the last byte that was read.
std::string why_broken(std::string_view text, std::size_t at, const std::string& reason) {
    const std::size_t line = line_of(text, at);
    const std::size_t begin_of_line = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
    const std::size_t begin = text.find_first_not_of(white_space, begin_of_line);
    if (is_decimal_comma(text, at)) {
        return fmt::format("it is no JSON, as line {} has a number with a decimal comma: {}. Let the program run in the "
                           "locale C (LC_ALL=C).",
                           line, shown_line(text, at));
    }
    if (begin <= at && is_text(text.substr(begin, text.find('\n', begin) - begin))) {
        return fmt::format("it is no JSON, as line {} is text within it: {}.{}", line, shown_line(text, at),
                           advice(text));
    }
    return fmt::format("it is no JSON, as line {} is wrong: {} ({}).", line, shown_line(text, at), reason);
}

}  // namespace

std::optional<std::string> why_other_than_json(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(white_space);
    if (begin == std::string_view::npos) {
        return fmt::format("it is no JSON, as it is empty. The program that writes it failed, or wrote elsewhere. {}",
                           write_it_again);
    }
    if (is_utf16(text)) {
        return "it is no JSON in UTF-8, but UTF-16, as `>` of Windows PowerShell writes it. Let the program write "
               "the file itself, or convert it: iconv -f UTF-16 -t UTF-8.";
    }
    for (const Beginning& each : compressed) {
        if (text.starts_with(each.bytes))
            return fmt::format("it is no JSON, but compressed ({}). Unpack it first.", each.name);
    }
    if (const std::size_t null = text.find('\0'); null != std::string_view::npos) {
        return fmt::format("it is no JSON, as it has NUL bytes, the first in line {}: it is another kind of file, or "
                           "the machine stopped while it was written. {}",
                           line_of(text, null), write_it_again);
    }
    constexpr std::string_view conflict = "\n<<<<<<< ";
    const std::size_t mark = text.starts_with(conflict.substr(1)) ? 0 : text.find(conflict);
    if (mark != std::string_view::npos) {
        return fmt::format("it is no JSON, as line {} marks a conflict of a merge. Resolve it.",
                           line_of(text, mark + (mark > 0 ? 1 : 0)));
    }
    if (text[begin] == '<') {
        return "it is no JSON, but HTML or XML, as a page that reports an error or asks for a login. Download the "
               "JSON itself.";
    }
    if (text.starts_with("version https://git-lfs"))
        return "it is no JSON, but a pointer of Git LFS. Fetch the file itself: git lfs pull.";
    return std::nullopt;
}

std::string why_no_json(std::string_view text) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (auto other = why_other_than_json(text)) return *std::move(other);
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    const std::size_t begin = std::min(text.find_first_not_of(white_space), text.size());
    Progress progress;
    Json::sax_parse(text, &progress);
    if (progress.is_whole) return why_more(text, std::min(progress.read, text.size()) - 1);
    const bool begins_so = text.substr(begin).find_first_of("{[") == 0;
    if (begins_so && progress.read > text.size()) {
        return fmt::format("it is no JSON, as it ends in the middle, in line {}: the program that writes it was ended, or "
                           "the disk is full. {}",
                           line_of(text, text.size()), write_it_again);
    }
    const std::size_t at = std::max<std::size_t>(std::min(progress.read, text.size()), 1) - 1;
    const bool breaks_at_once = line_of(text, at) == line_of(text, begin);  // `[info] ...`
    if (!begins_so || (breaks_at_once && begin_of_json(text) != std::string_view::npos))
        return why_no_document(text, begin);
    return why_broken(text, at, progress.reason);
}

}  // namespace asyncbench
