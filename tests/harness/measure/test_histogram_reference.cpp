// Histogram and its encoding against HdrHistogram-Java. Its answers are kept in data/hdrhistogram.json, which
// scripts/make-histogram-testdata makes again.
#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

#include "async/histogram.hpp"
#include "harness/measure/base64.hpp"
#include "harness/measure/histogram_codec.hpp"
#include "tests/harness/measure/reference_data_sets.hpp"
#include "tests/support/paths/paths.hpp"

namespace asyncbench {

namespace reference {
void PrintTo(const DataSet& set, std::ostream* out) {
    *out << set.name;
}
}  // namespace reference

namespace {

using nlohmann::json;

const json& java_answers() {
    static const json answers = [] {
        std::ifstream file(test::source_dir() + "/tests/harness/measure/data/hdrhistogram.json");
        return json::parse(file).at("data_sets");
    }();
    return answers;
}

/// What is encoded, without what zlib makes of it: that differs between its versions.
std::string uncompressed(const std::string& encoding) {
    constexpr std::size_t header = 8;
    const std::string bytes = decode_base64(encoding).value();
    std::string plain(1U << 20U, '\0');
    uLongf size = plain.size();
    EXPECT_EQ(uncompress(reinterpret_cast<Bytef*>(plain.data()), &size,
                         reinterpret_cast<const Bytef*>(bytes.data() + header), bytes.size() - header),
              Z_OK);
    plain.resize(size);
    return plain;
}

std::int64_t bucket_digest(const Histogram& histogram) {
    reference::Digest digest;
    histogram.for_each([&](std::int64_t value, std::uint64_t count) { digest.add(value, count); });
    return digest.value();
}

void expect_like_java(const Histogram& histogram, const json& java) {
    EXPECT_EQ(histogram.count(), java.at("count").get<std::uint64_t>());
    EXPECT_EQ(bucket_digest(histogram), java.at("bucket_digest").get<std::int64_t>());
    EXPECT_EQ(histogram.min(), java.at("min").get<std::int64_t>());
    EXPECT_EQ(histogram.max(), java.at("max").get<std::int64_t>());
    EXPECT_DOUBLE_EQ(histogram.mean(), java.at("mean").get<double>());
    EXPECT_DOUBLE_EQ(histogram.standard_deviation(), java.at("standard_deviation").get<double>());
    ASSERT_GE(java.at("percentiles").size(), 20U);
    for (const auto& pair : java.at("percentiles")) {
        EXPECT_EQ(histogram.value_at_percentile(pair.at(0).get<double>()), pair.at(1).get<std::int64_t>())
            << "at percentile " << pair.at(0);
    }
}

class HistogramReference : public testing::TestWithParam<reference::DataSet> {
  protected:
    void SetUp() override {
        for (const auto& set : java_answers()) {
            if (set.at("name") == GetParam().name) java_ = set;
        }
        ASSERT_FALSE(java_.is_null()) << "no answers for " << GetParam().name;
        GetParam().generate([this](std::int64_t value, std::uint64_t count) {
            histogram_.record(value, count);
            digest_.add(value, count);
        });
    }

    json java_;
    Histogram histogram_;
    reference::Digest digest_;
};

TEST_P(HistogramReference, IsMadeOfTheValuesThatJavaRecorded) {
    EXPECT_EQ(digest_.value(), java_.at("digest").get<std::int64_t>());
}

TEST_P(HistogramReference, SaysOfTheValuesWhatJavaSays) {
    expect_like_java(histogram_, java_);
}

TEST_P(HistogramReference, DecodesWhatJavaEncoded) {
    EXPECT_EQ(decode_v2(java_.at("java_encoding").get<std::string>()), histogram_);
}

TEST_P(HistogramReference, EncodesWhatJavaDecoded) {
    EXPECT_EQ(uncompressed(encode_v2(histogram_)), uncompressed(java_.at("our_encoding").get<std::string>()));
    EXPECT_TRUE(java_.at("java_equals_our_encoding").get<bool>());
    expect_like_java(histogram_, java_.at("our_encoding_in_java"));
}

TEST_P(HistogramReference, EncodesByteForByteAsJavaBeforeCompression) {
    EXPECT_EQ(uncompressed(encode_v2(histogram_)),
              uncompressed(java_.at("java_encoding").get<std::string>()));
}

INSTANTIATE_TEST_SUITE_P(Java, HistogramReference,
                         testing::ValuesIn(reference::data_sets().begin(), reference::data_sets().end()),
                         [](const auto& set) { return std::string{set.param.name}; });

}  // namespace
}  // namespace asyncbench
