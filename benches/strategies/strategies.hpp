#pragma once

#include <memory>

#include "harness/load/strategy.hpp"

namespace asyncbench {

/// All strategies of this project, in the order they are shown: the four families first, then their variants.
StrategyRegistry builtin_strategies();

// One a file, named like it.
std::unique_ptr<Strategy> make_sequential(const StrategyOptions& options);
std::unique_ptr<Strategy> make_thread_pool(const StrategyOptions& options);
std::unique_ptr<Strategy> make_callback(const StrategyOptions& options);
std::unique_ptr<Strategy> make_coroutine(const StrategyOptions& options);
std::unique_ptr<Strategy> make_callback_poll(const StrategyOptions& options);
std::unique_ptr<Strategy> make_coroutine_asio(const StrategyOptions& options);
std::unique_ptr<Strategy> make_thread_per_request(const StrategyOptions& options);
std::unique_ptr<Strategy> make_native(const StrategyOptions& options);

}  // namespace asyncbench
