#include "harness/load/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "async/errors.hpp"
#include "harness/load/plan_spec.hpp"

namespace asyncbench {
namespace {

/// Over this a request waited for a user. The first users begin while the first requests are due already.
constexpr std::chrono::milliseconds most_punctual{1};

}  // namespace

Plan::Plan(const PlanSpec& spec, std::uint64_t seed, std::string trial, Nanoseconds pause)
    : spec_(spec), trial_(std::move(trial)), pause_(pause) {
    if (spec.kind == PlanKind::open) schedule_ = arrival_times(spec, seed);
}

void Plan::start() {
    started_ = steady_now();
    next_id_.store(0);
}

std::optional<Ticket> Plan::next() {
    Ticket ticket{.trial = trial_};
    switch (spec_.kind) {
        case PlanKind::batch:
            ticket.id = next_id_.fetch_add(1);
            if (ticket.id >= spec_.requests) return std::nullopt;
            ticket.intended_start = started_;
            break;
        case PlanKind::closed:
            ticket.intended_start = steady_now();
            if (ticket.intended_start - started_ >= spec_.duration) return std::nullopt;
            ticket.intended_start += pause_;
            ticket.early = pause_ > Nanoseconds{0};
            ticket.id = next_id_.fetch_add(1);
            break;
        case PlanKind::open: {
            ticket.id = next_id_.fetch_add(1);
            if (ticket.id >= schedule_.size()) return std::nullopt;
            ticket.intended_start = started_ + schedule_[ticket.id];
            const Nanoseconds lateness = steady_now() - ticket.intended_start;
            ticket.early = lateness < Nanoseconds{0};
            ticket.late = lateness > most_punctual;
            break;
        }
    }
    return ticket;
}

std::uint64_t Plan::handed_out() const {
    const std::uint64_t taken = next_id_.load();
    switch (spec_.kind) {
        case PlanKind::batch:
            return std::min(taken, spec_.requests);
        case PlanKind::open:
            return std::min<std::uint64_t>(taken, schedule_.size());
        case PlanKind::closed:
            break;
    }
    return taken;
}

}  // namespace asyncbench
