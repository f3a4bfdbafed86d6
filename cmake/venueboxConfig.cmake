# What find_package(venuebox) reads. The headers need fmt; the rest is linked.
include(CMakeFindDependencyMacro)
find_dependency(Threads)
find_dependency(fmt)
find_dependency(simdjson)
find_dependency(OpenSSL 3)
find_dependency(SQLite3)
find_dependency(ZLIB)
include("${CMAKE_CURRENT_LIST_DIR}/venueboxTargets.cmake")
