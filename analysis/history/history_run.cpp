#include "analysis/history/history_run.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <ctime>
#include <nlohmann/json.hpp>
#include <utility>

#include "async/fnv1a.hpp"
#include "harness/trial/scenario_json.hpp"

namespace asyncbench {
namespace {

std::string work_of(const RunResult& run) {
    Json work = json_of(run.scenario);
    if (run.search) work.erase("rate");  // it is the answer
    for (const char* key :
         {"name", "question", "strategies", "concurrency", "repetitions", "budget", "one_in_flight"})
        work.erase(key);
    return to_text(work);
}

std::string identity_of(const HistoryRun& run, std::string_view started_utc) {
    std::string text = fmt::format("{}\n{}\n", started_utc, run.work);
    for (const HistoryValue& value : run.values) {
        text += fmt::format("{} {} {:a} {:a} {:a}\n", value.subject(), value.metric, value.estimate.value,
                            value.estimate.low, value.estimate.high);
    }
    return fmt::format("{:016x}", fnv1a(text));
}

/// Reads fields of fixed width from the front of a text.
class Fields {
  public:
    explicit Fields(std::string_view text) : rest_(text) {}

    int number(std::size_t digits) {
        int value = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            const char digit = next();
            if (digit < '0' || digit > '9') refuse();
            value = value * 10 + (digit - '0');
        }
        return value;
    }
    void expect(char wanted) {
        if (next() != wanted) refuse();
    }
    char next() {
        if (rest_.empty()) {
            refuse();
            return '\0';
        }
        const char first = rest_.front();
        rest_.remove_prefix(1);
        return first;
    }
    void refuse() { good_ = false; }
    bool done() const { return good_ && rest_.empty(); }

  private:
    std::string_view rest_;
    bool good_ = true;
};

/// Minutes east of Greenwich: `Z`, `+01:00`, of less than a day as RFC 3339 has them.
int read_offset(Fields& fields) {
    const char sign = fields.next();
    if (sign == 'Z') return 0;
    if (sign != '+' && sign != '-') fields.refuse();
    const int hours = fields.number(2);
    fields.expect(':');
    const int minutes = fields.number(2);
    if (hours > 23 || minutes > 59) fields.refuse();
    const int offset = hours * 60 + minutes;
    return sign == '+' ? offset : -offset;
}

}  // namespace

std::string HistoryValue::subject() const {
    return fmt::format("{} at {}", strategy, concurrency);
}

HistoryRun history_run(const RunResult& run, std::string commit, std::string time_utc) {
    HistoryRun kept;
    kept.time_utc = std::move(time_utc);
    kept.commit = std::move(commit);
    kept.tool_version = run.tool_version;
    kept.work = work_of(run);
    kept.environment = run.environment;
    for (const Cell& cell : run.summary) {
        if (!cell.usable()) continue;
        for (const auto& [metric, estimate] : cell.metrics) {
            kept.values.push_back({cell.strategy.text(), cell.concurrency, metric, estimate});
        }
    }
    kept.identity = identity_of(kept, run.started_utc);
    return kept;
}

std::optional<std::string> utc_time(std::string_view text) {
    namespace chrono = std::chrono;
    Fields fields(text);
    const int year = fields.number(4);
    fields.expect('-');
    const int month = fields.number(2);
    fields.expect('-');
    const int day = fields.number(2);
    fields.expect('T');
    const int hour = fields.number(2);
    fields.expect(':');
    const int minute = fields.number(2);
    fields.expect(':');
    const int second = fields.number(2);
    const int offset = read_offset(fields);
    if (!fields.done() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
    const chrono::year_month_day date{chrono::year(year), chrono::month(static_cast<unsigned>(month)),
                                      chrono::day(static_cast<unsigned>(day))};
    if (!date.ok()) return std::nullopt;
    const auto time = chrono::sys_days(date) + chrono::hours(hour) + chrono::minutes(minute - offset) +
                      chrono::seconds(second);
    // In UTC it may be a year earlier or later than its text, for which four digits are too few.
    const chrono::year_month_day utc{chrono::floor<chrono::days>(time)};
    if (utc.year() < chrono::year(0) || utc.year() > chrono::year(9999)) return std::nullopt;
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(chrono::system_clock::to_time_t(time)));
}

}  // namespace asyncbench
