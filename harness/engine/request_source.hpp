#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/engine/channels.hpp"
#include "harness/engine/judgement.hpp"
#include "harness/engine/load_spec.hpp"
#include "harness/engine/outgoing_request.hpp"
#include "harness/engine/pacer.hpp"
#include "harness/engine/request_template.hpp"
#include "harness/engine/response_summary.hpp"
#include "harness/engine/variables.hpp"
#include "harness/work/weighted_choice.hpp"

namespace asyncbench {

/// Which requests one thread sends, and what their responses must be. A request without variables is made
/// once, and sending it copies and allocates nothing. One thread; `spec` outlives it.
class RequestSource {
  public:
    /// For the thread with this share of the requests, on channels from 0 to `channels` - 1.
    RequestSource(const LoadSpec& spec, Pacer::Share share, std::uint32_t channels);
    RequestSource(const RequestSource&) = delete;
    RequestSource& operator=(const RequestSource&) = delete;

    /// What the channel sends next. Valid until the next call for the same channel.
    const OutgoingRequest& next(ChannelId channel) {
        return is_one_request_ ? prepared_.front().outgoing : choose(channel);
    }

    /// Of the whole response to the channel's last request.
    Judgement judge(ChannelId channel, const OutgoingRequest& request, const ResponseSummary& response) {
        if (is_plain_) return {.status_holds = spec_.expected.holds(response.status)};
        return judge_in_detail(channel, request, response);
    }

    /// The channel's last request got no whole response.
    void failed(ChannelId channel) {
        if (!users_.empty()) users_[channel].step = 0;
    }

  private:
    struct Prepared {
        OutgoingRequest outgoing;
        std::vector<nghttp2_nv> fields;        ///< of HTTP/2
        RequestTemplate gaps;                  ///< where it has any
        std::vector<std::uint32_t> variables;  ///< that stand in it, by their numbers in the set
        bool keeps = false;                    ///< a check or a capture looks at the response
        bool keeps_body = false;
    };

    /// What a channel has of its own.
    struct User {
        OutgoingRequest outgoing;
        RequestTemplate::Made made;
        KeptResponse kept;
        VariableValues values;  ///< of all names
        std::uint32_t step = 0;
    };

    void name_variables();
    Prepared prepare(const LoadRequest& request, std::uint32_t number) const;
    const OutgoingRequest& choose(ChannelId channel);
    std::uint32_t next_number(ChannelId channel);
    void draw(User& user, const Prepared& prepared);
    Judgement judge_in_detail(ChannelId channel, const OutgoingRequest& request,
                              const ResponseSummary& response);
    std::string_view problem_of(User& user, const LoadRequest& request) const;

    const LoadSpec& spec_;
    Pacer::Share share_;
    std::vector<std::string> names_;  ///< of all values: the body's length, the variables, what is captured
    std::vector<Prepared> prepared_;  ///< of each request
    std::vector<User> users_;         ///< of each channel; empty where none has anything of its own
    WeightedChoice weights_;
    VariableDraws draws_;
    std::vector<std::uint32_t> all_variables_;
    std::uint64_t count_ = 0;  ///< of requests
    bool is_one_request_;      ///< the same bytes each time, and no response is kept
    bool is_plain_;            ///< a response is right where its status is what the load expects
};

}  // namespace asyncbench
