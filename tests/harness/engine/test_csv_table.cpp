#include "harness/engine/csv_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "async/errors.hpp"

namespace asyncbench::csv_table_tests {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(CsvTable, HasRowsUnderTheNamesOfItsHeaderRow) {
    const CsvTable table = parse_csv("\xef\xbb\xbfuser,pass\r\nann,1\r\n\"b,\"\"ob\n\",\r\n", "u.csv");
    EXPECT_THAT(table.columns, ElementsAre("user", "pass"));
    EXPECT_EQ(table.rows(), 2U);
    EXPECT_THAT(table.cells, ElementsAre("ann", "1", "b,\"ob\n", ""));
    EXPECT_EQ(table.cell(1, 0), "b,\"ob\n");
}

TEST(CsvTable, NeedsNoEndOfTheLastLineAndPassesOverEmptyOnes) {
    EXPECT_THAT(parse_csv("a,b\n\n1,2\n\n3,4", "f").cells, ElementsAre("1", "2", "3", "4"));
    EXPECT_THAT(parse_csv("a\n\n1\n", "f").cells, ElementsAre("", "1"));
}

TEST(CsvTable, SaysInWhichLineSomethingIsWrong) {
    struct Case {
        const char* text;
        const char* problem;
    };
    for (const Case& each : {Case{"", "Line 1 of f must name each column"},
                             Case{"a b\n1\n", "Line 1 of f must name each column"},
                             Case{"a,a\n1,2\n", "Line 1 of f has two columns 'a'"},
                             Case{"a,b\n", "Line 1 of f is the header row, and no row follows"},
                             Case{"a,b\n1,2\n3\n", "Line 3 of f has 1 fields where the header row has 2"},
                             Case{"a\n1\n\"2\n3\n", "Line 3 of f opens a quote that is never closed"},
                             Case{"a\n\"x\ny\"z\n", "Line 3 of f has text behind a closing quote"},
                             Case{"a\nx\"y\n", "Line 2 of f has a quote within a field"},
                             Case{"a\n\xff\n", "Line 2 of f is no UTF-8"}}) {
        EXPECT_THAT([&] { parse_csv(each.text, "f"); }, ThrowsMessage<UsageError>(HasSubstr(each.problem)))
            << each.text;
    }
}

}  // namespace asyncbench::csv_table_tests
