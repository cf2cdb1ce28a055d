#include "harness/engine/response_reader.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace asyncbench::response_reader_tests {

using testing::HasSubstr;
using Result = ResponseReader::Result;

class Reader {
  public:
    explicit Reader(bool to_head = false, KeptResponse* kept = nullptr) {
        reader_.expect(learned_, to_head, kept);
    }
    /// Gives the bytes in pieces; all but the last must leave the response open.
    Result take(const std::vector<std::string>& pieces) {
        Result result = Result::more;
        for (const std::string& piece : pieces) {
            EXPECT_EQ(result, Result::more) << "before: " << piece;
            result = reader_.take(piece);
        }
        return result;
    }
    ResponseReader* operator->() { return &reader_; }

  private:
    ResponseTemplate learned_;
    ResponseReader reader_;
};

std::vector<std::string> byte_by_byte(std::string_view bytes) {
    std::vector<std::string> pieces;
    for (const char byte : bytes) pieces.emplace_back(1, byte);
    return pieces;
}

struct Case {
    std::string bytes;
    ResponseSummary summary;
};

/// Responses whose end their own bytes tell.
std::vector<Case> complete_responses() {
    return {
        {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", {200, true, 5}},
        {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", {200, true, 0}},
        {"HTTP/1.1 204 No Content\r\n\r\n", {204, true, 0}},
        {"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", {304, true, 0}},
        {"HTTP/1.1 404 \r\nContent-Length: 1\r\nConnection: close\r\n\r\nx", {404, false, 1}},
        {"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", {200, false, 2}},
        {"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok", {200, true, 2}},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3;a=b\r\nyou\r\n0\r\n\r\n",
         {200, true, 8}},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nDigest: abc\r\n\r\n",
         {200, true, 1}},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {200, true, 0}},
        {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
         "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
         {200, true, 1}},
        {"HTTP/1.1 200 OK\r\nHeld-Ns: 0000000012345\r\nContent-Length: 1\r\n\r\nx",
         {200, true, 1, Nanoseconds{12345}}},
    };
}

TEST(ResponseReader, TakesEachFramingInOnePieceAndByteByByte) {
    for (const Case& each : complete_responses()) {
        Reader whole;
        EXPECT_EQ(whole.take({each.bytes}), Result::whole) << each.bytes;
        EXPECT_EQ(whole->summary(), each.summary) << each.bytes;
        Reader slow;
        EXPECT_EQ(slow.take(byte_by_byte(each.bytes)), Result::whole) << each.bytes;
        EXPECT_EQ(slow->summary(), each.summary) << each.bytes;
    }
}

TEST(ResponseReader, TakesOneResponseAfterAnotherWhateverCameBefore) {
    std::mt19937 random(5);
    const auto cases = complete_responses();
    Reader reader;
    for (int i = 0; i < 20'000; ++i) {
        const Case& each = cases[random() % cases.size()];
        const std::size_t cut = random() % each.bytes.size();
        std::vector<std::string> pieces{each.bytes};
        if (random() % 2 == 0 && cut > 0) pieces = {each.bytes.substr(0, cut), each.bytes.substr(cut)};
        ASSERT_EQ(reader.take(pieces), Result::whole) << each.bytes << cut;
        ASSERT_EQ(reader->summary(), each.summary) << each.bytes << cut;
    }
}

TEST(ResponseReader, KnowsAnEqualResponseByItsTemplateAndADifferentOneAll) {
    const auto response = [](std::string_view date, std::string_view length, std::string_view body) {
        return fmt::format("HTTP/1.1 200 OK\r\ndate: {}\r\nContent-Length: {}\r\n\r\n{}", date, length, body);
    };
    const std::string monday = "Mon, 30 Nov 2026 08:00:00 GMT";
    Reader reader;
    ASSERT_EQ(reader.take({response(monday, "2", "ab")}), Result::whole);
    EXPECT_EQ(reader.take({response("Tue, 01 Dec 2026 08:00:01 GMT", "2", "xy")}), Result::whole);
    EXPECT_EQ(reader->summary(), (ResponseSummary{200, true, 2}));
    // As many bytes, but another length: the response goes on.
    EXPECT_EQ(reader.take({response(monday, "3", "ab")}), Result::more);
    EXPECT_EQ(reader.take({"c"}), Result::whole);
    EXPECT_EQ(reader->summary().body_bytes, 3U);
    // As many bytes, but a status of its own.
    std::string moved = response(monday, "2", "ab");
    moved.replace(9, 6, "503 No");
    EXPECT_EQ(reader.take({moved}), Result::whole);
    EXPECT_EQ(reader->summary().status, 503);
}

TEST(ResponseReader, ReadsABodyThatOnlyTheEndOfTheConnectionEnds) {
    Reader reader;
    EXPECT_EQ(reader.take({"HTTP/1.1 200 OK\r\n\r\n", "some", " bytes"}), Result::more);
    EXPECT_EQ(reader->take_end(), Result::whole);
    EXPECT_EQ(reader->summary(), (ResponseSummary{200, false, 10}));
}

TEST(ResponseReader, ExpectsNoBodyOfTheResponseToHead) {
    Reader reader(true);
    EXPECT_EQ(reader.take({"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"}), Result::whole);
    EXPECT_EQ(reader.take({"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"}), Result::whole);
    EXPECT_EQ(reader.take({"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"}), Result::whole);
    EXPECT_EQ(reader->summary(), (ResponseSummary{200, true, 0}));
}

TEST(ResponseReader, SaysWhatIsWrongWhereTheConnectionEndsTooSoon) {
    for (const std::string bytes :
         {"", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
          "HTTP/1.1 100 Continue\r\n\r\n"}) {
        Reader reader;
        if (!bytes.empty()) {
            ASSERT_EQ(reader.take({bytes}), Result::more) << bytes;
        }
        EXPECT_EQ(reader->take_end(), Result::invalid) << bytes;
        EXPECT_THAT(reader->problem(), HasSubstr("the connection was closed")) << bytes;
        EXPECT_FALSE(reader->in_response());
    }
}

TEST(ResponseReader, RefusesWhatIsNoResponse) {
    const std::string endless_header = "HTTP/1.1 200 OK\r\nX: " + std::string(400'000, 'x');
    for (const std::string& bytes :
         {std::string("SSH-2.0-OpenSSH_9.2\r\n"), std::string("HTTP/3.0 200 OK\r\n\r\n"),
          std::string("HTTP/1.1 004 OK\r\n\r\n"),
          std::string("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"),
          std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), endless_header}) {
        Reader reader;
        EXPECT_EQ(reader.take({bytes}), Result::invalid) << bytes.substr(0, 60);
        EXPECT_THAT(reader->problem(), HasSubstr("no HTTP/1 response"));
    }
}

TEST(ResponseReader, EndsTheConnectionAfterMoreThanWasAskedFor) {
    Reader reader;
    const std::string response = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";
    EXPECT_EQ(reader.take({response + response}), Result::whole);
    EXPECT_FALSE(reader->summary().keep_alive);
    EXPECT_EQ(reader.take({response}), Result::whole) << "the next connection starts anew";
    EXPECT_TRUE(reader->summary().keep_alive);
}

TEST(ResponseReader, TakesAStatusLineThatEndsWithTheStatusInAnyPieces) {
    const std::string response = "HTTP/1.1 103\r\n\r\nHTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok";
    for (std::size_t first = 0; first < response.size(); ++first) {
        Reader reader;
        EXPECT_EQ(reader.take({response.substr(0, first), response.substr(first)}), Result::whole) << first;
        EXPECT_EQ(reader->summary().status, 200);
        EXPECT_EQ(reader->summary().body_bytes, 2U);
    }
}

TEST(ResponseReader, CountsTheEventsOfAStreamAsTheyCome) {
    Reader reader;
    const std::string head =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    EXPECT_EQ(reader->take(head), Result::more);
    EXPECT_TRUE(reader->in_stream());
    EXPECT_EQ(reader->take_events(), 0U);
    EXPECT_FALSE(reader->in_stream()) << "until more of it comes";
    EXPECT_EQ(reader->take("11\r\ndata: a\n\ndata: b\n\r\n"), Result::more);
    EXPECT_EQ(reader->take_events(), 1U);
    EXPECT_EQ(reader->so_far().body_bytes, 17U);
    EXPECT_EQ(reader->take("1\r\n\n\r\n0\r\n\r\n"), Result::whole);
    EXPECT_TRUE(reader->in_stream());
    EXPECT_EQ(reader->take_events(), 1U);
}

TEST(ResponseReader, CountsTheChunksOfAnotherStream) {
    Reader reader;
    EXPECT_EQ(reader->take("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nb"),
              Result::more);
    EXPECT_EQ(reader->take_events(), 2U);
    EXPECT_EQ(reader->take("c\r\n0\r\n\r\n"), Result::whole);
    EXPECT_TRUE(reader->in_stream());
    EXPECT_EQ(reader->take_events(), 0U);
}

TEST(ResponseReader, TakesAnOrdinaryResponseForNoStreamWhateverCameBefore) {
    Reader reader;
    EXPECT_EQ(reader->take("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"),
              Result::whole);
    EXPECT_EQ(reader->take_events(), 1U);
    for (int i = 0; i < 2; ++i) {  // the second by its template
        EXPECT_EQ(reader->take("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), Result::whole);
        EXPECT_FALSE(reader->in_stream());
    }
}

TEST(ResponseReader, LearnsNoTemplateOfAStream) {
    Reader reader;
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(reader->take("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                               "Content-Length: 9\r\n\r\ndata: a\n\n"),
                  Result::whole);
        EXPECT_EQ(reader->take_events(), 1U);
    }
}

TEST(ResponseReader, GivesTheContentToWhoeverWantsIt) {
    ResponseTemplate learned;
    KeptResponse content{.body = {.most = 4}, .keeps_body = true, .keeps_fields = false};
    ResponseReader reader;
    reader.expect(learned, false, &content);
    EXPECT_EQ(reader.take("HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 8\r\n\r\nabc"),
              Result::more);
    EXPECT_EQ(reader.take("defgh"), Result::whole);
    EXPECT_EQ(content.location, "/there");
    EXPECT_EQ(content.body.text, "abcdh");
    EXPECT_EQ(content.body.skipped, 3U);
    for (const char* body : {"one", "two"}) {
        EXPECT_EQ(reader.take(fmt::format("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}", body)),
                  Result::whole);
        EXPECT_EQ(content.body.text, body);
        EXPECT_EQ(content.location, "");
        EXPECT_TRUE(content.fields.empty());
    }
}

TEST(ResponseReader, KeepsWhatAnyFramingHasAndNothingOfInterimResponses) {
    for (const char* bytes : {"HTTP/1.1 200 OK\r\nX: a\r\nContent-Length: 5\r\n\r\nhello",
                              "HTTP/1.1 103 Early Hints\r\nLink: b\r\n\r\n"
                              "HTTP/1.1 200 OK\r\nX: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                              "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"}) {
        for (const std::vector<std::string>& pieces :
             {std::vector<std::string>{bytes}, byte_by_byte(bytes)}) {
            KeptResponse kept{.keeps_body = true};
            Reader reader(false, &kept);
            for (int i = 0; i < 2; ++i) {  // the second one could be known by its template
                ASSERT_EQ(reader.take(pieces), Result::whole);
                EXPECT_EQ(kept.body.text, "hello");
                ASSERT_EQ(kept.fields.size(), 2U);
                EXPECT_EQ(kept.fields.front(), std::make_pair(std::string("X"), std::string("a")));
            }
        }
    }
}

}  // namespace asyncbench::response_reader_tests
