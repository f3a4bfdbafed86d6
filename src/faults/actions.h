// The table of all actions: where each takes effect, what it may be combined with, and its
// parameters with range, default and a line of documentation. Parsing, docs/faults.md and the JSON
// Schema are made from it.
#pragma once

#include <optional>
#include <span>

#include "faults/action.h"
#include "faults/names.h"

namespace venuebox::faults {

// Where faults are asked for; a set of these is an `or` of bits. A request passes them in this
// order.
// The clock is asked for before it is known who asks.
enum class Layer : std::uint8_t {
  door = 1,
  exchange = 2,
  trading = 4,
  http = 8,
  stream = 16,        // a frame, for each who listens
  subscription = 32,  // a wish to subscribe
  clock = 64,
};

struct Layers {
  std::uint8_t bits = 0;

  constexpr Layers() = default;
  constexpr Layers(Layer layer)  // NOLINT(google-explicit-constructor): one layer is a set of one
      : bits(static_cast<std::uint8_t>(layer)) {}
  friend constexpr Layers operator|(Layers a, Layers b) {
    a.bits |= b.bits;
    return a;
  }
  constexpr bool meets(Layers other) const { return (bits & other.bits) != 0; }
  friend constexpr bool operator==(Layers, Layers) = default;
};
constexpr Layers operator|(Layer a, Layer b) { return Layers(a) | Layers(b); }
inline constexpr Layers kRequestLayers =
    Layer::door | Layer::exchange | Layer::trading | Layers(Layer::http);
inline constexpr Layers kAllLayers =
    kRequestLayers | (Layer::stream | Layer::subscription) | Layer::clock;

// An occasion has at most one ending; what goes along with others is additive, and all of it
// strikes.
enum class Effect : std::uint8_t { ending, additive };

enum class ParameterType : std::uint8_t { whole, ratio, flag, choice, text };

struct Parameter {
  std::string_view name;
  ParameterType type = ParameterType::whole;
  std::int64_t least = 0;  // of a number; of a text, bytes
  std::int64_t most = 0;
  std::int64_t standard = 0;      // the default, as in Value
  std::string_view choices = {};  // "a|b|c"; where the first is "drawn", each strike draws another
  std::string_view doc;
};

struct ActionInfo {
  ActionType type = ActionType::latency;
  std::string_view name;
  Layers layers;
  Transport transport = Transport::any;  // on which it can take effect
  Effect effect = Effect::ending;
  Subject subject = Subject::anything;  // which operations it can befall
  std::span<const Parameter> parameters;
  std::string_view doc;
  std::string_view drawn = {};    // what Strike::drawn is; empty: nothing
  std::string_view channel = {};  // the kind of channel that alone it befalls; empty: any
};

// In the order of ActionType.
std::span<const ActionInfo> all_actions();
const ActionInfo& info_of(ActionType type);
inline std::string_view name_of(ActionType type) { return info_of(type).name; }

// By the type's name, or by a name that users of other tools know, whatever its case.
std::optional<ActionType> action_from_name(std::string_view name);

struct Alias {
  std::string_view name;
  ActionType type = ActionType::latency;
};
std::span<const Alias> all_aliases();

// The parameter's place in the table; none when the type has no such parameter.
std::optional<std::size_t> find_parameter(const ActionInfo& info, std::string_view name);

// Whether the action has as many values as its type has parameters, and choices that there are.
bool is_within_table(const Action& action);

std::size_t choice_count(const Parameter& parameter);
std::string_view choice_name(const Parameter& parameter, std::size_t place);

std::string_view layer_name(Layers layers);
bool is_compound(ActionType type);

}  // namespace venuebox::faults
