#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>

#include "harness/trial/json_fields.hpp"

namespace asyncbench {

/// What Json::sax_parse() tells of a text, in its order; each event is taken and nothing comes of it. A fault
/// ends the parsing.
class JsonEvents : public Json::json_sax_t {
  public:
    bool null() override { return true; }
    bool boolean(bool /*value*/) override { return true; }
    bool number_integer(number_integer_t /*value*/) override { return true; }
    bool number_unsigned(number_unsigned_t /*value*/) override { return true; }
    bool number_float(number_float_t /*value*/, const std::string& /*text*/) override { return true; }
    bool string(std::string& /*value*/) override { return true; }
    bool binary(binary_t& /*value*/) override { return true; }
    bool start_object(std::size_t /*size*/) override { return true; }
    bool key(std::string& /*name*/) override { return true; }
    bool end_object() override { return true; }
    bool start_array(std::size_t /*size*/) override { return true; }
    bool end_array() override { return true; }
    bool parse_error(std::size_t /*position*/, const std::string& /*last*/,
                     const Json::exception& /*error*/) override {
        return false;
    }
};

}  // namespace asyncbench
