#include "harness/http/held_field.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace asyncbench::held_field_tests {

using namespace std::chrono_literals;

std::string written(Nanoseconds held) {
    std::array<char, held_digits> digits{};
    write_held(held, digits);
    return {digits.data(), digits.size()};
}

TEST(HeldField, IsWrittenInDigitsOfAFixedNumber) {
    EXPECT_EQ(written(20'012'345ns), "0000020012345");
    EXPECT_EQ(written(0ns), "0000000000000");
    EXPECT_EQ(written(-5ns), "0000000000000");
    EXPECT_EQ(written(2h), "7200000000000");
    EXPECT_EQ(written(24h), "9999999999999");
}

TEST(HeldField, IsReadAsItIsWritten) {
    for (const Nanoseconds held :
         {Nanoseconds{0}, Nanoseconds{1}, Nanoseconds{20'012'345}, Nanoseconds{2h}}) {
        EXPECT_EQ(held_from_line("Held-Ns: " + written(held) + "\r\n"), held);
    }
}

TEST(HeldField, TakesEveryFormThatHttpAllows) {
    for (const char* line : {"Held-Ns: 123\r\n", "held-ns:123\r\n", "HELD-NS: \t 123 \t\r\n", "Held-Ns:123\n",
                             "Held-Ns: 000000000000123", "hElD-nS: 123"}) {
        EXPECT_EQ(held_from_line(line), 123ns) << line;
    }
    EXPECT_EQ(held_from_value("999999999999999"), 999'999'999'999'999ns);
}

TEST(HeldField, IgnoresWhatIsNoNumberOfNanoseconds) {
    for (const char* value : {"", " ", "-1", "+1", "1.5", "1e6", "0x10", "12 34", "1,2", "123ns", "one",
                              "1;q=1", "1234567890123456", "99999999999999999999999", "\xc2\xb2", "1\r\n2"}) {
        EXPECT_EQ(held_from_value(value), std::nullopt) << value;
        EXPECT_EQ(held_from_line("Held-Ns: " + std::string(value) + "\r\n"), std::nullopt) << value;
    }
    EXPECT_EQ(held_from_value(std::string(1'000'000, '1')), std::nullopt);
    EXPECT_EQ(held_from_value(std::string("1\0", 2)), std::nullopt);
}

TEST(HeldField, IsNoOtherField) {
    for (const char* line : {"", "\r\n", "H", "Held", "Held-", "Held-Ns", "Held-Ns\r\n", "Held-Nz: 1\r\n",
                             "Held-Ns : 1\r\n", " Held-Ns: 1\r\n", "Held-Nsx: 1\r\n", "Help-Ns: 1\r\n",
                             "X-Held-Ns: 1\r\n", "HTTP/1.1 200 OK\r\n", "Content-Length: 1\r\n"}) {
        EXPECT_EQ(held_from_line(line), std::nullopt) << line;
    }
}

}  // namespace asyncbench::held_field_tests
