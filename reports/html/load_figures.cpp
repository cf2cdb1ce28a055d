#include "reports/html/load_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

/// Of a chart over time.
std::string points_sentence(const RunResult& run) {
    const std::size_t seconds = seconds_a_point(run);
    if (seconds == 1) return {};
    return fmt::format(" A point stands for {}: the mean of rates, the highest of times.",
                       counted(seconds, "second"));
}

}  // namespace

std::span<const LoadFigure> load_figures() {
    static constexpr std::array<LoadFigure, 8> figures{
        {{"search", "search_figures", "The rates of the search"},
         {"rate", "time_figures", "Rate"},
         {"times", "time_figures", "Latency over time"},
         {"errors", "time_figures", "Errors over time"},
         {"latency", "latency_figures", "Latency by percentile"},
         {"distribution", "latency_figures", "Distribution of latency"},
         {"phases", "phase_figures", "Phases of a request"},
         {"generator", "generator_figures", "What the generator added"}}};
    return figures;
}

std::size_t seconds_a_point(const RunResult& run) {
    std::size_t most = 0;
    for (const Trial& trial : run.trials)
        if (trial.load) most = std::max(most, trial.load->seconds.size());
    return std::max<std::size_t>(1, (most + most_points - 1) / most_points);
}

std::string words_of(const RunResult& run, const LoadFigure& figure) {
    const bool is_open = has_response_times(run.scenario);
    if (figure.name == "search")
        return "Each trial in the order measured, at the rate that was offered. A hollow symbol is a trial "
               "in "
               "which the generator was at its limit; the line is the answer.";
    if (figure.name == "rate")
        return std::string("Whole responses in each second.") +
               (is_open ? " Dashed is what was offered: where less is answered, the server or the "
                          "connections do not keep up."
                        : "") +
               points_sentence(run);
    if (figure.name == "times")
        return fmt::format("Of the requests that ended in each second, {}.{}",
                           is_open ? "from the schedule" : "from the send", points_sentence(run));
    if (figure.name == "errors") return "Requests that failed in each second." + points_sentence(run);
    if (figure.name == "latency")
        return std::string("Each step to the right is rarer: at 99 % one request in a hundred was slower.") +
               (is_open ? " Solid is from the send (service time), dashed from the schedule (response time)."
                        : "");
    if (figure.name == "distribution")
        return "How many requests were done after so long: the steeper the curve, the more alike its "
               "requests.";
    if (figure.name == "phases")
        return "From the send to the first byte of the response, and to its last; of new connections also "
               "the time to open one, and TLS's handshake.";
    return std::string(
               "Picked up: how long responses waited in this machine until the generator took them, "
               "which no latency contains.") +
           (is_open ? " Sent late: of requests for which a connection was free." : "");
}

}  // namespace asyncbench
