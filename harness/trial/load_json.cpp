#include "harness/trial/load_json.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "async/errors.hpp"
#include "harness/engine/load_measurement.hpp"
#include "harness/http/addresses.hpp"
#include "harness/trial/json_names.hpp"
#include "harness/trial/trial_json.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t most_addresses = 1000;
constexpr std::size_t most_texts = 10'000;
constexpr std::size_t most_seconds = 1'000'000;
constexpr std::uint64_t longest_ns = std::uint64_t{1} << 62;

std::optional<std::int64_t> time_from(JsonFields& fields, std::string_view key) {
    if (fields.at(key).is_null()) return std::nullopt;
    return static_cast<std::int64_t>(fields.count(key, longest_ns));
}

std::vector<std::string> texts_from(JsonFields& fields, std::string_view key) {
    std::vector<std::string> texts;
    for (const Json& text : fields.array(key, most_texts)) {
        if (!text.is_string()) fields.fail(key, "must hold texts");
        texts.push_back(text.get<std::string>());
    }
    return texts;
}

std::vector<RequestView> each_request_from(JsonFields& fields) {
    std::vector<RequestView> requests;
    for (const Json& element : fields.array("each_request", most_requests_apart)) {
        JsonFields each(element, fields.what(), fields.path_of("each_request"));
        RequestView& view = requests.emplace_back();
        view.name = each.text("name");
        view.answered = each.count("answered");
        view.errors = each.count("errors");
        view.service_time_ns = histogram_from(each.object("service_time"));
        each.expect_no_others();
    }
    return requests;
}

Json time_or_null(std::optional<std::int64_t> time_ns) {
    return time_ns ? Json(*time_ns) : Json(nullptr);
}

}  // namespace

Json json_of(const LoadSettings& settings) {
    Json object = {{"threads", settings.threads}, {"keep_alive", settings.keep_alive}};
    if (!settings.stages.empty()) object["stages"] = text_of(settings.stages);
    if (!settings.connection_stages.empty())
        object["connection_stages"] = text_of(settings.connection_stages);
    if (!settings.expected.text().empty()) object["expect"] = settings.expected.text();
    if (settings.io) object["io"] = name_of(*settings.io);
    object["eager"] = settings.eager;
    if (settings.http != HttpVersion::http1) {
        object["http"] = name_of(settings.http);
        object["http2_streams"] = settings.streams;
    }
    if (settings.stream_for.count() > 0) object["stream_for_ns"] = settings.stream_for.count();
    if (!settings.tls_resume) object["tls_resume"] = false;
    if (!settings.targets.empty()) object["targets"] = settings.targets;
    if (!settings.steps.empty()) object["steps"] = settings.steps;
    if (!settings.variables.empty()) object["variables"] = settings.variables;
    if (!settings.var_file.empty()) object["var_file"] = settings.var_file;
    for (const ResponseCheck& check : settings.checks) object["checks"].push_back(check.text());
    if (!settings.addresses.empty()) object["addresses"] = settings.addresses;
    if (!settings.unix_socket.empty()) object["unix_socket"] = settings.unix_socket;
    return object;
}

LoadSettings load_settings_from(JsonFields fields) {
    LoadSettings settings;
    settings.threads = static_cast<std::uint32_t>(fields.count("threads", load_threads_limits.most));
    settings.keep_alive = fields.flag("keep_alive");
    if (fields.has("targets")) settings.targets = fields.text("targets");
    if (fields.has("steps")) settings.steps = fields.text("steps");
    if (fields.has("var_file")) settings.var_file = fields.text("var_file");
    if (fields.has("variables")) settings.variables = texts_from(fields, "variables");
    try {
        if (fields.has("checks"))
            for (const std::string& text : texts_from(fields, "checks"))
                settings.checks.push_back(ResponseCheck::parse(text));
        if (fields.has("stages")) settings.stages = parse_stages(fields.text("stages"));
        if (fields.has("connection_stages"))
            settings.connection_stages = parse_connection_stages(fields.text("connection_stages"));
        if (fields.has("expect")) settings.expected = ExpectedStatus::parse(fields.text("expect"));
    } catch (const UsageError& error) {
        throw Error(fmt::format("{} cannot be used: {}", fields.what(), error.what()));
    }
    if (fields.has("io")) settings.io = value_named<IoKind>(fields, "io");
    settings.eager = fields.flag("eager");
    const bool has_streams = fields.has("http2_streams");
    if (has_streams) settings.http = HttpVersion::http2;
    if (fields.has("http")) settings.http = value_named<HttpVersion>(fields, "http");
    if (has_streams)
        settings.streams = static_cast<std::uint32_t>(fields.count("http2_streams", streams_limits));
    if (fields.has("stream_for_ns"))
        settings.stream_for = fields.duration_ns("stream_for_ns", stream_for_limits);
    if (fields.has("tls_resume")) settings.tls_resume = fields.flag("tls_resume");
    if (fields.has("addresses")) {
        for (const Json& element : fields.array("addresses", most_addresses)) {
            if (!element.is_string() || !is_address(element.get<std::string>()))
                fields.fail("addresses", "must hold IPv4 or IPv6 addresses in digits");
            settings.addresses.push_back(element.get<std::string>());
        }
    }
    if (fields.has("unix_socket")) settings.unix_socket = fields.text("unix_socket");
    fields.expect_no_others();
    return settings;
}

Json json_of(const LoadSecond& second) {
    return {{"second", second.second},
            {"sent", second.sent},
            {"answered", second.answered},
            {"errors", second.errors},
            {"received_bytes", second.received_bytes},
            {"p50_ns", time_or_null(second.p50_ns)},
            {"p90_ns", time_or_null(second.p90_ns)},
            {"p99_ns", time_or_null(second.p99_ns)},
            {"max_ns", time_or_null(second.max_ns)}};
}

LoadSecond load_second_from(JsonFields& fields) {
    LoadSecond second;
    second.second = fields.small_count("second");
    second.sent = fields.count("sent");
    second.answered = fields.count("answered");
    second.errors = fields.count("errors");
    second.received_bytes = fields.count("received_bytes");
    second.p50_ns = time_from(fields, "p50_ns");
    second.p90_ns = time_from(fields, "p90_ns");
    second.p99_ns = time_from(fields, "p99_ns");
    second.max_ns = time_from(fields, "max_ns");
    fields.expect_no_others();
    return second;
}

Json json_of(const LoadView& view) {
    Json object = {{"io", name_of(view.io)}, {"http", name_of(view.http)}};
    if (!view.why_no_uring.empty()) object["why_no_uring"] = view.why_no_uring;
    object["threads"] = view.threads;
    object["sent"] = view.sent;
    object["answered_in_time"] = view.answered_in_time;
    object["unfinished"] = view.unfinished;
    object["not_sent"] = view.not_sent;
    object["sent_late"] = view.sent_late;
    object["received_bytes"] = view.received_bytes;
    object["connections_at_start"] = view.connections_at_start;
    object["stamped"] = view.stamped;
    object["wakeups"] = view.wakeups;
    object["busiest_thread"] = view.busiest_thread;
    object["first_byte"] = json_of(view.first_byte_ns);
    object["connect"] = json_of(view.connect_ns);
    object["tls"] = json_of(view.tls_ns);
    if (view.streams > 0) {
        object["streams"] = {{"responses", view.streams},
                             {"events", view.events},
                             {"first_event", json_of(view.first_event_ns)},
                             {"event_gap", json_of(view.event_gap_ns)}};
    }
    for (const RequestView& each : view.each_request) {
        object["each_request"].push_back({{"name", each.name},
                                          {"answered", each.answered},
                                          {"errors", each.errors},
                                          {"service_time", json_of(each.service_time_ns)}});
    }
    object["pick_up"] = json_of(view.pick_up_ns);
    object["send_lateness"] = json_of(view.send_lateness_ns);
    object["seconds"] = Json::array();
    for (const LoadSecond& second : view.seconds) object["seconds"].push_back(json_of(second));
    return object;
}

LoadView load_view_from(JsonFields fields) {
    LoadView view;
    view.io = value_named<IoKind>(fields, "io");
    if (fields.has("http")) view.http = value_named<HttpVersion>(fields, "http");
    if (fields.has("why_no_uring")) view.why_no_uring = message_from(fields, "why_no_uring");
    view.threads = static_cast<std::uint32_t>(fields.count("threads", load_threads_limits));
    view.sent = fields.count("sent");
    view.answered_in_time = fields.count("answered_in_time");
    view.unfinished = fields.count("unfinished");
    view.not_sent = fields.count("not_sent");
    view.sent_late = fields.count("sent_late");
    view.received_bytes = fields.count("received_bytes");
    view.connections_at_start = fields.count("connections_at_start");
    view.stamped = fields.count("stamped");
    view.wakeups = fields.count("wakeups");
    view.busiest_thread = fields.number("busiest_thread", 0, 2);
    if (fields.has("each_request")) view.each_request = each_request_from(fields);
    view.first_byte_ns = histogram_from(fields.object("first_byte"));
    view.connect_ns = histogram_from(fields.object("connect"));
    view.tls_ns = histogram_from(fields.object("tls"));
    if (fields.has("streams")) {
        JsonFields streams = fields.object("streams");
        view.streams = streams.count("responses");
        view.events = streams.count("events");
        view.first_event_ns = histogram_from(streams.object("first_event"));
        view.event_gap_ns = histogram_from(streams.object("event_gap"));
        streams.expect_no_others();
    }
    view.pick_up_ns = histogram_from(fields.object("pick_up"));
    view.send_lateness_ns = histogram_from(fields.object("send_lateness"));
    for (const Json& element : fields.array("seconds", most_seconds)) {
        JsonFields second(element, fields.what(),
                          fmt::format("{}[{}]", fields.path_of("seconds"), view.seconds.size()));
        view.seconds.push_back(load_second_from(second));
    }
    fields.expect_no_others();
    return view;
}

}  // namespace asyncbench
