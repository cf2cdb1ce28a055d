#include "harness/trial/why_no_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "async/errors.hpp"
#include "async/utf8.hpp"
#include "harness/trial/json_fields.hpp"

namespace asyncbench::why_no_json_tests {

using namespace std::string_literals;
using testing::AllOf;
using testing::HasSubstr;

const std::string document = "{\n  \"context\": {\n    \"num_cpus\": 2\n  },\n  \"benchmarks\": []\n}\n";

std::string why_refused(const std::string& text) {
    try {
        parse_json(text, "The file");
    } catch (const Error& error) {
        return error.what();
    }
    return "accepted";
}

struct Refused {
    std::string what;
    std::string text;
    std::string says;
};

class WhyNoJson : public testing::TestWithParam<Refused> {};

TEST_P(WhyNoJson, NamesWhatItIsAndSaysWhatToDo) {
    const std::string why = why_refused(GetParam().text);
    EXPECT_THAT(why, AllOf(testing::StartsWith("The file cannot be read: it is no JSON"), HasSubstr(GetParam().says),
                           testing::EndsWith(".")));
    EXPECT_EQ(why.find("syntax error"), std::string::npos) << why;
    EXPECT_EQ(as_utf8(why), why);
    EXPECT_LT(why.size(), 400U);
}

std::string utf16(const std::string& text, bool big, const std::string& mark) {
    std::string wide = mark;
    for (const char c : text) wide += big ? std::string{'\0', c} : std::string{c, '\0'};
    return wide;
}

const std::string log_line = "2026-01-02T03:04:05+00:00\n";

INSTANTIATE_TEST_SUITE_P(
    OtherFiles, WhyNoJson,
    testing::Values(
        Refused{"empty", "", "as it is empty"}, Refused{"white space", " \n\t\r\n", "as it is empty"},
        Refused{"UTF-16 little endian", utf16(document, false, "\xff\xfe"), "iconv -f UTF-16 -t UTF-8"},
        Refused{"UTF-16 big endian", utf16(document, true, "\xfe\xff"), "but UTF-16"},
        Refused{"UTF-16 without a mark", utf16(document, false, ""), "but UTF-16"},
        Refused{"gzip", "\x1f\x8b\x08\0\0"s, "compressed (gzip)"}, Refused{"zip", "PK\x03\x04xyz", "compressed (zip)"},
        Refused{"NUL within", document.substr(0, 10) + "\0\0\0"s + document.substr(10), "NUL bytes, the first in line 2"},
        Refused{"NUL at the end", document + std::string(4096, '\0'), "NUL bytes, the first in line 7"},
        Refused{"HTML", "\n<!DOCTYPE html>\n<html><body>404</body></html>", "HTML or XML"},
        Refused{"JUnit", "<?xml version=\"1.0\"?><testsuites/>", "HTML or XML"},
        Refused{"Git LFS", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n", "git lfs pull"},
        Refused{"CSV", "name,iterations,real_time,cpu_time,time_unit\n\"BM\",10,1,1,ns\n", "but CSV"},
        Refused{"other CSV", "a,b,c\n1,2,3\n", "but CSV"},
        Refused{"a table",
                "2026-01-02\nRunning ./bench\n---------\nBenchmark  Time  CPU  Iterations\n---------\nBM  1 ns  1 ns  1\n",
                "a table of Google Benchmark for people"},
        Refused{"text", "hello", "line 1 is `hello`"},
        Refused{"a long line", "hello " + std::string(10'000, 'x'), "… (10006 bytes)`"},
        Refused{"bytes", "\x80\x81\x82", "line 1 is `\xef\xbf\xbd"}));

INSTANTIATE_TEST_SUITE_P(
    BrokenJson, WhyNoJson,
    testing::Values(
        Refused{"log before", log_line + "Running ./bench\n" + document,
                "line 1 is text before the JSON, which begins in line 3: `2026-01-02T03:04:05+00:00`. Let the program "
                "write the file itself (Google Benchmark: --benchmark_out=FILE"},
        Refused{"log in brackets before", "[info] started\n\n" + document, "begins in line 3: `[info] started`"},
        Refused{"log after", document + log_line, "line 7 is text after the JSON: `2026-01-02T03:04:05+00:00`. Let"},
        Refused{"log within", "{\n\"context\": {},\nWARNING: no \"cpu\" scaling\n\"benchmarks\": []}\n",
                "line 3 is text within it: `WARNING: no \"cpu\" scaling`. Let the program"},
        Refused{"log in brackets within", "{\n\"context\": {},\n[info] x\n\"benchmarks\": []}\n", "line 3 is text within"},
        Refused{"time within", "{\n\"context\": {},\n2026-01-02 info\n\"benchmarks\": []}\n", "line 3 is text within it"},
        Refused{"two documents", document + document, "a second document begins in line 7"},
        Refused{"two documents in one line", "{}{}", "a second document begins in line 1"},
        Refused{"a list behind", "{}\n[1]", "a second document begins in line 2"},
        Refused{"cut off", document.substr(0, 30), "it ends in the middle, in line 3"},
        Refused{"cut off in a text", "{\"a\": \"b", "it ends in the middle, in line 1"},
        Refused{"cut off in a number", "{\"a\": 12", "it ends in the middle, in line 1"},
        Refused{"cut off in a word", "{\"a\": tru", "it ends in the middle, in line 1"},
        Refused{"a merge", "{\n<<<<<<< HEAD\n\"a\": 1\n=======\n\"a\": 2\n>>>>>>> b\n}", "line 2 marks a conflict"},
        Refused{"a merge of the whole", "<<<<<<< HEAD\n{}\n=======\n", "line 1 marks a conflict"},
        Refused{"decimal comma", "{\n\"real_time\": 1,5,\n\"x\": 2}", "line 2 has a number with a decimal comma"}));

TEST(WhyNoJsonInItsWords, IsToldOfWhatHasNoName) {
    EXPECT_THAT(why_refused("{\n\"a\" 1\n}"),
                AllOf(HasSubstr("it is no JSON, as line 2 is wrong: `\"a\" 1` (syntax error"), HasSubstr("expected ':'")));
    EXPECT_THAT(why_refused("{\"a\": 1e999}"), HasSubstr("number overflow"));
}

TEST(WhyNoJsonOfOneLine, DoesNotSpeakOfFiles) {
    EXPECT_EQ(why_refused("{} and more"), "The file cannot be read: it is no JSON alone: line 1 is text after the JSON: "
                                          "`{} and more`.");
}

TEST(ParseJson, ReadsAMarkOfTheByteOrder) {
    EXPECT_EQ(parse_json("\xef\xbb\xbf{\"a\": 1}", "The file")["a"], 1);
}

}  // namespace asyncbench::why_no_json_tests
