#include "targets/response_text.hpp"

#include <fmt/format.h>

#include "harness/http/held_field.hpp"

namespace asyncbench {
namespace {

std::string_view connection_field(Persistence persistence) {
    switch (persistence) {
        case Persistence::keep_alive:
            return "Connection: keep-alive\r\n";
        case Persistence::close:
            return "Connection: close\r\n";
        case Persistence::implied:
            break;
    }
    return "";
}

}  // namespace

std::string_view reason_of(int status) {
    switch (status) {
        case 200:
            return "OK";
        case 400:
            return "Bad Request";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 408:
            return "Request Timeout";
        case 413:
            return "Content Too Large";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        default:
            return "Unknown";
    }
}

std::string response_head(int status, std::string_view content_type, std::uint64_t length,
                          Persistence persistence) {
    return fmt::format("HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n{}{}\r\n", status,
                       reason_of(status), content_type, length, status == 405 ? "Allow: GET\r\n" : "",
                       connection_field(persistence));
}

IoHead io_response_head(int status, std::uint64_t length, Persistence persistence) {
    const std::string before =
        fmt::format("HTTP/1.1 {} {}\r\n{}: ", status, reason_of(status), held_field_name);
    return {fmt::format("{}{:0>{}}\r\nContent-Length: {}\r\n{}\r\n", before, "", held_digits, length,
                        connection_field(persistence)),
            before.size()};
}

std::string plain_response(int status, Persistence persistence, bool with_body) {
    const std::string body = fmt::format("{}\n", reason_of(status));
    return response_head(status, "text/plain", body.size(), persistence) + (with_body ? body : "");
}

}  // namespace asyncbench
