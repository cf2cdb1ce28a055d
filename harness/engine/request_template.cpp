#include "harness/engine/request_template.hpp"

#include <algorithm>

namespace asyncbench {
namespace {

struct RequestParts {
    std::string_view line;
    std::string_view head;  ///< behind the line, with the empty line at its end
    std::string_view body;
};

RequestParts parts_of(std::string_view text) {
    constexpr std::string_view end_of_head = "\r\n\r\n";
    const std::size_t line = std::min(text.find("\r\n"), text.size());
    const std::size_t head = std::min(text.find(end_of_head), text.size() - end_of_head.size());
    const std::size_t body = head + end_of_head.size();
    return {text.substr(0, line), text.substr(line, body - line), text.substr(body)};
}

}  // namespace

RequestTemplate::RequestTemplate(const LoadRequest& request, const std::vector<std::string>& names,
                                 bool http2)
    : http2_(http2) {
    if (!http2) {
        const RequestParts parts = parts_of(request.text);
        line_ = {parts.line, names, TextPlace::url};
        head_ = {parts.head, names, TextPlace::header};
        body_ = {parts.body, names, TextPlace::body};
    } else {
        for (const auto& [name, value] : request.http2.fields) {
            field_names_.push_back(name);
            field_values_.emplace_back(value, names, name == ":path" ? TextPlace::url : TextPlace::header);
        }
        body_ = {request.http2.body, names, TextPlace::body};
    }
    has_gaps_ = line_.has_gaps() || head_.has_gaps() || body_.has_gaps() ||
                std::any_of(field_values_.begin(), field_values_.end(),
                            [](const TextTemplate& value) { return value.has_gaps(); });
}

void RequestTemplate::make(VariableValues& values, Made& made, OutgoingRequest& outgoing) const {
    made.body.clear();
    body_.append_to(made.body, values);
    values.front() = std::to_string(made.body.size());
    if (http2_) {
        make_http2(values, made);
        outgoing.http2 = {made.fields, made.body};
        return;
    }
    made.text.clear();
    line_.append_to(made.text, values);
    head_.append_to(made.text, values);
    made.text += made.body;
    outgoing.text = made.text;
}

void RequestTemplate::make_http2(const VariableValues& values, Made& made) const {
    made.values.resize(field_values_.size());
    made.fields.clear();
    for (std::size_t i = 0; i < field_values_.size(); ++i) {
        made.values[i].clear();
        field_values_[i].append_to(made.values[i], values);
        made.fields.push_back(http2_field(field_names_[i], made.values[i]));
    }
}

}  // namespace asyncbench
