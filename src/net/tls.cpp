#include "net/tls.h"

#include <boost/asio/ip/address.hpp>
#include <openssl/x509v3.h>

namespace venuebox::net {

Result<boost::asio::ssl::context> tls_context(const std::string& ca_file) {
  namespace ssl = boost::asio::ssl;
  ssl::context context(ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  context.set_verify_mode(ssl::verify_peer);
  boost::system::error_code error;
  if (ca_file.empty()) {
    context.set_default_verify_paths(error);
    if (error) {
      return Error{ErrorKind::io, "the system's certificates",
                   error.message() + "; install ca-certificates, or name a file of your own"};
    }
    return context;
  }
  context.load_verify_file(ca_file, error);
  if (error)
    return invalid(ca_file, "holds no certificates in PEM that can be read: " + error.message());
  return context;
}

void expect_host(SSL* ssl, const std::string& host) {
  boost::system::error_code no_address;
  boost::asio::ip::make_address(host, no_address);
  X509_VERIFY_PARAM* expected = SSL_get0_param(ssl);
  X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  int done = 0;
  if (no_address) {
    // RFC 6066, section 3: addresses are not sent.
    done = SSL_set_tlsext_host_name(ssl, host.c_str()) == 1 &&
           X509_VERIFY_PARAM_set1_host(expected, host.c_str(), host.size()) == 1;
  } else {
    done = X509_VERIFY_PARAM_set1_ip_asc(expected, host.c_str());
  }
  VENUEBOX_ASSERT(done == 1);
}

std::string handshake_fault(SSL* ssl, const boost::system::error_code& error) {
  const long verdict = SSL_get_verify_result(ssl);
  switch (verdict) {
    case X509_V_OK:
      return "the TLS handshake failed (" + error.message() +
             "); check that this port speaks TLS 1.2 or later";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "its certificate is for another host; check the base URL";
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "its certificate has expired; the venue has to renew it";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "its certificate is not valid yet; check this machine's clock";
    default:
      return std::string("its certificate is not trusted (") +
             X509_verify_cert_error_string(verdict) +
             "); if it is the venue's own, give its authority as the CA file";
  }
}

}  // namespace venuebox::net
