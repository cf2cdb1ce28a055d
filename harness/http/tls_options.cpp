#include "harness/http/tls_options.hpp"

#include <cstdlib>

namespace asyncbench {

std::string authorities_file(const TlsOptions& options) {
    if (!options.authorities.empty()) return options.authorities;
    for (const char* name : {"CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
        const char* const value = std::getenv(name);
        if (value != nullptr && *value != '\0') return value;
    }
    return {};
}

}  // namespace asyncbench
