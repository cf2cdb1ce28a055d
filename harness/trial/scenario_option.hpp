#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/trial/json_fields.hpp"
#include "harness/trial/scenario.hpp"

namespace asyncbench {

/// One option of a scenario, for flags and scenario files alike. A value is a text as a person writes it.
struct ScenarioOption {
    /// The JSON that a file has in place of a text.
    enum class Form { text, text_or_number, on_off };
    /// Who has it as a flag: of `run`, `gate` and `target` each has the flags of those behind it, too. `load`
    /// has those of its own and some of the others (is_of_load()).
    enum class Flag { of_none, of_load, of_run, of_gate, of_target };

    std::string_view field;  ///< of a scenario file: `error_rate`
    Flag flag;
    std::string_view flags;  ///< `-c,--concurrency`
    std::string_view value;  ///< what help calls its value: `LIST`
    std::string_view help;
    Form form;
    /// Throws UsageError, a sentence that does not name the option. A list grows by what `text` says.
    void (*set)(Scenario& scenario, std::string_view text);
    /// What a file has; null where the scenario leaves it out.
    Json (*get)(const Scenario& scenario);
    void (*clear)(Scenario& scenario) = nullptr;  ///< of a list alone
    std::vector<std::string> names = {};          ///< the only values, where they are few
};

/// All of them, in the order of files and help.
const std::vector<ScenarioOption>& scenario_options();

/// Whether `load` has the flag.
bool is_of_load(const ScenarioOption& option);

/// After the options `given` by one source are set: what they ask for together. `spell` writes a field as the
/// source does: `'rate'`, `-q/--rate`. Throws UsageError where options do not go together.
void combine_options(Scenario& scenario, const std::set<std::string_view>& given,
                     const std::function<std::string(std::string_view field)>& spell);

/// A value of a file as the text that a flag has: `0.00001`, `true`.
std::string option_text(const Json& value);

}  // namespace asyncbench
