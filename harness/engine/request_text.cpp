#include "harness/engine/request_text.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "async/errors.hpp"
#include "harness/http/field_name.hpp"
#include "harness/measure/base64.hpp"
#include "harness/work/lower_case.hpp"
#include "harness/work/secret_text.hpp"

namespace asyncbench {
namespace {

/// Where its bytes come from, taken apart as libcurl does it.
class UrlParts {
  public:
    explicit UrlParts(const std::string& url) : url_(curl_url(), &curl_url_cleanup) {
        if (curl_url_set(url_.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK)
            throw UsageError(fmt::format("'{}' is no URL.", SecretText::url(url).shown()));
    }
    /// Empty where there is none.
    std::string part(CURLUPart which, unsigned flags = 0) const {
        char* text = nullptr;
        if (curl_url_get(url_.get(), which, &text, flags) != CURLUE_OK) return {};
        std::string result(text);
        curl_free(text);
        return result;
    }

  private:
    std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url_;
};

/// Fields that say something of a connection of HTTP/1.1, and are an error in HTTP/2 (RFC 9113,
/// section 8.2.2).
bool is_of_connection(std::string_view name) {
    constexpr std::array<std::string_view, 5> names{"connection", "keep-alive", "proxy-connection",
                                                    "transfer-encoding", "upgrade"};
    return std::find(names.begin(), names.end(), name) != names.end();
}

using FieldList = std::vector<std::pair<std::string, std::string>>;

/// Fields in the order in which they are sent; one that the user gives stands in place of ours.
class Fields {
  public:
    explicit Fields(const std::vector<std::string>& given) : given_(given) {}

    void add_unless_given(std::string_view name, std::string_view value) {
        const bool is_given = std::any_of(given_.begin(), given_.end(), [&](const std::string& line) {
            return is_same_field(field_name_of(line), name);
        });
        if (!is_given) list_.emplace_back(name, value);
    }
    FieldList take() {
        for (const std::string& line : given_) {
            const auto end = line.find_first_of(":;");
            const auto value = line.find_first_not_of(" \t", end + 1);
            if (line[end] == ';') list_.emplace_back(line.substr(0, end), "");
            if (line[end] == ':' && value != std::string::npos)
                list_.emplace_back(line.substr(0, end), line.substr(value));
        }
        return std::move(list_);
    }

  private:
    const std::vector<std::string>& given_;
    FieldList list_;
};

std::string authority_of(const UrlParts& url) {
    const std::string port = url.part(CURLUPART_PORT);
    const bool is_default = port.empty() || port == (url.part(CURLUPART_SCHEME) == "https" ? "443" : "80");
    return url.part(CURLUPART_HOST) + (is_default ? "" : ":" + port);
}

std::string path_of(const UrlParts& url) {
    const std::string query = url.part(CURLUPART_QUERY);
    return url.part(CURLUPART_PATH) + (query.empty() ? "" : "?" + query);
}

/// All but `Host` and `Connection`.
void add_fields(Fields& fields, const HttpRequest& request, const UrlParts& url) {
    const std::string user = url.part(CURLUPART_USER, CURLU_URLDECODE);
    if (!user.empty()) {
        const std::string password = url.part(CURLUPART_PASSWORD, CURLU_URLDECODE);
        fields.add_unless_given("Authorization", "Basic " + encode_base64(user + ":" + password));
    }
    fields.add_unless_given("Accept", "*/*");
    const std::string& body = request.body.text();
    if (!body.empty() || request.method == "POST" || request.method == "PUT") {
        fields.add_unless_given("Content-Length", std::to_string(body.size()));
        fields.add_unless_given("Content-Type", "application/x-www-form-urlencoded");
    }
}

}  // namespace

std::string request_text(const HttpRequest& request, bool keep_alive) {
    const UrlParts url(request.url);
    Fields fields(request.headers);
    fields.add_unless_given("Host", authority_of(url));
    add_fields(fields, request, url);
    if (!keep_alive) fields.add_unless_given("Connection", "close");
    std::string text = fmt::format("{} {} HTTP/1.1\r\n", request.method, path_of(url));
    for (const auto& [name, value] : fields.take())
        text += fmt::format("{}:{}{}\r\n", name, value.empty() ? "" : " ", value);
    return text + "\r\n" + request.body.text();
}

Http2Request http2_request(const HttpRequest& request) {
    const UrlParts url(request.url);
    Fields fields(request.headers);
    add_fields(fields, request, url);
    Http2Request made{{{":method", request.method},
                       {":scheme", url.part(CURLUPART_SCHEME)},
                       {":authority", authority_of(url)},
                       {":path", path_of(url)}},
                      request.body.text()};
    for (auto& [written, value] : fields.take()) {
        std::string name = in_lower_case(written);
        if (name == "host") {
            made.fields[2].second = value;
        } else if (!is_of_connection(name)) {
            made.fields.emplace_back(std::move(name), std::move(value));
        }
    }
    return made;
}

}  // namespace asyncbench
