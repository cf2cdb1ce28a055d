#include "cli/scenario_options.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "async/errors.hpp"
#include "cli/files.hpp"
#include "harness/trial/scenario_json.hpp"
#include "harness/work/units.hpp"

namespace asyncbench {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t most_concurrency = 1'000'000;
constexpr std::uint64_t most_repetitions = 10'000;

/// Splits at commas; an `exec:` takes the rest of its text, commas and all.
std::vector<std::string> split_strategies(const std::vector<std::string>& texts) {
    std::vector<std::string> parts;
    for (std::string_view rest : texts) {
        while (!rest.empty()) {
            const auto comma = rest.starts_with("exec:") ? std::string_view::npos : rest.find(',');
            parts.emplace_back(rest.substr(0, comma));
            rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
        }
    }
    return parts;
}

std::string read_scenario(const fs::path& path) {
    auto text = read_whole_file(path);
    if (!text) {
        throw UsageError(fmt::format(
            "The scenario file {} cannot be read; check that it exists and is readable.", path.string()));
    }
    return std::move(*text);
}

fs::path scenario_path(const std::string& name) {
    if (fs::exists(name) && !fs::is_directory(name)) return name;
    std::vector<std::string> known;
    for (const std::string& file : shipped_scenario_files()) {
        if (fs::path(file).stem() == name) return file;
        known.push_back(fs::path(file).stem());
    }
    std::string list;
    for (const std::string& stem : known) list += (list.empty() ? "" : ", ") + stem;
    throw UsageError(fmt::format(
        "There is no scenario file '{}', nor a shipped scenario of that name. There are: {}.", name, list));
}

std::uint32_t bounded_count(std::string_view text, std::uint64_t most, std::string_view what) {
    const std::uint64_t value = parse_count(text);
    if (value < 1 || value > most) {
        throw UsageError(fmt::format("{} is {}; it must be between 1 and {}.", what, text, most));
    }
    return static_cast<std::uint32_t>(value);
}

bool is_url(std::string_view target) {
    return target.starts_with("http://") || target.starts_with("https://");
}

}  // namespace

Scenario default_scenario() {
    Scenario scenario;
    scenario.question = "How should code that waits for a service be written?";
    for (const char* name : {"sequential", "thread-pool", "callback", "coroutine"}) {
        scenario.strategies.push_back(StrategySpec::parse(name));
    }
    scenario.concurrency = {1, 16, 64, 256};
    scenario.plan.duration = std::chrono::milliseconds{500};
    scenario.profile.delay = DelaySpec::parse("20ms");
    return scenario;
}

std::vector<std::string> shipped_scenario_files() {
    std::error_code error;
    const fs::path here = fs::read_symlink("/proc/self/exe", error).parent_path();
    std::vector<std::string> files;
    // Installed; and in a checkout, where the program stands in build/<preset>.
    for (const fs::path& folder :
         {here / "../share/asyncbench/scenarios", here / "../../benches/scenarios"}) {
        for (const auto& entry : fs::directory_iterator(folder, error)) {
            if (entry.path().extension() == ".json")
                files.push_back(entry.path().lexically_normal().string());
        }
        if (!files.empty()) break;
    }
    std::sort(files.begin(), files.end());
    return files;
}

void ScenarioOptions::add_to(CLI::App& app) {
    app.add_option("scenario", file_,
                   "Scenario: a JSON file, or the name of a shipped one (`list scenarios`)")
        ->type_name("FILE");
    add_load_to(app);
    app.add_option("-r,--repetitions", repetitions_,
                   "Measure N blocks, each cell once in each (until the order is clear)")
        ->type_name("N");
    app.add_option("--budget", budget_, "Time for all blocks together, without -r (2m)")->type_name("T");
}

void ScenarioOptions::add_to_gate(CLI::App& app) {
    app.add_option("--scenario", file_, "What to measure: a JSON file, or the name of a shipped scenario")
        ->type_name("FILE");
    add_load_to(app);
    app.get_option("-s")->description("Strategies of the cells, by commas (callback,coroutine)");
    app.get_option("-c")->description("Requests in flight at once, a cell for each (16,64)");
    app.get_option("-n")->description("Requests of each trial (as many as take some 100 ms)");
    app.get_option("-d")->description("Instead of -n a closed loop, for this long");
    app.get_option("--warmup")->description("Before each trial, discarded (50ms)");
    app.get_option("--timeout")->description("Of one request (5s)");
}

void ScenarioOptions::add_load_to(CLI::App& app) {
    app.add_option("-s,--strategy", strategies_,
                   "Strategies, by commas: sequential,thread-pool:threads=16,exec:CMD")
        ->allow_extra_args(false)  // the scenario may stand behind
        ->type_name("LIST");
    app.add_option("-c,--concurrency", concurrency_,
                   "Requests in flight at once, swept (1,16,64,256; -q: 256; -n N: N)")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->type_name("LIST");
    app.add_option("-n,--requests", requests_, "Batch: start N at once, wait for all")->type_name("N");
    app.add_option("-d,-z,--duration", duration_,
                   "Closed loop: each user sends anew when answered, for this long (500ms)")
        ->type_name("T");
    app.add_option("-q,--rate", rate_, "Open loop: requests a second in all, by a schedule")->type_name("R");
    app.add_option("--arrivals", arrivals_, "Open loop: constant or poisson gaps")
        ->check(CLI::IsMember({"constant", "poisson"}));
    app.add_option("--warmup", warmup_, "Before each trial, discarded (200ms)")->type_name("T");
    app.add_option("--timeout", timeout_, "Of one request (30s)")->type_name("T");
    app.add_option("--compute", compute_, "CPU work of the client for each response")->type_name("T");
    app.add_option("--target", target_, "mock (default), blocking, or the URL of any HTTP server")
        ->type_name("TARGET");
    app.add_flag("--pin", pin_, "Target on the first CPU, trials on the others");
    app.add_flag("--diagnose", diagnose_,
                 "Watch event loops for stalls, blocking calls, lost tasks; costs a little");
    app.add_option("--stall-threshold", stall_threshold_,
                   "With --diagnose: a step that lasts as long is a stall (100ms)")
        ->type_name("T");
    profile_.add_to(app);
}

void ScenarioOptions::apply_plan(Scenario& scenario, Batch batch) const {
    PlanSpec& plan = scenario.plan;
    if (!requests_.empty() && (!rate_.empty() || !duration_.empty())) {
        throw UsageError(
            "-n is a batch, which has neither a duration (-d) nor a rate (-q); give one of them.");
    }
    if (!duration_.empty()) plan.duration = parse_duration(duration_);
    if (!requests_.empty()) {
        plan.kind = PlanKind::batch;
        plan.requests = bounded_count(requests_, 100'000'000, "-n");
        if (concurrency_.empty() && batch == Batch::all_at_once)
            scenario.concurrency = {bounded_count(requests_, most_concurrency, "-n without -c")};
    } else if (!rate_.empty()) {
        plan.kind = PlanKind::open;
        plan.rate_rps = parse_number(rate_, "rate");
        if (concurrency_.empty()) scenario.concurrency = {256};
    } else if (!duration_.empty() && plan.kind == PlanKind::batch) {
        plan.kind = PlanKind::closed;
    }
    if (!arrivals_.empty()) {
        if (plan.kind != PlanKind::open)
            throw UsageError("--arrivals belongs to an open loop; give a rate with -q.");
        plan.arrivals = arrivals_ == "poisson" ? Arrivals::poisson : Arrivals::constant;
    }
    if (plan.kind != PlanKind::batch && plan.duration.count() == 0) {
        throw UsageError("The duration is 0; give one with -d.");
    }
    if (plan.kind == PlanKind::open && !(plan.rate_rps > 0))
        throw UsageError("The rate (-q) must be over 0.");
}

void ScenarioOptions::apply_target(Scenario& scenario) const {
    if (!is_url(scenario.target)) return;
    if (profile_.shapes_replies()) {
        throw UsageError(
            "--latency, --payload, --error-rate and --faults say how a target of ours answers; how another "
            "server answers is not ours to say. Leave them out with --target URL.");
    }
    const Nanoseconds compute = scenario.profile.compute;
    scenario.profile = Profile{};
    scenario.profile.payload_bytes = 0;
    scenario.profile.compute = compute;
}

bool ScenarioOptions::says_anything() const {
    const auto texts = {&file_,   &requests_, &duration_, &rate_,    &arrivals_, &repetitions_,
                        &budget_, &warmup_,   &timeout_,  &compute_, &target_,   &stall_threshold_};
    return !strategies_.empty() || !concurrency_.empty() || pin_ || diagnose_ || profile_.says_anything() ||
           std::any_of(texts.begin(), texts.end(), [](const std::string* text) { return !text->empty(); });
}

Scenario ScenarioOptions::scenario_over(const Scenario& defaults, Batch batch) const {
    Scenario scenario = defaults;
    if (!file_.empty()) {
        const fs::path path = scenario_path(file_);
        scenario.name = path.stem();
        scenario = scenario_from_json(read_scenario(path), path.string(), scenario);
    }
    if (!strategies_.empty()) {
        scenario.strategies.clear();
        for (const std::string& text : split_strategies(strategies_)) {
            scenario.strategies.push_back(StrategySpec::parse(text));
        }
    }
    if (!concurrency_.empty()) {
        scenario.concurrency.clear();
        for (const std::string& text : concurrency_) {
            scenario.concurrency.push_back(bounded_count(text, most_concurrency, "-c"));
        }
    }
    apply_plan(scenario, batch);
    if (!repetitions_.empty() && !budget_.empty()) {
        throw UsageError(
            "-r fixes the number of blocks and --budget the time for them; give one of the two.");
    }
    if (!repetitions_.empty()) scenario.repetitions = bounded_count(repetitions_, most_repetitions, "-r");
    if (!budget_.empty()) {
        scenario.repetitions = 0;
        scenario.budget = parse_duration(budget_);
    }
    if (!warmup_.empty()) scenario.warmup = parse_duration(warmup_);
    if (!timeout_.empty()) scenario.timeout = parse_duration(timeout_);
    if (scenario.timeout < std::chrono::milliseconds{1}) throw UsageError("--timeout must be at least 1ms.");
    if (!compute_.empty()) scenario.profile.compute = parse_duration(compute_);
    if (!target_.empty()) scenario.target = target_;
    if (pin_) scenario.pin = true;
    if (diagnose_) scenario.diagnose = true;
    if (!stall_threshold_.empty()) {
        if (!scenario.diagnose) throw UsageError("--stall-threshold belongs to --diagnose; give that too.");
        scenario.stall_threshold = parse_duration(stall_threshold_);
    }
    profile_.apply_to(scenario.profile, scenario.seed);
    apply_target(scenario);
    check(scenario);
    return scenario;
}

}  // namespace asyncbench
