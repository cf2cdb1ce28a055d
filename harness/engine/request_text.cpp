#include "harness/engine/request_text.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <string_view>
#include <vector>

#include "async/errors.hpp"
#include "harness/measure/base64.hpp"
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

bool equal_names(std::string_view one, std::string_view other) {
    return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                      [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

/// Fields in the order in which they are sent; one that the user gives stands in place of ours.
class Fields {
  public:
    explicit Fields(const std::vector<std::string>& given) : given_(given) {}

    void add_unless_given(std::string_view name, std::string_view value) {
        const bool is_given = std::any_of(given_.begin(), given_.end(), [&](const std::string& line) {
            return equal_names(std::string_view(line).substr(0, line.find_first_of(":;")), name);
        });
        if (!is_given) text_ += fmt::format("{}: {}\r\n", name, value);
    }
    std::string take() {
        for (const std::string& line : given_) {
            const auto end = line.find_first_of(":;");
            const bool has_value = line.find_first_not_of(" \t", end + 1) != std::string::npos;
            if (line[end] == ';') text_ += line.substr(0, end) + ":\r\n";
            if (line[end] == ':' && has_value) text_ += line + "\r\n";
        }
        return std::move(text_);
    }

  private:
    const std::vector<std::string>& given_;
    std::string text_;
};

}  // namespace

std::string request_text(const HttpRequest& request, bool keep_alive) {
    const UrlParts url(request.url);
    const std::string port = url.part(CURLUPART_PORT);
    const std::string query = url.part(CURLUPART_QUERY);
    const std::string user = url.part(CURLUPART_USER, CURLU_URLDECODE);
    Fields fields(request.headers);
    fields.add_unless_given("Host",
                            url.part(CURLUPART_HOST) + (port.empty() || port == "80" ? "" : ":" + port));
    if (!user.empty()) {
        const std::string password = url.part(CURLUPART_PASSWORD, CURLU_URLDECODE);
        fields.add_unless_given("Authorization", "Basic " + encode_base64(user + ":" + password));
    }
    fields.add_unless_given("Accept", "*/*");
    if (!keep_alive) fields.add_unless_given("Connection", "close");
    const std::string& body = request.body.text();
    if (!body.empty() || request.method == "POST" || request.method == "PUT") {
        fields.add_unless_given("Content-Length", std::to_string(body.size()));
        fields.add_unless_given("Content-Type", "application/x-www-form-urlencoded");
    }
    return fmt::format("{} {}{} HTTP/1.1\r\n{}\r\n{}", request.method, url.part(CURLUPART_PATH),
                       query.empty() ? "" : "?" + query, fields.take(), body);
}

}  // namespace asyncbench
