#include "harness/http/request_spec.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

#include "async/errors.hpp"
#include "harness/http/field_name.hpp"

namespace asyncbench {
namespace {

/// Apart from the streams of replies and arrivals; the trial protocol names it.
constexpr std::uint64_t path_stream = 24;

/// RFC 9110, section 5.6.2.
bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 ||
               std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos;
    });
}

bool is_number(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

/// `/a=3`, which is a path, and may be meant as one with its weight.
void refuse_weight_behind(std::string_view path) {
    const auto equals = path.rfind('=');
    if (equals == std::string_view::npos || path.find('?') != std::string_view::npos) return;
    const std::string_view behind = path.substr(equals + 1);
    if (!is_number(behind)) return;
    throw UsageError(
        fmt::format("'{0}' could be a path or one with a weight; write {2}:{1} for the weight, or {1}%3D{2} "
                    "for the path.",
                    path, path.substr(0, equals), behind));
}

void require_path(std::string_view path) {
    if (!path.starts_with('/'))
        throw UsageError(fmt::format("'{0}' is no path; it must begin with a slash, like /{0}.", path));
    const bool is_clean = std::none_of(path.begin(), path.end(),
                                       [](unsigned char c) { return c <= ' ' || c == 0x7f || c == '#'; });
    if (!is_clean) {
        throw UsageError(fmt::format(
            "The path '{}' has a space, a control character or a #; write them as %20, %0A or %23.", path));
    }
}

/// What is no ASCII as %-escapes, as browsers send it.
std::string in_ascii(std::string_view path) {
    std::string text;
    for (const unsigned char c : path) {
        if (c < 0x80) {
            text += static_cast<char>(c);
        } else {
            text += fmt::format("%{:02X}", c);
        }
    }
    return text;
}

std::vector<std::uint32_t> weights_of(const std::vector<WeightedPath>& paths) {
    std::vector<std::uint32_t> weights;
    for (const WeightedPath& path : paths) weights.push_back(path.weight);
    return weights;
}

}  // namespace

WeightedPath WeightedPath::parse(std::string_view text) {
    WeightedPath result;
    const auto colon = text.find(':');
    if (!text.starts_with('/') && colon != std::string_view::npos) {
        result.weight = static_cast<std::uint32_t>(parse_count(text.substr(0, colon), path_weight_limits));
        text.remove_prefix(colon + 1);
    }
    require_path(text);
    refuse_weight_behind(text);
    result.path = text;
    return result;
}

std::string WeightedPath::text() const {
    return weight == 1 ? path : fmt::format("{}:{}", weight, path);
}

std::string parse_method(std::string_view text) {
    std::string method(text);
    std::transform(method.begin(), method.end(), method.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    if (!is_token(method)) {
        throw UsageError(
            fmt::format("'{}' is no method; write it like GET, POST, PUT, PATCH or DELETE.", text));
    }
    if (method == "CONNECT") throw UsageError("CONNECT asks a proxy for a tunnel, which is no load.");
    return method;
}

std::string parse_header(std::string_view text) {
    const std::string_view name = field_name_of(text);
    if (name.size() == text.size() || !is_token(name)) {
        throw UsageError("A header must be written like 'Accept: text/html': a name, a colon and its value.");
    }
    const bool is_line = std::none_of(text.begin(), text.end(),
                                      [](unsigned char c) { return (c < ' ' && c != '\t') || c == 0x7f; });
    if (!is_line)
        throw UsageError(fmt::format("The header '{}' must be one line without control characters.", name));
    if (text[name.size()] == ';' && text.size() > name.size() + 1) {
        throw UsageError(
            fmt::format("The header '{0}' has no colon behind its name; write '{0}: VALUE'.", name));
    }
    return std::string(text);
}

void check(const RequestSpec& spec) {
    if (spec.body && (spec.method == "HEAD" || spec.method == "TRACE"))
        throw UsageError(fmt::format("A request with the method {} has no body.", spec.method));
    if (spec.body && !body_limits.holds(spec.body->text().size())) {
        throw UsageError(fmt::format("A body of {} bytes is too large; it must be {}.",
                                     spec.body->text().size(), body_limits.words));
    }
    if (!spec.tls.key.empty() && spec.tls.certificate.empty())
        throw UsageError("There is a private key without its certificate; give that too.");
}

std::string method_of(const RequestSpec& spec) {
    if (!spec.method.empty()) return spec.method;
    return spec.body ? "POST" : "GET";
}

std::vector<std::string> header_lines(const RequestSpec& spec) {
    std::vector<std::string> lines;
    for (const SecretText& line : spec.headers) lines.push_back(line.reveal());
    return lines;
}

HttpRequest request_of(const RequestSpec& spec, const std::string& base_url) {
    return {.url = base_url,
            .method = method_of(spec),
            .headers = header_lines(spec),
            .body = spec.body.value_or(SharedBytes())};
}

std::vector<HttpRequest> with_paths(const HttpRequest& request, const std::vector<WeightedPath>& paths) {
    if (paths.empty()) return {request};
    std::vector<HttpRequest> requests;
    for (const WeightedPath& path : paths) {
        requests.push_back(request);
        requests.back().url += in_ascii(path.path);
    }
    return requests;
}

std::vector<HttpRequest> requests_of(const RequestSpec& spec, const std::string& base_url) {
    return with_paths(request_of(spec, base_url), spec.paths);
}

std::string describe(const RequestSpec& spec) {
    std::uint64_t sum = 0;
    for (const WeightedPath& path : spec.paths) sum += path.weight;
    std::vector<std::string> paths;
    for (const WeightedPath& path : spec.paths) {
        paths.push_back(spec.paths.size() == 1 ? path.path
                                               : fmt::format("{} ({} of {})", path.path, path.weight, sum));
    }
    std::vector<std::string> with;
    for (const SecretText& line : spec.headers) with.emplace_back(field_name_of(line.reveal()));
    if (spec.body) with.emplace_back("a body");
    if (!spec.tls.certificate.empty()) with.emplace_back("a client certificate");
    if (!spec.tls.verify) with.emplace_back("any certificate of the server accepted");
    std::string text;
    if (method_of(spec) != "GET" || !paths.empty()) text = method_of(spec);
    if (!paths.empty()) text += fmt::format(" {}", fmt::join(paths, ", "));
    if (with.empty()) return text;
    if (text.empty()) text = "GET";
    const std::string last = with.back();
    with.pop_back();
    return text + (with.empty() ? fmt::format(" with {}", last)
                                : fmt::format(" with {} and {}", fmt::join(with, ", "), last));
}

PathChoice::PathChoice(const std::vector<WeightedPath>& paths, std::uint64_t seed)
    : choice_(weights_of(paths), seed, path_stream) {}

}  // namespace asyncbench
