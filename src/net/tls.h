// Who is trusted over TLS, and how a connection proves to be the one that was asked for: TLS 1.2 or
// later, always verified, by the host's name. Internal to net.
#pragma once

#include <string>

#include <boost/asio/ssl/context.hpp>
#include <openssl/ssl.h>

#include "base/result.h"

namespace venuebox::net {

// A context that trusts the PEM certificates of `ca_file`, or the system's where it is empty.
Result<boost::asio::ssl::context> tls_context(const std::string& ca_file);

// Before the handshake: asks for this host by name, and takes no certificate but its own.
void expect_host(SSL* ssl, const std::string& host);

// After a handshake that failed: cause and mend. `error` is what the handshake gave.
std::string handshake_fault(SSL* ssl, const boost::system::error_code& error);

}  // namespace venuebox::net
