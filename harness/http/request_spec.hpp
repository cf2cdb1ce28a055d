#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/http/http_request.hpp"
#include "harness/http/tls_options.hpp"
#include "harness/work/secret_text.hpp"
#include "harness/work/units.hpp"
#include "harness/work/weighted_choice.hpp"

namespace asyncbench {

/// One of several paths that requests ask for.
struct WeightedPath {
    std::string path;          ///< `/items?page=2`
    std::uint32_t weight = 1;  ///< how often, against the weights of the others

    /// `/items`, `3:/items`. Throws UsageError, a sentence.
    static WeightedPath parse(std::string_view text);
    std::string text() const;  ///< the form parse() reads
    bool operator==(const WeightedPath&) const = default;
};

inline constexpr Limits<std::uint64_t> path_weight_limits{1, 1'000'000, "from 1 to 1000000"};

/// What a server that is not ours is asked. Our own targets have requests of their own.
struct RequestSpec {
    std::string method = {};                         ///< empty: POST where there is a body, else GET
    std::vector<SecretText> headers = {};            ///< whole lines, `Accept: text/html`
    std::optional<SharedBytes> body = std::nullopt;  ///< sent as it is; may be empty
    std::vector<WeightedPath> paths = {};            ///< behind the server's URL; none: the URL itself
    TlsOptions tls = {};

    bool operator==(const RequestSpec&) const = default;
};

inline constexpr Limits<std::uint64_t> body_limits{0, std::uint64_t{16} << 20, "at most 16 MiB"};

/// As -X says it, in capitals. Throws UsageError, a sentence, where it is no method or one that no load has.
std::string parse_method(std::string_view text);

/// As -H says it: `Name: value`; `Name:` leaves out a header that would be sent by itself, `Name;` sends one
/// without a value. Throws UsageError, a sentence that does not quote the value, which may be a secret.
std::string parse_header(std::string_view text);

/// Throws UsageError where its parts do not go together.
void check(const RequestSpec& spec);

std::string method_of(const RequestSpec& spec);

/// As they are sent.
std::vector<std::string> header_lines(const RequestSpec& spec);

/// Without a path behind the URL.
HttpRequest request_of(const RequestSpec& spec, const std::string& base_url);

/// One request for each path, in their order; the same request where there is none.
std::vector<HttpRequest> with_paths(const HttpRequest& request, const std::vector<WeightedPath>& paths);

/// All that is sent to the server at `base_url`.
std::vector<HttpRequest> requests_of(const RequestSpec& spec, const std::string& base_url);

/// In words, without the values of headers and without the body, which may be secrets: `POST /a (3 of 4), /b
/// (1 of 4) with Authorization and a body`. Empty where it is a GET of the URL itself.
std::string describe(const RequestSpec& spec);

/// Which path each request asks for: drawn from the seed and the request's id alone, so that every strategy
/// asks for the same ones in the same order.
class PathChoice {
  public:
    PathChoice(const std::vector<WeightedPath>& paths, std::uint64_t seed);

    /// The place of its path; 0 where there are no paths.
    std::size_t of(std::uint64_t id) const { return choice_.of(id); }

  private:
    WeightedChoice choice_;
};

}  // namespace asyncbench
