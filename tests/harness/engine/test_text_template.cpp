#include "harness/engine/text_template.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace asyncbench::text_template_tests {

using testing::ElementsAre;
using testing::IsEmpty;

std::string filled(std::string_view text, TextPlace place, const std::string& value) {
    std::string made;
    TextTemplate(text, {"id", "b"}, place).append_to(made, {value, "B"});
    return made;
}

TEST(TextTemplate, PutsValuesIntoItsGaps) {
    EXPECT_EQ(filled("{{id}}/x/{{b}}{{id}}", TextPlace::body, "7"), "7/x/B7");
    EXPECT_EQ(filled("none", TextPlace::body, "7"), "none");
    EXPECT_EQ(filled("{{{id}}}", TextPlace::body, "7"), "{7}");
}

TEST(TextTemplate, LeavesBracesThatNameNoVariable) {
    for (const char* text :
         {"{{other}}", "{{}}", "{{id", "id}}", "{{ id }}", "{{i}d}}", R"({"a":{"b":{}}})"}) {
        EXPECT_EQ(filled(text, TextPlace::body, "7"), text);
        EXPECT_FALSE(TextTemplate(text, {"id"}, TextPlace::body).has_gaps()) << text;
    }
}

TEST(TextTemplate, EscapesAValueInAUrl) {
    EXPECT_EQ(filled("/{{id}}?q={{id}}", TextPlace::url, "a b/?&=%\r\n\xc3\xa9~._-"),
              "/a%20b%2F%3F%26%3D%25%0D%0A%C3%A9~._-?q=a%20b%2F%3F%26%3D%25%0D%0A%C3%A9~._-");
}

TEST(TextTemplate, LetsNoValueBreakAHeader) {
    EXPECT_EQ(filled("X: {{id}}", TextPlace::header, std::string("a\r\nHost: evil\0\x7f", 14)),
              "X: a  Host: evil ");
    EXPECT_EQ(filled("{{id}}", TextPlace::body, "a\r\n"), "a\r\n");
}

TEST(TextTemplate, FindsTheNamesInAText) {
    EXPECT_THAT(variables_in("/{{a}}/{{b-1}}?{{a}}&{{no name}}"), ElementsAre("a", "b-1", "a"));
    EXPECT_THAT(variables_in("{{" + std::string(65, 'a') + "}}"), IsEmpty());
}

}  // namespace asyncbench::text_template_tests
