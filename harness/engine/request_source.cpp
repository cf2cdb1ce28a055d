#include "harness/engine/request_source.hpp"

#include <algorithm>
#include <numeric>

namespace asyncbench {
namespace {

/// Apart from the streams of replies, arrivals and paths.
constexpr std::uint64_t request_stream = 25;

std::vector<std::uint32_t> weights_of(const LoadSpec& spec) {
    if (spec.order != RequestOrder::by_weight) return {};
    std::vector<std::uint32_t> weights;
    for (const LoadRequest& request : spec.targets) weights.push_back(request.weight);
    return weights;
}

/// The variables of the set that stand in the request.
std::vector<std::uint32_t> variables_of(const LoadRequest& request, bool http2, const VariableSet& set) {
    std::vector<std::string> names;
    const auto add = [&](std::string_view text) {
        for (std::string& name : variables_in(text)) names.push_back(std::move(name));
    };
    if (http2) {
        for (const auto& field : request.http2.fields) add(field.second);
        add(request.http2.body);
    } else {
        add(request.text);
    }
    std::vector<std::uint32_t> numbers;
    for (std::size_t i = 0; i < set.variables.size(); ++i) {
        if (std::find(names.begin(), names.end(), set.variables[i].name) != names.end())
            numbers.push_back(static_cast<std::uint32_t>(i));
    }
    return numbers;
}

}  // namespace

RequestSource::RequestSource(const LoadSpec& spec, Pacer::Share share, std::uint32_t channels)
    : spec_(spec),
      share_(share),
      weights_(weights_of(spec), spec.seed, request_stream),
      draws_(spec.variables, spec.seed, share),
      all_variables_(spec.variables.variables.size()) {
    std::iota(all_variables_.begin(), all_variables_.end(), 0U);
    name_variables();
    prepared_.reserve(spec.targets.size());
    for (const LoadRequest& request : spec.targets)
        prepared_.push_back(prepare(request, static_cast<std::uint32_t>(prepared_.size())));
    const bool has_gaps = std::any_of(prepared_.begin(), prepared_.end(),
                                      [](const Prepared& each) { return each.gaps.has_gaps(); });
    const bool keeps =
        std::any_of(prepared_.begin(), prepared_.end(), [](const Prepared& each) { return each.keeps; });
    const bool own_status = std::any_of(spec.targets.begin(), spec.targets.end(),
                                        [](const auto& each) { return !each.expected.text().empty(); });
    const bool is_sequence = spec.order == RequestOrder::as_sequence;
    // A connection sends copies alone, or none.
    for (Prepared& each : prepared_) each.outgoing.lasts = !has_gaps;
    is_one_request_ = prepared_.size() == 1 && !has_gaps && !keeps;
    is_plain_ = !keeps && !own_status && !is_sequence;
    if (!has_gaps && !keeps && !is_sequence) return;
    users_.resize(channels);
    for (User& user : users_) user.values.resize(names_.size());
}

void RequestSource::name_variables() {
    names_.emplace_back(body_length_variable);
    for (const Variable& variable : spec_.variables.variables) names_.push_back(variable.name);
    for (const LoadRequest& request : spec_.targets) {
        for (const Capture& capture : request.captures) {
            if (std::find(names_.begin(), names_.end(), capture.name()) == names_.end())
                names_.push_back(capture.name());
        }
    }
}

RequestSource::Prepared RequestSource::prepare(const LoadRequest& request, std::uint32_t number) const {
    Prepared prepared;
    prepared.outgoing = {.text = request.text, .to_head = request.to_head, .number = number};
    for (const auto& [name, value] : request.http2.fields)
        prepared.fields.push_back(http2_field(name, value));
    prepared.outgoing.http2 = {prepared.fields, request.http2.body};
    if (names_.size() > 1) {
        prepared.gaps = {request, names_, spec_.http2.has_value()};
        prepared.variables = variables_of(request, spec_.http2.has_value(), spec_.variables);
    }
    const auto needs_body = [](const auto& each) { return each.needs_body(); };
    prepared.keeps = !request.checks.empty() || !request.captures.empty();
    prepared.keeps_body = std::any_of(request.checks.begin(), request.checks.end(), needs_body) ||
                          std::any_of(request.captures.begin(), request.captures.end(), needs_body);
    return prepared;
}

std::uint32_t RequestSource::next_number(ChannelId channel) {
    if (spec_.order == RequestOrder::as_sequence) return users_[channel].step;
    const std::uint64_t number = count_++ * share_.count + share_.index;
    if (spec_.order == RequestOrder::by_weight) return static_cast<std::uint32_t>(weights_.of(number));
    return static_cast<std::uint32_t>(number % prepared_.size());
}

const OutgoingRequest& RequestSource::choose(ChannelId channel) {
    const Prepared& prepared = prepared_[next_number(channel)];
    const bool begins_sequence =
        spec_.order == RequestOrder::as_sequence && users_[channel].step == 0 && !all_variables_.empty();
    if (!prepared.gaps.has_gaps() && !prepared.keeps && !begins_sequence) return prepared.outgoing;
    User& user = users_[channel];
    user.outgoing = prepared.outgoing;
    draw(user, prepared);
    if (prepared.gaps.has_gaps()) prepared.gaps.make(user.values, user.made, user.outgoing);
    if (prepared.keeps) {
        user.kept.clear();
        user.kept.keeps_body = prepared.keeps_body;
        user.outgoing.kept = &user.kept;
    }
    return user.outgoing;
}

/// The steps of a sequence have the same values.
void RequestSource::draw(User& user, const Prepared& prepared) {
    constexpr std::size_t offset = 1;  // behind the body's length
    if (spec_.order != RequestOrder::as_sequence) {
        draws_.draw(prepared.variables, user.values, offset);
    } else if (user.step == 0) {
        draws_.draw(all_variables_, user.values, offset);
    }
}

Judgement RequestSource::judge_in_detail(ChannelId channel, const OutgoingRequest& request,
                                         const ResponseSummary& response) {
    const LoadRequest& asked = spec_.targets[request.number];
    const ExpectedStatus& expected = asked.expected.text().empty() ? spec_.expected : asked.expected;
    Judgement judgement{.status_holds = expected.holds(response.status)};
    if (users_.empty()) return judgement;
    User& user = users_[channel];
    if (judgement.status_holds && request.kept != nullptr) judgement.problem = problem_of(user, asked);
    user.step = judgement.is_right() ? (user.step + 1) % static_cast<std::uint32_t>(prepared_.size()) : 0;
    return judgement;
}

std::string_view RequestSource::problem_of(User& user, const LoadRequest& request) const {
    for (const ResponseCheck& check : request.checks) {
        if (const std::string_view problem = check.problem_of(user.kept); !problem.empty()) return problem;
    }
    for (const Capture& capture : request.captures) {
        auto value = capture.value_in(user.kept);
        if (!value) return capture.problem();
        const auto name = std::find(names_.begin(), names_.end(), capture.name());
        user.values[static_cast<std::size_t>(name - names_.begin())] = std::move(*value);
    }
    return {};
}

}  // namespace asyncbench
