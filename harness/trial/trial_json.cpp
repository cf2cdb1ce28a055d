#include "harness/trial/trial_json.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "async/errors.hpp"
#include "harness/http/addresses.hpp"
#include "harness/measure/base64.hpp"
#include "harness/trial/json_names.hpp"
#include "harness/trial/load_json.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t most_timeline_entries = 100'000;
constexpr std::size_t most_outcomes = 256;
constexpr std::size_t most_headers = 1000;
constexpr std::size_t most_paths = 1000;
/// Base64 has four letters for three bytes.
constexpr std::size_t longest_body_text = body_limits.most / 3 * 4 + 4;
constexpr std::size_t most_reasons = 256;
constexpr std::uint64_t most_counted = std::uint64_t{1} << 53;

Json json_of(const PlanSpec& plan) {
    return {{"kind", name_of(plan.kind)}, {"concurrency", plan.concurrency},
            {"requests", plan.requests},  {"duration_ns", plan.duration.count()},
            {"rate_rps", plan.rate_rps},  {"arrivals", name_of(plan.arrivals)}};
}

/// What a plan of its kind does not need may be missing.
PlanSpec plan_from(JsonFields fields) {
    PlanSpec plan;
    plan.kind = value_named<PlanKind>(fields, "kind");
    const bool batch = plan.kind == PlanKind::batch;
    const bool open = plan.kind == PlanKind::open;
    plan.concurrency = static_cast<std::uint32_t>(fields.count("concurrency", concurrency_limits));
    if (batch || fields.has("requests")) plan.requests = fields.count("requests", requests_limits.most);
    if (!batch || fields.has("duration_ns")) plan.duration = fields.duration_ns("duration_ns");
    if (open || fields.has("rate_rps")) plan.rate_rps = fields.number("rate_rps", 0, rate_limits.most);
    if (open || fields.has("arrivals")) plan.arrivals = value_named<Arrivals>(fields, "arrivals");
    return plan;
}

Json json_of(const Profile& profile) {
    return {{"latency", profile.delay.text()},
            {"payload_bytes", profile.payload_bytes},
            {"error_rate", profile.error_rate},
            {"faults",
             {{"close", profile.faults.close},
              {"truncate", profile.faults.truncate},
              {"stall", profile.faults.stall},
              {"dribble", profile.faults.dribble}}},
            {"compute_ns", profile.compute.count()}};
}

/// A share that is missing is 0.
Profile profile_from(JsonFields fields) {
    const auto share = [](JsonFields& from, std::string_view key) {
        return from.has(key) ? from.number(key, share_limits.least, share_limits.most) : 0.0;
    };
    Profile profile;
    profile.payload_bytes = fields.count("payload_bytes", payload_limits);
    profile.error_rate = share(fields, "error_rate");
    if (fields.has("compute_ns")) profile.compute = fields.duration_ns("compute_ns", compute_limits);
    if (fields.has("faults")) {
        JsonFields faults = fields.object("faults");
        profile.faults.close = share(faults, "close");
        profile.faults.truncate = share(faults, "truncate");
        profile.faults.stall = share(faults, "stall");
        profile.faults.dribble = share(faults, "dribble");
    }
    const std::string latency = fields.text("latency");
    try {
        profile.delay = DelaySpec::parse(latency);
        check(profile);
    } catch (const UsageError& error) {
        throw Error(fmt::format("{} cannot be used: {}", fields.what(), error.what()));
    }
    return profile;
}

Json json_of(const RequestSpec& request) {
    Json object = {{"method", method_of(request)}, {"headers", header_lines(request)}};
    if (request.body) object["body"] = encode_base64(request.body->text());
    object["paths"] = Json::array();
    for (const WeightedPath& path : request.paths)
        object["paths"].push_back({{"path", path.path}, {"weight", path.weight}});
    object["tls"] = {{"verify", request.tls.verify},
                     {"authorities", request.tls.authorities},
                     {"certificate", request.tls.certificate},
                     {"key", request.tls.key}};
    return object;
}

TlsOptions tls_from(JsonFields fields) {
    return {.verify = fields.flag("verify"),
            .authorities = fields.text("authorities"),
            .certificate = fields.text("certificate"),
            .key = fields.text("key")};
}

RequestSpec request_from(JsonFields fields) {
    RequestSpec request;
    try {
        request.method = parse_method(fields.text("method"));
        for (const Json& line : fields.array("headers", most_headers)) {
            if (!line.is_string()) fields.fail("headers", "must hold texts");
            request.headers.push_back(SecretText::header(parse_header(line.get<std::string>())));
        }
        for (const Json& element : fields.array("paths", most_paths)) {
            JsonFields path(element, fields.what(), fields.path_of("paths"));
            request.paths.push_back(WeightedPath::parse(
                fmt::format("{}:{}", path.count("weight", path_weight_limits), path.text("path"))));
        }
        if (fields.has("body")) {
            auto body = decode_base64(fields.text("body", longest_body_text));
            if (!body) fields.fail("body", "must be base64");
            request.body = SharedBytes(std::move(*body));
        }
        request.tls = tls_from(fields.object("tls"));
        check(request);
    } catch (const UsageError& error) {
        throw Error(fmt::format("{} cannot be used: {}", fields.what(), error.what()));
    }
    return request;
}

Json json_of(const ErrorCounts& errors) {
    return {{"status", errors.status},        {"connect", errors.connect}, {"timeout", errors.timeout},
            {"closed", errors.closed},        {"content", errors.content}, {"other", errors.other},
            {"unforeseen", errors.unforeseen}};
}

/// Classes that are left out did not happen; where a program cannot tell which errors were foreseen, none
/// was.
ErrorCounts errors_from(JsonFields fields) {
    const auto count = [&](std::string_view key) {
        return fields.has(key) ? fields.count(key, most_counted) : std::uint64_t{0};
    };
    ErrorCounts errors;
    errors.status = count("status");
    errors.connect = count("connect");
    errors.timeout = count("timeout");
    errors.closed = count("closed");
    errors.content = count("content");
    errors.other = count("other");
    errors.unforeseen =
        fields.has("unforeseen") ? fields.count("unforeseen", errors.total()) : errors.total();
    fields.expect_no_others();
    return errors;
}

}  // namespace

void put_endings(Json& object, const Endings& endings) {
    if (!endings.statuses.empty()) {
        Json& statuses = object["statuses"] = Json::object();
        for (const auto& [status, count] : endings.statuses) statuses[std::to_string(status)] = count;
    }
    if (!endings.reasons.empty()) {
        Json& reasons = object["failure_reasons"] = Json::array();
        for (const FailureReason& reason : endings.reasons) {
            reasons.push_back(
                {{"error", name_of(reason.error)}, {"message", reason.message}, {"count", reason.count}});
        }
    }
    if (!endings.redirect.empty()) object["redirect"] = endings.redirect;
}

/// All of it may be missing: a program need not tell.
Endings endings_from(JsonFields& fields) {
    Endings endings;
    if (fields.has("statuses")) {
        JsonFields statuses = fields.object("statuses");
        for (const auto& item : statuses.value().items()) {
            const std::string& status = item.key();
            if (status.size() != 3 || status.find_first_not_of("0123456789") != std::string::npos)
                fields.fail("statuses", "must have statuses of three digits as keys");
            endings.statuses[std::stoi(status)] = statuses.count(status, most_counted);
        }
    }
    if (fields.has("failure_reasons")) {
        std::size_t index = 0;
        for (const Json& element : fields.array("failure_reasons", most_reasons)) {
            JsonFields reason(element, fields.what(),
                              fmt::format("{}[{}]", fields.path_of("failure_reasons"), index++));
            endings.add({.error = value_named<ErrorClass>(reason, "error"),
                         .message = message_from(reason, "message"),
                         .count = reason.count("count", most_counted)});
            reason.expect_no_others();
        }
    }
    if (fields.has("redirect")) endings.redirect = message_from(fields, "redirect");
    return endings;
}

namespace {

/// Columns: a tenth of the size of an object for each request.
Json json_of(const std::vector<TimelineEntry>& timeline) {
    Json columns = {{"id", Json::array()},
                    {"intended_ns", Json::array()},
                    {"sent_ns", Json::array()},
                    {"done_ns", Json::array()}};
    for (const TimelineEntry& entry : timeline) {
        columns["id"].push_back(entry.id);
        columns["intended_ns"].push_back(entry.intended.count());
        columns["sent_ns"].push_back(entry.sent.count());
        columns["done_ns"].push_back(entry.done.count());
    }
    return columns;
}

std::vector<TimelineEntry> timeline_from(JsonFields fields) {
    std::vector<TimelineEntry> timeline(fields.array("id", most_timeline_entries).size());
    const auto read = [&](std::string_view key, auto&& assign) {
        const Json& column = fields.array(key, most_timeline_entries);
        if (column.size() != timeline.size()) {
            fields.fail(key,
                        fmt::format("has {} elements where 'id' has {}", column.size(), timeline.size()));
        }
        for (std::size_t i = 0; i < timeline.size(); ++i) {
            if (!column[i].is_number_unsigned()) fields.fail(key, "must hold whole numbers of at least 0");
            assign(timeline[i], column[i].get<std::uint64_t>());
        }
    };
    const auto read_time = [&](std::string_view key, Nanoseconds TimelineEntry::* member) {
        read(key, [&](TimelineEntry& entry, std::uint64_t ns) {
            if (ns > static_cast<std::uint64_t>(Nanoseconds::max().count())) fields.fail(key, "is too large");
            entry.*member = Nanoseconds{static_cast<Nanoseconds::rep>(ns)};
        });
    };
    read("id", [](TimelineEntry& entry, std::uint64_t id) { entry.id = id; });
    read_time("intended_ns", &TimelineEntry::intended);
    read_time("sent_ns", &TimelineEntry::sent);
    read_time("done_ns", &TimelineEntry::done);
    fields.expect_no_others();
    return timeline;
}

Json json_of(const std::vector<Outcome>& outcomes) {
    Json list = Json::array();
    for (const Outcome& outcome : outcomes) {
        list.push_back({{"code", outcome.code}, {"count", outcome.count}, {"message", outcome.message}});
    }
    return list;
}

std::vector<Outcome> outcomes_from(JsonFields& fields) {
    std::vector<Outcome> outcomes;
    for (const Json& element : fields.array("outcomes", most_outcomes)) {
        JsonFields outcome(element, fields.what(),
                           fmt::format("{}[{}]", fields.path_of("outcomes"), outcomes.size()));
        outcomes.push_back({.code = outcome.identifier("code"),
                            .count = outcome.count("count"),
                            .message = message_from(outcome, "message")});
        outcome.expect_no_others();
    }
    return outcomes;
}

}  // namespace

Json json_of(const TrialSpec& spec) {
    Json object = {{"protocol", first_trial_protocol},  {"trial", spec.trial},
                   {"strategy", spec.strategy.text()},  {"plan", json_of(spec.plan)},
                   {"profile", json_of(spec.profile)},  {"seed", spec.seed},
                   {"base_url", spec.base_url.shown()}, {"verify", spec.verify},
                   {"warmup_ns", spec.warmup.count()},  {"timeout_ns", spec.timeout.count()}};
    if (!spec.address.empty()) object["address"] = spec.address;
    if (spec.load) object["load"] = json_of(*spec.load);
    if (spec.diagnose) {
        object["diagnose"] = true;
        object["stall_threshold_ns"] = spec.stall_threshold.count();
    }
    return object;
}

TrialSpec trial_spec_from(JsonFields fields) {
    TrialSpec spec;
    const std::uint64_t version = fields.count("protocol");
    if (version != first_trial_protocol && version != trial_protocol_of_requests) {
        fields.fail("protocol", fmt::format("is version {}; this program speaks versions {} and {}", version,
                                            first_trial_protocol, trial_protocol_of_requests));
    }
    if (version >= trial_protocol_of_requests && fields.has("request"))
        spec.request = request_from(fields.object("request"));
    if (version >= trial_protocol_of_requests && fields.has("requests")) {
        try {
            spec.requests = load_requests_from(fields.object("requests"));
        } catch (const UsageError& error) {
            throw Error(fmt::format("{} cannot be used: {}", fields.what(), error.what()));
        }
    }
    spec.trial = fields.identifier("trial");
    try {
        spec.strategy = StrategySpec::parse(fields.text("strategy"));
    } catch (const UsageError& error) {
        throw Error(fmt::format("{} cannot be used: {}", fields.what(), error.what()));
    }
    spec.plan = plan_from(fields.object("plan"));
    spec.profile = profile_from(fields.object("profile"));
    spec.seed = fields.count("seed");
    spec.base_url = SecretText::url(fields.text("base_url"));
    if (fields.has("address")) {
        spec.address = fields.text("address");
        if (!is_address(spec.address)) fields.fail("address", "must be an IPv4 or IPv6 address in digits");
    }
    spec.verify = fields.flag("verify");
    if (fields.has("load")) spec.load = load_settings_from(fields.object("load"));
    spec.warmup = fields.duration_ns("warmup_ns");
    spec.timeout = fields.duration_ns("timeout_ns", timeout_limits);
    spec.diagnose = fields.has("diagnose") && fields.flag("diagnose");
    if (fields.has("stall_threshold_ns"))
        spec.stall_threshold = fields.duration_ns("stall_threshold_ns", stall_threshold_limits);
    return spec;
}

std::string to_json_line(const TrialSpec& spec) {
    Json object = json_of(spec);
    object["base_url"] = spec.base_url.reveal();
    if (spec.request != RequestSpec{} || spec.load) {
        object["protocol"] = trial_protocol_of_requests;
        object["request"] = json_of(spec.request);
    }
    if (!spec.requests.empty()) object["requests"] = json_of(spec.requests);
    return to_text(object);
}

TrialSpec trial_spec_from_json(std::string_view line) {
    constexpr std::string_view what = "The trial spec";
    const Json value = parse_json(line, what);
    return trial_spec_from(JsonFields(value, std::string(what)));
}

Json measurement_json_of(const Trial& result) {
    Json object = Json::object();
    if (!result.failure.empty()) object["failure"] = result.failure;
    put_metrics(object, result.metrics);
    object["client"] = json_of(result.client);
    object["errors"] = json_of(result.errors);
    put_endings(object, result.endings);
    object["service_time"] = json_of(result.service_time_ns);
    object["response_time"] = json_of(result.response_time_ns);
    if (!result.overhead_ns.empty()) object["overhead"] = json_of(result.overhead_ns);
    if (!result.punctual_response_ns.empty())
        object["punctual_response"] = json_of(result.punctual_response_ns);
    if (result.load) object["load"] = json_of(*result.load);
    if (!result.timeline.empty()) object["timeline"] = json_of(result.timeline);
    if (result.diagnosis) object["diagnosis"] = json_of(*result.diagnosis);
    if (!result.outcomes.empty()) object["outcomes"] = json_of(result.outcomes);
    object["warnings"] = json_of(result.warnings);
    return object;
}

Trial measurement_from(JsonFields& fields) {
    Trial result;
    if (fields.has("failure")) result.failure = message_from(fields, "failure");
    // A failed trial may have measured nothing; every other one owes the numbers.
    const auto owed = [&](std::string_view key) { return fields.has(key) || result.failure.empty(); };
    if (owed("client")) result.client = fingerprint_from(fields.object("client"));
    if (owed("errors")) result.errors = errors_from(fields.object("errors"));
    result.endings = endings_from(fields);
    if (owed("service_time")) result.service_time_ns = histogram_from(fields.object("service_time"));
    result.response_time_ns =
        fields.has("response_time") ? histogram_from(fields.object("response_time")) : result.service_time_ns;
    if (fields.has("overhead")) result.overhead_ns = histogram_from(fields.object("overhead"));
    if (fields.has("punctual_response"))
        result.punctual_response_ns = histogram_from(fields.object("punctual_response"));
    result.metrics = metrics_from(fields);
    if (fields.has("load")) result.load = load_view_from(fields.object("load"));
    if (fields.has("timeline")) result.timeline = timeline_from(fields.object("timeline"));
    if (fields.has("diagnosis")) result.diagnosis = diagnosis_from(fields.object("diagnosis"));
    if (fields.has("outcomes")) result.outcomes = outcomes_from(fields);
    if (fields.has("warnings")) result.warnings = warnings_from(fields, "warnings");
    return result;
}

std::string ready_line() {
    return R"({"event":"ready"})";
}

std::string to_json_line(const Trial& result) {
    Json line = Json::object();
    line["event"] = "result";
    Trial rest = result;
    if (const auto elapsed = rest.metrics.find("elapsed_ns"); elapsed != rest.metrics.end()) {
        if (elapsed->second.value) line["elapsed_ns"] = static_cast<std::int64_t>(*elapsed->second.value);
        rest.metrics.erase(elapsed);
    }
    line.update(measurement_json_of(rest));
    return to_text(line);
}

std::string to_json_line(const LoadSoFar& so_far) {
    Json line = {{"event", "second"}};
    line.update(json_of(so_far.second));
    line["so_far"] = {{"answered", so_far.answered},
                      {"errors", json_of(so_far.errors)},
                      {"response_time", json_of(so_far.response_time_ns)}};
    return to_text(line);
}

TrialEvent trial_event_from_json(std::string_view line) {
    constexpr std::string_view what = "The trial's output line";
    const Json value = parse_json(line, what);
    JsonFields fields(value, std::string(what));
    const std::string event = fields.text("event");
    if (event == "ready") {
        fields.expect_no_others();
        return TrialReady{};
    }
    if (event == "second") {
        LoadSoFar so_far;
        JsonFields all = fields.object("so_far");
        so_far.answered = all.count("answered");
        so_far.errors = errors_from(all.object("errors"));
        so_far.response_time_ns = histogram_from(all.object("response_time"));
        all.expect_no_others();
        so_far.second = load_second_from(fields);
        return so_far;
    }
    if (event != "result") fields.fail("event", R"(must be "ready" or "result")");
    const bool has_elapsed = fields.has("elapsed_ns");
    Trial result = measurement_from(fields);
    if (result.failure.empty() || has_elapsed) {
        const Nanoseconds elapsed = fields.duration_ns("elapsed_ns");
        if (elapsed.count() == 0) fields.fail("elapsed_ns", "must be over 0");
        if (!result.metrics.emplace("elapsed_ns", MetricValue{static_cast<double>(elapsed.count()), {}})
                 .second) {
            fields.fail("metrics.elapsed_ns", "stands in the line itself already");
        }
    }
    fields.expect_no_others();
    return result;
}

}  // namespace asyncbench
