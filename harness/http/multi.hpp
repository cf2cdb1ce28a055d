#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>
#include <vector>

#include "harness/http/transfer.hpp"
#include "harness/work/response.hpp"

namespace asyncbench {

/// A libcurl multi handle with its reusable transfers: what the two ways of driving it (AsyncSession by
/// events, PollSession by curl_multi_poll) share. One thread.
class Multi {
  public:
    explicit Multi(const SessionOptions& options);
    ~Multi();
    Multi(const Multi&) = delete;
    Multi& operator=(const Multi&) = delete;

    /// Starts a request. The transfer is lent to the caller until `done` is called, for cancel().
    Transfer* start(const HttpRequest& request, Completion done);

    /// Ends a transfer that start() of any Multi returned and whose `done` has not been called. Its
    /// connection is closed, and `done` destroyed without a call.
    static void cancel(Transfer* transfer);

    /// Calls the completion of each finished transfer. Never call from inside a libcurl callback.
    void complete_finished();

    std::size_t active() const { return active_; }
    CURLM* handle() const { return multi_; }

  private:
    struct Pending {
        explicit Pending(Multi& owner) : multi(owner), transfer(owner.options_) {
            transfer.owner_data = this;
        }
        Multi& multi;
        Transfer transfer;
        Completion done;
    };
    static Pending& pending_of(Transfer& transfer) { return *static_cast<Pending*>(transfer.owner_data); }
    Pending& idle_transfer();

    SessionOptions options_;
    CURLM* multi_;
    std::vector<std::unique_ptr<Pending>> transfers_;
    std::vector<Pending*> idle_;
    std::size_t active_ = 0;
};

}  // namespace asyncbench
