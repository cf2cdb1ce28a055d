// Responses made at random by the rules of RFC 9112, each with what a client has to see of it.
// --gtest_repeat=50 --gtest_shuffle makes a million, others each time.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "harness/engine/response_reader.hpp"

namespace asyncbench::generated_responses_tests {

using Result = ResponseReader::Result;

constexpr int responses = 20'000;

struct Response {
    std::string bytes;
    ResponseSummary summary;
    bool to_head = false;
    bool until_close = false;  ///< its body ends with the connection
};

class ResponseMaker {
  public:
    explicit ResponseMaker(std::uint64_t seed) : random_(seed) {}

    std::size_t below(std::size_t count) {
        return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
    }
    bool one_in(std::size_t count) { return below(count) == 0; }

    Response make() {
        Response made;
        made.to_head = one_in(10);
        while (one_in(8)) made.bytes += "HTTP/1.1 103 Early Hints\r\n" + other_fields() + "\r\n";
        static constexpr std::array statuses{200, 201, 204, 206, 301, 304, 404, 500, 503, 599};
        made.summary.status = statuses[below(statuses.size())];
        const bool version_1_0 = one_in(6);
        made.bytes += fmt::format("HTTP/1.{} {} {}\r\n", version_1_0 ? 0 : 1, made.summary.status, reason());
        made.bytes += other_fields();
        add_connection(made, version_1_0);
        add_body(made, version_1_0);
        return made;
    }

    /// Cuts `bytes` at random places, often within the head.
    std::vector<std::string_view> pieces_of(std::string_view bytes) {
        std::vector<std::string_view> pieces;
        while (!bytes.empty()) {
            const std::size_t most = one_in(2) ? bytes.size() : std::min<std::size_t>(bytes.size(), 40);
            const std::size_t length = 1 + below(most);
            pieces.push_back(bytes.substr(0, length));
            bytes.remove_prefix(length);
        }
        return pieces;
    }

  private:
    std::string reason() { return one_in(4) ? "" : one_in(2) ? "OK" : "Any \xe4 text: of \"bytes\""; }
    std::string name(std::string_view plain) {
        std::string cased(plain);
        for (char& letter : cased) {
            if (one_in(2)) letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
        }
        return cased;
    }
    std::string other_fields() {
        std::string fields;
        for (std::size_t i = below(4); i > 0; --i) {
            static constexpr std::array<std::string_view, 7> some{
                "Server: x/1 (a; b)",
                "Date: Mon, 30 Nov 2026 08:00:00 GMT",
                "X-Empty:",
                "Content-Type: text/html; charset=\"utf-8\"",
                "Set-Cookie: a=b; Expires=Mon, 30 Nov 2026 08:00:00 GMT",
                "ETag: W/\"content-length: 7\"",
                "X-Spaces: \t a \t "};
            fields += some[below(some.size())];
            fields += "\r\n";
        }
        return fields;
    }
    void add_connection(Response& made, bool version_1_0) {
        made.summary.keep_alive = !version_1_0;
        if (one_in(4)) {
            made.summary.keep_alive = one_in(2);
            made.bytes += fmt::format("{}: {}\r\n", name("connection"),
                                      made.summary.keep_alive ? name("keep-alive") : name("close"));
        }
        if (one_in(5)) {
            made.summary.held = Nanoseconds{static_cast<std::int64_t>(below(1'000'000'000))};
            made.bytes += fmt::format("{}: {:013}\r\n", name("held-ns"), made.summary.held->count());
        }
    }
    void add_body(Response& made, bool version_1_0) {
        const int status = made.summary.status;
        const bool has_body = !made.to_head && status != 204 && status != 304;
        const std::string body(below(one_in(20) ? 20'000 : 300), 'x');
        if (has_body) made.summary.body_bytes = body.size();
        if (!version_1_0 && one_in(3)) {
            made.bytes += name("transfer-encoding") + ": " + name("chunked") + "\r\n\r\n";
            if (has_body) made.bytes += chunks_of(body);
            return;
        }
        if (one_in(8) && has_body) {
            made.bytes += "\r\n" + body;
            made.until_close = true;
            made.summary.keep_alive = false;
            return;
        }
        // Without a body it may say how long that of a GET would be; 204 has none.
        if (status != 204 && (has_body || one_in(2)))
            made.bytes +=
                fmt::format("{}:{}{}\r\n", name("content-length"), one_in(4) ? "" : " ", body.size());
        made.bytes += "\r\n";
        if (has_body) made.bytes += body;
    }
    std::string chunks_of(std::string_view body) {
        std::string chunks;
        while (!body.empty()) {
            const std::size_t length = 1 + below(body.size());
            chunks += one_in(2) ? fmt::format("{:x}", length) : fmt::format("{:04X}", length);
            if (one_in(5)) chunks += ";a=b;c=\"d\"";
            chunks += "\r\n";
            chunks += body.substr(0, length);
            chunks += "\r\n";
            body.remove_prefix(length);
        }
        chunks += one_in(2) ? "0\r\n" : "000\r\n";
        if (one_in(4)) chunks += "X-Sum: 1\r\n";
        return chunks + "\r\n";
    }

    std::mt19937_64 random_;
};

std::uint64_t seed() {
    return 30'112'026 + static_cast<std::uint64_t>(testing::UnitTest::GetInstance()->random_seed());
}

/// What the reader says after the last of the pieces.
Result take(ResponseReader& reader, const std::vector<std::string_view>& pieces) {
    Result result = Result::more;
    for (const std::string_view piece : pieces) {
        if (result != Result::more) return Result::invalid;
        result = reader.take(piece);
    }
    return result;
}

TEST(GeneratedResponses, AreReadAsTheyWereMadeHoweverTheyAreCut) {
    ResponseMaker maker(seed());
    ResponseTemplate learned;
    ResponseTemplate learned_of_head;
    ResponseReader reader;
    ResponseReader reader_of_head;
    reader.expect(learned, false);
    reader_of_head.expect(learned_of_head, true);
    for (int i = 0; i < responses; ++i) {
        const Response made = maker.make();
        ResponseReader& of = made.to_head ? reader_of_head : reader;
        // An equal response after it is known by the template, unless another comes between.
        for (int again = 0; again < 2; ++again) {
            const bool in_one = maker.one_in(2);
            Result result =
                take(of, in_one ? std::vector{std::string_view(made.bytes)} : maker.pieces_of(made.bytes));
            if (made.until_close) {
                ASSERT_EQ(result, Result::more) << made.bytes;
                result = of.take_end();
            }
            ASSERT_EQ(result, Result::whole) << made.bytes << "\n" << of.problem();
            ASSERT_EQ(of.summary(), made.summary) << made.bytes;
        }
    }
}

TEST(GeneratedResponses, CountNoMoreThanCameHoweverTheyAreSpoiled) {
    ResponseMaker maker(seed() + 1);
    ResponseTemplate learned;
    ResponseReader reader;
    reader.expect(learned, false);
    int refused = 0;
    for (int i = 0; i < responses; ++i) {
        std::string bytes = maker.make().bytes;
        for (std::size_t changes = 1 + maker.below(3); changes > 0; --changes) {
            const std::size_t at = maker.below(std::min<std::size_t>(bytes.size(), 400));
            if (maker.one_in(2))
                bytes[at] = static_cast<char>(maker.below(256));
            else
                bytes.erase(at, maker.below(20));
            if (bytes.empty()) bytes = "H";
        }
        const std::size_t size = bytes.size();
        Result result = take(reader, maker.pieces_of(bytes));
        if (result == Result::more) result = reader.take_end();
        if (result == Result::whole) {
            ASSERT_LT(reader.summary().body_bytes, size);
            ASSERT_GE(reader.summary().status, 100);
            ASSERT_LE(reader.summary().status, 999);
        } else {
            ASSERT_NE(reader.problem(), "");
            ++refused;
        }
        ASSERT_FALSE(reader.in_response());
        reader.reset();
    }
    // Changes that never hit, or always, would test nothing.
    EXPECT_GT(refused, responses / 10);
    EXPECT_LT(refused, responses * 9 / 10);
}

}  // namespace asyncbench::generated_responses_tests
