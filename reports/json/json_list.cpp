#include "reports/json/json_list.hpp"

namespace asyncbench {

std::string document_text(const Json& document) {
    std::string text = document.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
    // It can stand in a string alone.
    constexpr std::string_view command = "##[";
    constexpr std::string_view escaped = "#\\u0023[";
    for (auto at = text.find(command); at != std::string::npos; at = text.find(command, at + escaped.size()))
        text.replace(at, command.size(), escaped);
    return text;
}

}  // namespace asyncbench
