// The parts of trial_json.hpp that trials and reports share.

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "async/errors.hpp"
#include "harness/measure/histogram_codec.hpp"
#include "harness/trial/json_names.hpp"
#include "harness/trial/trial_json.hpp"

namespace asyncbench {

namespace {

constexpr std::size_t most_metrics = 256;
constexpr std::size_t most_warnings = 256;
constexpr std::size_t most_buckets = 65'536;
/// Counts beyond this are not exact in a double, which most readers of JSON hold numbers in.
constexpr std::uint64_t largest_exact = std::uint64_t{1} << 53;
constexpr std::uint64_t largest_value = (std::uint64_t{1} << 42) - 1;

Histogram histogram_of_pairs(const JsonFields& fields, const Json& pairs) {
    Histogram histogram;
    std::uint64_t total = 0;
    for (const Json& pair : pairs) {
        if (!pair.is_array() || pair.size() != 2 || !pair[0].is_number_unsigned() ||
            !pair[1].is_number_unsigned()) {
            fields.fail("values", "must hold pairs [value, count] of whole numbers of at least 0");
        }
        const auto value = pair[0].get<std::uint64_t>();
        const auto count = pair[1].get<std::uint64_t>();
        if (value > largest_value) {
            fields.fail("values", fmt::format("holds {}; values go up to {}", value, largest_value));
        }
        if (count > largest_exact - total) fields.fail("values", "counts more than 2^53 values");
        total += count;
        if (count > 0) histogram.record(static_cast<std::int64_t>(value), count);
    }
    return histogram;
}

}  // namespace

Json json_of(const Fingerprint& fingerprint) {
    return {{"count", fingerprint.count}, {"fingerprint", fmt::format("{:016x}", fingerprint.sum)}};
}

Fingerprint fingerprint_from(JsonFields fields) {
    Fingerprint fingerprint;
    fingerprint.count = fields.count("count", largest_exact);
    const std::string digits = fields.text("fingerprint");
    const char* const end = digits.data() + digits.size();
    const auto [rest, error] = std::from_chars(digits.data(), end, fingerprint.sum, 16);
    if (digits.size() != 16 || digits[0] == '-' || error != std::errc{} || rest != end) {
        fields.fail("fingerprint", "must be 16 hexadecimal digits");
    }
    fields.expect_no_others();
    return fingerprint;
}

Json json_of(const Histogram& histogram) {
    Json object = Json::object();
    object["hdr"] = encode_v2(histogram);
    return object;
}

Histogram histogram_from(JsonFields fields) {
    const bool encoded = fields.has("hdr");
    if (encoded == fields.has("values")) fields.fail("hdr", "or 'values' must be there, and not both");
    fields.expect_no_others();
    if (!encoded) return histogram_of_pairs(fields, fields.array("values", most_buckets));
    try {
        return decode_v2(fields.text("hdr", longest_histogram_text));
    } catch (const Error& error) {
        fields.fail("hdr", fmt::format("is no histogram ({})", error.what()));
    }
}

namespace {

/// Version 1 of the result knew valid and not valid alone. What it took a late target, a full core, a
/// disturbed machine or few answers for is judged otherwise now.
WarningKind kind_of_earlier_version(std::string_view code, bool invalidates) {
    if (code == "machine-busy" || code == "steal") return WarningKind::disturbed;
    if (code == "target-saturated" || code == "generator-late") return WarningKind::limited;
    if (code == "target-late" || code == "too-few-samples") return WarningKind::note;
    return invalidates ? WarningKind::wrong : WarningKind::note;
}

}  // namespace

Json json_of(const TargetView::Held& held) {
    return {{"count", held.count},
            {"stamped", held.stamped},
            {"sum_ns", held.sum.count()},
            {"intended_sum_ns", held.intended_sum.count()}};
}

TargetView::Held held_from(JsonFields fields) {
    constexpr std::uint64_t longest_ns = std::uint64_t{1} << 62;
    TargetView::Held held;
    held.count = fields.count("count");
    held.stamped = fields.count("stamped", held.count);
    held.sum = Nanoseconds{static_cast<Nanoseconds::rep>(fields.count("sum_ns", longest_ns))};
    held.intended_sum =
        Nanoseconds{static_cast<Nanoseconds::rep>(fields.count("intended_sum_ns", longest_ns))};
    fields.expect_no_others();
    return held;
}

Json json_of(const std::vector<Warning>& warnings) {
    Json list = Json::array();
    for (const Warning& warning : warnings) {
        list.push_back(
            {{"code", warning.code}, {"message", warning.message}, {"kind", name_of(warning.kind)}});
    }
    return list;
}

std::string message_from(JsonFields& fields, std::string_view key) {
    constexpr std::size_t longest = 2000;
    std::string text = without_secrets(fields.text(key));
    if (text.size() <= longest) return text;
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;  // no character is cut
    return text.substr(0, end) + "...";
}

std::vector<Warning> warnings_from(JsonFields& fields, std::string_view key) {
    std::vector<Warning> warnings;
    for (const Json& element : fields.array(key, most_warnings)) {
        JsonFields warning(element, fields.what(),
                           fmt::format("{}[{}]", fields.path_of(key), warnings.size()));
        Warning read{warning.identifier("code"), message_from(warning, "message"), WarningKind::note};
        read.kind = warning.has("invalidates")
                        ? kind_of_earlier_version(read.code, warning.flag("invalidates"))
                        : value_named<WarningKind>(warning, "kind");
        warning.expect_no_others();
        warnings.push_back(std::move(read));
    }
    return warnings;
}

void put_metrics(Json& object, const Metrics& metrics) {
    Json values = Json::object();
    Json reasons = Json::object();
    for (const auto& [name, metric] : metrics) {
        if (metric.value && std::isfinite(*metric.value)) {
            values[name] = *metric.value;
            continue;
        }
        values[name] = nullptr;
        reasons[name] = metric.value            ? "the value was not a finite number"
                        : metric.reason.empty() ? "no reason was given"
                                                : metric.reason;
    }
    object["metrics"] = std::move(values);
    object["unknown"] = std::move(reasons);
}

Metrics metrics_from(JsonFields& fields) {
    Metrics metrics;
    static const Json nothing = Json::object();
    const Json* values = fields.find("metrics");
    const Json* reasons = fields.find("unknown");
    JsonFields known(values == nullptr ? nothing : *values, fields.what(), fields.path_of("metrics"));
    JsonFields unknown(reasons == nullptr ? nothing : *reasons, fields.what(), fields.path_of("unknown"));
    if (known.value().size() > most_metrics) {
        fields.fail("metrics", fmt::format("has more than {} entries", most_metrics));
    }
    for (const auto& item : known.value().items()) {
        const std::string& name = item.key();
        if (name.empty() || name.size() > 64 ||
            name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos) {
            fields.fail("metrics", "must have names of 1 to 64 characters out of a-z, 0-9 and _");
        }
        if (item.value().is_null()) {
            const std::string reason = message_from(unknown, name);
            if (reason.empty()) unknown.fail(name, "must say why the metric has no value");
            metrics.emplace(name, MetricValue::unknown(reason));
        } else {
            constexpr double largest = std::numeric_limits<double>::max();
            metrics.emplace(name, MetricValue{known.number(name, -largest, largest), {}});
        }
    }
    unknown.expect_no_others();
    return metrics;
}

}  // namespace asyncbench
