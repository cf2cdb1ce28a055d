#include "tests/analysis/history/sample_history.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace asyncbench::sample {

HistoryRun history_run(int day, double throughput) {
    HistoryRun run;
    run.identity = fmt::format("run {}", day);
    run.time_utc = fmt::format("2026-03-{:02}T12:00:00Z", day);
    run.commit = fmt::format("{:040x}", day);
    run.tool_version = "1.0.0";
    run.work = R"({"duration":"1s","latency":"20ms"})";
    run.environment.facts = {{"kernel", "6.1", ""}, {"turbo", std::nullopt, "not told here"}};
    run.values = {{"coroutine", 64, "throughput_rps", {throughput, throughput - 1, throughput + 1, 0.9375}}};
    return run;
}

TemporaryFile::TemporaryFile() {
    static std::atomic<int> count = 0;
    path_ = std::filesystem::temp_directory_path() /
            fmt::format("asyncbench-history-{}-{}", getpid(), count.fetch_add(1));
}

TemporaryFile::~TemporaryFile() {
    std::error_code error;
    std::filesystem::remove(path_, error);
}

void TemporaryFile::write(std::string_view bytes) const {
    std::ofstream(path_, std::ios::binary) << bytes;
}

std::string TemporaryFile::read() const {
    std::ostringstream text;
    text << std::ifstream(path_, std::ios::binary).rdbuf();
    return text.str();
}

}  // namespace asyncbench::sample
