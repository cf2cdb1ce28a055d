#include "async/detect/symbolize.hpp"

#include <cxxabi.h>
#include <dlfcn.h>
#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

#ifdef ASYNCBENCH_LIBBACKTRACE
// Declared here, as the header lies in a folder of g++'s own, where clang++ does not look.
extern "C" {
struct backtrace_state;
using backtrace_error_callback = void (*)(void* data, const char* message, int error);
using backtrace_full_callback = int (*)(void* data, std::uintptr_t pc, const char* file, int line,
                                        const char* function);
using backtrace_syminfo_callback = void (*)(void* data, std::uintptr_t pc, const char* symbol,
                                            std::uintptr_t value, std::uintptr_t size);
backtrace_state* backtrace_create_state(const char* file, int threaded, backtrace_error_callback on_error,
                                        void* data);
int backtrace_pcinfo(backtrace_state* state, std::uintptr_t pc, backtrace_full_callback callback,
                     backtrace_error_callback on_error, void* data);
int backtrace_syminfo(backtrace_state* state, std::uintptr_t pc, backtrace_syminfo_callback callback,
                      backtrace_error_callback on_error, void* data);
}
#endif

namespace asyncbench::detail {
namespace {

std::string name_of_symbol(const char* symbol) {
    int status = 0;
    const std::unique_ptr<char, void (*)(void*)> demangled(
        abi::__cxa_demangle(symbol, nullptr, nullptr, &status), std::free);
    return short_function_name(status == 0 ? demangled.get() : symbol);
}

#ifdef ASYNCBENCH_LIBBACKTRACE

backtrace_state* state() {
    static backtrace_state* const made =
        backtrace_create_state(nullptr, 1, [](void*, const char*, int) {}, nullptr);
    return made;
}

void add_from_debug_information(std::uintptr_t address, std::vector<std::string>& frames) {
    backtrace_pcinfo(
        state(), address,
        [](void* data, std::uintptr_t, const char* file, int line, const char* function) {
            if (function != nullptr) {
                auto& names = *static_cast<std::vector<std::string>*>(data);
                names.push_back(file == nullptr
                                    ? name_of_symbol(function)
                                    : fmt::format("{} ({}:{})", name_of_symbol(function), file, line));
            }
            return 0;
        },
        [](void*, const char*, int) {}, &frames);
}

std::string from_symbol_table(std::uintptr_t address) {
    std::string name;
    backtrace_syminfo(
        state(), address,
        [](void* data, std::uintptr_t, const char* symbol, std::uintptr_t, std::uintptr_t) {
            if (symbol != nullptr) {
                *static_cast<std::string*>(data) = name_of_symbol(symbol);
            }
        },
        [](void*, const char*, int) {}, &name);
    return name;
}

#else

void add_from_debug_information(std::uintptr_t, std::vector<std::string>&) {}

// Knows what the dynamic linker knows: of a program's own functions only those that it exports
// (ENABLE_EXPORTS).
std::string from_symbol_table(std::uintptr_t address) {
    Dl_info info{};
    const bool known =
        dladdr(reinterpret_cast<const void*>(address), &info) != 0 && info.dli_sname != nullptr;
    return known ? name_of_symbol(info.dli_sname) : std::string();
}

#endif

}  // namespace

std::vector<std::string> symbolize(std::span<const void* const> addresses) {
    std::vector<std::string> frames;
    for (const void* const pointer : addresses) {
        const auto address = reinterpret_cast<std::uintptr_t>(pointer);
        const std::size_t before = frames.size();
        add_from_debug_information(address, frames);
        if (frames.size() == before) {
            const std::string name = from_symbol_table(address);
            frames.push_back(name.empty() ? fmt::format("{:#x}", address) : name);
        }
    }
    return frames;
}

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
