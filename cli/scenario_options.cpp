#include "cli/scenario_options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "async/errors.hpp"
#include "cli/files.hpp"
#include "harness/trial/scenario_json.hpp"
#include "harness/work/suggestion.hpp"

namespace asyncbench {
namespace {

namespace fs = std::filesystem;

/// How long `load --find` measures a rate, unless it is told.
constexpr std::chrono::seconds search_step{5};

std::string read_scenario(const fs::path& path) {
    auto text = read_whole_file(path);
    if (!text) {
        throw UsageError(fmt::format(
            "The scenario file {} cannot be read; check that it exists and is readable.", path.string()));
    }
    return std::move(*text);
}

/// Which stands for --target.
bool is_url(std::string_view text) {
    return text.find("://") != std::string_view::npos;
}

/// `after_list`: whether it may be the rest of a list, as in `-c 16 64`.
fs::path scenario_path(const std::string& name, bool after_list) {
    if (fs::exists(name) && !fs::is_directory(name)) return name;
    std::vector<std::string> known;
    for (const std::string& file : shipped_scenario_files()) {
        if (fs::path(file).stem() == name) return file;
        known.push_back(fs::path(file).stem());
    }
    throw UsageError(fmt::format(
        "There is no scenario file '{}', nor a shipped scenario of that name.{}{}{} There are: {}.", name,
        after_list ? " Lists have commas and no spaces: -c 16,64." : "", hint_of_server(name),
        did_you_mean(name, known), fmt::join(known, ", ")));
}

/// The last name of `-c,--concurrency`.
std::string_view long_flag(const ScenarioOption& option) {
    return option.flags.substr(option.flags.rfind(',') + 1);
}

/// As messages spell it, `--error-rate`, `-c/--concurrency`: the first name and the long one.
std::string flag_text(const ScenarioOption& option) {
    const auto first = option.flags.substr(0, option.flags.find(','));
    const auto last = long_flag(option);
    return first == last ? std::string(first) : fmt::format("{}/{}", first, last);
}

const ScenarioOption& option_of(std::string_view field) {
    const auto& options = scenario_options();
    return *std::find_if(options.begin(), options.end(),
                         [&](const ScenarioOption& option) { return option.field == field; });
}

std::string spell_flag(std::string_view field) {
    return flag_text(option_of(field));
}

/// What the flags say of the replies of a target of ours.
bool shapes_replies(const ScenarioOption& option) {
    return option.flag == ScenarioOption::Flag::of_target && option.field != "seed";
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

Scenario default_load() {
    Scenario scenario;
    scenario.name = "load";
    scenario.strategies = {StrategySpec::parse("native")};
    scenario.concurrency = {50};
    scenario.plan.duration = std::chrono::seconds{10};
    scenario.profile.payload_bytes = 0;
    scenario.warmup = std::chrono::seconds{1};
    scenario.timeout = std::chrono::seconds{10};
    scenario.repetitions = 1;
    scenario.load.emplace();
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
                   "Scenario: a JSON file, or the name of a shipped one (`list scenarios`); or the URL of a "
                   "server, as --target")
        ->type_name("FILE");
    add_flags(app, ScenarioOption::Flag::of_run);
}

void ScenarioOptions::add_to_gate(CLI::App& app) {
    app.add_option("--scenario", file_, "What to measure: a JSON file, or the name of a shipped scenario")
        ->type_name("FILE");
    add_flags(app, ScenarioOption::Flag::of_gate);
    app.get_option("-s")->description("Strategies of the cells, by commas (callback,coroutine)");
    app.get_option("-c")->description("Requests in flight at once, a cell for each (16,64)");
    app.get_option("-n")->description("Requests of each trial (as many as take some 100 ms)");
    app.get_option("-d")->description("Instead of -n a closed loop, for this long");
    app.get_option("--warmup")->description("Before each trial, discarded (50ms)");
    app.get_option("--timeout")->description("Of one request (5s)");
}

void ScenarioOptions::add_to_load(CLI::App& app) {
    app.add_option("url", file_, "Server to put load on: http://HOST:PORT/PATH; the scheme may be left out")
        ->type_name("URL");
    for (const ScenarioOption& option : scenario_options())
        if (is_of_load(option)) add_flag(app, option, option.field == "concurrency" ? ",--connections" : "");
    app.add_option("--scenario", load_file_,
                   "What to do: a JSON file, with the flags as its fields (thresholds, stages, ...)")
        ->type_name("FILE");
    app.add_option_function<std::string>(
           "--data-file",
           [this](const std::string& path) {
               given_.emplace_back(&option_of("data"), std::vector<std::string>{"@" + path});
           },
           "What the file holds is the body of each request, as --data @FILE")
        ->type_name("FILE");
    app.get_option("-c")->type_name("N")->description("Connections, each with one request at a time (50)");
    app.get_option("-n")->description("Closed loop of N requests, in place of -d");
    app.get_option("-d")->description("How long it is measured (10s)");
    app.get_option("-q")->description(
        "Open loop: requests a second over all connections, by a schedule (2k)");
    app.get_option("-X")->description("The method (GET; with --data: POST)");
    app.get_option("-H")->description("A header of each request, 'Accept: text/html' (repeatable)");
    app.get_option("--data")->description(
        "The body of each request, sent as it is; @FILE: what the file holds");
    app.get_option("--resolve")
        ->description("No lookup of the URL's host: HOST:PORT:ADDRESS[,ADDRESS] (repeatable)");
    app.get_option("--warmup")->description("Load before, not measured (1s; with -n: 0s)");
    app.get_option("--timeout")->description("Of one request (10s)");
    app.get_option("--seed")->description("Decides Poisson arrivals, weights and random values (1)");
}

void ScenarioOptions::add_to_target(CLI::App& app) {
    add_flags(app, ScenarioOption::Flag::of_target);
}

void ScenarioOptions::add_flags(CLI::App& app, ScenarioOption::Flag flag) {
    for (const ScenarioOption& option : scenario_options())
        if (option.flag >= flag) add_flag(app, option);
}

void ScenarioOptions::add_flag(CLI::App& app, const ScenarioOption& option, const std::string& other_names) {
    const auto take = [this, &option](const std::vector<std::string>& texts) {
        given_.emplace_back(&option, texts);
    };
    const std::string flags = std::string(option.flags) + other_names;
    const std::string help(option.help);
    if (option.form == ScenarioOption::Form::on_off) {
        app.add_flag_callback(flags, [take] { take({"true"}); }, help);
        return;
    }
    CLI::Option* added = app.add_option_function<std::vector<std::string>>(flags, take, help);
    added->type_name(std::string(option.value));
    if (option.clear == nullptr) added->expected(1);
    added->allow_extra_args(false);  // a scenario or a URL may stand behind
    if (!option.names.empty()) added->check(CLI::IsMember(option.names));
}

const std::string& ScenarioOptions::file() const {
    static const std::string none;
    return is_url(file_) ? none : file_;
}

bool ScenarioOptions::has(std::string_view field) const {
    return std::any_of(given_.begin(), given_.end(),
                       [&](const auto& given) { return given.first->field == field; });
}

bool ScenarioOptions::says(std::string_view field) const {
    return has(field) || file_fields_.contains(field);
}

void ScenarioOptions::apply_to(Scenario& scenario) const {
    std::set<std::string_view> fields;
    for (const auto& [option, texts] : given_) {
        fields.insert(option->field);
        if (option->clear != nullptr) option->clear(scenario);
        try {
            for (const std::string& text : texts) option->set(scenario, text);
        } catch (const UsageError& error) {
            throw UsageError(fmt::format("{}: {}", flag_text(*option), error.what()));
        }
    }
    combine_options(scenario, fields, spell_flag);
}

Scenario ScenarioOptions::scenario() const {
    const Scenario scenario = scenario_over(default_scenario(), Batch::all_at_once);
    if (scenario.plan.kind == PlanKind::batch && scenario.plan.requests == 0)
        throw UsageError("There is no number of requests for the batch; give one with -n.");
    return scenario;
}

Scenario ScenarioOptions::load_scenario() {
    Scenario scenario = default_load();
    if (!load_file_.empty()) {
        const fs::path path = scenario_path(load_file_, false);
        const std::string text = read_scenario(path);
        scenario.name = path.stem();
        scenario = scenario_from_json(text, path.string(), scenario);
        const Json fields = parse_json(text, path.string());
        for (const auto& [field, value] : fields.items()) file_fields_.insert(field);
        scenario.strategies = default_load().strategies;
        scenario.repetitions = 1;
    }
    if (!file_.empty()) option_of("target").set(scenario, is_url(file_) ? file_ : "http://" + file_);
    if (file_.empty() && !says("target") && !says("targets") && !says("steps")) {
        throw UsageError(
            "There is no server to put load on; give its URL, or requests with URLs by --targets or "
            "--steps.");
    }
    leave_out_courses_before(scenario);
    apply_to(scenario);
    require_one_course();
    if (says("find") && !says("duration")) scenario.plan.duration = search_step;
    if (says("find") && !says("rate")) scenario.plan.rate_rps = 1;  // until the closed loop was measured
    if (scenario.plan.kind == PlanKind::batch) scenario.plan.duration = Nanoseconds{0};
    if (scenario.plan.kind == PlanKind::batch && !says("warmup")) scenario.warmup = Nanoseconds{0};
    check_connections(scenario);
    read_requests_of(scenario);
    check(scenario);
    return scenario;
}

/// A flag takes the place of what a file says in another way.
void ScenarioOptions::leave_out_courses_before(Scenario& scenario) const {
    const auto is_given = [this](std::initializer_list<const char*> fields) {
        return std::any_of(fields.begin(), fields.end(), [this](const char* field) { return has(field); });
    };
    if (is_given({"rate", "duration", "requests", "connection_stages"})) scenario.load->stages.clear();
    if (is_given({"concurrency", "rate", "stages", "duration", "requests", "find"}))
        scenario.load->connection_stages.clear();
}

void ScenarioOptions::require_one_course() const {
    const auto refuse = [](const char* what, std::string_view field) {
        throw UsageError(fmt::format("{}; leave {} out.", what, spell_flag(field)));
    };
    if (says("find")) {
        for (const char* field : {"stages", "requests", "thresholds"})
            if (says(field)) refuse("--find measures at one rate after another", field);
    }
    if (has("stages")) {
        for (const char* field : {"rate", "duration", "requests"})
            if (has(field)) refuse("--stages says the rate of each stage and its time", field);
    }
    if (has("connection_stages")) {
        for (const char* field : {"concurrency", "rate", "stages", "duration", "requests", "find"})
            if (has(field))
                refuse("--connection-stages says the connections of a closed loop and its time", field);
    }
}

void ScenarioOptions::check_connections(const Scenario& scenario) const {
    if (scenario.concurrency.size() != 1)
        throw UsageError("-c of `load` is one number of connections, and no list.");
    if (says("unix_socket") && says("resolve"))
        throw UsageError("--unix-socket takes the place of an address; leave --resolve out.");
    const HttpVersion http = scenario.load->http;
    if (says("streams") && http == HttpVersion::http1)
        throw UsageError("--streams is of HTTP/2; add --http 2 or --http auto.");
    if (http != HttpVersion::http1 && !scenario.load->keep_alive)
        throw UsageError(
            "--no-keepalive is of HTTP/1.1: HTTP/2 keeps its connections. Leave it or --http out.");
}

void ScenarioOptions::read_requests_of(Scenario& scenario) const {
    scenario.requests = read_requests(*scenario.load);
    if (file_.empty() && !says("target")) {
        const auto server = server_of(scenario.requests);
        if (!server) throw UsageError("The requests have paths alone; give the URL of their server, too.");
        scenario.target = *server;
    }
    if (!has_foreign_target(scenario)) {
        throw UsageError(
            fmt::format("'{}' is no URL of an HTTP server; write it like http://localhost:8080/path.",
                        scenario.target.shown()));
    }
    read_body(scenario);
    require_server(scenario.requests, scenario.target);
    check_variables(scenario.requests, scenario.request, scenario.target);
}

Scenario ScenarioOptions::scenario_over(const Scenario& defaults, Batch batch) const {
    Scenario scenario = defaults;
    if (is_url(file_)) {
        if (has("target")) throw UsageError(fmt::format("{} and --target are two targets; give one.", file_));
        option_of("target").set(scenario, file_);
    } else if (!file_.empty()) {
        const fs::path path = scenario_path(file_, has("strategies") || has("concurrency"));
        scenario.name = path.stem();
        scenario = scenario_from_json(read_scenario(path), path.string(), scenario);
    }
    if (has("repetitions") && has("budget")) {
        throw UsageError(
            "-r fixes the number of blocks and --budget the time for them; give one of the two.");
    }
    apply_to(scenario);
    if (has("stall_threshold") && !scenario.diagnose)
        throw UsageError("--stall-threshold belongs to --diagnose; give that too.");
    if (has("rate") && !has("concurrency")) scenario.concurrency = {256};
    if (has("requests") && !has("concurrency") && batch == Batch::all_at_once) {
        if (!concurrency_limits.holds(scenario.plan.requests)) {
            throw UsageError(fmt::format("-n without -c starts all requests at once; -n must be {} then.",
                                         concurrency_limits.words));
        }
        scenario.concurrency = {static_cast<std::uint32_t>(scenario.plan.requests)};
    }
    if (has_foreign_target(scenario)) {
        if (std::any_of(given_.begin(), given_.end(),
                        [](const auto& given) { return shapes_replies(*given.first); })) {
            throw UsageError(
                "--latency, --payload, --error-rate and --faults say how a target of ours answers; how "
                "another server answers is not ours to say. Leave them out with --target URL.");
        }
        const Nanoseconds compute = scenario.profile.compute;
        scenario.profile = Profile{};
        scenario.profile.payload_bytes = 0;
        scenario.profile.compute = compute;
    }
    if (scenario.load) {
        throw UsageError(
            "The scenario says what `asyncbench load` does (load, threads, stages, ...); this command has no "
            "use for "
            "it.");
    }
    read_body(scenario);
    check(scenario);
    return scenario;
}

std::vector<std::string> arguments_for(const ScenarioOption& option, const Scenario& scenario) {
    const Json value = option.get(scenario);
    if (value.is_null() || value == false) return {};
    std::vector<std::string> arguments{std::string(long_flag(option))};
    if (option.form != ScenarioOption::Form::on_off) arguments.push_back(option_text(value));
    return arguments;
}

std::vector<std::string> target_flags(const Scenario& scenario) {
    std::vector<std::string> flags;
    for (const ScenarioOption& option : scenario_options()) {
        if (option.flag != ScenarioOption::Flag::of_target) continue;
        const auto arguments = arguments_for(option, scenario);
        flags.insert(flags.end(), arguments.begin(), arguments.end());
    }
    return flags;
}

}  // namespace asyncbench
