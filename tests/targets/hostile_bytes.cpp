#include "tests/targets/hostile_bytes.hpp"

#include <fmt/format.h>

#include <array>

#include "harness/work/random.hpp"

namespace asyncbench {

std::uint64_t HostileBytes::below(std::uint64_t limit) {
    return random_bits(seed_, drawn_++, 0) % limit;
}

std::string HostileBytes::random_bytes(std::uint64_t most) {
    std::string bytes(below(most + 1), '\0');
    for (char& byte : bytes) byte = static_cast<char>(below(256));
    return bytes;
}

std::string HostileBytes::good_request() {
    switch (below(6)) {
        case 0:
            return "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
        case 1:
            return fmt::format("GET /stats/t{} HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n", below(9));
        case 2:
            return "POST /io/t/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world";
        case 3:
            return "GET /io/t/1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                   "5;x=\"y\"\r\nhello\r\n6\r\n world\r\n0\r\nTrailer: z\r\n\r\n";
        case 4:
            return "GET /io/t/7 HTTP/1.0\r\nConnection: keep-alive\r\nCookie: a=b\r\nRange: "
                   "bytes=0-1,5-\r\n\r\n";
        default:
            return fmt::format("GET /io/t{}/{} HTTP/1.1\r\nHost: a\r\n\r\n", below(9), below(1000));
    }
}

std::string HostileBytes::oversized() {
    const std::string filler(below(20'000), static_cast<char>('!' + below(90)));
    switch (below(4)) {
        case 0:
            return "GET /" + filler + " HTTP/1.1\r\nHost: a\r\n\r\n";
        case 1:
            return "GET /healthz HTTP/1.1\r\nHost: a\r\nX: " + filler + "\r\n\r\n";
        case 2:
            return filler + " /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
        default: {
            std::string text = "GET /healthz HTTP/1.1\r\nHost: a\r\n";
            for (std::uint64_t i = below(1500); i > 0; --i) text += fmt::format("X{}: y\r\n", i);
            return text + "\r\n";
        }
    }
}

std::string HostileBytes::broken_framing() {
    constexpr std::array fields{
        "Content-Length: -1",
        "Content-Length: 18446744073709551616",
        "Content-Length: 99999999999999",
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: 0x10",
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: gzip",
        "Host: a\r\nHost: b",
        " Folded: before any field",
        "X: a\r\n\tfolded",
        "No colon",
        ": no name",
        "Na me: x",
        "X: \x01\x02\x7f",
        "Upgrade: websocket\r\nConnection: upgrade",
        "Expect: 100-continue\r\nContent-Length: 10",
        "Connection: close, keep-alive",
    };
    constexpr std::array bodies{"",           "0\r\n\r\n", "fffffffffffffffff\r\n", "-1\r\n", "5\r\nab",
                                "zz\r\n\r\n", "12345"};
    return fmt::format("GET /io/t/1 HTTP/1.1\r\nHost: a\r\n{}\r\n\r\n{}", fields[below(fields.size())],
                       bodies[below(bodies.size())]);
}

std::string HostileBytes::mutated(std::string text) {
    for (std::uint64_t steps = 1 + below(4); steps > 0 && !text.empty(); --steps) {
        const std::size_t at = below(text.size());
        switch (below(6)) {
            case 0:
                text[at] = static_cast<char>(below(256));
                break;
            case 1:
                text.erase(at, 1 + below(8));
                break;
            case 2:
                text.insert(at, random_bytes(8));
                break;
            case 3:
                text.insert(at, text.substr(at, 1 + below(20)));
                break;
            case 4:
                text.resize(at);
                break;
            default:
                text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
                break;
        }
    }
    return text;
}

std::string HostileBytes::next() {
    switch (below(8)) {
        case 0:
            return random_bytes(200);
        case 1:
            return oversized();
        case 2:
            return broken_framing();
        case 3: {
            const std::string text = good_request();
            return text.substr(0, below(text.size()));
        }
        case 4:
            return mutated(good_request() + good_request() + good_request());
        case 5:
            return mutated(broken_framing());
        default:
            return mutated(good_request());
    }
}

}  // namespace asyncbench
