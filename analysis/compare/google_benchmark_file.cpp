#include "analysis/compare/google_benchmark_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>
#include <utility>

#include "async/errors.hpp"
#include "async/utf8.hpp"
#include "harness/trial/json_fields.hpp"
#include "harness/trial/why_no_json.hpp"

// The format: docs/user_guide.md and src/json_reporter.cc of google/benchmark, json_schema_version 1, and the
// same files of the versions before, from 1.0 on.

namespace asyncbench {
namespace {

constexpr std::size_t longest_fact = 300;
constexpr std::size_t longest_shown = 100;
constexpr int deepest_nesting = 16;

/// What the format itself has in a row. A counter of such a name stands twice; counters come last.
constexpr std::array<std::string_view, 12> fields_of_a_row{
    "name",        "run_name",         "run_type", "family_index", "per_family_instance_index",
    "repetitions", "repetition_index", "threads",  "iterations",   "real_time",
    "cpu_time",    "time_unit"};

/// Names of metrics that times have; a counter of such a name would replace one.
constexpr std::array<std::string_view, 2> times{"real_time_ns", "cpu_time_ns"};

/// Facts of the context that say nothing of the machine, or name it.
constexpr std::array<std::string_view, 6> no_facts{"date",        "host_name", "executable",
                                                   "mhz_per_cpu", "load_avg",  "json_schema_version"};

template <std::size_t size>
bool is_one_of(const std::array<std::string_view, size>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

// What no JSON has and json_reporter.cc has written all the same.

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Locales aside, as the parser.
bool is_in_a_number(char c) {
    const char lower = static_cast<char>(c | 0x20);
    return c > ' ' && (is_digit(c) || (lower >= 'a' && lower <= 'z') ||
                       std::string_view("+-.#_()").find(c) != std::string_view::npos);
}

/// `NaN`, `Infinity`; before version 1.5 what iostreams make of them: `nan`, `-nan`, `inf`, `-nan(ind)`, and
/// of an old Visual C++ `1.#INF`, `-1.#IND`. A number that no double holds is infinite, too.
bool is_not_finite(std::string_view token) {
    std::string_view digits = token;
    if (digits.starts_with('-') || digits.starts_with('+')) digits.remove_prefix(1);
    if (digits.empty() || !is_digit(digits[0])) {
        std::string lower(digits.substr(0, digits.find('(')));
        std::transform(lower.begin(), lower.end(), lower.begin(),
                       [](char c) { return static_cast<char>(c | 0x20); });
        return lower == "nan" || lower == "inf" || lower == "infinity";
    }
    if (digits.starts_with("1.#")) return true;
    constexpr std::size_t surely_held = 100;
    const std::size_t exponent = digits.find_first_of("eE");
    const bool has_exponent = exponent != std::string_view::npos;
    const bool may_be_too_large =
        digits.size() > surely_held || (has_exponent && digits.size() - exponent > 3);
    if (!may_be_too_large || (has_exponent && digits.substr(exponent + 1).starts_with('-'))) return false;
    double value = 0;
    return std::from_chars(digits.data(), digits.data() + digits.size(), value).ec ==
           std::errc::result_out_of_range;
}

/// Such numbers become null. Controls within strings, which versions before 1.5 do not escape, are escaped;
/// NUL is none of them.
std::string as_json(std::string_view text) {
    std::string json;
    json.reserve(text.size());
    std::size_t taken = 0;  // bytes of the text that stand in `json`
    const auto replace = [&](std::size_t begin, std::size_t end, std::string_view with) {
        json.append(text.substr(taken, begin - taken)).append(with);
        taken = end;
    };
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '"') {
            in_string = !in_string;
        } else if (in_string && c == '\\') {
            ++i;
        } else if (in_string && c > '\0' && c < ' ') {
            replace(i, i + 1, fmt::format("\\u{:04x}", static_cast<unsigned>(c)));
        } else if (!in_string && is_in_a_number(c)) {
            const std::size_t begin = i;
            while (i + 1 < text.size() && is_in_a_number(text[i + 1])) ++i;
            if (is_not_finite(text.substr(begin, i + 1 - begin))) replace(begin, i + 1, "null");
        }
    }
    return json.append(text.substr(taken));
}

// One row.

/// Null where it is missing or was not read.
const Json* find(const Json& object, std::string_view key) {
    const auto found = object.find(key);
    return found == object.end() || found->is_discarded() ? nullptr : &*found;
}

/// Empty where there is no text.
std::string text_in(const Json& object, std::string_view key) {
    const Json* value = find(object, key);
    return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

std::optional<std::uint64_t> count_in(const Json& object, std::string_view key) {
    const Json* value = find(object, key);
    if (value == nullptr || !value->is_number_unsigned()) return std::nullopt;
    return value->get<std::uint64_t>();
}

std::string shown(const Json& value) {
    return excerpt(to_text(value), longest_shown);
}

bool flag_in(const Json& object, std::string_view key) {
    const Json* value = find(object, key);
    if (value == nullptr || value->is_null()) return false;
    if (!value->is_boolean())
        throw Error(fmt::format("'{}' must be true or false, and is {}", key, shown(*value)));
    return value->get<bool>();
}

/// Of a row, whose counter may have the name.
bool is_skipped(const Json& row) {
    const Json* value = find(row, "skipped");
    return value != nullptr && (value->is_boolean() ? value->get<bool>() : value->is_string());
}

double nanoseconds_of_unit(const Json& row) {
    const Json* unit = find(row, "time_unit");
    if (unit == nullptr || *unit == "ns") return 1;
    if (*unit == "us") return 1e3;
    if (*unit == "ms") return 1e6;
    if (*unit == "s") return 1e9;
    throw Error(fmt::format("'time_unit' must be ns, us, ms or s, and is {}", shown(*unit)));
}

MetricValue metric_of(const Json& value, double factor = 1) {
    const double scaled =
        value.is_number() ? value.get<double>() * factor : std::numeric_limits<double>::quiet_NaN();
    return std::isfinite(scaled) ? MetricValue{scaled, {}} : MetricValue::unknown("it was no finite number");
}

/// `twice`: keys that stand twice in the row.
Metrics metrics_in(const Json& row, const std::set<std::string>& twice) {
    const double factor = nanoseconds_of_unit(row);
    Metrics metrics;
    for (const auto& item : row.items()) {
        const Json& value = item.value();
        if (!value.is_number() && !value.is_null()) continue;
        if (item.key() == "real_time" || item.key() == "cpu_time") {
            metrics[item.key() + "_ns"] = metric_of(value, factor);
        } else if (!is_one_of(fields_of_a_row, item.key()) && !is_one_of(times, item.key()) &&
                   !twice.contains(item.key())) {
            metrics[item.key()] = metric_of(value);
        }
    }
    for (const std::string_view key : {"real_time", "cpu_time"}) {
        const Json* value = find(row, key);
        if (value != nullptr && !value->is_number() && !value->is_null())
            throw Error(fmt::format("'{}' must be a number, and is {}", key, shown(*value)));
    }
    if (!row.contains("real_time") && !row.contains("cpu_time")) throw Error("'real_time' is missing");
    return metrics;
}

/// How often a benchmark is repeated is no part of what it does: `BM_Sum/64` of `BM_Sum/64/repeats:8`.
std::string without_repeats(std::string_view name) {
    constexpr std::string_view mark = "/repeats:";
    const auto begin = name.find(mark);
    if (begin == std::string_view::npos) return std::string(name);
    const std::string_view rest = name.substr(begin + mark.size());
    const auto end = std::min(rest.find_first_not_of("0123456789"), rest.size());
    return fmt::format("{}{}", name.substr(0, begin), rest.substr(end));
}

BenchmarkRow::Kind kind_of(const Json& row, std::string_view name) {
    const std::string aggregate = text_in(row, "aggregate_name");
    const bool has_times = row.contains("real_time") || row.contains("cpu_time");
    const bool is_named_fit = aggregate == "BigO" || aggregate == "RMS";
    if (is_named_fit || (!has_times && (name.ends_with("_BigO") || name.ends_with("_RMS"))))
        return BenchmarkRow::Kind::fit;
    if (!aggregate.empty() || text_in(row, "run_type") == "aggregate") return BenchmarkRow::Kind::aggregate;
    if (flag_in(row, "error_occurred")) return BenchmarkRow::Kind::failed;
    return is_skipped(row) ? BenchmarkRow::Kind::skipped : BenchmarkRow::Kind::repetition;
}

/// Throws Error, which says why it cannot be used as a part of a sentence.
BenchmarkRow row_from(const Json& row, const std::set<std::string>& twice) {
    BenchmarkRow read;
    std::string name = text_in(row, "run_name");
    if (name.empty()) name = text_in(row, "name");
    if (name.empty()) throw Error(row.contains("name") ? "'name' must be text" : "'name' is missing");
    read.name = without_repeats(name);
    read.says_its_kind = !text_in(row, "run_type").empty();
    read.kind = kind_of(row, name);
    read.family = count_in(row, "family_index");
    read.instance = count_in(row, "per_family_instance_index");
    read.repetition = count_in(row, "repetition_index");
    if (read.kind == BenchmarkRow::Kind::repetition) read.metrics = metrics_in(row, twice);
    if (read.kind == BenchmarkRow::Kind::failed) read.reason = text_in(row, "error_message");
    if (read.kind == BenchmarkRow::Kind::skipped) read.reason = text_in(row, "skip_message");
    return read;
}

/// Keys that stand twice do not come here: of each the first is read.
Environment environment_from(const Json& context) {
    Environment environment;
    for (const auto& item : context.items()) {
        const std::string name =
            item.key() == "num_cpus" ? "cpus_online" : distinct_excerpt(item.key(), longest_shown);
        const Json& value = item.value();
        if (is_one_of(no_facts, name) || value.is_null() || value.is_discarded()) continue;
        const std::string text = value.is_string() ? value.get<std::string>() : to_text(value);
        environment.facts.push_back({name, distinct_excerpt(text, longest_fact), {}});
    }
    return environment;
}

// The document.

/// What is told of many: how many there are, and some of them.
struct Tally {
    static constexpr std::size_t most_told = 3;

    void add(const std::string& one) {
        if (++count <= most_told) told.push_back(one);
    }
    std::string text() const {
        return fmt::format("{}{}", fmt::join(told, "; "),
                           count > told.size() ? fmt::format("; and {} more", count - told.size()) : "");
    }

    std::size_t count = 0;
    std::vector<std::string> told;
};

/// Filters the document while it is parsed: takes each row and forgets it, so that time and memory grow with
/// the file; of keys that stand twice in one object only the first stays. Depths are those of the parser.
class RowFilter {
  public:
    explicit RowFilter(std::vector<BenchmarkRow>& rows) : rows_(rows) {}

    /// False leaves the thing out.
    bool operator()(int depth, Json::parse_event_t event, Json& parsed) {
        const bool ends_list = event == Json::parse_event_t::array_end && depth + 1 == depth_of_rows_;
        switch (event) {
            case Json::parse_event_t::object_start:
                if (depth < deepest_nesting) open_object(static_cast<std::size_t>(depth));
                return depth < deepest_nesting;
            case Json::parse_event_t::array_start:
                if (is_list_of_rows(depth)) depth_of_rows_ = depth + 1;
                return depth < deepest_nesting;
            case Json::parse_event_t::key:
                return depth <= deepest_nesting &&
                       is_first(static_cast<std::size_t>(depth) - 1, parsed.get_ref<const std::string&>());
            case Json::parse_event_t::object_end:
            case Json::parse_event_t::array_end:
            case Json::parse_event_t::value:
                break;
        }
        if (ends_list) depth_of_rows_ = 0;
        if (depth_of_rows_ == 0 || depth != depth_of_rows_) return true;
        take(parsed);
        return false;
    }

    bool has_list() const { return has_list_; }
    bool is_of_documents() const { return is_of_documents_; }
    std::size_t count() const { return index_; }
    const Tally& left_out() const { return left_out_; }
    const Tally& twice() const { return twice_told_; }

  private:
    struct Object {
        std::set<std::string> keys;
        std::set<std::string> twice;
    };

    /// `benchmarks`, or the document itself.
    bool is_list_of_rows(int depth) {
        const bool is_list = depth == 0 || (depth == 1 && section_ == "benchmarks");
        has_list_ = has_list_ || is_list;
        return is_list;
    }

    void open_object(std::size_t depth) {
        if (objects_.size() <= depth) objects_.resize(depth + 1);
        objects_[depth] = {};
    }

    bool is_first(std::size_t depth, const std::string& key) {
        Object& object = objects_[depth];
        const bool is_first = object.keys.insert(key).second;
        if (!is_first && object.twice.insert(key).second && depth_of_rows_ == 0)
            twice_told_.add(fmt::format("'{}'", excerpt(key, longest_shown)));
        if (depth == 0) section_ = is_first ? key : std::string();
        return is_first;
    }

    void take(const Json& row) {
        const std::string path = fmt::format("benchmarks[{}]", index_++);
        if (!row.is_object())
            return left_out_.add(fmt::format("'{}' must be an object, and is {}", path, shown(row)));
        const std::set<std::string>& twice = objects_[static_cast<std::size_t>(depth_of_rows_)].twice;
        is_of_documents_ = is_of_documents_ || row.contains("benchmarks");
        const std::string name = excerpt(text_in(row, "name"), longest_shown);
        const std::string named = name.empty() ? path : fmt::format("{} ({})", path, name);
        for (const std::string& key : twice)
            twice_told_.add(fmt::format("'{}' of {}", excerpt(key, longest_shown), named));
        for (const std::string_view time : times) {
            if (row.contains(time)) twice_told_.add(fmt::format("'{}' of {}", time, named));
        }
        try {
            rows_.push_back(row_from(row, twice));
        } catch (const Error& error) {
            left_out_.add(fmt::format("{}: {}", named, error.what()));
        }
    }

    std::vector<BenchmarkRow>& rows_;
    int depth_of_rows_ = 0;  ///< 0 outside of their list
    bool has_list_ = false;
    bool is_of_documents_ = false;
    std::string section_;          ///< the document's key; empty where it is to be left out
    std::vector<Object> objects_;  ///< that are open, by depth
    std::size_t index_ = 0;
    Tally left_out_;
    Tally twice_told_;
};

Json parse_rows(std::string_view text, RowFilter& filter, const std::string& what) {
    const std::string json = as_json(as_utf8(text));
    const auto refusal = [&]() {
        return Error(fmt::format("{} cannot be read: {}", what,
                                 why_other_than_json(text).value_or(why_no_json(json))));
    };
    if (json.find('\0') != std::string::npos) throw refusal();  // it ends a text for the parser
    try {
        // By reference: the parser copies its callback.
        return Json::parse(json, [&filter](int depth, Json::parse_event_t event, Json& parsed) {
            return filter(depth, event, parsed);
        });
    } catch (const Json::exception&) {
        throw refusal();
    }
}

}  // namespace

BenchmarkFile read_benchmark_file(std::string_view text, const std::string& source) {
    const std::string what = fmt::format("The result {}", source);
    BenchmarkFile file;
    RowFilter filter(file.rows);
    const Json document = parse_rows(text, filter, what);
    if (filter.is_of_documents()) {
        throw Error(fmt::format(
            "{} is a list of documents. Merge them so: jq -s '{{context: .[0].context, benchmarks: "
            "map(.benchmarks) | add}}' FILE ...",
            what));
    }
    if (!filter.has_list()) {
        throw Error(
            fmt::format("{} is neither a result of asyncbench nor JSON of Google Benchmark "
                        "(--benchmark_format=json), which has a context and benchmarks.",
                        what));
    }
    const Tally& left_out = filter.left_out();
    if (file.rows.empty() && left_out.count > 0)
        throw Error(fmt::format("{} cannot be used, as no row of it can: {}.", what, left_out.text()));
    const auto note = [&](std::string code, std::string message) {
        file.warnings.push_back({std::move(code), std::move(message), WarningKind::note});
    };
    const Json* context = document.is_object() ? find(document, "context") : nullptr;
    if (context != nullptr && context->is_object()) {
        file.environment = environment_from(*context);
    } else {
        note("no-context",
             fmt::format("{} has no context, so that nothing is known of its machine.", source));
    }
    if (left_out.count > 0) {
        note("rows-left-out", fmt::format("{} of {} rows of {} cannot be used and are left out: {}.",
                                          left_out.count, filter.count(), source, left_out.text()));
    }
    if (filter.twice().count > 0) {
        note("keys-twice", fmt::format("{} has keys that stand twice in one object, {} in all: {}. What the "
                                       "format itself names so is "
                                       "read; a counter of such a name is left out, so give it another.",
                                       source, filter.twice().count, filter.twice().text()));
    }
    return file;
}

}  // namespace asyncbench
