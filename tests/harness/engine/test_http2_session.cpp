// HTTP/2 without sockets: the server's end is libnghttp2's own.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nghttp2/nghttp2.h>

#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "harness/engine/http2_session.hpp"

namespace asyncbench::http2_session_tests {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

using Fields = std::vector<std::pair<std::string, std::string>>;

/// A request whose fields libnghttp2 is given as views.
struct Sent {
    explicit Sent(Http2Request of) : request(std::move(of)) {
        for (const auto& [name, value] : request.fields) fields.push_back(http2_field(name, value));
    }
    operator Http2RequestView() const {
        return {fields, request.body};
    }  // NOLINT(google-explicit-constructor)

    Http2Request request;
    std::vector<nghttp2_nv> fields = {};
};

const Sent a_get({{{":method", "GET"}, {":scheme", "http"}, {":authority", "h"}, {":path", "/x"}}, {}});

/// A server that answers each request as a test says.
class Peer {
  public:
    struct Request {
        std::int32_t stream = 0;
        std::map<std::string, std::string> fields = {};
        std::string body = {};
    };

    explicit Peer(std::function<void(Peer&, const Request&)> answer, std::uint32_t most_streams = 1000)
        : answer_(std::move(answer)) {
        nghttp2_session_callbacks* callbacks = nullptr;
        nghttp2_session_callbacks_new(&callbacks);
        nghttp2_session_callbacks_set_on_header_callback(
            callbacks,
            [](nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_size,
               const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* self) {
                static_cast<Peer*>(self)->requests_[frame->hd.stream_id].fields[text(name, name_size)] =
                    text(value, value_size);
                return 0;
            });
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(
            callbacks, [](nghttp2_session*, std::uint8_t, std::int32_t stream, const std::uint8_t* data,
                          std::size_t size, void* self) {
                static_cast<Peer*>(self)->requests_[stream].body += text(data, size);
                return 0;
            });
        nghttp2_session_callbacks_set_on_frame_recv_callback(
            callbacks, [](nghttp2_session*, const nghttp2_frame* frame, void* self) {
                static_cast<Peer*>(self)->heard(*frame);
                return 0;
            });
        nghttp2_session* made = nullptr;
        nghttp2_session_server_new(&made, callbacks, this);
        session_.reset(made);
        nghttp2_session_callbacks_del(callbacks);
        const nghttp2_settings_entry limit{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, most_streams};
        nghttp2_submit_settings(session_.get(), NGHTTP2_FLAG_NONE, &limit, 1);
    }

    std::string take(std::string_view bytes) {
        nghttp2_session_mem_recv(session_.get(), reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                 bytes.size());
        std::string outgoing;
        const std::uint8_t* some = nullptr;
        for (ssize_t count = 1; count > 0; outgoing.append(reinterpret_cast<const char*>(some), count))
            count = std::max<ssize_t>(0, nghttp2_session_mem_send(session_.get(), &some));
        return outgoing;
    }

    /// A head alone where `ends`, else one after which more comes.
    void head(std::int32_t stream, const Fields& fields, bool ends) {
        std::vector<nghttp2_nv> list = as_list(fields);
        nghttp2_submit_headers(session_.get(), ends ? NGHTTP2_FLAG_END_STREAM : NGHTTP2_FLAG_NONE, stream,
                               nullptr, list.data(), list.size(), nullptr);
    }
    void respond(std::int32_t stream, const Fields& fields, std::size_t body_bytes) {
        respond(stream, fields, std::string(body_bytes, 'x'));
    }
    void respond(std::int32_t stream, const Fields& fields, std::string bytes) {
        left_[stream] = std::move(bytes);
        std::vector<nghttp2_nv> list = as_list(fields);
        nghttp2_data_provider body{{},
                                   [](nghttp2_session*, std::int32_t of, std::uint8_t* to, std::size_t size,
                                      std::uint32_t* flags, nghttp2_data_source*, void* self) {
                                       std::string& left = static_cast<Peer*>(self)->left_[of];
                                       const std::size_t count = std::min(left.size(), size);
                                       std::memcpy(to, left.data(), count);
                                       left.erase(0, count);
                                       if (left.empty()) *flags |= NGHTTP2_DATA_FLAG_EOF;
                                       return static_cast<ssize_t>(count);
                                   }};
        nghttp2_submit_response(session_.get(), stream, list.data(), list.size(), &body);
    }
    void reset(std::int32_t stream, std::uint32_t code) {
        nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, stream, code);
    }
    void go_away(std::int32_t last, std::uint32_t code) {
        nghttp2_submit_goaway(session_.get(), NGHTTP2_FLAG_NONE, last, code, nullptr, 0);
    }

    std::size_t requests() const { return count_; }
    std::size_t resets() const { return resets_; }

  private:
    static std::string text(const std::uint8_t* bytes, std::size_t size) {
        return {reinterpret_cast<const char*>(bytes), size};
    }
    static std::vector<nghttp2_nv> as_list(const Fields& fields) {
        std::vector<nghttp2_nv> list;
        for (const auto& [name, value] : fields) {
            list.push_back({reinterpret_cast<std::uint8_t*>(const_cast<char*>(name.data())),
                            reinterpret_cast<std::uint8_t*>(const_cast<char*>(value.data())), name.size(),
                            value.size(), NGHTTP2_NV_FLAG_NONE});
        }
        return list;
    }
    void heard(const nghttp2_frame& frame) {
        if (frame.hd.type == NGHTTP2_RST_STREAM) ++resets_;
        if (frame.hd.stream_id == 0 || (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) == 0) return;
        ++count_;
        Request& request = requests_[frame.hd.stream_id];
        request.stream = frame.hd.stream_id;
        answer_(*this, request);
    }

    std::function<void(Peer&, const Request&)> answer_;
    std::map<std::int32_t, Request> requests_;
    std::map<std::int32_t, std::string> left_;
    std::size_t count_ = 0;
    std::size_t resets_ = 0;
    std::unique_ptr<nghttp2_session, void (*)(nghttp2_session*)> session_{nullptr, &nghttp2_session_del};
};

/// What a client heard of its requests.
struct Heard final : Http2Session::Handler {
    void response_begins(Http2Session::Owner owner) override { began.push_back(owner); }
    void stream_begins(Http2Session::Owner owner) override { streams.push_back(owner); }
    void events_came(Http2Session::Owner owner, std::uint32_t count) override { events[owner] += count; }
    void responded(Http2Session::Owner owner, const ResponseSummary& response) override {
        ++endings;
        responses[owner] = response;
        if (on_response) on_response();
    }
    void stream_refused(Http2Session::Owner owner) override {
        ++endings;
        refused.push_back(owner);
    }
    void stream_failed(Http2Session::Owner owner, std::string_view why) override {
        ++endings;
        failures[owner] = why;
    }

    std::vector<Http2Session::Owner> began;
    std::vector<Http2Session::Owner> streams;
    std::map<Http2Session::Owner, std::uint32_t> events;
    std::map<Http2Session::Owner, ResponseSummary> responses;
    std::map<Http2Session::Owner, std::string> failures;
    std::vector<Http2Session::Owner> refused;
    int endings = 0;
    std::function<void()> on_response;
};

/// Hands bytes to and fro until neither end has any more, `at_once` of the server's at a time. Whether the
/// client can go on.
bool talk(Http2Session& client, Peer& server, std::size_t at_once = std::string::npos) {
    std::string to_client = server.take(client.take_outgoing());
    bool usable = true;
    while (!to_client.empty() && usable) {
        usable = client.receive(std::string_view(to_client).substr(0, at_once));
        to_client.erase(0, at_once);
        to_client += server.take(client.take_outgoing());
    }
    return usable;
}

void answer_at_once(Peer& peer, const Peer::Request& request) {
    peer.respond(request.stream, {{":status", "200"}, {"held-ns", "0000000012345"}}, 1000);
}

TEST(Http2Session, SendsTheRequestAndCountsTheResponse) {
    Peer::Request seen;
    Peer server([&](Peer& peer, const Peer::Request& request) {
        seen = request;
        answer_at_once(peer, request);
    });
    const Sent post(
        {{{":method", "POST"}, {":scheme", "http"}, {":authority", "h"}, {":path", "/x"}, {"accept", "*/*"}},
         std::string(100'000, 'b')});
    Heard heard;
    Http2Session client(heard);
    client.send(7, post);
    EXPECT_FALSE(client.is_idle());
    EXPECT_TRUE(talk(client, server));
    EXPECT_EQ(seen.body, post.request.body);
    EXPECT_THAT(seen.fields,
                UnorderedElementsAre(Pair(":method", "POST"), Pair(":scheme", "http"),
                                     Pair(":authority", "h"), Pair(":path", "/x"), Pair("accept", "*/*")));
    const ResponseSummary expected{.status = 200, .body_bytes = 1000, .held = Nanoseconds{12345}};
    EXPECT_THAT(heard.responses, ElementsAre(Pair(7, expected)));
    EXPECT_THAT(heard.began, ElementsAre(7));
    EXPECT_TRUE(client.is_idle());
}

void answer_at_length(Peer& peer, const Peer::Request& request) {
    peer.head(request.stream, {{":status", "103"}, {"link", "</a>"}}, false);
    peer.respond(request.stream, {{":status", "404"}}, 5'000'000);
}

TEST(Http2Session, TakesResponsesInAnyPieces) {
    for (const std::size_t at_once : {std::size_t{1000}, std::size_t{1}}) {
        Heard heard;
        Http2Session client(heard);
        Peer server(at_once == 1 ? answer_at_once : answer_at_length);
        client.send(1, a_get);
        EXPECT_TRUE(talk(client, server, at_once));
        ASSERT_EQ(heard.responses.size(), 1U);
        EXPECT_EQ(heard.responses[1].status, at_once == 1 ? 200 : 404);
        EXPECT_EQ(heard.responses[1].body_bytes, at_once == 1 ? 1000U : 5'000'000U);
        EXPECT_THAT(heard.began, ElementsAre(1)) << "once, and not for the early hints";
    }
}

TEST(Http2Session, TellsOfTheEventsOfAStream) {
    struct Case {
        Fields fields;
        std::string body;
        bool is_stream;
        std::uint32_t events;
    };
    for (const Case& each :
         {Case{
              {{":status", "200"}, {"content-type", "text/event-stream"}}, "data: a\n\ndata: b\n\n", true, 2},
          Case{{{":status", "200"}}, std::string(40'000, 'x'), true, 3},  // frames of 16 KiB
          Case{{{":status", "200"}, {"content-length", "3"}}, "abc", false, 0}}) {
        Peer server([&](Peer& peer, const Peer::Request& request) {
            peer.respond(request.stream, each.fields, each.body);
        });
        Heard heard;
        Http2Session client(heard);
        client.send(5, a_get);
        EXPECT_TRUE(talk(client, server));
        EXPECT_EQ(heard.streams.size(), each.is_stream ? 1U : 0U) << each.body.size();
        EXPECT_EQ(heard.events[5], each.events) << each.body.size();
        EXPECT_EQ(heard.responses[5].body_bytes, each.body.size());
    }
}

TEST(Http2Session, EndsAResponseThatIsUnderWay) {
    Peer server([](Peer& peer, const Peer::Request& request) {
        peer.head(request.stream, {{":status", "206"}, {"content-type", "text/event-stream"}}, false);
    });
    Heard heard;
    Http2Session client(heard);
    client.send(5, a_get);
    EXPECT_TRUE(talk(client, server));
    EXPECT_EQ(client.end_response(5).status, 206);
    EXPECT_TRUE(talk(client, server));
    EXPECT_EQ(server.resets(), 1U);
    EXPECT_THAT(heard.responses, IsEmpty());
    EXPECT_THAT(heard.failures, IsEmpty());
    EXPECT_TRUE(client.is_idle());
}

TEST(Http2Session, TakesAResponseWithoutABody) {
    Peer server([](Peer& peer, const Peer::Request& request) {
        peer.head(request.stream, {{":status", "204"}}, true);
    });
    Heard heard;
    Http2Session client(heard);
    client.send(1, a_get);
    EXPECT_TRUE(talk(client, server));
    EXPECT_EQ(heard.responses[1].status, 204);
}

TEST(Http2Session, CarriesAsManyRequestsAsTheServerAllows) {
    Peer server([](Peer&, const Peer::Request&) {}, 3);
    Heard heard;
    Http2Session client(heard);
    EXPECT_EQ(client.room(10), 1U) << "before the settings";
    EXPECT_TRUE(talk(client, server));  // the settings
    EXPECT_EQ(client.room(10), 3U);
    EXPECT_EQ(client.room(2), 2U);
    client.send(1, a_get);
    client.send(2, a_get);
    EXPECT_EQ(client.room(10), 1U);
    EXPECT_EQ(client.room(1), 0U);
}

TEST(Http2Session, SendsTheNextRequestFromWithinTheResponse) {
    Peer server(answer_at_once);
    Heard heard;
    Http2Session client(heard);
    std::uint32_t next = 1;
    heard.on_response = [&] {
        if (next < 50) client.send(next++, a_get);
    };
    client.send(0, a_get);
    EXPECT_TRUE(talk(client, server));
    EXPECT_EQ(heard.responses.size(), 50U);
    EXPECT_EQ(server.requests(), 50U);
}

TEST(Http2Session, SaysWhyAStreamFailedAndKeepsTheOthers) {
    Peer server([](Peer& peer, const Peer::Request& request) {
        if (request.stream == 1) return peer.reset(1, NGHTTP2_CANCEL);
        answer_at_once(peer, request);
    });
    Heard heard;
    Http2Session client(heard);
    client.send(1, a_get);
    client.send(2, a_get);
    EXPECT_TRUE(talk(client, server));
    EXPECT_THAT(heard.failures, ElementsAre(Pair(1, "CANCEL")));
    EXPECT_EQ(heard.responses.size(), 1U);
    EXPECT_FALSE(client.is_over());
}

TEST(Http2Session, TellsOfRequestsThatTheServerDidNotProcess) {
    Peer server([](Peer& peer, const Peer::Request& request) {
        if (request.stream == 1) return peer.reset(1, NGHTTP2_REFUSED_STREAM);
        if (request.stream == 3) peer.go_away(request.stream, NGHTTP2_NO_ERROR);
        if (request.stream <= 3) answer_at_once(peer, request);
    });
    Heard heard;
    Http2Session client(heard);
    for (Http2Session::Owner owner = 1; owner <= 3; ++owner) client.send(owner, a_get);
    talk(client, server);
    EXPECT_THAT(heard.refused, ElementsAre(1, 3)) << "refused, and above the last stream of the GOAWAY";
    EXPECT_THAT(heard.failures, testing::IsEmpty());
    EXPECT_EQ(heard.responses.size(), 1U);
}

TEST(Http2Session, TakesNoMoreRequestsOnceTheServerGoesAway) {
    Peer server([](Peer& peer, const Peer::Request& request) {
        peer.go_away(request.stream, NGHTTP2_NO_ERROR);
        answer_at_once(peer, request);
    });
    Heard heard;
    Http2Session client(heard);
    client.send(1, a_get);
    talk(client, server);
    EXPECT_EQ(heard.responses.size(), 1U) << "what it had begun it ended";
    EXPECT_TRUE(client.is_over());
    EXPECT_EQ(client.room(10), 0U);
}

TEST(Http2Session, HearsNoMoreOfWhatItCancelled) {
    Peer server([](Peer&, const Peer::Request&) {});
    Heard heard;
    Http2Session client(heard);
    client.send(1, a_get);
    client.send(2, a_get);
    talk(client, server);
    client.cancel(1);
    talk(client, server);
    client.take_end();
    EXPECT_EQ(server.resets(), 1U);
    EXPECT_THAT(heard.responses, IsEmpty());
    EXPECT_THAT(heard.failures, ElementsAre(Pair(2, HasSubstr("closed"))));
    EXPECT_TRUE(client.is_idle());
}

TEST(Http2Session, FailsWhatIsOpenWhereThatIsNoHttp2) {
    for (const std::string& bytes :
         {std::string("HTTP/1.1 400 Bad Request\r\n\r\n"), std::string(100, '\0')}) {
        Heard heard;
        Http2Session client(heard);
        client.send(1, a_get);
        client.take_outgoing();
        EXPECT_FALSE(client.receive(bytes));
        EXPECT_EQ(heard.failures.size(), 1U);
        EXPECT_THAT(client.problem(), HasSubstr("no HTTP/2"));
        EXPECT_TRUE(client.is_over());
    }
}

constexpr Http2Session::Owner three = 3;

void send_three(Http2Session& client) {
    for (Http2Session::Owner owner = 0; owner < three; ++owner) client.send(owner, a_get);
}

/// What a server sends to a client of three requests: one has a body, one has none, one is reset.
std::string bytes_for_three() {
    Peer server([](Peer& peer, const Peer::Request& request) {
        if (request.stream == 1) return answer_at_once(peer, request);
        if (request.stream == 3) return peer.head(request.stream, {{":status", "204"}}, true);
        peer.reset(request.stream, NGHTTP2_CANCEL);
    });
    Heard heard;
    Http2Session client(heard);
    send_three(client);
    return server.take(client.take_outgoing());
}

TEST(Http2Session, EndsEachRequestOnceHoweverWhatComesIsSpoiled) {
    std::mt19937_64 random(static_cast<std::uint64_t>(testing::UnitTest::GetInstance()->random_seed()));
    const std::string sound = bytes_for_three();
    int broken = 0;
    for (int i = 0; i < 5000; ++i) {
        std::string bytes = sound;
        for (std::uint64_t changes = random() % 3; changes > 0; --changes) {
            const std::size_t at = random() % std::min<std::size_t>(bytes.size(), 200);
            if (random() % 2 == 0)
                bytes[at] = static_cast<char>(random());
            else
                bytes.erase(at, random() % 12);
        }
        Heard heard;
        Http2Session client(heard);
        send_three(client);
        client.take_outgoing();
        const std::size_t cut = random() % bytes.size();
        if (!client.receive(std::string_view(bytes).substr(0, cut)) ||
            !client.receive(std::string_view(bytes).substr(cut)))
            ++broken;
        client.take_end();
        ASSERT_EQ(heard.endings, static_cast<int>(three)) << i;
        ASSERT_EQ(heard.responses.size() + heard.failures.size() + heard.refused.size(), three) << i;
        ASSERT_TRUE(client.is_idle()) << i;
    }
    EXPECT_GT(broken, 500);
}

TEST(Http2Session, KeepsTheResponseWhereItIsAskedTo) {
    Peer server([](Peer& peer, const Peer::Request& request) {
        peer.head(request.stream, {{":status", "103"}, {"link", "</a>"}}, false);
        peer.respond(request.stream, {{":status", "200"}, {"x", "a"}}, 3);
    });
    KeptResponse kept{.keeps_body = true};
    Heard heard;
    Http2Session client(heard);
    client.send(1, a_get, &kept);
    EXPECT_TRUE(talk(client, server));
    EXPECT_THAT(kept.fields, ElementsAre(Pair(":status", "200"), Pair("x", "a")));
    EXPECT_EQ(kept.body.text, "xxx");
}

TEST(Http2Session, LooksAtNothingOfARequestThatIsGivenUp) {
    Peer server([](Peer&, const Peer::Request&) {});
    Heard heard;
    Http2Session client(heard);
    KeptResponse kept{.keeps_body = true};
    {
        const Sent gone({a_get.request.fields, std::string(10'000'000, 'b')});
        client.send(1, gone, &kept);
        server.take(client.take_outgoing());
        client.cancel(1);
    }
    EXPECT_TRUE(talk(client, server));
    EXPECT_EQ(server.resets(), 1U);
    EXPECT_THAT(kept.fields, IsEmpty());
}

}  // namespace asyncbench::http2_session_tests
