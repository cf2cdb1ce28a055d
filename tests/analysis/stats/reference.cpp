#include "tests/analysis/stats/reference.hpp"
#include "tests/support/paths/paths.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace asyncbench::reference {

using nlohmann::json;

const json& answers_of_r(std::string_view name) {
    static const json answers = [] {
        std::ifstream file(test::source_dir() + "/tests/analysis/stats/data/r.json");
        return json::parse(file);
    }();
    return answers.at(std::string(name));
}

std::vector<double> numbers(const json& values) {
    return values.get<std::vector<double>>();
}

}  // namespace asyncbench::reference
