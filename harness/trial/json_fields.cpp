#include "harness/trial/json_fields.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "async/errors.hpp"

namespace asyncbench {
namespace {

constexpr int deepest_nesting = 16;

/// What a message shows of a value that it refuses.
std::string excerpt(const Json& value) {
    if (value.is_object()) return "an object";
    if (value.is_array()) return fmt::format("a list of {} elements", value.size());
    constexpr std::size_t longest = 60;
    const std::string text = to_text(value);
    return text.size() <= longest ? text : text.substr(0, longest) + "...";
}

/// Refuses what a parser would accept in silence: keys that stand twice, and nesting without end.
class Guard {
  public:
    explicit Guard(std::string_view what) : what_(what) {}

    bool operator()(int depth, Json::parse_event_t event, const Json& parsed) {
        if (depth > deepest_nesting) {
            throw Error(fmt::format("{} cannot be read: it is nested deeper than {} levels.", what_,
                                    deepest_nesting));
        }
        if (event == Json::parse_event_t::object_start) keys_.emplace_back();
        if (event == Json::parse_event_t::object_end) keys_.pop_back();
        if (event == Json::parse_event_t::key && !keys_.back().insert(parsed.get<std::string>()).second) {
            throw Error(fmt::format("{} cannot be read: the key {} stands twice in one object.", what_,
                                    excerpt(parsed)));
        }
        return true;
    }

  private:
    std::string_view what_;
    std::vector<std::set<std::string>> keys_;
};

}  // namespace

Json parse_json(std::string_view text, std::string_view what) {
    Guard guard(what);
    try {
        // By reference: the parser copies its callback.
        return Json::parse(text, [&guard](int depth, Json::parse_event_t event, Json& parsed) {
            return guard(depth, event, parsed);
        });
    } catch (const Json::exception& error) {
        std::string_view reason = error.what();
        const auto end_of_code = reason.find("] ");
        if (end_of_code != std::string_view::npos) reason.remove_prefix(end_of_code + 2);
        throw Error(fmt::format("{} cannot be read: it is no JSON, or not whole ({}).", what, reason));
    }
}

std::string to_text(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

JsonFields::JsonFields(const Json& value, std::string what, std::string path)
    : value_(&value), what_(std::move(what)), path_(std::move(path)) {
    if (value.is_object()) return;
    if (path_.empty())
        throw Error(fmt::format("{} must be a JSON object, and is {}.", what_, excerpt(value)));
    throw Error(
        fmt::format("{} cannot be used: '{}' must be an object, and is {}.", what_, path_, excerpt(value)));
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
    if (!value.is_array()) fail(key, fmt::format("must be a list, and is {}", excerpt(value)));
    if (value.size() > largest_size) {
        fail(key, fmt::format("has {} elements; at most {} are accepted", value.size(), largest_size));
    }
    return value;
}

bool JsonFields::flag(std::string_view key) {
    const Json& value = at(key);
    if (!value.is_boolean()) fail(key, fmt::format("must be true or false, and is {}", excerpt(value)));
    return value.get<bool>();
}

std::string JsonFields::text(std::string_view key, std::size_t longest) {
    const Json& value = at(key);
    if (!value.is_string()) fail(key, fmt::format("must be text, and is {}", excerpt(value)));
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
                              extra, excerpt(at(key))));
    }
    return name;
}

std::uint64_t JsonFields::count(std::string_view key, std::uint64_t largest) {
    return count(key, {0, largest, fmt::format("from 0 to {}", largest)});
}

std::uint64_t JsonFields::count(std::string_view key, const Limits<std::uint64_t>& limits) {
    const Json& value = at(key);
    if (!value.is_number_unsigned() || !limits.holds(value.get<std::uint64_t>()))
        fail(key, fmt::format("must be a whole number {}, and is {}", limits.words, excerpt(value)));
    return value.get<std::uint64_t>();
}

std::uint32_t JsonFields::small_count(std::string_view key) {
    return static_cast<std::uint32_t>(count(key, std::numeric_limits<std::uint32_t>::max()));
}

double JsonFields::number(std::string_view key, double lowest, double highest) {
    const Json& value = at(key);
    if (!value.is_number() || !(value.get<double>() >= lowest) || !(value.get<double>() <= highest)) {
        fail(key, fmt::format("must be a number from {} to {}, and is {}", lowest, highest, excerpt(value)));
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
                                excerpt(Json(path_of(item.key()))),
                                path_.empty() ? "are" : fmt::format("in '{}' are", path_),
                                fmt::join(known_, ", ")));
    }
}

}  // namespace asyncbench
