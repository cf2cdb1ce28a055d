#include "harness/engine/request_text.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "async/errors.hpp"
#include "harness/http/blocking_session.hpp"
#include "harness/http/request_spec.hpp"
#include "tests/support/http/kept_server.hpp"

namespace asyncbench::request_text_tests {

TEST(RequestText, SaysWhatTheUrlSays) {
    EXPECT_EQ(request_text({.url = "http://h:81/a%20b?c=d&e"}, true),
              "GET /a%20b?c=d&e HTTP/1.1\r\nHost: h:81\r\nAccept: */*\r\n\r\n");
    EXPECT_EQ(request_text({.url = "http://[::1]"}, false),
              "GET / HTTP/1.1\r\nHost: [::1]\r\nAccept: */*\r\nConnection: close\r\n\r\n");
    EXPECT_THROW(request_text({.url = "http://"}, true), UsageError);
}

TEST(RequestText, TakesHeadersOfTheUserInPlaceOfItsOwn) {
    EXPECT_EQ(request_text(
                  {.url = "http://h/", .headers = {"host: other", "Accept:", "X-Empty;", "X-One: 1"}}, true),
              "GET / HTTP/1.1\r\nhost: other\r\nX-Empty:\r\nX-One: 1\r\n\r\n");
}

/// Of the same request, as libcurl sends it.
std::string head_of_libcurl(HttpRequest request) {
    test::KeptServer server([](const auto&) { return test::ok_answer(); });
    request.url.replace(request.url.find("HOST"), 4, "127.0.0.1:" + std::to_string(server.port()));
    BlockingSession session({});
    session.send(request);
    std::string head = server.heads().front();
    const std::string port = ":" + std::to_string(server.port());
    return head.replace(head.find(port), port.size(), "");
}

TEST(RequestText, AsksAServerTheSameAsRunDoes) {
    for (HttpRequest request :
         {HttpRequest{.url = "http://HOST/x?y=1"}, HttpRequest{.url = "http://us%40er:pa%3Ass@HOST/"},
          HttpRequest{.url = "http://HOST/", .method = "POST", .body = SharedBytes("a=1")},
          HttpRequest{.url = "http://HOST/",
                      .method = "PUT",
                      .headers = {"Content-Type: text/plain"},
                      .body = SharedBytes("text")},
          HttpRequest{.url = "http://HOST/", .method = "DELETE", .headers = {"A;", "Accept: text/html"}},
          HttpRequest{.url = "http://HOST/", .method = "HEAD"}}) {
        const std::string theirs = head_of_libcurl(request);
        request.url.replace(request.url.find("HOST"), 4, "127.0.0.1");
        const std::string ours = request_text(request, true);
        const auto sorted_lines = [](const std::string& text) {
            std::multiset<std::string> lines;
            for (std::size_t at = 0, end; (end = text.find("\r\n", at)) != std::string::npos && end > at;
                 at = end + 2)
                lines.insert(text.substr(at, end - at));
            return lines;
        };
        EXPECT_EQ(sorted_lines(ours), sorted_lines(theirs));
        EXPECT_TRUE(ours.ends_with("\r\n\r\n" + request.body.text()));
    }
}

}  // namespace asyncbench::request_text_tests
