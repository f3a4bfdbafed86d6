#include "gateway/door.h"

namespace venuebox::gateway {
namespace {
// Orders end with the session in which they were placed, where its owner wishes so.
void name_session(std::vector<CommandBody>& commands, std::uint32_t session) {
  for (CommandBody& command : commands) {
    if (auto* order = std::get_if<PlaceOrder>(&command)) order->session = session;
    if (auto* batch = std::get_if<PlaceBatch>(&command)) {
      for (PlaceOrder& order : batch->orders)
        order.session = session;
    }
  }
}
}  // namespace

Door::Door(const Venue& venue, const DoorSettings& settings) : venue_(venue), settings_(settings) {
  for (const Route& route : venue.routes) {
    const bool is_plain = route.path.find("{}") == std::string_view::npos;
    (is_plain ? plain_routes_ : pattern_routes_).push_back(&route);
  }
}

void Door::handle(const Request& request, Response& response, Desk& desk, const Moment& moment) {
  handle(request, response, desk, moment, std::nullopt);
}

void Door::handle_for(AccountId account, const Request& request, Response& response, Desk& desk,
                      const Moment& moment) {
  handle(request, response, desk, moment, account);
}

void Door::handle(const Request& request, Response& response, Desk& desk, const Moment& moment,
                  std::optional<AccountId> known) {
  Call call = call_of(request, response, desk.view(), moment);
  if (const Route* route = let_in(call, known)) carry_out(call, *route, desk);
}

std::optional<Admission> Door::admit(const Request& request, Response& response, const View& view,
                                     const Moment& moment, std::optional<AccountId> known) {
  Call call = call_of(request, response, view, moment);
  const Route* route = let_in(call, known);
  if (!route) return std::nullopt;
  return Admission{route, call.account, call.granted};
}

void Door::carry_out(const Admission& admission, const Request& request, Response& response,
                     Desk& desk, const Moment& moment) {
  Call call = call_of(admission, request, response, desk.view(), moment);
  carry_out(call, *admission.route, desk);
}

void Door::tell(const Admission& admission, const Request& request, Response& response,
                const View& view, const Moment& moment, TroubleTold told) {
  response.status = 200;
  response.content_type = "application/json";
  response.headers.clear();
  response.body.clear();
  const bool is_limited = admission.route && admission.route->calls_per_second > 0;
  told.limit = is_limited ? admission.route->calls_per_second : venue_.limits.address.requests;
  Call call = call_of(request, response, view, moment);
  call.account = admission.account;
  call.account_name = account_name(admission.account);
  venue_.tell(call, told);
}

void Door::announce(const Admission& admission, const Request& request, Response& response,
                    const View& view, const Moment& moment, const MaintenanceNotice& notice) {
  Call call = call_of(admission, request, response, view, moment);
  venue_.announce(call, notice);
}

void Door::refuse(const Admission& admission, const Request& request, Response& response,
                  const View& view, const Moment& moment, RejectReason reason) {
  Call call = call_of(admission, request, response, view, moment);
  venue_.refuse(call, reason);
}

Call Door::call_of(const Request& request, Response& response, const View& view,
                   const Moment& moment) {
  response.tag.venue = venue_.name;
  commands_.clear();
  return {.request = request,
          .view = view,
          .response = response,
          .account = {},
          .account_name = {},
          .now = moment.box_time + moment.clock_skew,
          .door_time = moment.door_time + moment.clock_skew,
          .json = json_,
          .commands = commands_,
          .box_key = moment.box_key,
          .onboarding = onboarding_ ? &onboarding_ : nullptr,
          .clock_skew = moment.clock_skew,
          .options = &settings_.options,
          .credentials = &credentials_,
          .verifies = settings_.verify_signatures};
}

Call Door::call_of(const Admission& admission, const Request& request, Response& response,
                   const View& view, const Moment& moment) {
  Call call = call_of(request, response, view, moment);
  call.account = admission.account;
  name_asker(call);
  call.granted = admission.granted;
  net::path_matches(admission.route->path, request.path, arguments_);
  call.arguments = arguments_;
  return call;
}

// Null when it has been answered already.
//   known  absent: who asks has to be found out
const Route* Door::let_in(Call& call, std::optional<AccountId> known) {
  if (!known && !admit_address(call)) return nullptr;
  bool other_method_exists = false;
  const Route* route = find_route(call.request, other_method_exists);
  if (!route) {
    venue_.refuse_unknown_path(call, other_method_exists);
    return nullptr;
  }
  call.response.tag.operation = route->operation;
  call.arguments = arguments_;
  if (call.request.body.size() > venue_.limits.body_bytes_max) {
    call.response.status = 413;
    return nullptr;
  }
  if (route->access != Access::open && !admit(call, *route, known)) return nullptr;
  if (is_built(*route)) return route;
  venue_.refuse_not_built(call);
  return nullptr;
}

void Door::carry_out(Call& call, const Route& route, Desk& desk) {
  if (route.answer) return route.answer(call);
  if (!route.decode(call)) return;
  if (call.request.session != 0) name_session(commands_, call.request.session);
  outcomes_.clear();
  for (const CommandBody& command : commands_)
    outcomes_.add(desk.execute(command));
  route.encode(call, outcomes_);
}

bool Door::admit(Call& call, const Route& route, std::optional<AccountId> known) {
  if (known) {
    call.account = *known;
  } else if (settings_.verify_signatures) {
    const auto find = [this](std::string_view key) { return this->find(key); };
    if (!venue_.authenticate(call, find, call.account)) return false;
  } else {
    call.account = anonymous_;
  }
  name_asker(call);
  call.response.tag.account = call.account_name;
  return charge(call, route);
}

bool Door::admit_address(Call& call) {
  const AddressRule& rule = venue_.limits.address;
  if (settings_.rate_limits != RateLimits::all || rule.requests == 0) return true;
  if (addresses_.admits(call.request.peer, rule, call.door_time + -call.clock_skew)) return true;
  venue_.refuse_address(call);
  return false;
}

bool Door::charge(Call& call, const Route& route) {
  if (route.calls_per_second == 0 || settings_.rate_limits == RateLimits::off) return true;
  const Cost cost = route.cost ? route.cost(call)
                               : Cost{.budget = route.path, .per_second = route.calls_per_second};
  const auto verdict = limiter_.take(call.account, cost, call.door_time + -call.clock_skew);
  venue_.limit_headers(call.response, cost.per_second, verdict.remaining,
                       verdict.reset + call.clock_skew);
  if (settings_.rate_limits == RateLimits::headers) return true;
  call.granted = verdict.granted;
  if (verdict.granted > 0) return true;
  venue_.refuse(call, RejectReason::rate_limited);
  return false;
}

const Route* Door::find_route(const Request& request, bool& other_method_exists) {
  arguments_.clear();
  for (const Route* route : plain_routes_) {
    if (route->path != request.path) continue;
    if (route->method == request.method) return route;
    other_method_exists = true;
  }
  for (const Route* route : pattern_routes_) {
    if (!net::path_matches(route->path, request.path, arguments_)) continue;
    if (route->method == request.method) return route;
    other_method_exists = true;
  }
  return nullptr;
}

bool Door::add_credential(const Credential& credential, std::string account_name) {
  const auto [at, is_new] = credentials_.try_emplace(credential.key, credential);
  if (!is_new && at->second.account != credential.account) return false;
  account_names_[credential.account] = std::move(account_name);
  credentials_of_[credential.account] = &at->second;
  if (venue_.prepare) at->second.prepared = venue_.prepare(at->second);
  return true;
}

void Door::name_asker(Call& call) const {
  call.account_name = account_name(call.account);
  call.credential = credential_of(call.account);
}

const Credential* Door::credential_of(AccountId account) const {
  const auto at = credentials_of_.find(account);
  return at == credentials_of_.end() ? nullptr : at->second;
}

const Credential* Door::find(std::string_view key) const {
  const auto at = credentials_.find(key);
  return at == credentials_.end() ? nullptr : &at->second;
}

std::string_view Door::account_name(AccountId account) const {
  const auto at = account_names_.find(account);
  return at == account_names_.end() ? std::string_view{} : std::string_view(at->second);
}

}  // namespace venuebox::gateway
