#include "async/loop_handle.hpp"

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

#include "async/loop.hpp"

namespace asyncbench {

struct LoopHandle::Link {
    std::mutex mutex;
    Loop* loop;  // null once it has ended
    bool running = false;
    std::vector<StopListener*> listeners;
};

LoopHandle::LoopHandle(Loop& loop) : link_(std::make_shared<Link>()) {
    link_->loop = &loop;
}

bool LoopHandle::post(std::function<void()> callback) const {
    if (link_ == nullptr) {
        return false;
    }
    const std::scoped_lock lock(link_->mutex);
    if (link_->loop == nullptr) {
        return false;
    }
    link_->loop->post(std::move(callback));
    return true;
}

bool LoopHandle::post_while_running(std::function<void()> callback, StopListener& listener) const {
    if (link_ == nullptr) {
        return false;
    }
    const std::scoped_lock lock(link_->mutex);
    if (!link_->running) {
        return false;
    }
    link_->listeners.push_back(&listener);
    link_->loop->post(std::move(callback));
    return true;
}

void LoopHandle::forget(StopListener& listener) const noexcept {
    if (link_ == nullptr) {
        return;
    }
    const std::scoped_lock lock(link_->mutex);
    std::erase(link_->listeners, &listener);
}

void LoopHandle::loop_runs() const noexcept {
    const std::scoped_lock lock(link_->mutex);
    link_->running = true;
}

void LoopHandle::loop_stops() const noexcept {
    const std::scoped_lock lock(link_->mutex);
    link_->running = false;
    for (StopListener* listener : std::exchange(link_->listeners, {})) {
        listener->loop_stopped();
    }
}

void LoopHandle::loop_ends() const noexcept {
    const std::scoped_lock lock(link_->mutex);
    link_->loop = nullptr;
}

}  // namespace asyncbench
