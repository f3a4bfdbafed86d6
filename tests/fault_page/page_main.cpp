// Prints docs/faults.md; script/fault-page puts it in its place.
#include <cstdio>
#include <fstream>
#include <iterator>

#include "page.h"

int main(int argc, char** argv) {
  std::ifstream file(argc == 2 ? argv[1] : "");
  if (!file) {
    std::fputs("fault_page: name tests/conformance/faults.json\n", stderr);
    return 2;
  }
  const std::string expectations(std::istreambuf_iterator<char>(file), {});
  std::fputs(venuebox::fault_page::page(expectations).c_str(), stdout);
  return 0;
}
