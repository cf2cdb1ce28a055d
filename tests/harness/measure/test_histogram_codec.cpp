#include "harness/measure/histogram_codec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "async/errors.hpp"
#include "async/histogram_layout.hpp"
#include "harness/measure/base64.hpp"
#include "harness/measure/histogram_codec.hpp"
#include "harness/work/random.hpp"

namespace asyncbench::histogram_codec_tests {

using std::string_literals::operator""s;
using testing::HasSubstr;

std::string big_endian(std::uint64_t number, int bytes) {
    std::string text;
    for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(number >> (8 * i) & 0xFFU);
    return text;
}

std::string zigzag(std::int64_t number) {
    std::string bytes;
    append_zigzag(bytes, number);
    return bytes;
}

std::string deflated(const std::string& plain) {
    uLongf size = compressBound(plain.size());
    std::string bytes(size, '\0');
    EXPECT_EQ(compress(reinterpret_cast<Bytef*>(bytes.data()), &size,
                       reinterpret_cast<const Bytef*>(plain.data()), plain.size()),
              Z_OK);
    bytes.resize(size);
    return bytes;
}

/// The parts of an encoding, each to be spoilt.
struct Encoding {
    std::uint64_t cookie = 0x1C849313;
    std::uint64_t offset = 0;
    std::uint64_t digits = 3;
    std::uint64_t lowest = 1;
    std::uint64_t highest = (std::uint64_t{1} << 42) - 1;
    std::uint64_t ratio = 0x3FF0000000000000;
    std::string counts = zigzag(1);
    std::uint64_t counts_length_off = 0;
    std::uint64_t outer_cookie = 0x1C849314;
    std::uint64_t outer_length_off = 0;

    std::string plain() const {
        return big_endian(cookie, 4) + big_endian(counts.size() + counts_length_off, 4) +
               big_endian(offset, 4) + big_endian(digits, 4) + big_endian(lowest, 8) +
               big_endian(highest, 8) + big_endian(ratio, 8) + counts;
    }
    std::string around(const std::string& contents) const {
        return encode_base64(big_endian(outer_cookie, 4) + big_endian(contents.size() + outer_length_off, 4) +
                             contents);
    }
    std::string text() const { return around(deflated(plain())); }
};

/// The sentence with which decode_v2 refuses; empty where it does not.
std::string refusal_of(const std::string& text) {
    try {
        decode_v2(text);
        return "";
    } catch (const Error& error) {
        return error.what();
    }
}

Histogram some_histogram() {
    Histogram histogram;
    for (std::uint64_t id = 0; id < 3'000; ++id) {
        histogram.record(static_cast<std::int64_t>(random_bits(5, id, 0) >> 24 >> id % 30));
    }
    return histogram;
}

TEST(HistogramCodec, DecodesWhatItEncoded) {
    const Histogram histogram = some_histogram();
    EXPECT_EQ(decode_v2(encode_v2(histogram)), histogram);
    EXPECT_EQ(decode_v2(encode_v2(Histogram{})), Histogram{});
}

TEST(HistogramCodec, KeepsTheHighestValue) {
    Histogram histogram;
    histogram.record(std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(decode_v2(encode_v2(histogram)), histogram);
}

TEST(HistogramCodec, TakesEveryCounterFilled) {
    Histogram full;
    for (std::size_t index = 0; index < histogram_layout::size; ++index) {
        full.record(histogram_layout::lowest_equivalent(index), std::uint64_t{1} << 37);
    }
    EXPECT_EQ(decode_v2(encode_v2(full)), full);
}

TEST(HistogramCodec, TakesAnyWordSizeAndRangeOfTheWriter) {
    Encoding encoding;
    encoding.cookie = 0x1C849303;
    encoding.outer_cookie = 0x1C849384;
    encoding.highest = std::numeric_limits<std::int64_t>::max();
    Histogram zero;
    zero.record(0);
    EXPECT_EQ(decode_v2(encoding.text()), zero);
}

TEST(HistogramCodec, RefusesWhatIsNoBase64) {
    for (const auto* text : {"HIST", "HIS", "HIST!", "====", "A===", "AB==", "AA==AA=="}) {
        EXPECT_NE(refusal_of(text), "") << text;
    }
    EXPECT_THAT(refusal_of("not base64"), HasSubstr("not base64"));
}

TEST(HistogramCodec, RefusesNothingAtAll) {
    EXPECT_THAT(refusal_of(""), HasSubstr("ends within its header"));
}

TEST(HistogramCodec, RefusesOtherCookies) {
    Encoding inner;
    inner.cookie = 0x1C849301;  // V1
    EXPECT_THAT(refusal_of(inner.text()), HasSubstr("no V2 histogram"));
    Encoding outer;
    outer.outer_cookie = 0x1C849302;
    EXPECT_THAT(refusal_of(outer.text()), HasSubstr("cookie"));
}

TEST(HistogramCodec, RefusesLengthsThatAreNotTheRealOnes) {
    for (const std::uint64_t off : {std::uint64_t{1}, ~std::uint64_t{0}, std::uint64_t{0x7FFFFFFF}}) {
        Encoding outer;
        outer.outer_length_off = off;
        EXPECT_THAT(refusal_of(outer.text()), HasSubstr("not as long as its header says"));
        Encoding inner;
        inner.counts_length_off = off;
        EXPECT_THAT(refusal_of(inner.text()), HasSubstr("counts are not as long"));
    }
}

TEST(HistogramCodec, RefusesOtherLayoutsAndSaysWhichItReads) {
    Encoding digits;
    digits.digits = 2;
    EXPECT_THAT(refusal_of(digits.text()), HasSubstr("2 significant digits"));
    Encoding lowest;
    lowest.lowest = 1000;
    EXPECT_THAT(refusal_of(lowest.text()), HasSubstr("lowest discernible value 1000"));
    Encoding offset;
    offset.offset = 1;
    EXPECT_THAT(refusal_of(offset.text()), HasSubstr("shifted"));
    Encoding ratio;
    ratio.ratio = 0x4000000000000000;
    EXPECT_THAT(refusal_of(ratio.text()), HasSubstr("scaled"));
}

TEST(HistogramCodec, RefusesContentsThatUnpackToMoreThanAHistogram) {
    const std::string bomb = deflated(std::string(50'000'000, '\0'));
    ASSERT_LT(bomb.size(), 100'000U);
    EXPECT_THAT(refusal_of(Encoding{}.around(bomb)), HasSubstr("longer than any histogram"));
}

TEST(HistogramCodec, RefusesTextThatIsTooLongWithoutDecodingIt) {
    EXPECT_THAT(refusal_of(std::string(4'000'000, 'A')), HasSubstr("longer than any histogram"));
}

TEST(HistogramCodec, RefusesContentsThatAreCutShortOrGoOn) {
    const std::string contents = deflated(Encoding{}.plain());
    EXPECT_THAT(refusal_of(Encoding{}.around(contents.substr(0, contents.size() - 3))), HasSubstr("zlib"));
    EXPECT_THAT(refusal_of(Encoding{}.around(contents + "more")), HasSubstr("end before"));
    EXPECT_THAT(refusal_of(Encoding{}.around("")), HasSubstr("zlib"));
}

TEST(HistogramCodec, RefusesCountsPastTheHighestValue) {
    constexpr auto size = static_cast<std::int64_t>(histogram_layout::size);
    Encoding fits;
    fits.counts = zigzag(-(size - 1)) + zigzag(1);
    EXPECT_EQ(refusal_of(fits.text()), "");
    for (const std::string& counts :
         {zigzag(-size) + zigzag(1), zigzag(-size - 1), zigzag(-size) + zigzag(-1),
          zigzag(std::numeric_limits<std::int64_t>::min()),
          std::string(histogram_layout::size + 1, '\x02')}) {
        Encoding encoding;
        encoding.counts = counts;
        EXPECT_THAT(refusal_of(encoding.text()), HasSubstr("over 2^42 - 1"));
    }
}

TEST(HistogramCodec, RefusesCountsWhoseSumIsOutOfRange) {
    constexpr std::int64_t most = std::int64_t{1} << 53;
    Encoding fits;
    fits.counts = zigzag(most - 1) + zigzag(1);
    EXPECT_EQ(refusal_of(fits.text()), "");
    for (const std::string& counts :
         {zigzag(most) + zigzag(1), zigzag(std::numeric_limits<std::int64_t>::max())}) {
        Encoding encoding;
        encoding.counts = counts;
        EXPECT_THAT(refusal_of(encoding.text()), HasSubstr("more than 2^53"));
    }
}

TEST(HistogramCodec, RefusesCountsThatEndWithinANumber) {
    Encoding encoding;
    encoding.counts = "\x80"s;
    EXPECT_THAT(refusal_of(encoding.text()), HasSubstr("ends within a count"));
}

/// Either decodes, and then to something that encodes and decodes to itself, or refuses with a sentence.
void expect_decoded_or_refused(const std::string& text) {
    try {
        const Histogram histogram = decode_v2(text);
        ASSERT_EQ(decode_v2(encode_v2(histogram)), histogram);
    } catch (const Error& error) {
        ASSERT_THAT(error.what(), HasSubstr("This is no V2 encoding"));
    }
}

/// One to four bytes changed, cut out or put in.
std::string mutated(std::string bytes, std::uint64_t id) {
    const std::uint64_t changes = 1 + random_bits(11, id, 0) % 4;
    for (std::uint64_t change = 1; change <= changes && !bytes.empty(); ++change) {
        const std::uint64_t bits = random_bits(11, id, change);
        const std::size_t at = bits % bytes.size();
        const char byte = static_cast<char>(bits >> 40);
        switch (bits >> 56 & 3U) {
            case 0:
                bytes[at] = byte;
                break;
            case 1:
                bytes.erase(at, 1 + (bits >> 48 & 7U));
                break;
            case 2:
                bytes.insert(at, 1, byte);
                break;
            default:
                bytes[at] = static_cast<char>(bytes[at] ^ (1 << (bits >> 48 & 7U)));
                break;
        }
    }
    return bytes;
}

TEST(HistogramCodecFuzz, MutatedTextIsDecodedOrRefused) {
    const std::string text = encode_v2(some_histogram());
    for (std::uint64_t id = 0; id < 20'000; ++id)
        ASSERT_NO_FATAL_FAILURE(expect_decoded_or_refused(mutated(text, id)));
}

TEST(HistogramCodecFuzz, MutatedContentsInASoundEnvelopeAreDecodedOrRefused) {
    // Behind base64 and zlib's checksum, where mutated text hardly comes.
    Encoding encoding;
    encoding.counts = zigzag(1) + zigzag(-40) + zigzag(0) + zigzag(1'000'000) + zigzag(-30'000) + zigzag(3) +
                      zigzag(std::int64_t{1} << 50) + zigzag(-100) + zigzag(70'000);
    ASSERT_EQ(refusal_of(encoding.text()), "");
    int decoded = 0;
    for (std::uint64_t id = 0; id < 2'000; ++id) {
        const std::string text = encoding.around(deflated(mutated(encoding.plain(), id)));
        ASSERT_NO_FATAL_FAILURE(expect_decoded_or_refused(text));
        if (refusal_of(text).empty()) ++decoded;
    }
    EXPECT_GT(decoded, 100);  // the mutations reach the counts, too
}

TEST(HistogramCodecFuzz, MutatedCountsAreDecodedOrRefused) {
    Encoding encoding;
    const std::string counts =
        zigzag(5) + zigzag(-2'000) + zigzag(std::int64_t{1} << 40) + zigzag(1) + zigzag(-3);
    for (std::uint64_t id = 0; id < 2'000; ++id) {
        encoding.counts = mutated(counts, id);
        ASSERT_NO_FATAL_FAILURE(expect_decoded_or_refused(encoding.text()));
    }
}

TEST(Zigzag, ReadsEveryLengthItWrites) {
    std::string bytes;
    for (int shift = 0; shift < 63; ++shift) {
        append_zigzag(bytes, std::int64_t{1} << shift);
        append_zigzag(bytes, -(std::int64_t{1} << shift));
    }
    append_zigzag(bytes, std::numeric_limits<std::int64_t>::max());
    append_zigzag(bytes, std::numeric_limits<std::int64_t>::min());
    std::string_view rest = bytes;
    for (int shift = 0; shift < 63; ++shift) {
        ASSERT_EQ(take_zigzag(rest), std::int64_t{1} << shift);
        ASSERT_EQ(take_zigzag(rest), -(std::int64_t{1} << shift));
    }
    EXPECT_EQ(take_zigzag(rest), std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(take_zigzag(rest), std::numeric_limits<std::int64_t>::min());
    EXPECT_TRUE(rest.empty());
    EXPECT_EQ(take_zigzag(rest), std::nullopt);
}

TEST(Base64, IsThatOfRfc4648) {
    // Its test vectors, section 10.
    const std::pair<std::string, std::string> vectors[] = {{"", ""},
                                                           {"f", "Zg=="},
                                                           {"fo", "Zm8="},
                                                           {"foo", "Zm9v"},
                                                           {"foob", "Zm9vYg=="},
                                                           {"fooba", "Zm9vYmE="},
                                                           {"foobar", "Zm9vYmFy"}};
    for (const auto& [bytes, text] : vectors) {
        EXPECT_EQ(encode_base64(bytes), text);
        EXPECT_EQ(decode_base64(text), bytes);
    }
}

TEST(Base64, KeepsEveryByte) {
    std::string bytes;
    for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
    EXPECT_EQ(decode_base64(encode_base64(bytes)), bytes);
}

}  // namespace asyncbench::histogram_codec_tests
