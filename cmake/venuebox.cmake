# The helpers every folder's CMakeLists.txt is written with, and the settings all targets share.
#
#   venuebox_library(<name>        a static library venuebox_<name>, from the files of this folder
#     SOURCES a.cpp b.cpp          explicit; a folder of headers only leaves it out
#     TESTS a_test.cpp             all of them become one executable <name>_test
#     DEPS base model              folders this one may include, public
#     LIBS Threads::Threads        foreign targets that appear in our headers, public
#     PRIVATE_LIBS SQLite::SQLite3 foreign targets that only our .cpp files know
#     TEST_DEPS engine             folders only the tests may include
#     TEST_LIBS …)                 foreign targets only the tests know
#
#   venuebox_executable(<name>     a program; goes to the top of the build folder
#     SOURCES main.cpp
#     DEPS box control
#     LIBS …
#     DIRECTORY bench)             optional: a folder of the build folder instead
#
#   venuebox_test(<name> SOURCES … DEPS … LIBS …)   a test executable of its own

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)

find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(GTest REQUIRED)
find_package(rapidcheck REQUIRED)

# What every target is compiled and linked with. One place, because a precompiled header is only
# usable where all flags agree.
add_library(venuebox_settings INTERFACE)
target_include_directories(venuebox_settings INTERFACE "${CMAKE_SOURCE_DIR}/src")
target_compile_options(
  venuebox_settings INTERFACE -Wall -Wextra -Wshadow
                              # Messages and binaries do not depend on where they were built.
                              "-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=")
target_link_libraries(venuebox_settings INTERFACE fmt::fmt Threads::Threads)
if(VENUEBOX_WERROR)
  target_compile_options(venuebox_settings INTERFACE -Werror)
endif()
if(VENUEBOX_SANITIZE)
  set(sanitize "-fsanitize=${VENUEBOX_SANITIZE}" -fno-sanitize-recover=all)
  target_compile_options(venuebox_settings INTERFACE ${sanitize} -fno-omit-frame-pointer)
  target_link_options(venuebox_settings INTERFACE ${sanitize})
endif()
if(VENUEBOX_COVERAGE)
  target_compile_options(venuebox_settings INTERFACE --coverage -fprofile-update=atomic)
  target_link_options(venuebox_settings INTERFACE --coverage)
endif()

# A faster linker and the compiler cache are used when they are there, and never required.
find_program(VENUEBOX_MOLD mold)
find_program(VENUEBOX_LLD ld.lld)
if(VENUEBOX_MOLD)
  target_link_options(venuebox_settings INTERFACE -fuse-ld=mold)
elseif(VENUEBOX_LLD)
  target_link_options(venuebox_settings INTERFACE -fuse-ld=lld)
endif()
find_program(VENUEBOX_CCACHE ccache)
if(VENUEBOX_CCACHE AND NOT VENUEBOX_COVERAGE)
  # ccache refuses precompiled headers unless it may overlook their macros and time stamps. Passed
  # on the command line, so that a plain `ninja` hits the cache as well.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      env "CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime"
      "${VENUEBOX_CCACHE}")
  if(VENUEBOX_PCH)
    target_compile_options(venuebox_settings INTERFACE -fpch-preprocess)
  endif()
endif()

# Two precompiled headers for the whole tree: one for the libraries, one with GoogleTest for tests.
set(venuebox_std_headers
    <algorithm> <array> <atomic> <bit> <charconv> <chrono> <compare> <concepts> <cstddef> <cstdint>
    <cstring> <deque> <filesystem> <functional> <limits> <map> <memory> <mutex> <numeric>
    <optional> <ranges> <set> <span> <string> <string_view> <thread> <tuple> <type_traits>
    <unordered_map> <utility> <variant> <vector> <fmt/core.h>)

function(venuebox_pch_source target)
  set(carrier "${CMAKE_BINARY_DIR}/generated/${target}.cpp")
  file(CONFIGURE OUTPUT "${carrier}" CONTENT "// Carries the precompiled header.\n")
  add_library(${target} OBJECT "${carrier}")
  target_link_libraries(${target} PRIVATE venuebox_settings)
  target_precompile_headers(${target} PRIVATE ${ARGN})
endfunction()

if(VENUEBOX_PCH)
  venuebox_pch_source(venuebox_pch ${venuebox_std_headers})
  venuebox_pch_source(venuebox_test_pch ${venuebox_std_headers} <gtest/gtest.h>)
  target_link_libraries(venuebox_test_pch PRIVATE GTest::gtest)
endif()

# Links `target` with the folders it was given; a folder that comes later in the order is an error.
function(venuebox_link target visibility)
  foreach(dep IN LISTS ARGN)
    if(NOT TARGET venuebox_${dep})
      message(FATAL_ERROR "${target} links src/${dep}, which does not stand before it")
    endif()
    target_link_libraries(${target} ${visibility} venuebox_${dep})
  endforeach()
endfunction()

function(venuebox_reuse_pch target pch)
  if(VENUEBOX_PCH)
    target_precompile_headers(${target} REUSE_FROM ${pch})
  endif()
endfunction()

add_custom_target(tests)

function(venuebox_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPS;LIBS")
  add_executable(${name} ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
  target_link_libraries(${name} PRIVATE venuebox_settings ${arg_LIBS} rapidcheck GTest::gtest
                                        GTest::gtest_main)
  # Golden files stand in the sources; a test finds them from any working folder.
  target_compile_definitions(${name} PRIVATE "VENUEBOX_SOURCE_DIR=\"${CMAKE_SOURCE_DIR}\"")
  venuebox_link(${name} PRIVATE ${arg_DEPS})
  venuebox_reuse_pch(${name} venuebox_test_pch)
  add_dependencies(tests ${name})
  set_property(GLOBAL APPEND PROPERTY VENUEBOX_TESTS ${name})
endfunction()

function(venuebox_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" ""
                        "SOURCES;TESTS;DEPS;LIBS;PRIVATE_LIBS;TEST_DEPS;TEST_LIBS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "venuebox_library(${name}): what is ${arg_UNPARSED_ARGUMENTS}?")
  endif()
  set(target venuebox_${name})
  # The settings are of this build; who links an installed library needs what its headers include.
  set(public $<BUILD_INTERFACE:venuebox_settings> fmt::fmt Threads::Threads ${arg_LIBS})
  if(arg_SOURCES)
    add_library(${target} STATIC ${arg_SOURCES})
    target_link_libraries(${target} PUBLIC ${public} PRIVATE ${arg_PRIVATE_LIBS})
    venuebox_link(${target} PUBLIC ${arg_DEPS})
    venuebox_reuse_pch(${target} venuebox_pch)
  else()
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE ${public})
    venuebox_link(${target} INTERFACE ${arg_DEPS})
  endif()
  if(arg_TESTS)
    venuebox_test(${name}_test SOURCES ${arg_TESTS} DEPS ${name} ${arg_TEST_DEPS}
                  LIBS ${arg_TEST_LIBS})
  endif()
endfunction()

function(venuebox_executable name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "DIRECTORY" "SOURCES;DEPS;LIBS")
  add_executable(${name} ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY
                                           "${CMAKE_BINARY_DIR}/${arg_DIRECTORY}")
  target_link_libraries(${name} PRIVATE venuebox_settings ${arg_LIBS})
  venuebox_link(${name} PRIVATE ${arg_DEPS})
  venuebox_reuse_pch(${name} venuebox_pch)
endfunction()

# Each folder of src/venues is a venue: its library is venuebox_venue_<name>, and the generated list
# behind venues/all.h holds its `venue`. A generated list, because a static library drops objects
# that only register themselves.
function(venuebox_venues)
  file(GLOB lists CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/src/venues/*/CMakeLists.txt")
  if(NOT TARGET venuebox_gateway)
    return()
  endif()
  set(declarations "")
  set(addresses "")
  set(names "")
  foreach(list IN LISTS lists)  # file(GLOB) sorts, so the order is the same on every machine.
    cmake_path(GET list PARENT_PATH folder)
    cmake_path(GET folder FILENAME name)
    add_subdirectory("${folder}")
    string(APPEND declarations
           "namespace venuebox::venues::${name} {\nextern const gateway::Venue venue;\n}\n")
    string(APPEND addresses "    &${name}::venue,\n")
    list(APPEND names venue_${name})
  endforeach()
  list(LENGTH names count)
  configure_file("${CMAKE_SOURCE_DIR}/cmake/venues_all.cpp.in"
                 "${CMAKE_BINARY_DIR}/generated/venues/all.cpp" @ONLY)
  venuebox_library(venues SOURCES "${CMAKE_BINARY_DIR}/generated/venues/all.cpp"
                   DEPS gateway ${names})
endfunction()

# tests.list: one path per line, for script/test.
function(venuebox_write_tests_list)
  get_property(tests GLOBAL PROPERTY VENUEBOX_TESTS)
  list(TRANSFORM tests REPLACE "(.+)" "$<TARGET_FILE:\\1>\n")
  string(JOIN "" content ${tests})
  file(GENERATE OUTPUT "${CMAKE_BINARY_DIR}/tests.list" CONTENT "${content}")
endfunction()
