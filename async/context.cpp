#include "async/context.hpp"

#include <algorithm>
#include <atomic>
#include <vector>

#include "async/errors.hpp"

namespace asyncbench {

namespace detail {

// Immutable, so that contexts in several threads can share it. A list, as programs have few variables: below
// some twenty, looking through it is quicker than a tree or a hash map.
struct Bindings {
    struct Binding {
        VariableId variable;
        std::shared_ptr<const void> value;
    };
    std::vector<Binding> list;
};

namespace {
auto found_in(const Bindings& bindings, VariableId variable) {
    return std::find_if(bindings.list.begin(), bindings.list.end(),
                        [variable](const auto& binding) { return binding.variable == variable; });
}
}  // namespace

VariableId next_variable_id() noexcept {
    static constinit std::atomic<VariableId> last = 0;
    return ++last;
}

std::shared_ptr<const void> bound_value(VariableId variable) noexcept {
    const Bindings* bindings = Context::current().bindings_.get();
    if (bindings == nullptr) {
        return nullptr;
    }
    const auto found = found_in(*bindings, variable);
    return found != bindings->list.end() ? found->value : nullptr;
}

std::shared_ptr<const void> bind_value(VariableId variable, std::shared_ptr<const void> value) {
    std::shared_ptr<const Bindings>& bindings = Context::current().bindings_;
    auto changed = bindings != nullptr ? std::make_shared<Bindings>(*bindings) : std::make_shared<Bindings>();
    auto& list = changed->list;
    std::shared_ptr<const void> before;
    const auto found = list.begin() + (found_in(*changed, variable) - list.cbegin());
    if (found != list.end()) {
        before = std::move(found->value);
        list.erase(found);
    }
    if (value != nullptr) {
        list.push_back({variable, std::move(value)});
    }
    bindings = list.empty() ? nullptr : std::move(changed);
    return before;
}

void throw_not_set(const std::string& name) {
    throw Error("The context variable '" + name +
                "' is not set here and has no default; set it before, or give it a default.");
}

void throw_wrong_token(const std::string& name) {
    throw Error("The context variable '" + name +
                "' was reset with a token that was used before, or came from another variable or context; "
                "reset it once, in the task that set it.");
}

}  // namespace detail

Context& Context::of_thread() noexcept {
    static thread_local Context context;
    return context;
}

}  // namespace asyncbench
