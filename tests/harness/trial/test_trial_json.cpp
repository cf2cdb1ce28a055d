#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "async/errors.hpp"
#include "harness/trial/trial_json.hpp"
#include "tests/support/paths/paths.hpp"

namespace asyncbench::trial_json_tests {

using testing::AllOf;
using testing::HasSubstr;

TrialSpec some_spec() {
    TrialSpec spec;
    spec.trial = "t-0-3";
    spec.strategy = StrategySpec::parse("thread-pool:threads=16");
    spec.plan = {.kind = PlanKind::open,
                 .concurrency = 256,
                 .requests = 7,
                 .duration = std::chrono::seconds{2},
                 .rate_rps = 1234.5,
                 .arrivals = Arrivals::poisson};
    spec.profile.delay = DelaySpec::parse("lognormal:20ms,80ms");
    spec.profile.payload_bytes = 4096;
    spec.profile.error_rate = 0.01;
    spec.profile.faults = FaultShares::parse("close:0.01,dribble:0.25");
    spec.profile.compute = std::chrono::microseconds{50};
    spec.seed = std::numeric_limits<std::uint64_t>::max();
    spec.base_url = "http://127.0.0.1:8080";
    spec.verify = false;
    spec.warmup = std::chrono::milliseconds{250};
    spec.timeout = std::chrono::seconds{3};
    return spec;
}

Trial some_result() {
    Trial result;
    result.metrics = {{"throughput_rps", {123.4, ""}},
                      {"elapsed_ns", {2e9, ""}},
                      {"instructions_per_request", MetricValue::unknown("perf_event_paranoid is 3")}};
    result.service_time_ns.record(20'000'000, 40);
    result.response_time_ns.record(21'000'000, 40);
    result.overhead_ns.record(90'000, 40);
    result.punctual_response_ns.record(20'500'000, 40);
    for (std::uint64_t id = 0; id < 40; ++id) result.client.add(id);
    result.errors = {
        .status = 3, .connect = 1, .timeout = 2, .closed = 4, .content = 5, .other = 6, .unforeseen = 7};
    result.endings.statuses = {{200, 37}, {503, 3}};
    result.endings.add({ErrorClass::closed, "Recv failure", 4});
    result.endings.redirect = "http://host/there";
    result.timeline = {
        {.id = 0, .intended = Nanoseconds{0}, .sent = Nanoseconds{5}, .done = Nanoseconds{9}},
        {.id = 1, .intended = Nanoseconds{1}, .sent = Nanoseconds{6}, .done = Nanoseconds{10}}};
    result.warnings = {{"few-samples", "Only 40 samples.", WarningKind::note},
                       {"machine-busy", "It was busy.", WarningKind::disturbed},
                       {"target-saturated", "It was full.", WarningKind::limited}};
    return result;
}

std::string why_refused(const std::string& line) {
    try {
        trial_event_from_json(line);
    } catch (const Error& error) {
        return error.what();
    }
    return "accepted";
}

/// The shortest line that the protocol accepts, with one field replaced or, by null, taken out.
std::string minimal_line(const std::string& key = {}, const Json& value = nullptr) {
    Json line = Json::parse(R"({"event": "result", "elapsed_ns": 1000000,
        "client": {"count": 2, "fingerprint": "00000000000000ff"}, "errors": {},
        "service_time": {"values": [[20000000, 1], [21000000, 1]]}})");
    if (!key.empty() && value.is_null()) line.erase(key);
    if (!key.empty() && !value.is_null()) line[key] = value;
    return line.dump();
}

TEST(TrialJson, ASpecComesBackAsItWas) {
    const TrialSpec spec = some_spec();
    const std::string line = to_json_line(spec);
    EXPECT_THAT(line, testing::Not(HasSubstr("\n")));
    const TrialSpec back = trial_spec_from_json(line);
    EXPECT_EQ(back.trial, spec.trial);
    EXPECT_EQ(back.strategy, spec.strategy);
    EXPECT_EQ(back.plan, spec.plan);
    EXPECT_EQ(back.profile, spec.profile);
    EXPECT_EQ(back.seed, spec.seed);
    EXPECT_EQ(back.base_url, spec.base_url);
    EXPECT_EQ(back.verify, spec.verify);
    EXPECT_EQ(back.warmup, spec.warmup);
    EXPECT_EQ(back.timeout, spec.timeout);
}

TEST(TrialJson, ASpecOfALoadComesBackAsItWas) {
    TrialSpec spec = some_spec();
    spec.load = LoadSettings{.threads = 3,
                             .keep_alive = false,
                             .stages = parse_stages("0:10@1s,10@1500ms"),
                             .connection_stages = parse_connection_stages("0:10@1s"),
                             .expected = ExpectedStatus::parse("2xx,404"),
                             .http = HttpVersion::negotiated,
                             .streams = 7,
                             .io = IoKind::epoll,
                             .stream_for = std::chrono::seconds{5},
                             .eager = true,
                             .addresses = {"10.0.0.1", "::1"},
                             .unix_socket = "/run/app.sock"};
    EXPECT_EQ(trial_spec_from_json(to_json_line(spec)).load, spec.load);
    spec.load = LoadSettings{};
    EXPECT_EQ(trial_spec_from_json(to_json_line(spec)).load, spec.load);
    EXPECT_EQ(trial_spec_from_json(to_json_line(some_spec())).load, std::nullopt);
}

TEST(TrialJson, WhatALoadGeneratorSawComesBackAsItWas) {
    Trial result = some_result();
    result.load =
        LoadView{.io = IoKind::epoll,
                 .http = HttpVersion::http2,
                 .why_no_uring = "It is forbidden.",
                 .threads = 2,
                 .sent = 1,
                 .answered_in_time = 2,
                 .unfinished = 3,
                 .not_sent = 4,
                 .sent_late = 5,
                 .received_bytes = 6,
                 .connections_at_start = 7,
                 .stamped = 8,
                 .wakeups = 9,
                 .busiest_thread = 0.5,
                 .first_byte_ns = {},
                 .connect_ns = {},
                 .tls_ns = {},
                 .streams = 2,
                 .events = 5,
                 .first_event_ns = {},
                 .event_gap_ns = {},
                 .pick_up_ns = {},
                 .send_lateness_ns = {},
                 .each_request = {{"log in", 2, 1, {}}, {"GET /items", 1, 0, {}}},
                 .seconds = {{.second = 0, .sent = 1, .answered = 2, .errors = 3, .received_bytes = 4},
                             {.second = 1, .p50_ns = 5, .p90_ns = 6, .p99_ns = 7, .max_ns = 8}}};
    result.load->pick_up_ns.record(11);
    result.load->event_gap_ns.record(12);
    result.load->each_request[0].service_time_ns.record(13);
    const auto back = std::get<Trial>(trial_event_from_json(to_json_line(result)));
    ASSERT_TRUE(back.load);
    EXPECT_EQ(back.load->seconds, result.load->seconds);
    EXPECT_EQ(back.load->pick_up_ns, result.load->pick_up_ns);
    EXPECT_EQ(back.load->event_gap_ns, result.load->event_gap_ns);
    EXPECT_EQ(back.load->http, HttpVersion::http2);
    EXPECT_EQ(to_json_line(back), to_json_line(result));
    const LoadSoFar told{.second = result.load->seconds.back(),
                         .answered = 21,
                         .errors = {.timeout = 3, .unforeseen = 3},
                         .response_time_ns = result.load->pick_up_ns};
    const auto so_far = std::get<LoadSoFar>(trial_event_from_json(to_json_line(told)));
    EXPECT_EQ(so_far.second, told.second);
    EXPECT_EQ(so_far.answered, told.answered);
    EXPECT_EQ(so_far.errors, told.errors);
    EXPECT_EQ(so_far.response_time_ns, told.response_time_ns);
}

TEST(TrialJson, ASpecHasTheAddressOfANameAlone) {
    TrialSpec spec = some_spec();
    EXPECT_FALSE(json_of(spec).contains("address"));
    spec.base_url = "http://svc.invalid/";
    for (const char* address : {"10.0.0.1", "2001:db8::1"}) {
        spec.address = address;
        EXPECT_EQ(trial_spec_from_json(to_json_line(spec)).address, address);
    }
}

TEST(TrialJson, ASpecWhoseAddressIsANameIsRefused) {
    for (const char* address : {"svc.invalid", "", "10.0.0.1,10.0.0.2", "[::1]", "10.0.0.1:80"}) {
        Json spec = json_of(some_spec());
        spec["address"] = address;
        EXPECT_THAT([&] { trial_spec_from_json(spec.dump()); },
                    testing::ThrowsMessage<Error>(HasSubstr("'address' must be an IPv4 or IPv6 address")));
    }
}

TEST(TrialJson, ASpecHoldsASecretForItsTrialAndForNobodyElse) {
    TrialSpec spec = some_spec();
    spec.base_url = SecretText::url("http://ann:pw@host/");
    EXPECT_EQ(trial_spec_from_json(to_json_line(spec)).base_url.reveal(), "http://ann:pw@host/");
    EXPECT_EQ(json_of(spec)["base_url"], "http://***@host/");
}

TEST(TrialJson, WhatAProgramWritesForPeopleIsCutAndHoldsNoSecret) {
    const auto failure_of = [](const std::string& text) {
        const Json line = {{"event", "result"}, {"failure", text}};
        return std::get<Trial>(trial_event_from_json(line.dump())).failure;
    };
    EXPECT_EQ(failure_of("cannot reach http://ann:pw@host/"), "cannot reach http://***@host/");
    const std::string cut = failure_of(std::string(20'000, 'x'));
    EXPECT_LE(cut.size(), 2003U);
    EXPECT_THAT(cut, testing::EndsWith("x..."));
    EXPECT_THAT(failure_of(std::string(1999, 'x') + "äöü"), testing::EndsWith("x..."))
        << "no character is cut";
}

TEST(TrialJson, HowRequestsEndedIsRefusedWhereItIsNonsense) {
    EXPECT_THAT(why_refused(minimal_line("statuses", {{"20", 1}})), HasSubstr("'statuses'"));
    EXPECT_THAT(why_refused(minimal_line("statuses", {{"200", -1}})), HasSubstr("'statuses.200'"));
    EXPECT_THAT(why_refused(minimal_line("failure_reasons", {{{"error", "hunger"}}})),
                HasSubstr("failure_reasons[0]"));
    EXPECT_EQ(why_refused(minimal_line("statuses", {{"200", 2}})), "accepted");
}

TEST(TrialJson, ASpecOfAnotherProtocolVersionIsRefused) {
    Json spec = json_of(some_spec());
    for (const int version : {0, 3}) {
        spec["protocol"] = version;
        EXPECT_THROW(trial_spec_from_json(spec.dump()), Error);
    }
}

RequestSpec some_requests() {
    return {.method = "PUT",
            .headers = {"Accept: text/html", "X-Key: 1"},
            .body = SharedBytes(std::string("\0\xff\n", 3)),
            .paths = {{"/a", 3}, {"/b?c=1", 1}},
            .tls = {.verify = false, .authorities = "ca.pem", .certificate = "c.pem", .key = "k.pem"}};
}

TEST(TrialJson, RequestsToAForeignTargetComeBackAsTheyWere) {
    TrialSpec spec = some_spec();
    for (const RequestSpec& request : {some_requests(), RequestSpec{.method = "DELETE"},
                                       RequestSpec{.method = "POST", .body = SharedBytes()},
                                       RequestSpec{.method = "GET", .headers = {"Accept:"}}}) {
        spec.request = request;
        EXPECT_EQ(trial_spec_from_json(to_json_line(spec)).request, request) << to_json_line(spec);
    }
}

TEST(TrialJson, ASpecIsOfTheSecondVersionOnlyWhereItNeedsIt) {
    TrialSpec spec = some_spec();
    EXPECT_EQ(Json::parse(to_json_line(spec))["protocol"], 1);
    spec.request = some_requests();
    EXPECT_EQ(Json::parse(to_json_line(spec))["protocol"], 2);
}

TEST(TrialJson, AStoredSpecHasNoRequests) {
    TrialSpec spec = some_spec();
    spec.request = some_requests();
    EXPECT_EQ(json_of(spec), json_of(some_spec()));
}

TEST(TrialJson, RequestsThatAreHostileAreRefusedWithTheirField) {
    TrialSpec spec = some_spec();
    spec.request = some_requests();
    const auto why = [&](const char* pointer, const Json& value) -> std::string {
        Json line = Json::parse(to_json_line(spec));
        line["request"][Json::json_pointer(pointer)] = value;
        try {
            trial_spec_from_json(line.dump());
        } catch (const Error& error) {
            return error.what();
        }
        return "accepted";
    };
    EXPECT_THAT(why("/headers/0", "X: y\r\nZ: w"), HasSubstr("'X'"));
    EXPECT_THAT(why("/headers/0", 3), HasSubstr("request.headers"));
    EXPECT_THAT(why("/method", "GET / HTTP/1.1"), HasSubstr("method"));
    EXPECT_THAT(why("/body", "?"), HasSubstr("request.body"));
    EXPECT_THAT(why("/paths/0/path", "no slash"), HasSubstr("slash"));
    EXPECT_THAT(why("/paths/0/weight", 0), HasSubstr("weight"));
    EXPECT_THAT(why("/tls/verify", "no"), HasSubstr("request.tls.verify"));
}

TEST(TrialJson, ASpecWithSharesOverOneIsRefused) {
    Json spec = json_of(some_spec());
    spec["profile"]["error_rate"] = 0.9;
    EXPECT_THROW(trial_spec_from_json(spec.dump()), Error);
}

TEST(TrialJson, ASpecMayLackWhatChangesNoNumberAndHaveMore) {
    Json spec = json_of(some_spec());
    spec["colour"] = "blue";
    spec["plan"] = {{"kind", "closed"}, {"concurrency", 4}, {"duration_ns", 5}, {"think_time", 0}};
    for (const char* share : {"error_rate", "faults", "compute_ns"}) spec["profile"].erase(share);
    const TrialSpec read = trial_spec_from_json(spec.dump());
    EXPECT_EQ(read.plan, (PlanSpec{.kind = PlanKind::closed, .concurrency = 4, .duration = Nanoseconds{5}}));
    EXPECT_EQ(read.profile.faults, FaultShares{});
}

TEST(TrialJson, ASpecMustHaveWhatItsPlanNeeds) {
    for (const auto& [kind, field] : {std::pair{"batch", "requests"}, std::pair{"closed", "duration_ns"},
                                      std::pair{"open", "rate_rps"}, std::pair{"open", "arrivals"}}) {
        Json spec = json_of(some_spec());
        spec["plan"]["kind"] = kind;
        EXPECT_NO_THROW(trial_spec_from_json(spec.dump()));
        spec["plan"].erase(field);
        EXPECT_THAT([&] { trial_spec_from_json(spec.dump()); },
                    testing::ThrowsMessage<Error>(HasSubstr(std::string("plan.") + field)));
    }
}

TEST(TrialJson, ASpecHasTheLimitsOfFlags) {
    const std::vector<std::pair<Json::json_pointer, Json>> beyond{
        {Json::json_pointer("/plan/concurrency"), 1'000'001},
        {Json::json_pointer("/plan/requests"), 1'000'000'001},
        {Json::json_pointer("/plan/rate_rps"), 1.1e9},
        {Json::json_pointer("/profile/payload_bytes"), (1U << 30) + 1},
        {Json::json_pointer("/profile/compute_ns"), 10'000'000'001},
        {Json::json_pointer("/timeout_ns"), 999'999},
        {Json::json_pointer("/stall_threshold_ns"), 999'999}};
    for (const auto& [field, value] : beyond) {
        Json spec = json_of(some_spec());
        spec[field] = value;
        EXPECT_THAT([&] { trial_spec_from_json(spec.dump()); },
                    testing::ThrowsMessage<Error>(HasSubstr(field.back() + "' must be")));
    }
}

TEST(TrialJson, AResultComesBackAsItWas) {
    const Trial result = some_result();
    const std::string line = to_json_line(result);
    EXPECT_THAT(line, AllOf(testing::StartsWith(R"({"event":"result","elapsed_ns":2000000000)"),
                            testing::Not(HasSubstr("\n"))));
    const auto back = std::get<Trial>(trial_event_from_json(line));
    EXPECT_EQ(back.metrics, result.metrics);
    EXPECT_EQ(back.service_time_ns, result.service_time_ns);
    EXPECT_EQ(back.response_time_ns, result.response_time_ns);
    EXPECT_EQ(back.overhead_ns, result.overhead_ns);
    EXPECT_EQ(back.punctual_response_ns, result.punctual_response_ns);
    EXPECT_EQ(back.client, result.client);
    EXPECT_EQ(back.errors, result.errors);
    EXPECT_EQ(back.endings, result.endings);
    EXPECT_EQ(back.warnings, result.warnings);
    ASSERT_EQ(back.timeline.size(), 2U);
    EXPECT_EQ(back.timeline[1].done, Nanoseconds{10});
    EXPECT_TRUE(back.usable());
}

TEST(TrialJson, AnUnknownMetricIsNullWithItsReasonBesideIt) {
    const Json line = Json::parse(to_json_line(some_result()));
    EXPECT_TRUE(line.at("metrics").at("instructions_per_request").is_null());
    EXPECT_EQ(line.at("unknown").at("instructions_per_request"), "perf_event_paranoid is 3");
}

TEST(TrialJson, OutcomesSurvive) {
    Trial result = some_result();
    result.outcomes = {{"not-sent", 200, "200 of 200 requests were never sent."},
                       {"gave-up", 1, "1 gave up."}};
    const auto back = std::get<Trial>(trial_event_from_json(to_json_line(result)));
    EXPECT_EQ(back.outcomes, result.outcomes);
    EXPECT_THAT(to_json_line(some_result()), testing::Not(HasSubstr("outcomes")));
}

TEST(TrialJson, BrokenOutcomesAreRefused) {
    for (const char* broken : {"3", "[3]", "[{}]", R"([{"code":"a b","count":1,"message":"x"}])",
                               R"([{"code":"a","count":-1,"message":"x"}])",
                               R"([{"code":"a","count":1,"message":"x","more":1}])"}) {
        EXPECT_THAT(why_refused(minimal_line("outcomes", Json::parse(broken))), HasSubstr("outcomes"))
            << broken;
    }
}

TEST(TrialJson, AMetricThatIsNoFiniteNumberIsWrittenAsUnknown) {
    Trial result = some_result();
    result.metrics["efficiency"] = {std::numeric_limits<double>::quiet_NaN(), ""};
    const auto back = std::get<Trial>(trial_event_from_json(to_json_line(result)));
    EXPECT_EQ(back.metrics.at("efficiency").value, std::nullopt);
    EXPECT_THAT(back.metrics.at("efficiency").reason, HasSubstr("finite"));
}

TEST(TrialJson, BytesThatAreNoUtf8DoNotStopAResultFromBeingWritten) {
    Trial result = some_result();
    result.failure = "died with \xff\xfe";
    const auto back = std::get<Trial>(trial_event_from_json(to_json_line(result)));
    EXPECT_THAT(back.failure, testing::StartsWith("died with "));
    EXPECT_FALSE(back.usable());
}

TEST(TrialJson, ReadyIsUnderstood) {
    EXPECT_TRUE(std::holds_alternative<TrialReady>(trial_event_from_json(ready_line())));
    EXPECT_TRUE(std::holds_alternative<TrialReady>(trial_event_from_json(" { \"event\" : \"ready\" } ")));
}

TEST(TrialJson, AForeignProgramNeedsFiveFields) {
    const auto result = std::get<Trial>(trial_event_from_json(minimal_line()));
    EXPECT_EQ(result.client, (Fingerprint{.count = 2, .sum = 0xff}));
    EXPECT_EQ(result.service_time_ns.count(), 2U);
    EXPECT_EQ(result.response_time_ns, result.service_time_ns);
    EXPECT_EQ(result.metrics.at("elapsed_ns").value, 1e6);
    for (const char* key : {"elapsed_ns", "client", "errors", "service_time"}) {
        EXPECT_THAT(why_refused(minimal_line(key)), AllOf(HasSubstr(key), HasSubstr("missing")));
    }
}

TEST(TrialJson, AProgramThatFailedNeedsOnlySayWhy) {
    const auto result = std::get<Trial>(trial_event_from_json(R"({"event":"result","failure":"no route"})"));
    EXPECT_EQ(result.failure, "no route");
    EXPECT_FALSE(result.usable());
}

TEST(TrialJson, ErrorsAreUnforeseenUnlessTheProgramSaysOtherwise) {
    const auto result =
        std::get<Trial>(trial_event_from_json(minimal_line("errors", {{"status", 3}, {"timeout", 2}})));
    EXPECT_EQ(result.errors.unforeseen, 5U);
    EXPECT_THAT(why_refused(minimal_line("errors", {{"status", 3}, {"unforeseen", 4}})),
                HasSubstr("errors.unforeseen"));
}

/// The n-th block of JSON in docs/trial-protocol.md, as one line.
std::string documented_json(int n) {
    std::ifstream file(test::source_dir() + "/docs/trial-protocol.md");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const std::string fence = "```json\n";
    std::size_t at = text.find(fence);
    for (int i = 0; i < n; ++i) at = text.find(fence, at + 1);
    at += fence.size();
    return Json::parse(text.substr(at, text.find("```", at) - at)).dump();
}

TEST(TrialJson, ItsDescriptionShowsASpecAsItIs) {
    const TrialSpec spec = trial_spec_from_json(documented_json(0));
    EXPECT_EQ(spec.plan.duration, std::chrono::seconds{2});
    EXPECT_EQ(to_json_line(spec), documented_json(0));
}

TEST(TrialJson, ItsDescriptionShowsRequestsAsTheyAre) {
    Json spec = Json::parse(documented_json(0));
    spec["protocol"] = 2;
    spec.update(Json::parse(documented_json(1)));
    EXPECT_EQ(to_json_line(trial_spec_from_json(spec.dump())), spec.dump());
}

TEST(TrialJson, ItsDescriptionShowsTheLeastThatIsAccepted) {
    const Json least = Json::parse(documented_json(2));
    const auto result = std::get<Trial>(trial_event_from_json(least.dump()));
    EXPECT_EQ(result.client.count, result.service_time_ns.count());
    for (const auto& item : least.items()) {
        Json less = least;
        less.erase(item.key());
        EXPECT_THROW(trial_event_from_json(less.dump()), Error) << item.key();
    }
}

struct Hostile {
    std::string line;
    std::string names;  ///< what the message must name
};

class HostileLine : public testing::TestWithParam<Hostile> {};

TEST_P(HostileLine, IsRefusedWithASentenceThatNamesTheField) {
    const std::string reason = why_refused(GetParam().line);
    EXPECT_THAT(reason, AllOf(testing::StartsWith("The trial's output line"), HasSubstr(GetParam().names),
                              testing::EndsWith(".")));
}

std::string in_line(const std::string& key, const std::string& json) {
    std::string line = minimal_line(key, "@");
    return line.replace(line.find("\"@\""), 3, json);
}

INSTANTIATE_TEST_SUITE_P(
    TrialJson, HostileLine,
    testing::Values(
        Hostile{"", "no JSON"}, Hostile{"hello", "no JSON"}, Hostile{"null", "must be a JSON object"},
        Hostile{"[1,2]", "must be a JSON object"}, Hostile{R"({"event":"ready"} trailing)", "no JSON"},
        Hostile{R"({})", "event"}, Hostile{R"({"event":"done"})", "event"},
        Hostile{R"({"event":7})", "event"}, Hostile{R"({"event":"ready","x":1})", "\"x\""},
        Hostile{R"({"event":"ready","event":"result"})", "twice"},
        Hostile{std::string(100'000, '['), "nested deeper"},
        Hostile{std::string("{\"event\":\"") + "\xff\"}", "no JSON"},
        Hostile{in_line("elapsed_ns", "-1"), "elapsed_ns"}, Hostile{in_line("elapsed_ns", "0"), "elapsed_ns"},
        Hostile{in_line("elapsed_ns", "1.5"), "elapsed_ns"},
        Hostile{in_line("elapsed_ns", "99999999999999999999"), "elapsed_ns"},
        Hostile{in_line("elapsed_ns", "1e999"), "no JSON"}, Hostile{in_line("elapsed_ns", "NaN"), "no JSON"},
        Hostile{in_line("elapsed_ns", "\"5\""), "elapsed_ns"},
        Hostile{in_line("client", R"({"count":1})"), "client.fingerprint"},
        Hostile{in_line("client", R"({"count":-1,"fingerprint":"0000000000000000"})"), "client.count"},
        Hostile{in_line("client", R"({"count":1,"fingerprint":"00000000000000"})"), "client.fingerprint"},
        Hostile{in_line("client", R"({"count":1,"fingerprint":"0x00000000000000"})"), "client.fingerprint"},
        Hostile{in_line("client", R"({"count":1,"fingerprint":"-000000000000001"})"), "client.fingerprint"},
        Hostile{in_line("errors", R"({"statsu":1})"), "errors.statsu"},
        Hostile{in_line("errors", R"({"status":1e18})"), "errors.status"},
        Hostile{in_line("service_time", R"({})"), "service_time.hdr"},
        Hostile{in_line("service_time", R"({"hdr":"not base64 at all"})"), "service_time.hdr"},
        Hostile{in_line("service_time", R"({"hdr":"","values":[]})"), "service_time.hdr"},
        Hostile{in_line("service_time", R"({"values":[[1]]})"), "service_time.values"},
        Hostile{in_line("service_time", R"({"values":[[-1,1]]})"), "service_time.values"},
        Hostile{in_line("service_time", R"({"values":[[9007199254740992,1]]})"), "service_time.values"},
        Hostile{in_line("service_time", R"({"values":[[1,9007199254740992],[2,1]]})"), "2^53"},
        Hostile{in_line("metrics", R"({"Bad Name":1})"), "metrics"},
        Hostile{in_line("metrics", R"({"a":"1"})"), "metrics.a"},
        Hostile{in_line("metrics", R"({"a":null})"), "unknown.a"},
        Hostile{in_line("metrics", R"({"elapsed_ns":1})"), "elapsed_ns"},
        Hostile{in_line("unknown", R"({"a":"no such metric"})"), "unknown.a"},
        Hostile{in_line("timeline", R"({"id":[0],"intended_ns":[],"sent_ns":[0],"done_ns":[0]})"),
                "timeline.intended_ns"},
        Hostile{in_line("timeline", R"({"id":[0],"intended_ns":[0],"sent_ns":[-1],"done_ns":[0]})"),
                "timeline.sent_ns"},
        Hostile{in_line("warnings", R"([{"code":"A B","message":"m","kind":"note"}])"), "warnings[0].code"},
        Hostile{in_line("warnings", R"([{"code":"a","message":"m"}])"), "warnings[0].kind"},
        Hostile{in_line("warnings", R"([{"code":"a","message":"m","kind":"awful"}])"), "warnings[0].kind"},
        Hostile{in_line("failure", "\"" + std::string(70'000, 'x') + "\""), "failure"}));

TEST(StrategySpec, TextAndPartsSayTheSame) {
    for (const char* text : {"sequential", "thread-pool:threads=16", "callback:a=1:loops=2",
                             "exec:python3 'a b.py' --x=1:2,3"}) {
        EXPECT_EQ(StrategySpec::parse(text).text(), text);
    }
    EXPECT_EQ(StrategySpec::parse("thread-pool:threads=16").options.at("threads"), "16");
    EXPECT_EQ(StrategySpec::parse("exec:a b:c").command, "a b:c");
}

TEST(StrategySpec, WrongFormsAreUsageErrors) {
    for (const char* text : {"", ":", "Thread", "a b", "exec", "exec:", "exec:  ", "a:", "a:b",
                             "a:b=", "a:=1", "a:b=1:", "a:b=1:b=2"}) {
        EXPECT_THROW(StrategySpec::parse(text), UsageError) << text;
    }
}

/// What a warning of an earlier version of the protocol is taken for.
WarningKind kind_of(const std::string& code, bool invalidates) {
    const Json warnings = Json::array({{{"code", code}, {"message", "m"}, {"invalidates", invalidates}}});
    return std::get<Trial>(trial_event_from_json(minimal_line("warnings", warnings))).warnings.at(0).kind;
}

TEST(TrialJson, AWarningOfAnEarlierVersionIsJudgedAsThisOneDoes) {
    EXPECT_EQ(kind_of("their-own", true), WarningKind::wrong);
    EXPECT_EQ(kind_of("their-own", false), WarningKind::note);
    EXPECT_EQ(kind_of("work-mismatch", true), WarningKind::wrong);
    EXPECT_EQ(kind_of("steal", true), WarningKind::disturbed);
    EXPECT_EQ(kind_of("machine-busy", false), WarningKind::disturbed);
    EXPECT_EQ(kind_of("target-saturated", true), WarningKind::limited);
    EXPECT_EQ(kind_of("generator-late", true), WarningKind::limited);
    EXPECT_EQ(kind_of("target-late", true), WarningKind::note);
    EXPECT_EQ(kind_of("too-few-samples", true), WarningKind::note) << "the cell is judged by its answers";
}

Trial with_finding(WarningKind kind) {
    Trial result;
    result.warnings.push_back({"some-finding", "So it was.", kind});
    return result;
}

TEST(Trial, IsUsableWithoutFailureAndWithNothingWrong) {
    EXPECT_TRUE(Trial{}.usable());
    EXPECT_TRUE(with_finding(WarningKind::note).usable());
    EXPECT_TRUE(with_finding(WarningKind::disturbed).usable());
    EXPECT_TRUE(with_finding(WarningKind::limited).usable());
    EXPECT_FALSE(with_finding(WarningKind::wrong).usable());
    Trial lost;
    lost.failure = "died";
    EXPECT_FALSE(lost.usable());
}

TEST(Trial, IsLimitedOrDisturbedOnlyWhereItIsUsable) {
    EXPECT_TRUE(with_finding(WarningKind::limited).limited());
    EXPECT_FALSE(with_finding(WarningKind::limited).disturbed());
    EXPECT_TRUE(with_finding(WarningKind::disturbed).disturbed());
    EXPECT_FALSE(with_finding(WarningKind::disturbed).limited());
    Trial wrong = with_finding(WarningKind::limited);
    wrong.warnings.push_back({"work-mismatch", "Work differs.", WarningKind::wrong});
    EXPECT_FALSE(wrong.limited());
}

}  // namespace asyncbench::trial_json_tests
