#include "async/cancellation.hpp"

namespace asyncbench {

void CancellationCallback::arm_on(const CancellationToken& token, std::function<void()> callback) {
    if (token.cancelled()) {
        callback();
        return;
    }
    callback_ = std::move(callback);
    link_before(token.state_->callbacks);
}

CancellationSource::CancellationSource() : token_(new detail::CancellationState) {}

CancellationSource::CancellationSource(const CancellationToken& parent) : CancellationSource() {
    parent_.arm(parent, [this] { cancel(); });
}

void CancellationSource::cancel() noexcept {
    if (cancelled()) {
        return;
    }
    // Held here, as a callback may destroy this source.
    const CancellationToken token = token_;
    token.state_->cancelled = true;
    detail::RingLink& callbacks = token.state_->callbacks;
    while (callbacks.linked()) {
        auto& next = static_cast<CancellationCallback&>(callbacks.take_next());
        // Moved out, as the callback may destroy the object that holds it.
        const std::function<void()> callback = std::move(next.callback_);
        callback();
    }
}

}  // namespace asyncbench
