#include "cli/live/live_board.hpp"

#include <utility>

namespace asyncbench {

void LiveBoard::set_progress(std::string members) {
    const std::lock_guard lock(mutex_);
    news_.progress = std::move(members);
    ++news_.version;
    changed_.notify_all();
}

void LiveBoard::set_article(std::string markup) {
    auto article = std::make_shared<const std::string>(std::move(markup));
    const std::lock_guard lock(mutex_);
    news_.article = std::move(article);
    ++news_.article_version;
    ++news_.version;
    changed_.notify_all();
}

void LiveBoard::end() {
    const std::lock_guard lock(mutex_);
    news_.ended = true;
    ++news_.version;
    changed_.notify_all();
}

LiveNews LiveBoard::wait_for_news(std::uint64_t seen, Nanoseconds patience) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, patience, [&] { return news_.version > seen || news_.ended; });
    return news_;
}

}  // namespace asyncbench
