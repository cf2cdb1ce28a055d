#include "reports/html/columns.hpp"

#include <nlohmann/json.hpp>

namespace asyncbench {

Json columns_named(std::initializer_list<const char*> names) {
    Json columns = Json::object();
    for (const char* name : names) columns[name] = Json::array();
    return columns;
}

void add_row(Json& columns, std::initializer_list<std::pair<const char*, Json>> row) {
    for (const auto& [name, value] : row) columns[name].push_back(value);
}

}  // namespace asyncbench
