#include "harness/trial/target_link.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "async/errors.hpp"
#include "harness/http/addresses.hpp"
#include "harness/http/ascii_url.hpp"
#include "harness/http/ask_once.hpp"
#include "harness/trial/trial_json.hpp"
#include "harness/work/units.hpp"

namespace asyncbench {
namespace {

constexpr std::chrono::seconds longest_start{10};

/// Of our own target, between trials, when it has nothing else to do.
Response ask_own(const std::string& url) {
    SessionOptions options;
    options.timeout = std::chrono::seconds{10};
    return ask_once({.url = url}, options).response;
}

TimePoint in(std::chrono::seconds time) {
    return std::chrono::time_point_cast<Nanoseconds>(Clock::now() + time);
}

/// What to do about a connection that failed so.
std::string_view advice_on(const std::string& url, std::string_view message) {
    const auto says = [message](std::string_view text) {
        return message.find(text) != std::string_view::npos;
    };
    if (!url.starts_with("https://")) return "Check the URL and that the server runs.";
    if (says("certificate required") || says("handshake failure"))
        return "It may ask for a certificate of yours: --cert FILE --key FILE.";
    if (says("PEM") || says("private key")) return "Check the files of --cert and --key.";
    if (says("certificate file") || says("verify locations")) return "Check the file of --cacert.";
    if (says("certificate"))
        return "Trust its authority, or itself, with --cacert FILE; or accept any certificate with -k.";
    if (says("wrong version number")) return "It may not speak TLS: try http://.";
    return "Check the URL and that the server runs.";
}

std::string why_no_answer(const SecretText& url, const Asked& asked, Nanoseconds timeout) {
    const std::string& message = asked.response.message;
    std::string text = fmt::format("The target {} does not answer: {}.", url.shown(), message);
    if (asked.addresses.size() > 1)
        text += fmt::format(" Its addresses {} were tried.", fmt::join(asked.addresses, " and "));
    if (asked.response.error == TransportError::timeout)
        return text + fmt::format(" It had the {} of --timeout, which can be longer.", to_text(timeout));
    return fmt::format("{} {}", text, advice_on(url.reveal(), message));
}

void require_success(const HttpRequest& request, const Asked& asked, Nanoseconds timeout) {
    const auto url = SecretText::url(request.url);
    const Response& response = asked.response;
    if (response.error != TransportError::none) throw Error(why_no_answer(url, asked, timeout));
    if (response.ok()) return;
    if (request.method != "GET") {
        throw Error(
            fmt::format("The target {} answers a {} with status {}; check -X, -H, --data and the URL.",
                        url.shown(), request.method, response.status));
    }
    throw Error(fmt::format(
        "The target {} answers with status {}; give a URL that answers with success (of `asyncbench "
        "target`, http://ADDRESS:PORT/io/try/1).",
        url.shown(), response.status));
}

}  // namespace

TargetStats target_stats_from_json(const std::string& text) {
    const Json value = parse_json(text, "The target's statistics");
    JsonFields fields(value, "The target's statistics");
    TargetStats stats;
    fields.text("trial");
    stats.requests = fields.count("requests");
    stats.connections = fields.count("connections");
    stats.served = fingerprint_from(fields.object("served"));
    // Not duration_ns(): a machine may be up for longer than any trial may last.
    stats.process_cpu =
        Nanoseconds{static_cast<Nanoseconds::rep>(fields.count("process_cpu_ns", 1ULL << 62))};
    stats.clock = Nanoseconds{static_cast<Nanoseconds::rep>(fields.count("clock_ns", 1ULL << 62))};
    if (fields.has("held")) stats.held = held_from(fields.object("held"));
    const Json hdr = {{"hdr", fields.text("delay_error_hdr", longest_histogram_text)}};
    stats.delay_error_ns = histogram_from(JsonFields(hdr, "The target's statistics", "delay_error_hdr"));
    fields.expect_no_others();
    return stats;
}

TargetLink::TargetLink(ChildProcess::Options command) : server_(Ours{.command = std::move(command)}) {
    start(std::get<Ours>(server_));
}

TargetLink::TargetLink(const SecretText& url, const RequestSpec& request, SessionOptions options,
                       std::vector<std::string> known)
    : server_(Foreign{}), base_url_(SecretText::url(ascii_url(url.reveal()))) {
    options.tls = request.tls;
    options.most_body_bytes = probe_body_bytes;
    for (const HttpRequest& each : requests_of(request, base_url_.reveal())) {
        Asked asked = ask_once(each, options, std::exchange(known, {}));
        if (options.interrupted != nullptr && *options.interrupted) return;
        require_success(each, asked, options.timeout);
        if (asked.address.empty()) continue;
        // One lookup for all paths: they are all measured at one address.
        options.pinned = pinned_to({&asked.address, 1}, origin_of(each.url)->port);
        address_ = std::move(asked.address);
        addresses_ = std::move(asked.addresses);
    }
}

TargetLink::TargetLink(Unasked server)
    : server_(Foreign{}),
      base_url_(SecretText::url(ascii_url(server.url.reveal()))),
      addresses_(std::move(server.addresses)) {
    if (!addresses_.empty()) address_ = addresses_.front();
}

TargetLink::TargetLink(ServerSpec server)
    : server_(std::in_place_type<ServerProcess>, std::move(server)),
      base_url_(std::get<ServerProcess>(server_).url()) {}

std::optional<Warning> TargetLink::address_note() const {
    if (address_.empty()) return std::nullopt;
    std::vector<std::string> others = addresses_;
    std::erase(others, address_);
    std::string text = fmt::format("Trials connect to {}, where {} answered before the first one", address_,
                                   origin_of(base_url_.reveal()).value_or(Origin{}).host);
    if (!others.empty()) {
        const std::size_t named = std::min<std::size_t>(others.size(), 4);
        text +=
            fmt::format("; the name also has {}", fmt::join(others.begin(), others.begin() + named, ", "));
        if (others.size() > named) text += fmt::format(" and {} more", others.size() - named);
        text += ", which no trial measured";
    }
    return Warning{"target-address", text + ".", WarningKind::note};
}

void TargetLink::start(Ours& target) {
    target.process.reset();
    target.process = std::make_unique<ChildProcess>(target.command);
    const TimePoint deadline = in(longest_start);
    auto read = target.process->read_line(deadline);
    // Whoever interrupts the run is answered by the run, which then has a target to end.
    while (read.outcome == ChildProcess::Wait::interrupted) read = target.process->read_line(deadline);
    if (read.outcome != ChildProcess::Wait::line) {
        throw Error(
            fmt::format("The target '{}' did not start: it {}. Its messages stand above.",
                        fmt::format("{} {}", target.command.command.at(0), target.command.command.at(1)),
                        target.process->finish(in(std::chrono::seconds{1}))));
    }
    const Json announcement = parse_json(read.line, "The target's announcement");
    JsonFields fields(announcement, "The target's announcement");
    base_url_ = fmt::format("http://127.0.0.1:{}", fields.count("port", 65535));
}

void TargetLink::ensure_alive() {
    if (auto* server = std::get_if<ServerProcess>(&server_)) server->check();
    if (auto* target = std::get_if<Ours>(&server_)) {
        if (ask_own(base_url_.reveal() + "/healthz").error != TransportError::none) start(*target);
    }
}

ServerMeter* TargetLink::server_meter() {
    auto* server = std::get_if<ServerProcess>(&server_);
    return server == nullptr ? nullptr : &server->meter();
}

void TargetLink::ask_to_end() {
    if (auto* server = std::get_if<ServerProcess>(&server_)) server->ask_to_end();
}

TargetStats TargetLink::stats(const std::string& trial) {
    const Response response = ask_own(fmt::format("{}/stats/{}", base_url_.reveal(), trial));
    if (response.status != 200) {
        throw Error(fmt::format(
            "The target does not tell what it served: {}.",
            response.message.empty() ? fmt::format("status {}", response.status) : response.message));
    }
    return target_stats_from_json(response.body);
}

}  // namespace asyncbench
