#include "harness/trial/load_trial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <istream>
#include <ostream>
#include <string>
#include <utility>

#include "async/errors.hpp"
#include "harness/engine/load_generator.hpp"
#include "harness/engine/negotiate.hpp"
#include "harness/engine/request_text.hpp"
#include "harness/engine/uring_io.hpp"
#include "harness/http/addresses.hpp"
#include "harness/http/field_name.hpp"
#include "harness/measure/process_usage.hpp"
#include "harness/trial/trial_json.hpp"

namespace asyncbench {
namespace {

/// Half of the CPUs: a server on the same machine needs the others, and one thread sends 100,000 requests a
/// second.
std::uint32_t threads_for(const TrialSpec& spec) {
    const std::uint32_t wanted =
        spec.load->threads > 0 ? spec.load->threads : std::max(1U, std::thread::hardware_concurrency() / 2);
    return std::min(wanted, spec.plan.concurrency);
}

std::vector<SocketAddress> addresses_for(const TrialSpec& spec) {
    if (!spec.load->unix_socket.empty()) return {unix_address(spec.load->unix_socket)};
    const auto origin = origin_of(spec.base_url.reveal());
    if (!origin) throw Error(fmt::format("'{}' is no URL.", spec.base_url.shown()));
    std::vector<std::string> hosts = spec.load->addresses;
    if (hosts.empty()) hosts.push_back(spec.address.empty() ? origin->host : spec.address);
    std::vector<SocketAddress> addresses;
    addresses.reserve(hosts.size());
    for (const std::string& host : hosts)
        addresses.push_back(resolve(host, std::to_string(origin->port)).front());
    return addresses;
}

std::vector<LoadStage> stages_for(const TrialSpec& spec) {
    const PlanSpec& plan = spec.plan;
    if (plan.kind != PlanKind::open) return {};
    if (!spec.load->stages.empty()) return spec.load->stages;
    return {{plan.rate_rps, plan.rate_rps, plan.duration}};
}

/// None of a URL without TLS.
std::optional<TlsContext::Options> tls_for(const TrialSpec& spec) {
    const std::string& url = spec.base_url.reveal();
    if (!url.starts_with("https://")) return std::nullopt;
    return TlsContext::Options{.tls = spec.request.tls,
                               .server = origin_of(url).value_or(Origin{}).host,
                               .resume = spec.load->tls_resume};
}

/// `load` has its addresses, its TLS and its timeout.
bool speaks_http2(const TrialSpec& spec, const LoadSpec& load, const std::atomic<bool>& stop) {
    if (spec.load->http != HttpVersion::negotiated) return spec.load->http == HttpVersion::http2;
    return load.tls && chooses_http2(load, stop);
}

/// Where the body has variables, its length is known when they have values.
void leave_length_open(HttpRequest& request) {
    const bool is_given = std::any_of(request.headers.begin(), request.headers.end(), [](const auto& line) {
        return is_same_field(field_name_of(line), "Content-Length");
    });
    if (is_given || variables_in(request.body.text()).empty()) return;
    request.headers.push_back(fmt::format("Content-Length: {{{{{}}}}}", body_length_variable));
}

/// Without its query, which may be long, and may hold secrets.
std::string name_of(const HttpRequest& request) {
    const std::string_view path = std::string_view(request.url).substr(server_in(request.url).size());
    const std::string_view shown = path.starts_with('/') ? path : "/";
    return fmt::format("{} {}", request.method, shown.substr(0, shown.find_first_of("?#")));
}

LoadRequest load_request_for(LoadTarget target, const TrialSpec& spec, bool of_http2) {
    HttpRequest request{.url = std::move(target.url),
                        .method = std::move(target.method),
                        .headers = std::move(target.headers),
                        .body = target.body.value_or(SharedBytes())};
    if (!spec.requests.empty()) leave_length_open(request);
    LoadRequest load{.name = target.name.empty() ? name_of(request) : std::move(target.name),
                     .to_head = request.method == "HEAD",
                     .weight = std::max(1U, target.weight),
                     .expected = std::move(target.expected),
                     .checks = spec.load->checks,
                     .captures = std::move(target.captures)};
    load.checks.insert(load.checks.end(), target.checks.begin(), target.checks.end());
    if (of_http2) {
        load.http2 = http2_request(request);
    } else {
        load.text = request_text(request, spec.load->keep_alive);
    }
    return load;
}

LoadSpec load_spec_for(const TrialSpec& spec, const std::atomic<bool>& stop) {
    LoadSpec load;
    load.addresses = addresses_for(spec);
    load.tls = tls_for(spec);
    load.timeout = spec.timeout;
    if (speaks_http2(spec, load, stop)) {
        load.http2 = {.streams = spec.load->streams};
        if (load.tls) load.tls->require_http2 = true;
    }
    load.targets.clear();
    std::vector<LoadTarget> targets = targets_for(spec.requests, spec.request, spec.base_url);
    load.order = order_of(spec.requests, targets);
    load.targets.reserve(targets.size());
    for (LoadTarget& target : targets)
        load.targets.push_back(load_request_for(std::move(target), spec, load.http2.has_value()));
    load.variables = spec.requests.variables;
    load.connections = spec.plan.concurrency;
    load.threads = threads_for(spec);
    load.keep_alive = spec.load->keep_alive;
    load.expected = spec.load->expected;
    load.stages = stages_for(spec);
    load.connection_stages = spec.load->connection_stages;
    load.arrivals = spec.plan.arrivals;
    load.seed = spec.seed;
    load.warmup = spec.warmup;
    load.duration = spec.plan.duration;
    load.requests = spec.plan.kind == PlanKind::batch ? spec.plan.requests : 0;
    load.io = spec.load->io.value_or(IoKind::uring);
    load.stream_for = spec.load->stream_for;
    // Without stamps of the kernel, latencies would contain the wait for other responses.
    load.coalesce = !spec.load->eager && spec.load->unix_socket.empty();
    return load;
}

void put_load_metrics(Metrics& metrics, const TrialSpec& spec, const LoadMeasurement& seen,
                      std::uint32_t threads) {
    const auto put = [&](const char* name, double value) { metrics[name] = {value, {}}; };
    const auto put_percentile = [&](const char* name, const Histogram& times, double percentile,
                                    const char* why_none) {
        metrics[name] = times.empty()
                            ? MetricValue::unknown(why_none)
                            : MetricValue{static_cast<double>(times.value_at_percentile(percentile)), {}};
    };
    constexpr const char* no_answer = "no request was answered";
    const auto elapsed_ns = static_cast<double>(seen.elapsed.count());
    put("elapsed_ns", elapsed_ns);
    put("connections_opened", static_cast<double>(seen.connections_opened));
    put("threads", threads);
    put("cpu_share", static_cast<double>(seen.cpu.count()) / elapsed_ns);
    metrics["cpu_us_per_request"] = seen.answered_in_time == 0
                                        ? MetricValue::unknown(no_answer)
                                        : MetricValue{static_cast<double>(seen.cpu.count()) / 1e3 /
                                                          static_cast<double>(seen.answered_in_time),
                                                      {}};
    put("peak_rss_bytes", static_cast<double>(read_process_usage().peak_rss_bytes));
    metrics["response_bytes_per_request"] =
        seen.answered == 0
            ? MetricValue::unknown(no_answer)
            : MetricValue{static_cast<double>(seen.body_bytes) / static_cast<double>(seen.answered), {}};
    put("busiest_thread_share", seen.busiest_thread);
    put_percentile("connect_p50_ns", seen.connect_ns, 50, "no connection was opened");
    put_percentile("first_byte_p50_ns", seen.first_byte_ns, 50, no_answer);
    put_percentile("pick_up_p99_ns", seen.pick_up_ns, 99, "the kernel stamped no response");
    if (spec.plan.kind != PlanKind::open) return;
    put("offered_rps", mean(stages_for(spec)));
    const auto due = static_cast<double>(seen.sent + seen.not_sent);
    if (due > 0) put("sent_late_share", static_cast<double>(seen.sent_late + seen.not_sent) / due);
    put_percentile("send_lateness_p99_ns", seen.send_lateness_ns, 99, "no sender had time to be punctual");
}

LoadView view_of(GeneratedLoad& load, const LoadSpec& spec) {
    LoadMeasurement& seen = load.measurement;
    LoadView view;
    for (std::size_t i = 0; i < seen.each_request.size(); ++i) {
        RequestMeasurement& each = seen.each_request[i];
        view.each_request.push_back(
            {spec.targets[i].name, each.answered, each.errors, std::move(each.service_time_ns)});
    }
    view.sent = seen.sent;
    view.answered_in_time = seen.answered_in_time;
    view.unfinished = seen.unfinished;
    view.not_sent = seen.not_sent;
    view.sent_late = seen.sent_late;
    view.received_bytes = seen.received_bytes;
    view.connections_at_start = seen.connections_at_start;
    view.stamped = seen.stamped;
    view.wakeups = seen.wakeups;
    view.busiest_thread = seen.busiest_thread;
    view.first_byte_ns = std::move(seen.first_byte_ns);
    view.connect_ns = std::move(seen.connect_ns);
    view.tls_ns = std::move(seen.tls_ns);
    view.streams = seen.streams;
    view.events = seen.events;
    view.first_event_ns = std::move(seen.first_event_ns);
    view.event_gap_ns = std::move(seen.event_gap_ns);
    view.pick_up_ns = std::move(seen.pick_up_ns);
    view.send_lateness_ns = std::move(seen.send_lateness_ns);
    view.seconds = std::move(load.seconds);
    return view;
}

}  // namespace

void StopLine::listen_on(std::istream& in) {
    thread_ = std::jthread([this, &in] {
        std::string line;
        if (std::getline(in, line) && line == "stop") came_ = true;
    });
}

Trial measure_load(const TrialSpec& spec, const std::atomic<bool>& stop, std::ostream& out) {
    LoadSpec load = load_spec_for(spec, stop);
    std::string why;
    if (load.io == IoKind::uring) why = why_no_uring();
    if (!why.empty()) {
        if (spec.load->io) throw Error(fmt::format("There is no io_uring here: {} Use --io epoll.", why));
        load.io = IoKind::epoll;
    }
    GeneratedLoad made = generate_load(load, stop, [&out](const LoadSoFar& so_far) {
        out << to_json_line(so_far) << '\n' << std::flush;
    });
    LoadMeasurement& seen = made.measurement;
    if (seen.elapsed.count() == 0) throw Error("The load was ended before it was measured.");

    Trial result;
    result.spec = spec;
    put_load_metrics(result.metrics, spec, seen, load.threads);
    result.client.count = seen.answered;
    result.errors = seen.errors;
    result.endings = std::move(seen.endings);
    result.service_time_ns = std::move(seen.service_time_ns);
    result.response_time_ns = std::move(seen.response_time_ns);
    result.overhead_ns = std::move(seen.overhead_ns);
    result.load = view_of(made, load);
    result.load->io = load.io;
    result.load->http = load.http2 ? HttpVersion::http2 : HttpVersion::http1;
    result.load->why_no_uring = why;
    result.load->threads = load.threads;
    return result;
}

}  // namespace asyncbench
