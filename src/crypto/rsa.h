// Signatures by RSA keys, of which a venue knows the public half. OpenSSL does the work; here it
// gets a shape in which a key is read once and not with every message.
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

// The bytes that base64 text stands for (RFC 4648, padded, no line ends); empty when it is none.
std::string bytes_from_base64(std::string_view text);

}  // namespace venuebox::crypto
