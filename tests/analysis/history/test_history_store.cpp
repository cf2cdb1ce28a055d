#include "analysis/history/history_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "async/errors.hpp"
#include "tests/analysis/history/sample_history.hpp"

namespace asyncbench::history_store_tests {

using Access = HistoryStore::Access;
using sample::TemporaryFile;
using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

void fill(const TemporaryFile& file, const std::vector<HistoryRun>& runs) {
    HistoryStore(file.path(), Access::write).add(runs);
}

std::vector<HistoryRun> runs_of(const TemporaryFile& file) {
    return HistoryStore(file.path(), Access::read).runs();
}

/// What the Error of the call says; empty where there is none.
std::string complaint(const std::function<void()>& call) {
    try {
        call();
        return "";
    } catch (const Error& error) {
        return error.what();
    }
}

void replace(std::string& text, std::string_view what, std::string_view with) {
    const auto place = text.find(what);
    ASSERT_NE(place, std::string::npos);
    text.replace(place, what.size(), with);
}

TEST(HistoryStore, GivesBackWhatWasAdded) {
    const TemporaryFile file;
    HistoryRun run = sample::history_run(3, 5000);
    run.commit = "";
    run.values.push_back({"exec:it's \"x\"; DROP TABLE run", 4, "p\xC3\xA9", {0.1, -1e-300, 1e300, 0}});
    fill(file, {run});
    EXPECT_THAT(runs_of(file), ElementsAre(run));
}

TEST(HistoryStore, OrdersRunsByTheirTime) {
    const TemporaryFile file;
    fill(file, {sample::history_run(9, 1), sample::history_run(2, 2)});
    fill(file, {sample::history_run(5, 3)});
    std::vector<std::string> identities;
    for (const HistoryRun& run : runs_of(file)) identities.push_back(run.identity);
    EXPECT_THAT(identities, ElementsAre("run 2", "run 5", "run 9"));
}

TEST(HistoryStore, KeepsAMeasurementOnce) {
    const TemporaryFile file;
    HistoryStore store(file.path(), Access::write);
    const HistoryRun run = sample::history_run(1, 1);
    HistoryRun relabelled = run;
    relabelled.commit = "other";
    EXPECT_THAT(store.add(std::vector{run, relabelled}), ElementsAre(true, false));
    EXPECT_THAT(store.add(std::vector{run}), ElementsAre(false));
    EXPECT_THAT(store.runs(), ElementsAre(run));
}

TEST(HistoryStore, AddsAllOrNone) {
    const TemporaryFile file;
    HistoryStore store(file.path(), Access::write);
    HistoryRun wrong = sample::history_run(2, 1);
    wrong.values[0].estimate.high = std::numeric_limits<double>::infinity();
    EXPECT_THAT(complaint([&] { store.add(std::vector{sample::history_run(1, 1), wrong}); }),
                HasSubstr("throughput_rps of coroutine at 64"));
    EXPECT_THAT(store.runs(), IsEmpty());
}

TEST(HistoryStore, TakesAnEmptyFileForANewHistoryWhenItWrites) {
    const TemporaryFile file;
    file.write("");
    fill(file, {sample::history_run(1, 1)});
    EXPECT_EQ(runs_of(file).size(), 1U);
}

TEST(HistoryStore, IsAFileWhateverItsName) {
    const TemporaryFile folder;
    std::filesystem::create_directory(folder.path());
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(folder.path());
    HistoryStore(":memory:", Access::write).add(std::vector{sample::history_run(1, 1)});
    EXPECT_EQ(HistoryStore(":memory:", Access::read).runs().size(), 1U);
    std::filesystem::remove(":memory:");
    std::filesystem::current_path(before);
}

TEST(HistoryStore, IsAddedToBySeveralAtATime) {
    const TemporaryFile file;
    std::vector<std::thread> threads;
    for (int writer = 0; writer < 4; ++writer) {
        threads.emplace_back([&file, writer] { fill(file, {sample::history_run(writer + 1, 1)}); });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(runs_of(file).size(), 4U);
}

TEST(HistoryStore, DoesNotMakeAFileToRead) {
    const TemporaryFile file;
    EXPECT_THAT(complaint([&] { runs_of(file); }), AllOf(HasSubstr("no history"), HasSubstr(file.path())));
    EXPECT_FALSE(std::filesystem::exists(file.path()));
}

TEST(HistoryStore, RefusesAFolder) {
    const std::string folder = std::filesystem::temp_directory_path();
    for (const Access access : {Access::read, Access::write}) {
        EXPECT_THAT(complaint([&] { HistoryStore(folder, access); }), HasSubstr("cannot be used"));
    }
}

/// A history whose bytes were changed so.
std::string complaint_about(const std::function<void(std::string&)>& change) {
    const TemporaryFile file;
    fill(file, {sample::history_run(1, 1234.5), sample::history_run(2, 1)});
    std::string bytes = file.read();
    change(bytes);
    file.write(bytes);
    const std::string reading = complaint([&] { runs_of(file); });
    EXPECT_THAT(reading, AllOf(HasSubstr(file.path()), EndsWith(".")));
    return reading;
}

TEST(HistoryStore, RefusesWhatIsNoDatabase) {
    EXPECT_THAT(complaint_about([](std::string& bytes) { bytes = "{\"schema\": \"asyncbench.result/1\"}"; }),
                HasSubstr("no SQLite database"));
    EXPECT_THAT(complaint_about([](std::string& bytes) { bytes.clear(); }),
                HasSubstr("no history of asyncbench"));
}

TEST(HistoryStore, RefusesTheDatabaseOfAnotherProgram) {
    constexpr std::size_t application_id = 68;  // of the file's header, as is user_version
    const auto change = [](std::string& bytes) { bytes[application_id] = 'x'; };
    EXPECT_THAT(complaint_about(change), HasSubstr("no history of asyncbench"));
    const TemporaryFile file;
    fill(file, {});
    std::string bytes = file.read();
    change(bytes);
    file.write(bytes);
    EXPECT_THAT(complaint([&] { fill(file, {sample::history_run(1, 1)}); }),
                HasSubstr("no history of asyncbench"));
    EXPECT_EQ(file.read(), bytes);
}

TEST(HistoryStore, RefusesALaterVersion) {
    constexpr std::size_t user_version = 60;
    EXPECT_THAT(complaint_about([](std::string& bytes) { bytes[user_version + 3] = 2; }),
                HasSubstr("has version 2 and this asyncbench reads version 1"));
}

TEST(HistoryStore, RefusesOtherTables) {
    EXPECT_THAT(complaint_about([](std::string& bytes) { replace(bytes, "reason TEXT", "raison TEXT"); }),
                HasSubstr("other tables"));
}

TEST(HistoryStore, RefusesADamagedFile) {
    EXPECT_THAT(
        complaint_about([](std::string& bytes) { std::fill(bytes.begin() + 4096, bytes.end(), '\xff'); }),
        HasSubstr("cannot be used"));
    EXPECT_THAT(complaint_about([](std::string& bytes) { bytes.resize(5000); }), HasSubstr("cannot be used"));
}

TEST(HistoryStore, RefusesTimesAndValuesThatAreNone) {
    EXPECT_THAT(complaint_about([](std::string& bytes) {
                    replace(bytes, "2026-03-01T12:00:00Z", "2026-03-41T12:00:00Z");
                }),
                HasSubstr("a time that is none"));
    const std::string big_endian_1234_5("\x40\x93\x4A\x00\x00\x00\x00\x00", 8);
    const std::string infinite("\x7F\xF0\x00\x00\x00\x00\x00\x00", 8);
    EXPECT_THAT(complaint_about([&](std::string& bytes) { replace(bytes, big_endian_1234_5, infinite); }),
                HasSubstr("not a finite number"));
}

}  // namespace asyncbench::history_store_tests
