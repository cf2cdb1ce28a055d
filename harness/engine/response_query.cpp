#include "harness/engine/response_query.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "async/errors.hpp"
#include "harness/engine/text_template.hpp"
#include "harness/http/field_name.hpp"

namespace asyncbench {
namespace {

/// Up to the next space, which is taken away, too.
std::string_view take_word(std::string_view& text) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    return word;
}

std::optional<std::string> field_in(const KeptResponse& response, std::string_view name) {
    std::optional<std::string> values;
    for (const auto& [field, value] : response.fields) {
        if (!is_same_field(field, name)) continue;
        values = values ? *values + ", " + value : value;
    }
    return values;
}

/// nlohmann::json writes a value by recursion, which a hostile server could make too deep.
bool is_too_deep(std::string_view json) {
    constexpr std::size_t deepest = 1000;
    std::size_t depth = 0;
    bool in_text = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (in_text && c == '\\') {
            ++i;
        } else if (c == '"') {
            in_text = !in_text;
        } else if (!in_text && (c == '[' || c == '{') && ++depth > deepest) {
            return true;
        } else if (!in_text && (c == ']' || c == '}') && depth > 0) {
            --depth;
        }
    }
    return false;
}

bool contains(const nlohmann::json& document, const nlohmann::json::json_pointer& place) {
    try {
        return document.contains(place);
    } catch (const nlohmann::json::out_of_range&) {
        return false;  // the index of a list is larger than any list
    }
}

std::optional<std::string> json_in(const KeptResponse& response, const std::string& pointer) {
    using Json = nlohmann::json;
    if (response.is_cut() || is_too_deep(response.body.text)) return std::nullopt;
    const Json document = Json::parse(response.body.text, nullptr, false);
    const Json::json_pointer place(pointer);
    if (document.is_discarded() || !contains(document, place)) return std::nullopt;
    const Json& value = document.at(place);
    return value.is_string() ? value.get<std::string>()
                             : value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

re2::StringPiece piece_of(std::string_view text) {
    return {text.data(), text.size()};
}

}  // namespace

ResponseQuery ResponseQuery::take_from(std::string_view& text) {
    ResponseQuery query;
    const std::string_view kind = take_word(text);
    if (kind == "body") return query;
    if (kind != "header" && kind != "json") {
        throw UsageError(fmt::format(
            "'{}' is no place in a response; write `header NAME`, `body` or `json /POINTER`.", kind));
    }
    query.argument_ = take_word(text);
    query.kind_ = kind == "header" ? Kind::header : Kind::json;
    if (query.kind_ == Kind::header && query.argument_.empty())
        throw UsageError("A header has a name: write `header NAME`.");
    try {
        if (query.kind_ == Kind::json) nlohmann::json::json_pointer{query.argument_};
    } catch (const nlohmann::json::exception&) {
        throw UsageError(fmt::format(
            "'{}' is no JSON pointer; write it like /items/0/id, with ~1 for a slash and ~0 for a tilde.",
            query.argument_));
    }
    return query;
}

std::optional<std::string> ResponseQuery::value_in(const KeptResponse& response) const {
    switch (kind_) {
        case Kind::header:
            return field_in(response, argument_);
        case Kind::json:
            return json_in(response, argument_);
        case Kind::body:
            break;
    }
    return response.body.text;
}

std::string ResponseQuery::text() const {
    switch (kind_) {
        case Kind::header:
            return "header " + argument_;
        case Kind::json:
            return "json " + argument_;
        case Kind::body:
            break;
    }
    return "body";
}

Pattern::Pattern(std::string_view text) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_dot_nl(true);
    auto compiled = std::make_shared<const re2::RE2>(piece_of(text), options);
    if (!compiled->ok()) {
        throw UsageError(
            fmt::format("'{}' is no regular expression: {} (RE2's form, without backreferences).", text,
                        compiled->error()));
    }
    compiled_ = std::move(compiled);
}

bool Pattern::finds(std::string_view text) const {
    return re2::RE2::PartialMatch(piece_of(text), *compiled_);
}

std::optional<std::string> Pattern::first_in(std::string_view text) const {
    re2::StringPiece groups[2];
    const int group = compiled_->NumberOfCapturingGroups() > 0 ? 1 : 0;
    if (!compiled_->Match(piece_of(text), 0, text.size(), re2::RE2::UNANCHORED, groups, group + 1))
        return std::nullopt;
    return std::string(groups[group].data(), groups[group].size());
}

ResponseCheck::ResponseCheck(std::string_view text) : text_(text), query_(ResponseQuery::take_from(text)) {
    constexpr std::string_view form =
        "write ==, !=, contains TEXT, matches REGEX or exists, the last three with `not` before to turn them "
        "round";
    std::string_view word = take_word(text);
    if (word == "not") {
        is_not_ = true;
        word = take_word(text);
    }
    if (!is_not_ && (word == "==" || word == "!=")) {
        predicate_ = Predicate::equals;
        is_not_ = word == "!=";
    } else if (word == "contains") {
        predicate_ = Predicate::contains;
    } else if (word == "matches") {
        predicate_ = Predicate::matches;
        pattern_.emplace(text);
    } else if (word != "exists") {
        throw UsageError(fmt::format("'{}' says nothing of {}; {}.", word, query_.text(), form));
    }
    if (predicate_ != Predicate::equals && (predicate_ == Predicate::exists) != text.empty())
        throw UsageError(fmt::format("'{}' has {} behind {}; {}.", text_,
                                     text.empty() ? "nothing" : fmt::format("'{}'", text), word, form));
    value_ = text;
    problem_ = fmt::format("check: {} does not hold", text_);
    problem_of_cut_ = fmt::format("check: {} does not hold in the first {} MiB", text_,
                                  KeptResponse::most_body_bytes >> 20U);
}

ResponseCheck ResponseCheck::parse(std::string_view text) {
    return ResponseCheck(text);
}

bool ResponseCheck::holds(const std::optional<std::string>& found) const {
    if (!found) return is_not_;
    switch (predicate_) {
        case Predicate::equals:
            return (*found == value_) != is_not_;
        case Predicate::contains:
            return (found->find(value_) != std::string::npos) != is_not_;
        case Predicate::matches:
            return pattern_->finds(*found) != is_not_;
        case Predicate::exists:
            break;
    }
    return !is_not_;
}

std::string_view ResponseCheck::problem_of(const KeptResponse& response) const {
    if (holds(query_.value_in(response))) return {};
    return response.is_cut() ? problem_of_cut_ : problem_;
}

Capture::Capture(std::string_view name, std::string_view text)
    : name_(name), text_(text), query_(ResponseQuery::take_from(text)) {
    if (!text.empty()) {
        const std::string_view word = take_word(text);
        if (word != "regex" || text.empty()) {
            throw UsageError(fmt::format(
                "'{}' is no capture; behind the place in the response stands nothing, or `regex PATTERN`.",
                text_));
        }
        pattern_.emplace(text);
    }
    problem_ = fmt::format("capture: the response has nothing for {{{{{}}}}} at {}", name_, text_);
}

Capture Capture::parse(std::string_view name, std::string_view text) {
    if (!is_variable_name(name)) {
        throw UsageError(
            fmt::format("'{}' is no name of a variable; it has letters, digits, '_', '-' and '.'.", name));
    }
    return Capture(name, text);
}

std::optional<std::string> Capture::value_in(const KeptResponse& response) const {
    std::optional<std::string> found = query_.value_in(response);
    if (!found || !pattern_) return found;
    return pattern_->first_in(*found);
}

}  // namespace asyncbench
