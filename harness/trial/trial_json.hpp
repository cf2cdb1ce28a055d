#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "harness/trial/json_fields.hpp"
#include "harness/trial/trial.hpp"

namespace asyncbench {

/// The versions of the trial protocol that are spoken here; docs/trial-protocol.md describes them. A spec
/// says the first where it has nothing that only the second knows: programs of both kinds then take part.
inline constexpr std::uint64_t first_trial_protocol = 1;
inline constexpr std::uint64_t trial_protocol_of_requests = 2;

/// The line that a trial process reads first. Without a line end.
std::string to_json_line(const TrialSpec& spec);

/// Throws Error, a sentence that names the field.
TrialSpec trial_spec_from_json(std::string_view line);

/// The line `{"event":"ready"}`, without a line end.
std::string ready_line();

/// The line `{"event":"result",...}`, without a line end: what the trial process itself knows. Spec,
/// repetition, order, start time and the target's view are the parent's to add.
std::string to_json_line(const Trial& result);

/// The line `{"event":"second",...}`, without a line end: what a load generator saw in one
/// second, and the response times until then.
std::string to_json_line(const LoadSoFar& so_far);

struct TrialReady {};
using TrialEvent = std::variant<TrialReady, LoadSoFar, Trial>;

/// Reads a line that a trial process wrote; takes it for hostile. The top-level `elapsed_ns` becomes the
/// metric `elapsed_ns`. Throws Error, a sentence that names the field.
TrialEvent trial_event_from_json(std::string_view line);

// The same as parts of other documents. `*_from` throw Error that names document and field.

/// Without its requests to a foreign target, which results have once, in their scenario.
Json json_of(const TrialSpec& spec);
TrialSpec trial_spec_from(JsonFields fields);

/// What was measured: failure, counts, errors, histograms, metrics, timeline, outcomes, warnings.
Json measurement_json_of(const Trial& result);
/// Reads the fields of measurement_json_of(); others are the caller's to read or refuse.
Trial measurement_from(JsonFields& fields);

Json json_of(const Fingerprint& fingerprint);
Fingerprint fingerprint_from(JsonFields fields);

/// Longer than any histogram is, base64 and all: each of its 33,792 counters takes at most 9 bytes.
inline constexpr std::size_t longest_histogram_text = std::size_t{512} * 1024;

/// `{"hdr": "<base64 of HdrHistogram's V2 encoding>"}`
Json json_of(const Histogram& histogram);
/// Also accepts `{"values": [[value, count], ...]}`.
Histogram histogram_from(JsonFields fields);

/// What `--diagnose` found.
Json json_of(const Diagnosis& diagnosis);
Diagnosis diagnosis_from(JsonFields fields);

/// `{"count", "stamped", "sum_ns", "intended_sum_ns"}`
Json json_of(const TargetView::Held& held);
TargetView::Held held_from(JsonFields fields);

/// Also reads `invalidates` in place of `kind`, which programs and results of earlier versions have: true is
/// wrong, but for what later versions judge otherwise.
Json json_of(const std::vector<Warning>& warnings);
std::vector<Warning> warnings_from(JsonFields& fields, std::string_view key);

/// Text for people that another program wrote: without secrets, and cut where it is longer than 2,000 bytes.
std::string message_from(JsonFields& fields, std::string_view key);

/// How requests ended, as optional fields: `statuses`, `failure_reasons`, `redirect`.
void put_endings(Json& object, const Endings& endings);
Endings endings_from(JsonFields& fields);

/// Writes `metrics`, with null where a value is unknown, and beside it `unknown` with the reasons.
void put_metrics(Json& object, const Metrics& metrics);
Metrics metrics_from(JsonFields& fields);

}  // namespace asyncbench
