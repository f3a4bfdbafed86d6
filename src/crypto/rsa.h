// Signatures by RSA keys: a client has the private half and signs, a venue knows the public half
// and verifies. OpenSSL does the work; here it gets a shape in which a venue reads a key once and
// not with every message.
#pragma once

#include <string>
#include <string_view>

namespace venuebox::crypto {

// Whether the text is a public RSA key in PEM (SubjectPublicKeyInfo) of 2048 bits or more.
bool is_rsa_public_key(std::string_view pem);

// Whether `signature` (base64) is that of the message by RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017).
// False also when the key or the base64 is none. Each thread keeps a bounded number of keys.
bool rsa_sha256_verifies(std::string_view public_pem, std::string_view message,
                         std::string_view signature);

// The message's signature by the same scheme, in base64. Empty when the text is no private RSA key
// in PEM (PKCS #8 or PKCS #1) of 2048 bits or more, or one that asks for a passphrase. The key is
// read anew each time, so that no copy of it outlives the call.
std::string rsa_sha256_signature(std::string_view private_pem, std::string_view message);

// The bytes that base64 text stands for (RFC 4648, padded, no line ends); empty when it is none.
std::string bytes_from_base64(std::string_view text);

}  // namespace venuebox::crypto
