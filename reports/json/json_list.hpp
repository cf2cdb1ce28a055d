#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/trial/json_fields.hpp"

namespace asyncbench {

/// The list of `json_of_one` of each element.
template <typename Element, typename JsonOfOne>
Json list_of(const std::vector<Element>& elements, const JsonOfOne& json_of_one) {
    Json list = Json::array();
    for (const Element& element : elements) list.push_back(json_of_one(element));
    return list;
}

/// A whole document, indented. `##[` is escaped, which CI systems take for a command where it is in a log.
std::string document_text(const Json& document);

}  // namespace asyncbench
