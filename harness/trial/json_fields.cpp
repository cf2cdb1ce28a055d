#include "harness/trial/json_fields.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "async/errors.hpp"
#include "async/utf8.hpp"
#include "harness/trial/json_events.hpp"
#include "harness/trial/why_no_json.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t deepest_nesting = 16;

/// What a message shows of a value that it refuses.
std::string shown(const Json& value) {
    if (value.is_object()) return "an object";
    if (value.is_array()) return fmt::format("a list of {} elements", value.size());
    constexpr std::size_t longest = 60;
    return excerpt(to_text(value), longest);
}

/// Refuses what a parser would accept in silence: keys that stand twice, and nesting without end. Events, as
/// json::parse() with a callback takes time by the square of a list's length (version 3.11).
class Guard : public JsonEvents {
  public:
    explicit Guard(std::string_view what) : what_(what) {}

    bool start_object(std::size_t /*size*/) override {
        enter();
        return true;
    }
    bool start_array(std::size_t /*size*/) override {
        enter();
        return true;
    }
    bool end_object() override {
        keys_.pop_back();
        return true;
    }
    bool end_array() override {
        keys_.pop_back();
        return true;
    }
    bool key(std::string& name) override {
        if (!keys_.back().insert(name).second) {
            throw Error(fmt::format("{} cannot be read: the key {} stands twice in one object.", what_,
                                    shown(Json(name))));
        }
        return true;
    }

  private:
    void enter() {
        if (keys_.size() == deepest_nesting) {
            throw Error(fmt::format("{} cannot be read: it is nested deeper than {} levels.", what_,
                                    deepest_nesting));
        }
        keys_.emplace_back();
    }

    std::string_view what_;
    std::vector<std::set<std::string>> keys_;  ///< of each object or list that is open
};

}  // namespace

Json parse_json(std::string_view text, std::string_view what) {
    Guard guard(what);
    if (text.find('\0') != std::string_view::npos || !Json::sax_parse(text, &guard))  // NUL ends a text for the parser
        throw Error(fmt::format("{} cannot be read: {}", what, why_no_json(text)));
    return Json::parse(text);
}

std::string to_text(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

JsonFields::JsonFields(const Json& value, std::string what, std::string path)
    : value_(&value), what_(std::move(what)), path_(std::move(path)) {
    if (value.is_object()) return;
    if (path_.empty())
        throw Error(fmt::format("{} must be a JSON object, and is {}.", what_, shown(value)));
    throw Error(
        fmt::format("{} cannot be used: '{}' must be an object, and is {}.", what_, path_, shown(value)));
}

std::string JsonFields::path_of(std::string_view key) const {
    return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

void JsonFields::fail(std::string_view key, std::string_view problem) const {
    throw Error(fmt::format("{} cannot be used: '{}' {}.", what_, path_of(key), problem));
}

const Json* JsonFields::find(std::string_view key) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
    const auto found = value_->find(std::string(key));
    return found == value_->end() ? nullptr : &*found;
}

bool JsonFields::has(std::string_view key) {
    return find(key) != nullptr;
}

const Json& JsonFields::at(std::string_view key) {
    const Json* found = find(key);
    if (found == nullptr) fail(key, "is missing");
    return *found;
}

JsonFields JsonFields::object(std::string_view key) {
    return JsonFields(at(key), what_, path_of(key));
}

const Json& JsonFields::array(std::string_view key, std::size_t largest_size) {
    const Json& value = at(key);
    if (!value.is_array()) fail(key, fmt::format("must be a list, and is {}", shown(value)));
    if (value.size() > largest_size) {
        fail(key, fmt::format("has {} elements; at most {} are accepted", value.size(), largest_size));
    }
    return value;
}

bool JsonFields::flag(std::string_view key) {
    const Json& value = at(key);
    if (!value.is_boolean()) fail(key, fmt::format("must be true or false, and is {}", shown(value)));
    return value.get<bool>();
}

std::string JsonFields::text(std::string_view key, std::size_t longest) {
    const Json& value = at(key);
    if (!value.is_string()) fail(key, fmt::format("must be text, and is {}", shown(value)));
    auto text = value.get<std::string>();
    if (text.size() > longest) {
        fail(key, fmt::format("is {} bytes long; at most {} are accepted", text.size(), longest));
    }
    return text;
}

std::string JsonFields::identifier(std::string_view key, std::string_view extra) {
    std::string name = text(key);
    const bool allowed = std::all_of(name.begin(), name.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || extra.find(c) != std::string_view::npos;
    });
    if (!allowed || name.empty() || name.size() > 128) {
        fail(key, fmt::format("must be a name of 1 to 128 characters out of a-z, 0-9 and {}, and is {}",
                              extra, shown(at(key))));
    }
    return name;
}

std::uint64_t JsonFields::count(std::string_view key, std::uint64_t largest) {
    return count(key, {0, largest, fmt::format("from 0 to {}", largest)});
}

std::uint64_t JsonFields::count(std::string_view key, const Limits<std::uint64_t>& limits) {
    const Json& value = at(key);
    if (!value.is_number_unsigned() || !limits.holds(value.get<std::uint64_t>()))
        fail(key, fmt::format("must be a whole number {}, and is {}", limits.words, shown(value)));
    return value.get<std::uint64_t>();
}

std::uint32_t JsonFields::small_count(std::string_view key) {
    return static_cast<std::uint32_t>(count(key, std::numeric_limits<std::uint32_t>::max()));
}

double JsonFields::number(std::string_view key, double lowest, double highest) {
    const Json& value = at(key);
    if (!value.is_number() || !(value.get<double>() >= lowest) || !(value.get<double>() <= highest)) {
        fail(key, fmt::format("must be a number from {} to {}, and is {}", lowest, highest, shown(value)));
    }
    return value.get<double>();
}

Nanoseconds JsonFields::duration_ns(std::string_view key, const Limits<Nanoseconds>& limits) {
    const Nanoseconds value{
        static_cast<Nanoseconds::rep>(count(key, static_cast<std::uint64_t>(any_duration.most.count())))};
    if (!limits.holds(value)) fail(key, fmt::format("must be {}, and is {}", limits.words, to_text(value)));
    return value;
}

void JsonFields::expect_no_others() const {
    for (const auto& item : value_->items()) {
        if (std::find(known_.begin(), known_.end(), item.key()) != known_.end()) continue;
        throw Error(fmt::format("{} cannot be used: there is no field {}; known {}: {}.", what_,
                                shown(Json(path_of(item.key()))),
                                path_.empty() ? "are" : fmt::format("in '{}' are", path_),
                                fmt::join(known_, ", ")));
    }
}

}  // namespace asyncbench
