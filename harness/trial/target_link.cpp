#include "harness/trial/target_link.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "async/errors.hpp"
#include "harness/http/addresses.hpp"
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

std::string why_no_answer(const std::string& url, const Asked& asked, Nanoseconds timeout) {
    std::string text = fmt::format("The target {} does not answer: {}.", url, asked.response.message);
    if (asked.addresses.size() > 1)
        text += fmt::format(" Its addresses {} were tried.", fmt::join(asked.addresses, " and "));
    if (asked.response.error == TransportError::timeout)
        return text + fmt::format(" It had the {} of --timeout, which can be longer.", to_text(timeout));
    return text + " Check the URL and that the server runs.";
}

TimePoint in(std::chrono::seconds time) {
    return std::chrono::time_point_cast<Nanoseconds>(Clock::now() + time);
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

TargetLink::TargetLink(std::string url, SessionOptions options)
    : server_(Foreign{}), base_url_(std::move(url)) {
    options.most_body_bytes = probe_body_bytes;
    Asked asked = ask_once({.url = base_url_}, options);
    if (options.interrupted != nullptr && *options.interrupted) return;
    if (asked.response.error != TransportError::none)
        throw Error(why_no_answer(base_url_, asked, options.timeout));
    if (!asked.response.ok()) {
        throw Error(fmt::format(
            "The target {} answers with status {}; give a URL that answers with success (of `asyncbench "
            "target`, http://ADDRESS:PORT/io/try/1).",
            base_url_, asked.response.status));
    }
    address_ = std::move(asked.address);
    addresses_ = std::move(asked.addresses);
}

TargetLink::TargetLink(ServerSpec server)
    : server_(std::in_place_type<ServerProcess>, std::move(server)),
      base_url_(std::get<ServerProcess>(server_).url()) {}

std::optional<Warning> TargetLink::address_note() const {
    if (address_.empty()) return std::nullopt;
    std::vector<std::string> others = addresses_;
    std::erase(others, address_);
    std::string text = fmt::format("Trials connect to {}, where {} answered before the first one", address_,
                                   origin_of(base_url_).value_or(Origin{}).host);
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
        if (ask_own(base_url_ + "/healthz").error != TransportError::none) start(*target);
    }
}

void TargetLink::ask_to_end() {
    if (auto* server = std::get_if<ServerProcess>(&server_)) server->ask_to_end();
}

TargetStats TargetLink::stats(const std::string& trial) {
    const Response response = ask_own(fmt::format("{}/stats/{}", base_url_, trial));
    if (response.status != 200) {
        throw Error(fmt::format(
            "The target does not tell what it served: {}.",
            response.message.empty() ? fmt::format("status {}", response.status) : response.message));
    }
    return target_stats_from_json(response.body);
}

}  // namespace asyncbench
