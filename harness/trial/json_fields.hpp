#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "async/clock.hpp"
#include "harness/work/units.hpp"

namespace asyncbench {

/// Keeps the order of keys, so that documents read the way they are described.
using Json = nlohmann::ordered_json;

/// Parses text from outside. Throws Error, sentences that begin with `what` ("The trial's result"), where it is
/// no JSON (why_no_json.hpp), is nested deeper than 16 levels, names a key twice, or holds a number too large
/// for its type.
Json parse_json(std::string_view text, std::string_view what);

/// Compact text; bytes that are no UTF-8 become U+FFFD.
std::string to_text(const Json& value);

/// Strict access to the fields of one JSON object from outside. Every read checks the type and the range and
/// throws Error, a sentence that names document and field. Refers to the object, which must live longer.
class JsonFields {
  public:
    static constexpr std::uint64_t largest_count = any_count.most;

    /// `what` names the document, `path` the place of `value` in it (empty: the document itself).
    JsonFields(const Json& value, std::string what, std::string path = {});

    /// The following mark the key as known, whether or not it is there.
    bool has(std::string_view key);
    const Json* find(std::string_view key);   ///< null where it is missing
    const Json& at(std::string_view key);     ///< throws where it is missing
    JsonFields object(std::string_view key);  ///< throws where it is no object
    const Json& array(std::string_view key, std::size_t largest_size);

    bool flag(std::string_view key);
    /// UTF-8 of at most `longest` bytes.
    std::string text(std::string_view key, std::size_t longest = std::size_t{64} * 1024);
    /// Of 1 to 128 characters out of a-z, 0-9 and `extra`.
    std::string identifier(std::string_view key, std::string_view extra = "-");
    /// A whole number in [0, largest], written without fraction or exponent.
    std::uint64_t count(std::string_view key, std::uint64_t largest = largest_count);
    std::uint64_t count(std::string_view key, const Limits<std::uint64_t>& limits);
    std::uint32_t small_count(std::string_view key);  ///< fits into 32 bits
    double number(std::string_view key, double lowest, double highest);
    /// Whole nanoseconds.
    Nanoseconds duration_ns(std::string_view key, const Limits<Nanoseconds>& limits = any_duration);

    /// Throws where the object holds a key that nobody asked for; names the known ones.
    void expect_no_others() const;

    /// Throws Error: "<what> cannot be used: '<path>' <problem>."
    [[noreturn]] void fail(std::string_view key, std::string_view problem) const;

    const Json& value() const { return *value_; }
    const std::string& what() const { return what_; }
    std::string path_of(std::string_view key) const;

  private:
    const Json* value_;
    std::string what_;
    std::string path_;
    std::vector<std::string> known_;
};

}  // namespace asyncbench
