#include "crypto/base64url.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace venuebox::crypto {
namespace {

TEST(Base64Url, PublishedVectors) {  // RFC 4648, section 10, without padding; RFC 7515, appendix C.
  EXPECT_EQ(base64url(""), "");
  EXPECT_EQ(base64url("f"), "Zg");
  EXPECT_EQ(base64url("fo"), "Zm8");
  EXPECT_EQ(base64url("foo"), "Zm9v");
  EXPECT_EQ(base64url("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64url("\x03\xec\xff\xe0\xc1"), "A-z_4ME");
}

RC_GTEST_PROP(Base64Url, ReadsWhatItWrites, (const std::string& bytes)) {
  RC_ASSERT(bytes_from_base64url(base64url(bytes)) == bytes);
}

TEST(Base64Url, RefusesWhatIsNone) {
  for (const char* text : {"Z", "Zm9vZ", "Zg==", "Zm9v\n", "A+z/4ME", "Zm 9v", "Zh", "Zm9"})
    EXPECT_EQ(bytes_from_base64url(text), std::nullopt) << text;
}

}  // namespace
}  // namespace venuebox::crypto
