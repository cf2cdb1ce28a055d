#include "harness/engine/event_counter.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace asyncbench::event_counter_tests {

struct Stream {
    const char* name;
    std::string_view body;
    std::uint32_t events;
};

const Stream streams[]{
    {"two", "data: a\n\ndata: b\n\n", 2},
    {"of many fields", "event: x\nid: 1\ndata: a\ndata: b\n\n", 1},
    {"returns and line feeds", "data: a\r\n\r\ndata: b\r\n\r\n", 2},
    {"returns alone", "data: a\r\rdata: b\r\r", 2},
    {"the name alone", "data\n\n", 1},
    {"an empty value", "data:\n\n", 1},
    {"comments alone", ": keep alive\n\n:\n\n", 0},
    {"fields without data", "event: ping\nid: 7\n\n", 0},
    {"other names", "database: a\n\ndat: b\n\n", 0},
    {"empty lines", "\n\n\n\ndata: a\n\n\n\n", 1},
    {"not whole", "data: a\n\ndata: b\n", 1},
};

TEST(EventCounter, CountsBlocksWithDataThatAnEmptyLineEnds) {
    for (const Stream& stream : streams) {
        EXPECT_EQ(EventCounter().take(stream.body), stream.events) << stream.name;
        EventCounter byte_by_byte;
        std::uint32_t events = 0;
        for (const char byte : stream.body) events += byte_by_byte.take({&byte, 1});
        EXPECT_EQ(events, stream.events) << stream.name << ", byte by byte";
    }
}

TEST(EventCounter, CountsEventsThatComeInSeveralPieces) {
    EventCounter counter;
    EXPECT_EQ(counter.take("da"), 0U);
    EXPECT_EQ(counter.take("ta: a\n"), 0U);
    EXPECT_EQ(counter.take("\ndata: b\n\ndata: c"), 2U);
    EXPECT_EQ(counter.take("\n\n"), 1U);
}

TEST(EventCounter, KnowsTheContentTypeInAnyForm) {
    for (const char* type : {"text/event-stream", "Text/Event-Stream", "text/event-stream; charset=utf-8",
                             "text/event-stream;charset=utf-8"})
        EXPECT_TRUE(is_event_stream(type)) << type;
    for (const char* type : {"", "text/event", "text/event-streams", "application/json"})
        EXPECT_FALSE(is_event_stream(type)) << type;
}

}  // namespace asyncbench::event_counter_tests
