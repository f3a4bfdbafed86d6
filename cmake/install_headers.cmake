# Run by `cmake --install`: copies what a bot includes, and whatever that includes, to
# include/venuebox. There they name each other with the folder's name in front, so that a bot with a
# `client/` or `net/` of its own never gets ours, nor ours the bot's.
#   source   src
#   include  where headers go, below the prefix
cmake_policy(VERSION 3.25)
set(target "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}/${include}/venuebox")
set(waiting client/network_transport.h client/recording_transport.h library/connect.h
            library/in_process_streams.h library/in_process_transport.h library/numbers.h
            library/system_clock.h)
set(copied "")
while(waiting)
  list(POP_FRONT waiting header)
  if(header IN_LIST copied)
    continue()
  endif()
  list(APPEND copied "${header}")
  file(READ "${source}/${header}" text)
  string(REGEX MATCHALL "#include \"[^\"]+\"" lines "${text}")
  foreach(line IN LISTS lines)
    string(REGEX REPLACE "#include \"([^\"]+)\"" "\\1" name "${line}")
    list(APPEND waiting "${name}")
  endforeach()
  string(REGEX REPLACE "#include \"([^\"]+)\"" "#include \"venuebox/\\1\"" text "${text}")
  file(WRITE "${target}/${header}" "${text}")
endwhile()
