#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "async/clock.hpp"

namespace asyncbench {

/// What is to be seen of a run that goes on. Versions count from 1; 0 is nothing yet.
struct LiveNews {
    std::uint64_t version = 0;
    std::string progress;  ///< members of a JSON object
    std::uint64_t article_version = 0;
    std::shared_ptr<const std::string> article;  ///< the report so far, as markup; null before the first
    bool ended = false;
};

/// Hands news from the run's thread to those that serve it. Any thread.
class LiveBoard {
  public:
    void set_progress(std::string members);
    void set_article(std::string markup);
    /// Nothing will follow.
    void end();

    /// Once there is something newer than version `seen`, or after `patience`, or at the end.
    LiveNews wait_for_news(std::uint64_t seen, Nanoseconds patience);

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    LiveNews news_;
};

}  // namespace asyncbench
