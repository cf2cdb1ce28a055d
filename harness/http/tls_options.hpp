#pragma once

#include <string>

namespace asyncbench {

/// Whose certificates are trusted, and which one is ours. All files are PEM.
struct TlsOptions {
    bool verify = true;  ///< false: any certificate of the server will do
    /// File of those that are trusted; empty: that of CURL_CA_BUNDLE or SSL_CERT_FILE, or the system's.
    std::string authorities = {};
    std::string certificate = {};  ///< file of ours, which the server asks for; empty: none
    std::string key = {};          ///< file of its private key; empty: it is in the certificate's file

    bool operator==(const TlsOptions&) const = default;
};

}  // namespace asyncbench
