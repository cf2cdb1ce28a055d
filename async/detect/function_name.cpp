#include "async/detect/function_name.hpp"

#include <array>
#include <cstddef>

namespace asyncbench::detail {

namespace {

constexpr std::array<std::string_view, 3> names_with_brackets{"(anonymous namespace)", "operator()",
                                                              "{anonymous}"};

// The length of the name at `position` whose brackets are no list of parameters; 0 where there is none.
std::size_t bracketed_name(std::string_view function, std::size_t position) {
    for (const std::string_view name : names_with_brackets) {
        if (function.substr(position).starts_with(name)) {
            return name.size();
        }
    }
    return 0;
}

}  // namespace

std::string short_function_name(std::string_view function) {
    std::size_t begin = 0;
    int depth = 0;
    std::size_t position = 0;
    while (position < function.size()) {
        if (const std::size_t length = bracketed_name(function, position); length > 0) {
            position += length;
            continue;
        }
        const char character = function[position];
        if (character == '<' || character == '{') {
            ++depth;
        } else if (character == '>' || character == '}') {
            --depth;
        } else if (character == '(' && depth == 0) {
            // A lambda's name has its enclosing function's parameters in it, and goes on after them.
            const std::size_t end = function.find(")::<lambda", position);
            if (end == std::string_view::npos) {
                break;
            }
            return std::string(function.substr(begin, position - begin)) + "::lambda";
        } else if (character == ' ' && depth == 0) {
            begin = position + 1;
        }
        ++position;
    }
    std::string_view name = function.substr(begin, position - begin);
    while (name.starts_with('*') || name.starts_with('&')) {
        name.remove_prefix(1);
    }
    return std::string(name);
}

}  // namespace asyncbench::detail
