#include "harness/trial/scenario_option.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "async/errors.hpp"
#include "harness/engine/socket_address.hpp"
#include "harness/measure/base64.hpp"
#include "harness/trial/json_names.hpp"
#include "harness/work/lower_case.hpp"
#include "harness/work/units.hpp"

namespace asyncbench {
namespace {

using Form = ScenarioOption::Form;
using Flag = ScenarioOption::Flag;
using S = Scenario;
using Text = std::string_view;

/// Calls `take` with what stands between commas; `exec:` takes the rest of the text, commas and all.
template <typename Take>
void for_each_part(std::string_view text, Take&& take) {
    while (true) {
        const auto comma = text.starts_with("exec:") ? std::string_view::npos : text.find(',');
        take(text.substr(0, comma));
        if (comma == std::string_view::npos) return;
        text.remove_prefix(comma + 1);
    }
}

Json shown_if(bool shown, Json value) {
    return shown ? std::move(value) : Json();
}

/// `HTTP://host` is a URL as well (RFC 3986, section 3.1).
std::string with_lower_scheme(std::string_view text) {
    const auto end = text.find("://");
    if (end == std::string_view::npos) return std::string(text);
    return in_lower_case(text.substr(0, end)).append(text.substr(end));
}

template <typename Enum>
Enum parse_name(std::string_view text) {
    if (const auto value = named<Enum>(text)) return *value;
    throw UsageError(fmt::format("'{}' is none of {}.", text, fmt::join(names_of<Enum>(), ", ")));
}

std::vector<ScenarioOption> options_of_plan() {
    return {
        {"name", Flag::of_none, "", "", "", Form::text, [](S& s, Text text) { s.name = text; },
         [](const S& s) { return Json(s.name); }},
        {"question", Flag::of_none, "", "", "", Form::text, [](S& s, Text text) { s.question = text; },
         [](const S& s) { return Json(s.question); }},
        {"strategies", Flag::of_gate, "-s,--strategy", "LIST",
         "Strategies, by commas: sequential,thread-pool:threads=16,exec:CMD", Form::text,
         [](S& s, Text text) {
             for_each_part(text, [&](auto part) { s.strategies.push_back(StrategySpec::parse(part)); });
         },
         [](const S& s) {
             Json texts;
             for (const StrategySpec& strategy : s.strategies) texts.push_back(strategy.text());
             return texts;
         },
         [](S& s) { s.strategies.clear(); }},
        {"concurrency", Flag::of_gate, "-c,--concurrency", "LIST",
         "Requests in flight at once, swept (1,16,64,256; -q: 256; -n N: N)", Form::text_or_number,
         [](S& s, Text text) {
             for_each_part(text, [&](auto part) {
                 s.concurrency.push_back(static_cast<std::uint32_t>(parse_count(part, concurrency_limits)));
             });
         },
         [](const S& s) { return shown_if(!s.concurrency.empty(), s.concurrency); },
         [](S& s) { s.concurrency.clear(); }},
        {"plan", Flag::of_none, "", "", "", Form::text,
         [](S& s, Text text) { s.plan.kind = parse_name<PlanKind>(text); },
         [](const S& s) { return Json(name_of(s.plan.kind)); }},
        {"requests", Flag::of_gate, "-n,--requests", "N", "Batch: start N at once, wait for all",
         Form::text_or_number, [](S& s, Text text) { s.plan.requests = parse_count(text, requests_limits); },
         [](const S& s) { return shown_if(s.plan.kind == PlanKind::batch, s.plan.requests); }},
        {"duration", Flag::of_gate, "-d,-z,--duration", "T",
         "Closed loop: each user sends anew when answered, for this long (500ms)", Form::text_or_number,
         [](S& s, Text text) { s.plan.duration = parse_duration(text); },
         [](const S& s) { return shown_if(s.plan.kind != PlanKind::batch, to_text(s.plan.duration)); }},
        {"rate", Flag::of_gate, "-q,--rate", "R", "Open loop: requests a second in all, by a schedule (2k)",
         Form::text_or_number, [](S& s, Text text) { s.plan.rate_rps = parse_rate(text, rate_limits); },
         [](const S& s) { return shown_if(s.plan.kind == PlanKind::open, s.plan.rate_rps); }},
        {"arrivals", Flag::of_gate, "--arrivals", "TEXT", "Open loop: constant or poisson gaps", Form::text,
         [](S& s, Text text) { s.plan.arrivals = parse_name<Arrivals>(text); },
         [](const S& s) { return shown_if(s.plan.kind == PlanKind::open, name_of(s.plan.arrivals)); },
         nullptr, names_of<Arrivals>()},
    };
}

std::vector<ScenarioOption> options_of_profile() {
    return {
        {"latency", Flag::of_target, "--latency", "SPEC",
         "Delay of a response (20ms): 20ms, uniform:10ms,30ms, exponential:20ms, lognormal:20ms,80ms or "
         "bimodal:5ms,100ms,0.05",
         Form::text, [](S& s, Text text) { s.profile.delay = DelaySpec::parse(text); },
         [](const S& s) { return Json(s.profile.delay.text()); }},
        {"payload", Flag::of_target, "--payload", "SIZE", "Length of each body (1KiB): 512, 4KiB, 1MB",
         Form::text_or_number,
         [](S& s, Text text) { s.profile.payload_bytes = parse_size(text, payload_limits); },
         [](const S& s) { return Json(s.profile.payload_bytes); }},
        {"error_rate", Flag::of_target, "--error-rate", "P", "Share of responses with status 500: 0.05, 5%",
         Form::text_or_number,
         [](S& s, Text text) { s.profile.error_rate = parse_share(text, "error rate"); },
         [](const S& s) { return Json(s.profile.error_rate); }},
        {"faults", Flag::of_target, "--faults", "LIST",
         "Shares of close, truncate, stall, dribble: close:0.01,stall:0.001", Form::text,
         [](S& s, Text text) { s.profile.faults = FaultShares::parse(text); },
         [](const S& s) { return Json(s.profile.faults.text()); }},
        {"compute", Flag::of_gate, "--compute", "T", "CPU work of the client for each response",
         Form::text_or_number,
         [](S& s, Text text) { s.profile.compute = parse_duration(text, compute_limits); },
         [](const S& s) { return Json(to_text(s.profile.compute)); }},
    };
}

std::vector<ScenarioOption> options_of_run() {
    static const std::string targets =
        fmt::format("{}, or the URL of any HTTP server ({})", fmt::join(names_of_own_targets(), ", "),
                    Scenario().target.shown());
    return {
        {"target", Flag::of_gate, "--target", "TARGET", targets, Form::text,
         [](S& s, Text text) { s.target = SecretText::url(with_lower_scheme(text)); },
         [](const S& s) { return Json(s.target.shown()); }},
        {"repetitions", Flag::of_run, "-r,--repetitions", "N",
         "Measure N blocks, each cell once in each (until the order is clear)", Form::text_or_number,
         [](S& s, Text text) {
             s.repetitions = static_cast<std::uint32_t>(parse_count(text, repetitions_limits));
         },
         [](const S& s) { return shown_if(s.repetitions > 0, s.repetitions); }},
        {"budget", Flag::of_run, "--budget", "T", "Time for all blocks together, without -r (2m)",
         Form::text_or_number, [](S& s, Text text) { s.budget = parse_duration(text); },
         [](const S& s) { return shown_if(s.repetitions == 0, to_text(s.budget)); }},
        {"one_in_flight", Flag::of_none, "", "", "", Form::text,
         [](S& s, Text text) { s.one_in_flight.push_back(StrategySpec::parse(text).name); },
         [](const S& s) { return shown_if(!s.one_in_flight.empty(), s.one_in_flight); },
         [](S& s) { s.one_in_flight.clear(); }},
        {"warmup", Flag::of_gate, "--warmup", "T", "Before each trial, discarded (200ms)",
         Form::text_or_number, [](S& s, Text text) { s.warmup = parse_duration(text); },
         [](const S& s) { return Json(to_text(s.warmup)); }},
        {"timeout", Flag::of_gate, "--timeout", "T", "Of one request (30s)", Form::text_or_number,
         [](S& s, Text text) { s.timeout = parse_duration(text, timeout_limits); },
         [](const S& s) { return Json(to_text(s.timeout)); }},
        {"seed", Flag::of_target, "--seed", "N", "Decides every random choice (1)", Form::text_or_number,
         [](S& s, Text text) { s.seed = parse_count(text); }, [](const S& s) { return Json(s.seed); }},
        {"pin", Flag::of_gate, "--pin", "", "Target on the first CPU, trials on the others", Form::on_off,
         [](S& s, Text text) { s.pin = text == "true"; }, [](const S& s) { return Json(s.pin); }},
        {"diagnose", Flag::of_gate, "--diagnose", "",
         "Watch event loops for stalls, blocking calls, lost tasks; costs a little", Form::on_off,
         [](S& s, Text text) { s.diagnose = text == "true"; },
         [](const S& s) { return shown_if(s.diagnose, true); }},
        {"stall_threshold", Flag::of_gate, "--stall-threshold", "T",
         "With --diagnose: a step that lasts as long is a stall (100ms)", Form::text_or_number,
         [](S& s, Text text) { s.stall_threshold = parse_duration(text, stall_threshold_limits); },
         [](const S& s) { return shown_if(s.diagnose, to_text(s.stall_threshold)); }},
    };
}

/// What a server that is not ours is asked, and how it is trusted.
std::vector<ScenarioOption> options_of_request() {
    return {
        {"method", Flag::of_gate, "-X,-m,--request", "METHOD",
         "Of a URL: the method (GET; with --data: POST)", Form::text,
         [](S& s, Text text) { s.request.method = parse_method(text); },
         [](const S& s) { return shown_if(!s.request.method.empty(), s.request.method); }},
        {"headers", Flag::of_gate, "-H,--header", "LINE",
         "Of a URL: a header of each request, 'Accept: text/html' (repeatable)", Form::text,
         [](S& s, Text text) { s.request.headers.push_back(SecretText::header(parse_header(text))); },
         [](const S& s) {
             Json lines;
             for (const SecretText& line : s.request.headers) lines.push_back(line.shown());
             return lines;
         },
         [](S& s) { s.request.headers.clear(); }},
        {"user", Flag::of_gate, "-u,--user", "NAME:PASSWORD", "Of a URL: basic authentication, as a header",
         Form::text,
         [](S& s, Text text) {
             s.request.headers.push_back(
                 SecretText::header(fmt::format("Authorization: Basic {}", encode_base64(text))));
         },
         [](const S& /*s*/) { return Json(); }},
        {"bearer_env", Flag::of_gate, "--bearer-env", "NAME",
         "Of a URL: the environment variable whose token goes with each request", Form::text,
         [](S& s, Text text) {
             const char* const token = std::getenv(std::string(text).c_str());
             if (token == nullptr)
                 throw UsageError(fmt::format("there is no environment variable '{}'.", text));
             s.request.headers.push_back(
                 SecretText::header(parse_header(fmt::format("Authorization: Bearer {}", token))));
         },
         [](const S& /*s*/) { return Json(); }},
        {"data", Flag::of_gate, "--data", "TEXT",
         "Of a URL: the body of each request, sent as it is; @FILE: what the file holds", Form::text,
         [](S& s, Text text) {
             const bool is_file = text.starts_with('@');
             s.data = is_file ? SecretText(text) : SecretText::body(std::string(text));
             s.request.body = is_file ? SharedBytes() : SharedBytes(std::string(text));
         },
         [](const S& s) { return s.data ? Json(s.data->shown()) : Json(); }},
        {"paths", Flag::of_gate, "--path", "PATH",
         "Of a URL: what stands behind it; several are drawn by weight, --path 3:/a --path /b", Form::text,
         [](S& s, Text text) { s.request.paths.push_back(WeightedPath::parse(text)); },
         [](const S& s) {
             Json texts;
             for (const WeightedPath& path : s.request.paths) texts.push_back(path.text());
             return texts;
         },
         [](S& s) { s.request.paths.clear(); }},
        {"resolve", Flag::of_gate, "--resolve", "RULE",
         "Of a URL: no lookup of its host, HOST:PORT:ADDRESS[,ADDRESS] (repeatable)", Form::text,
         [](S& s, Text text) { s.resolve.push_back(ResolveRule::parse(text)); },
         [](const S& s) {
             Json texts;
             for (const ResolveRule& rule : s.resolve) texts.push_back(rule.text());
             return texts;
         },
         [](S& s) { s.resolve.clear(); }},
        {"insecure", Flag::of_gate, "-k,--insecure", "", "Of https: accept any certificate of the server",
         Form::on_off, [](S& s, Text text) { s.request.tls.verify = text != "true"; },
         [](const S& s) { return shown_if(!s.request.tls.verify, true); }},
        {"cacert", Flag::of_gate, "--cacert", "FILE",
         "Of https: certificates to trust, PEM (SSL_CERT_FILE, or the system's)", Form::text,
         [](S& s, Text text) { s.request.tls.authorities = text; },
         [](const S& s) { return shown_if(!s.request.tls.authorities.empty(), s.request.tls.authorities); }},
        {"cert", Flag::of_gate, "-E,--cert", "FILE", "Of https: our certificate, PEM, with its key or --key",
         Form::text, [](S& s, Text text) { s.request.tls.certificate = text; },
         [](const S& s) { return shown_if(!s.request.tls.certificate.empty(), s.request.tls.certificate); }},
        {"key", Flag::of_gate, "--key", "FILE", "Of https: the private key of --cert, PEM, not encrypted",
         Form::text, [](S& s, Text text) { s.request.tls.key = text; },
         [](const S& s) { return shown_if(!s.request.tls.key.empty(), s.request.tls.key); }},
    };
}

LoadSettings& load_of(Scenario& scenario) {
    if (!scenario.load) scenario.load.emplace();
    return *scenario.load;
}

/// Of `load`, whose plan, request, warm-up and timeout are said as those of others are.
std::vector<ScenarioOption> options_of_load() {
    return {
        {"load", Flag::of_none, "", "", "", Form::on_off,
         [](S& s, Text text) {
             if (text == "true") load_of(s);
         },
         [](const S& s) { return shown_if(s.load.has_value(), true); }},
        {"threads", Flag::of_load, "-t,--threads", "N", "Threads of the generator (half of the CPUs)",
         Form::text_or_number,
         [](S& s, Text text) {
             load_of(s).threads = static_cast<std::uint32_t>(parse_count(text, load_threads_limits));
         },
         [](const S& s) { return s.load && s.load->threads > 0 ? Json(s.load->threads) : Json(); }},
        {"stages", Flag::of_load, "--stages", "LIST",
         "Open loop whose rate changes: from 0 to 1k in 30s, ...: 0:1k@30s,1k@2m,1k:0@10s", Form::text,
         [](S& s, Text text) {
             LoadSettings& load = load_of(s);
             load.stages = parse_stages(text);
             s.plan.rate_rps = mean(load.stages);
             s.plan.duration = duration_of(load.stages);
         },
         [](const S& s) {
             return s.load && !s.load->stages.empty() ? Json(text_of(s.load->stages)) : Json();
         }},
        {"connection_stages", Flag::of_load, "--connection-stages", "LIST",
         "Closed loop whose connections come and go: 0:500@30s,500@2m,500:0@10s", Form::text,
         [](S& s, Text text) {
             LoadSettings& load = load_of(s);
             load.connection_stages = parse_connection_stages(text);
             s.concurrency = {static_cast<std::uint32_t>(highest(load.connection_stages))};
             s.plan.duration = duration_of(load.connection_stages);
         },
         [](const S& s) {
             return s.load && !s.load->connection_stages.empty() ? Json(text_of(s.load->connection_stages))
                                                                 : Json();
         }},
        {"expect", Flag::of_load, "--expect", "STATUS",
         "Statuses that are right, others are errors: 200, 2xx,304 (below 400)", Form::text,
         [](S& s, Text text) { load_of(s).expected = ExpectedStatus::parse(text); },
         [](const S& s) {
             return s.load && !s.load->expected.text().empty() ? Json(s.load->expected.text()) : Json();
         }},
        {"targets", Flag::of_load, "--targets", "FILE",
         "Requests in turn: lines METHOD URL or JSON, as vegeta has them, or URLs; - is stdin", Form::text,
         [](S& s, Text text) { load_of(s).targets = text; },
         [](const S& s) { return s.load && !s.load->targets.empty() ? Json(s.load->targets) : Json(); }},
        {"steps", Flag::of_load, "--steps", "FILE",
         "As --targets, but each connection does them in order, with values captured on the way", Form::text,
         [](S& s, Text text) { load_of(s).steps = text; },
         [](const S& s) { return s.load && !s.load->steps.empty() ? Json(s.load->steps) : Json(); }},
        {"variables", Flag::of_load, "--var", "TEXT",
         "What {{id}} stands for: id=counter, id=random:1,99, id=@FILE.csv:COLUMN (repeatable)", Form::text,
         [](S& s, Text text) { load_of(s).variables.emplace_back(text); },
         [](const S& s) { return s.load && !s.load->variables.empty() ? Json(s.load->variables) : Json(); },
         [](S& s) { load_of(s).variables.clear(); }},
        {"var_file", Flag::of_load, "--var-file", "FILE",
         "Each request takes a row, in turn: {{name}} is the column that the header row names so", Form::text,
         [](S& s, Text text) { load_of(s).var_file = text; },
         [](const S& s) { return s.load && !s.load->var_file.empty() ? Json(s.load->var_file) : Json(); }},
        {"checks", Flag::of_load, "--check", "TEXT",
         "Of a response: 'body contains ok', 'header X-Id exists', 'json /a/0 == 7' (repeatable)", Form::text,
         [](S& s, Text text) { load_of(s).checks.push_back(ResponseCheck::parse(text)); },
         [](const S& s) {
             Json texts;
             if (!s.load) return texts;
             for (const ResponseCheck& check : s.load->checks) texts.push_back(check.text());
             return texts;
         },
         [](S& s) { load_of(s).checks.clear(); }},
        {"http", Flag::of_load, "--http", "VERSION",
         "1.1, 2 (without TLS by prior knowledge), or auto: what https chooses (1.1)", Form::text_or_number,
         [](S& s, Text text) { load_of(s).http = parse_name<HttpVersion>(text); },
         [](const S& s) {
             return s.load && s.load->http != HttpVersion::http1 ? Json(name_of(s.load->http)) : Json();
         },
         nullptr, names_of<HttpVersion>()},
        {"streams", Flag::of_load, "--streams", "N", "HTTP/2: requests at once on each connection (1)",
         Form::text_or_number,
         [](S& s, Text text) {
             load_of(s).streams = static_cast<std::uint32_t>(parse_count(text, streams_limits));
         },
         [](const S& s) { return s.load && s.load->streams > 1 ? Json(s.load->streams) : Json(); }},
        {"no_tls_resume", Flag::of_load, "--no-tls-resume", "", "A whole TLS handshake for each connection",
         Form::on_off, [](S& s, Text text) { load_of(s).tls_resume = text != "true"; },
         [](const S& s) { return shown_if(s.load && !s.load->tls_resume, true); }},
        {"no_keepalive", Flag::of_load, "--no-keepalive", "", "A connection of its own for each request",
         Form::on_off, [](S& s, Text text) { load_of(s).keep_alive = text != "true"; },
         [](const S& s) { return shown_if(s.load && !s.load->keep_alive, true); }},
        {"stream_for", Flag::of_load, "--stream-for", "T",
         "Read a stream of events for T, then end it; it counts as answered", Form::text_or_number,
         [](S& s, Text text) { load_of(s).stream_for = parse_duration(text, stream_for_limits); },
         [](const S& s) {
             return s.load && s.load->stream_for.count() > 0 ? Json(to_text(s.load->stream_for)) : Json();
         }},
        {"unix_socket", Flag::of_load, "--unix-socket", "PATH",
         "Connect to this Unix socket; the URL says Host and path alone", Form::text,
         [](S& s, Text text) {
             unix_address(std::string(text));  // refuses a path that is too long
             load_of(s).unix_socket = text;
         },
         [](const S& s) {
             return s.load && !s.load->unix_socket.empty() ? Json(s.load->unix_socket) : Json();
         }},
        {"io", Flag::of_load, "--io", "TEXT",
         "Interface of the kernel: uring or epoll (uring where it is allowed)", Form::text,
         [](S& s, Text text) { load_of(s).io = parse_name<IoKind>(text); },
         [](const S& s) { return s.load && s.load->io ? Json(name_of(*s.load->io)) : Json(); }, nullptr,
         names_of<IoKind>()},
        {"eager", Flag::of_load, "--eager", "", "Take each response at once, in place of several at a time",
         Form::on_off, [](S& s, Text text) { load_of(s).eager = text == "true"; },
         [](const S& s) { return shown_if(s.load && s.load->eager, true); }},
        {"thresholds", Flag::of_load, "--threshold", "TEXT",
         "Exit status 2 where it is broken: 'p99<200ms', 'errors<1%', 'rate>900' (repeatable)", Form::text,
         [](S& s, Text text) {
             load_of(s);
             s.thresholds.push_back(Threshold::parse(text));
         },
         [](const S& s) {
             Json texts;
             for (const Threshold& threshold : s.thresholds) texts.push_back(threshold.text());
             return texts;
         },
         [](S& s) { s.thresholds.clear(); }},
        {"find", Flag::of_load, "--find", "TEXT",
         "The highest rate that keeps to it: 'p99<50ms', 'errors<0.1%' (repeatable)", Form::text,
         [](S& s, Text text) {
             load_of(s);
             s.goals.push_back(Threshold::parse(text));
         },
         [](const S& s) {
             Json texts;
             for (const Threshold& goal : s.goals) texts.push_back(goal.text());
             return texts;
         },
         [](S& s) { s.goals.clear(); }},
    };
}

}  // namespace

bool is_of_load(const ScenarioOption& option) {
    constexpr std::array<Text, 18> shared{
        "concurrency", "requests", "duration",   "rate", "arrivals", "warmup", "timeout", "seed", "method",
        "headers",     "user",     "bearer_env", "data", "insecure", "cacert", "cert",    "key",  "resolve"};
    return option.flag == Flag::of_load ||
           std::find(shared.begin(), shared.end(), option.field) != shared.end();
}

const std::vector<ScenarioOption>& scenario_options() {
    static const std::vector<ScenarioOption> options = [] {
        std::vector<ScenarioOption> all = options_of_plan();
        for (auto part : {options_of_profile(), options_of_run(), options_of_request(), options_of_load()})
            all.insert(all.end(), part.begin(), part.end());
        return all;
    }();
    return options;
}

void combine_options(Scenario& scenario, const std::set<std::string_view>& given,
                     const std::function<std::string(std::string_view field)>& spell) {
    PlanKind& kind = scenario.plan.kind;
    if (given.contains("plan")) {
        // Said, and not to be concluded.
    } else if (given.contains("requests")) {
        kind = PlanKind::batch;
    } else if (given.contains("rate") || given.contains("stages") || given.contains("find")) {
        kind = PlanKind::open;
    } else if (given.contains("connection_stages") ||
               (given.contains("duration") && kind == PlanKind::batch)) {
        kind = PlanKind::closed;
    }
    const auto require = [&](std::string_view field, bool fits) {
        if (!given.contains(field) || fits) return;
        throw UsageError(fmt::format(
            "{} does not go with the plan {}: {} asks for a batch, {} for an open loop, and {} alone for a "
            "closed one.",
            spell(field), name_of(kind), spell("requests"), spell("rate"), spell("duration")));
    };
    require("requests", kind == PlanKind::batch);
    require("duration", kind != PlanKind::batch);
    require("rate", kind == PlanKind::open);
    require("arrivals", kind == PlanKind::open);
    end_target_before_paths(scenario);
    if (given.contains("budget") && !given.contains("repetitions")) scenario.repetitions = 0;
    check(scenario.profile);
}

std::string option_text(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    return value.is_number_float() ? number_text(value.get<double>()) : to_text(value);
}

}  // namespace asyncbench
