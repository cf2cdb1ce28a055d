#include "benches/pitfalls/httplib_client.hpp"

#include <httplib.h>

#include <string>
#include <utility>

#include "harness/http/held_field.hpp"

namespace asyncbench {
namespace {

TransportError error_of(httplib::Error error) {
    switch (error) {
        case httplib::Error::Success:
            return TransportError::none;
        case httplib::Error::Connection:
            return TransportError::connect;
        case httplib::Error::ConnectionTimeout:
        case httplib::Error::Read:  // it tells no timeout from a connection
                                    // that ended
            return TransportError::timeout;
        default:
            return TransportError::other;
    }
}

}  // namespace

HttplibClient::HttplibClient(const SessionOptions& options)
    : options_(options) {}
HttplibClient::~HttplibClient() = default;

std::unique_ptr<httplib::Client> HttplibClient::borrow(
    const std::string& origin) {
    {
        const std::lock_guard lock(mutex_);
        if (!idle_.empty()) {
            auto client = std::move(idle_.back());
            idle_.pop_back();
            return client;
        }
    }
    auto client = std::make_unique<httplib::Client>(origin);
    client->set_keep_alive(true);
    client->set_tcp_nodelay(true);
    client->set_connection_timeout(options_.timeout);
    client->set_read_timeout(options_.timeout);
    return client;
}

Response HttplibClient::get(const std::string& url) {
    const auto path = url.find('/', url.find("://") + 3);
    auto client = borrow(url.substr(0, path));
    Response response;
    response.new_connection = client->is_socket_open() == 0;
    httplib::Result result = client->Get(url.substr(path));
    if (result) {
        response.status = result->status;
        response.held = held_from_value(
            result->get_header_value(std::string(held_field_name)));
        response.body = std::move(result->body);
    } else {
        response.error = error_of(result.error());
        response.message = httplib::to_string(result.error());
    }
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(client));
    return response;
}

}  // namespace asyncbench
