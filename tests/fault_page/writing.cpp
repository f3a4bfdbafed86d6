#include "writing.h"

#include <span>
#include <vector>

#include <fmt/format.h>

#include "faults/names.h"

namespace venuebox::fault_page {
namespace {
constexpr std::string_view kBefore = R"(
## How a fault is written

    {"name": "busy", "where": {"account": "alice", "operation": "place_order"},
     "when": {"probability": 0.1}, "action": {"type": "overloaded"}, "times": 5}

`where` says whom it can strike: `venue`, `account`, `symbol`, `operation`, `transport` (`http` or `ws`)
and `channel`. What is left out matches everything. `when` says which of these occasions it strikes; all
that is given must hold:

| trigger | example | strikes |
|---|---|---|
| `probability` | `0.1` | one in ten, drawn |
| `nth` | `[3,5]` | the third and the fifth |
| `every` | `10` | each tenth |
| `window` | `{"from":"2025-01-01T02:00:00Z","to":"2025-01-01T03:00:00Z"}` | between two times; either can be left out |
| `daily` | `{"start":"02:00","minutes":30}` | at that time of each day |
| `weekly` | `{"day":"sunday","start":"00:00","minutes":120}` | of each week |
| `hourly_rate` | `{"9":0.05,"default":0.02}` | with a probability for each hour |
| `load_above` | `{"per_s":50}` | while more than so many arrive in a second |
| `burst` | `{"enter":0.01,"leave":0.2}` | in bursts, which begin and end with these probabilities |
| `after` | `{"event":"fill","n":1}` | from the n-th such event of whom it selects on |
| `with` | `"another"` | when that fault strikes |

Times are UTC by the box's clock. `times` bounds its strikes, `for_ms` its life, and of several the
higher `priority` goes first. Every decision is a function of the seed, the name and the running number
of the occasion. `POST faults/dry-run` tells what would strike, `GET faults/timeline` what struck, and,
once `POST faults/draws` with `{"keep":1000}` has asked for it, `GET faults/draws` each draw, those that
came to nothing included.

The header `X-Venuebox-Fault: NAME` strikes one request whatever `where` and `when` say; a name that is
not there, or cannot befall the request, is refused with 400.

The operation `stream` is the request that opens a stream, and all that is told on it. That request is
refused by its status (429, 403, 502, 503), ends without an answer, or is answered late. `transport`
tells the two apart: `http` is the request, `ws` what is told.

)";

constexpr std::string_view kAfter = R"(
Faults that were added to a running server are there again when a box with a lasting store starts anew,
with their running numbers, what they have begun, the statistics and the newest strikes of the timeline.
After a kill, what came between two strikes is not counted. Those of `--faults` are, at each start, those
of the file.
)";

void add_names(std::string& page, std::string_view what, std::span<const std::string_view> names) {
  page += fmt::format("{}: ", what);
  for (std::size_t i = 0; i < names.size(); ++i)
    page += fmt::format("{}`{}`", i == 0 ? "" : ", ", names[i]);
  page += ".\n";
}
}  // namespace

std::string writing() {
  std::string page(kBefore);
  add_names(page, "Operations", faults::all_operations());
  page += '\n';
  add_names(page, "Channels", faults::all_channels());
  page += '\n';
  std::vector<std::string_view> events;
  for (std::size_t i = 0; i < faults::kHappenings; ++i)
    events.push_back(name_of(static_cast<faults::Happening>(i)));
  add_names(page, "Events", events);
  return page.append(kAfter);
}

}  // namespace venuebox::fault_page
