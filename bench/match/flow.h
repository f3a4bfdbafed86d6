// A deterministic flow of orders for matching engines, and what the reference makes of it. Made in
// memory and the same on every machine; nothing is read from a file, and nothing here is measured.
// Provenance: bench/match/genflow.cpp and flow.h of the project's shared notes, rewritten to be
// read; the commands are the same, one for one.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/order.h"

namespace venuebox::bench {

enum class Operation : std::uint16_t { add, cancel };

struct FlowCommand {
  std::uint32_t id;    // of the order; given out in sequence from 1
  std::int32_t price;  // ticks; 0 in a cancel, as the two below
  std::uint32_t qty;   // lots
  Operation operation;
  Side side;
};
static_assert(sizeof(FlowCommand) == 16, "a cache line holds four");

// What an engine must arrive at.
struct Outcome {
  std::uint64_t trades = 0;  // in the run; the fill does not trade
  std::uint64_t volume = 0;  // lots traded in the run
  std::uint64_t live = 0;    // orders resting at the end
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

struct Flow {
  std::uint32_t resting = 0;          // orders the book is filled with first
  std::vector<FlowCommand> commands;  // the fill, then the run
  Outcome expected;

  std::span<const FlowCommand> fill() const { return std::span(commands).first(resting); }
  std::span<const FlowCommand> run() const { return std::span(commands).subspan(resting); }
  std::uint32_t id_limit() const { return static_cast<std::uint32_t>(commands.size()) + 1; }
};

// Fill: `resting` limits within 50 ticks of one mid, none of which cross. Run: 10% marketable
// limits that reach 10 ticks beyond the best price; the rest adds 1 to 50 ticks from the opposite
// best and cancels of a random live order, in a mix steered so that the resting count stays (about
// 50% adds and 40% cancels). The side of the marketable flow leans one way for 100,000 commands,
// then the other, so the mid drifts.
Flow make_flow(std::uint32_t resting, std::uint32_t run_commands);

// The same, made by a child process: nothing of the generator's is left in this one's malloc, whose
// ways with large blocks depend on what was freed before. Ends the program when there is no child.
Flow make_flow_apart(std::uint32_t resting, std::uint32_t run_commands);

}  // namespace venuebox::bench
