#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "harness/engine/http2_session.hpp"
#include "harness/engine/load_request.hpp"
#include "harness/engine/outgoing_request.hpp"
#include "harness/engine/text_template.hpp"

namespace asyncbench {

/// A request with gaps for variables, of HTTP/1.1 or of HTTP/2.
class RequestTemplate {
  public:
    /// A request that was made of it. Its memory is used again for the next one.
    struct Made {
        std::string text;                 ///< of HTTP/1.1
        std::vector<std::string> values;  ///< of the fields of HTTP/2
        std::vector<nghttp2_nv> fields;
        std::string body;
    };

    RequestTemplate() = default;
    /// The first of `names` is that of the body's length.
    RequestTemplate(const LoadRequest& request, const std::vector<std::string>& names, bool http2);

    bool has_gaps() const { return has_gaps_; }
    /// Fills the gaps into `made`, of which `outgoing` is a view then. The first of `values` is set here.
    void make(VariableValues& values, Made& made, OutgoingRequest& outgoing) const;

  private:
    void make_http2(const VariableValues& values, Made& made) const;

    bool has_gaps_ = false;
    bool http2_ = false;
    TextTemplate line_;  ///< of HTTP/1.1
    TextTemplate head_;
    TextTemplate body_;
    std::vector<std::string> field_names_;
    std::vector<TextTemplate> field_values_;
};

}  // namespace asyncbench
