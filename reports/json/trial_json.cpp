#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "async/errors.hpp"
#include "harness/trial/trial_json.hpp"
#include "reports/json/result_json.hpp"

namespace asyncbench {
namespace {

Json target_json_of(const TargetView& target) {
    Json object = Json::object();
    object["requests"] = target.requests;
    object["served"] = json_of(target.served);
    object["connections"] = target.connections;
    put_metrics(object, {{"cpu_share", target.cpu_share}});
    object["delay_error"] = json_of(target.delay_error_ns);
    if (target.held.count > 0) object["held"] = json_of(target.held);
    return object;
}

TargetView target_from(JsonFields fields) {
    TargetView target;
    target.requests = fields.count("requests");
    target.served = fingerprint_from(fields.object("served"));
    target.connections = fields.count("connections");
    const Metrics metrics = metrics_from(fields);
    const auto share = metrics.find("cpu_share");
    if (share == metrics.end() || metrics.size() != 1) fields.fail("metrics", "must hold cpu_share alone");
    target.cpu_share = share->second;
    if (fields.has("delay_error")) target.delay_error_ns = histogram_from(fields.object("delay_error"));
    if (fields.has("held")) target.held = held_from(fields.object("held"));
    fields.expect_no_others();
    return target;
}

}  // namespace

Json json_of(const Trial& trial) {
    Json object = Json::object();
    object["trial"] = trial.spec.trial;
    object["strategy"] = trial.spec.strategy.text();
    object["concurrency"] = trial.spec.plan.concurrency;
    object["repetition"] = trial.repetition;
    object["order"] = trial.order;
    object["started_utc"] = trial.started_utc;
    object["standing"] = name_of(trial.standing());
    if (trial.every_level) object["every_level"] = true;
    object["spec"] = json_of(trial.spec);
    object.update(measurement_json_of(trial));
    if (trial.target) object["target"] = target_json_of(*trial.target);
    return object;
}

Trial trial_from(JsonFields fields) {
    const std::string name = fields.text("trial");
    // Results of an earlier version hold a command with its secrets.
    const std::string strategy = without_secrets(fields.text("strategy"));
    const std::uint32_t concurrency = fields.small_count("concurrency");
    const std::uint32_t repetition = fields.small_count("repetition");
    const std::uint32_t order = fields.small_count("order");
    const std::string started = fields.text("started_utc");
    // `valid` is what an earlier version said, of what is judged otherwise now.
    const bool is_of_earlier_version = fields.has("valid");
    const std::string standing = is_of_earlier_version ? std::string() : fields.text("standing");
    const bool every_level = fields.has("every_level") && fields.flag("every_level");
    const TrialSpec spec = trial_spec_from(fields.object("spec"));

    Trial trial = measurement_from(fields);
    trial.spec = spec;
    trial.repetition = repetition;
    trial.order = order;
    trial.every_level = every_level;
    trial.started_utc = started;
    if (fields.has("target")) trial.target = target_from(fields.object("target"));
    fields.expect_no_others();

    if (name != spec.trial) fields.fail("trial", "contradicts 'spec.trial'");
    if (strategy != spec.strategy.text()) fields.fail("strategy", "contradicts 'spec.strategy'");
    if (concurrency != spec.plan.concurrency)
        fields.fail("concurrency", "contradicts 'spec.plan.concurrency'");
    if (!is_of_earlier_version && standing != name_of(trial.standing()))
        fields.fail("standing", "contradicts the trial's failure and warnings");
    return trial;
}

}  // namespace asyncbench
