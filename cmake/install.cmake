# What `cmake --install` gives a bot: the static libraries that venuebox::venuebox stands on, the
# headers that its own reach, and the package file by which find_package(venuebox) finds both.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

# `target` and the targets of ours that it is linked with, in `result`.
function(venuebox_closure target result)
  set(found ${${result}})
  if(NOT target IN_LIST found)
    list(APPEND found ${target})
    get_target_property(deps ${target} INTERFACE_LINK_LIBRARIES)
    foreach(dep IN LISTS deps)
      if(dep MATCHES "^venuebox_" AND TARGET ${dep})
        venuebox_closure(${dep} found)
      endif()
    endforeach()
  endif()
  set(${result} ${found} PARENT_SCOPE)
endfunction()

function(venuebox_install root)
  set(libraries "")
  venuebox_closure(${root} libraries)
  foreach(library IN LISTS libraries)
    string(REPLACE "venuebox_" "" name ${library})
    set_target_properties(${library} PROPERTIES EXPORT_NAME ${name})
    target_compile_features(${library} INTERFACE $<INSTALL_INTERFACE:cxx_std_23>)
  endforeach()
  set_target_properties(${root} PROPERTIES EXPORT_NAME venuebox)
  set(package "${CMAKE_INSTALL_LIBDIR}/cmake/venuebox")
  install(TARGETS ${libraries} EXPORT venuebox ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
          INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
  install(EXPORT venuebox NAMESPACE venuebox:: FILE venueboxTargets.cmake DESTINATION "${package}")
  write_basic_package_version_file("${CMAKE_BINARY_DIR}/venueboxConfigVersion.cmake"
                                   COMPATIBILITY SameMinorVersion)
  install(FILES "${CMAKE_SOURCE_DIR}/cmake/venueboxConfig.cmake"
                "${CMAKE_BINARY_DIR}/venueboxConfigVersion.cmake" DESTINATION "${package}")
  install(CODE "set(source \"${CMAKE_SOURCE_DIR}/src\")
set(include \"${CMAKE_INSTALL_INCLUDEDIR}\")")
  install(SCRIPT "${CMAKE_SOURCE_DIR}/cmake/install_headers.cmake")
  install(TARGETS venuebox RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endfunction()
