// Faults from JSON, strictly, and back. Whatever is wrong is refused with the path of the field
// ("faults[2].when.probability") and what would be right.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "faults/fault.h"
#include "faults/fields.h"

namespace venuebox::faults {

struct ParseOptions {
  std::span<const std::string_view> venues = {};  // those there are; empty: any name is taken
  std::string_view name = {};                     // of the fault, where the address gives it
};

// One fault, as PUT faults/{name} and the CLI have it.
Result<Fault> fault_from_json(std::string_view json, const ParseOptions& options = {});

// A list, an object whose member `faults` is one, or one fault.
Result<std::vector<Fault>> faults_from_json(std::string_view json,
                                            const ParseOptions& options = {});

// What the two above read as equal: unset fields are left out, parameters are all there.
void write_fault(std::string& out, const Fault& fault);
std::string json_of(const Fault& fault);
std::string json_of(std::span<const Fault> faults);

// The parts of a fault, in files of their own.
Trigger trigger_from(Fields& fields);
Action action_from(Fields& fields, const Trigger& when);
// What each part allows and the whole does not: contradictions and impossible combinations.
void check_combination(const Fault& fault, std::string_view path, Failure& failure);

}  // namespace venuebox::faults
