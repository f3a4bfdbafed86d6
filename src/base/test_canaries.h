// For tests: secrets wherever one could get into words. None may ever be printed: script/canaries
// takes them from this file and searches for them in all that the suites have printed. The masked
// form, three characters of one, is allowed.
#pragma once

namespace venuebox {

inline constexpr const char* kCanaryKey = "canaryKey5Qd2mZ9xTqWv4Lr8";
inline constexpr const char* kCanarySecret = "canarySecret8Hn3pB6yKsXc1Jf7";
inline constexpr const char* kCanaryProof = "canaryProof2Wg9tD4zMvRa6Eu3";

}  // namespace venuebox
