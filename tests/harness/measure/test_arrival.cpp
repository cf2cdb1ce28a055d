#include "harness/measure/arrival.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

namespace asyncbench::arrival_tests {

using namespace std::chrono_literals;

const TimePoint steady{1000s};
constexpr Nanoseconds wall = 1'700'000'000s;
const ClockPair now{wall, steady};

TEST(ArrivalOf, AStampLiesAsFarBackOnTheSteadyClockAsOnTheWallClock) {
    const Arrival arrival = arrival_of(wall - 3'000'001ns, now);
    EXPECT_TRUE(arrival.stamped);
    EXPECT_EQ(arrival.time, steady - 3'000'001ns);
    EXPECT_EQ(arrival_of(wall, now).time, steady);
    EXPECT_EQ(arrival_of(wall - 10s, now).time, steady - 10s);
}

TEST(ArrivalOf, NoStampOrOneThatCannotBeTrueIsTheTimeOfReading) {
    for (const std::optional<Nanoseconds> stamp :
         {std::optional<Nanoseconds>{}, std::optional(wall + 1ns), std::optional(wall + 24h),
          std::optional(wall - 10s - 1ns), std::optional(0ns)}) {
        const Arrival arrival = arrival_of(stamp, now);
        EXPECT_FALSE(arrival.stamped);
        EXPECT_EQ(arrival.time, steady);
    }
}

TEST(ArrivalOf, AStampFromBeforeTheWallClockWasSetIsNone) {
    for (const Nanoseconds jump : {Nanoseconds{50ms}, Nanoseconds{-2s}}) {
        const ClockPair later = now.then(wall + 1s + jump, steady + 1s);
        EXPECT_FALSE(arrival_of(wall + 999ms, later).stamped);
        const ClockPair still_later = later.then(later.wall + 1s, later.steady + 1s);
        const Arrival arrival = arrival_of(later.wall + 900ms, still_later);
        EXPECT_TRUE(arrival.stamped) << "by the clock as it is now";
        EXPECT_EQ(arrival.time, steady + 1900ms);
    }
    const ClockPair undisturbed = now.then(wall + 1h + 400us, steady + 1h);
    EXPECT_TRUE(arrival_of(undisturbed.wall - 1s, undisturbed).stamped);
}

/// Two ends of a TCP connection over the loopback; what is sent is sent before it is accepted.
class ReceiveStamped : public testing::Test {
  protected:
    void SetUp() override {
        listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        auto* const place = reinterpret_cast<sockaddr*>(&address);
        socklen_t size = sizeof address;
        ASSERT_EQ(::bind(listener_, place, size), 0);
        ASSERT_EQ(::listen(listener_, 1), 0);
        ASSERT_EQ(::getsockname(listener_, place, &size), 0);
        client_ = ::socket(AF_INET, SOCK_STREAM, 0);
        address_ = address;
    }
    void TearDown() override {
        for (const int descriptor : {listener_, client_, server_}) ::close(descriptor);
    }
    void connect_and_send(std::string_view bytes) {
        ASSERT_EQ(::connect(client_, reinterpret_cast<sockaddr*>(&address_), sizeof address_), 0);
        send(bytes);
        server_ = ::accept(listener_, nullptr, nullptr);
        ASSERT_GE(server_, 0);
    }
    void reconnect() {
        for (const int descriptor : {client_, server_}) ::close(descriptor);
        client_ = ::socket(AF_INET, SOCK_STREAM, 0);
    }
    void send(std::string_view bytes) const {
        ASSERT_EQ(::send(client_, bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
    }

    std::array<char, 64> buffer_{};
    sockaddr_in address_{};
    int listener_ = -1;
    int client_ = -1;
    int server_ = -1;
};

TEST_F(ReceiveStamped, IsOfTheArrivalAndNotOfTheReading) {
    ask_for_stamps(listener_);
    // The kernel turns stamps on in the background once the first socket asks for them
    // (net_enable_timestamp), so that the first data of all may come without.
    Receipt receipt;
    TimePoint reading;
    for (int attempt = 0; attempt < 100 && !receipt.arrival.stamped; ++attempt) {
        if (attempt > 0) reconnect();
        connect_and_send("abc");
        ::usleep(20'000);
        reading = Clock::now();
        receipt = receive_stamped(server_, buffer_);
    }
    EXPECT_EQ(std::string_view(buffer_.data(), static_cast<std::size_t>(receipt.bytes)), "abc");
    EXPECT_TRUE(receipt.arrival.stamped) << "sent before it was accepted";
    // A millisecond for two clocks that run apart.
    EXPECT_LE(receipt.arrival.time, reading - 19ms);
}

TEST_F(ReceiveStamped, WithoutAStampIsOfTheReading) {
    connect_and_send("abc");
    const TimePoint reading = Clock::now();
    const Receipt receipt = receive_stamped(server_, buffer_);
    EXPECT_EQ(receipt.bytes, 3);
    EXPECT_FALSE(receipt.arrival.stamped);
    EXPECT_GE(receipt.arrival.time, reading);
}

TEST_F(ReceiveStamped, TellsEndAndErrorAsRecvDoes) {
    ask_for_stamps(listener_);
    connect_and_send("a");
    EXPECT_EQ(receive_stamped(server_, buffer_).bytes, 1);
    ::shutdown(client_, SHUT_WR);
    EXPECT_EQ(receive_stamped(server_, buffer_).bytes, 0);
    EXPECT_EQ(receive_stamped(-1, buffer_).bytes, -1);
    EXPECT_EQ(errno, EBADF);
}

}  // namespace asyncbench::arrival_tests
