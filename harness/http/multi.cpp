#include "harness/http/multi.hpp"

#include <utility>

#include "async/errors.hpp"

namespace asyncbench {

Multi::Multi(const SessionOptions& options) : options_(options), multi_(curl_multi_init()) {
    if (multi_ == nullptr) throw Error("libcurl could not make a multi handle: out of memory.");
    // The default, four times the handles added, lets go of connections that the next request would have
    // used.
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(options.max_connections));
}

Multi::~Multi() {
    for (const auto& pending : transfers_) curl_multi_remove_handle(multi_, pending->transfer.handle());
    transfers_.clear();
    curl_multi_cleanup(multi_);
}

Multi::Pending& Multi::idle_transfer() {
    if (idle_.empty()) {
        transfers_.push_back(std::make_unique<Pending>(*this));
        idle_.reserve(transfers_.size());
        return *transfers_.back();
    }
    Pending& pending = *idle_.back();
    idle_.pop_back();
    return pending;
}

Transfer* Multi::start(const HttpRequest& request, Completion done) {
    Pending& pending = idle_transfer();
    try {
        pending.transfer.prepare(request);
        const CURLMcode code = curl_multi_add_handle(multi_, pending.transfer.handle());
        if (code != CURLM_OK)
            throw Error(std::string("libcurl cannot start a request: ") + curl_multi_strerror(code) + ".");
    } catch (...) {
        idle_.push_back(&pending);
        throw;
    }
    pending.done = std::move(done);
    ++active_;
    return &pending.transfer;
}

void Multi::cancel(Transfer* transfer) {
    Pending& pending = pending_of(*transfer);
    Multi& multi = pending.multi;
    curl_multi_remove_handle(multi.multi_, transfer->handle());
    pending.done = nullptr;
    multi.idle_.push_back(&pending);
    --multi.active_;
}

void Multi::complete_finished() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        // The message does not outlive the removal.
        const CURLcode code = message->data.result;
        Pending& pending = pending_of(Transfer::of(message->easy_handle));
        Response response = pending.transfer.take_response(code);
        curl_multi_remove_handle(multi_, pending.transfer.handle());
        Completion done = std::exchange(pending.done, nullptr);
        idle_.push_back(&pending);
        --active_;
        done(std::move(response));
    }
}

}  // namespace asyncbench
