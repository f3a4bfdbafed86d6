// Demo money, and transfers between accounts, of which each user has one: the unified account.
#include <algorithm>

#include "venues/bybit/codec_ledger.h"
#include "venues/bybit/wire.h"

namespace venuebox::venues::bybit {
namespace {
using gateway::Outcomes;

constexpr std::int64_t kMemberIdBase = 24'600'000;

// How much demo money one request may ask for, in whole coins.
struct DemoCoin {
  std::string_view name;
  std::int64_t most;
};
constexpr DemoCoin kDemoCoins[] = {{"BTC", 15}, {"ETH", 200}, {"USDT", 100'000}, {"USDC", 100'000}};

std::optional<Refusal> read_demo_coin(const Call& call, Body& body, Deposit& deposit) {
  const std::string_view coin = body.text("coin");
  const std::string_view amount = body.text("amountStr");
  if (body.wrong()) return body.wrong();
  const auto* known = std::ranges::find(kDemoCoins, coin, &DemoCoin::name);
  const Asset* asset = known == std::end(kDemoCoins) ? nullptr : call.view.find_asset(coin);
  if (!asset) return bad_parameter("coin");
  const auto units = units_from_text(amount, asset->scale);
  const auto* found = std::get_if<Int128>(&units);
  if (!found || *found <= 0 || *found > multiply(known->most, power_of_ten(asset->scale))) {
    return bad_parameter("amountStr");
  }
  deposit = {.account = call.account, .amount = {*found, asset->id}};
  return std::nullopt;
}

std::optional<Refusal> read_demo_money(Call& call, Body& body) {
  const std::string_view type = body.number("adjustType");
  const std::string_view list = body.list("utaDemoApplyMoney");
  if (body.wrong()) return body.wrong();
  if (type == "1") return not_supported("reducing demo funds");
  if (!type.empty() && type != "0") return bad_parameter("adjustType");
  std::deque<std::string> storage;
  const auto values = json_list(list, storage);
  if (!values || values->empty()) return bad_parameter("utaDemoApplyMoney");
  JsonObject json;
  for (const JsonValue& value : *values) {
    if (value.kind != JsonKind::object || !json.parse(value.text)) {
      return bad_parameter("utaDemoApplyMoney");
    }
    Body entry(json);
    Deposit deposit;
    if (auto no = read_demo_coin(call, entry, deposit)) return no;
    const bool is_repeated = std::ranges::any_of(call.commands, [&](const CommandBody& command) {
      return std::get<Deposit>(command).amount.asset == deposit.amount.asset;
    });
    if (is_repeated) return bad_parameter("coin");
    call.commands.emplace_back(deposit);
  }
  return std::nullopt;
}

void write_coin_balance(JsonWriter& json, const Asset& asset, const Balance* balance,
                        const View& view) {
  const Money nothing{0, asset.id};
  json.open().text("coin", asset.name);
  write_money(json, "transferBalance", balance ? balance->free() : nothing, view);
  write_money(json, "walletBalance", balance ? balance->cash : nothing, view);
  json.text("bonus", "").close();
}
}  // namespace

bool decode_demo_money(Call& call) {
  if (auto no = parse_body(call)) return refuse(call, *no);
  Body body(call.json);
  if (auto no = read_demo_money(call, body)) {
    call.commands.clear();
    return refuse(call, *no);
  }
  return true;
}

void encode_demo_money(Call& call, const Outcomes& outcomes) {
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (const auto reason = rejection_in(outcomes[i])) {
      const auto kind = InstrumentKindOf::linear_perpetual;
      return void(refuse(call, refusal_for(*reason, kind)));
    }
  }
  reply_empty(call);
}

// The funding account exists to be asked, and holds nothing.
void answer_coin_balances(Call& call) {
  const Params params(call);
  const std::string type = params.text("accountType");
  const std::string coin = params.text("coin");
  if (type != "FUND" && type != "UNIFIED") return void(refuse(call, bad_parameter("accountType")));
  if (!coin.empty() && !call.view.find_asset(coin)) {
    return void(refuse(call, bad_parameter("coin")));
  }
  reply(call, [&](JsonWriter& json) {
    json.open().number_text("memberId", kMemberIdBase + call.account.raw).text("accountType", type);
    json.key("balance").open_list();
    for (const Asset& asset : call.view.assets()) {
      if (!coin.empty() && asset.name != coin) continue;
      const Balance balance = call.view.balance(call.account, asset.id);
      write_coin_balance(json, asset, type == "FUND" ? nullptr : &balance, call.view);
    }
    json.close_list().close();
  });
}

// There is one account to each user, and nothing to transfer to.
void answer_transfer(Call& call) {
  if (auto no = parse_body(call)) return void(refuse(call, *no));
  Body body(call.json);
  const std::string_view id = body.text("transferId");
  const std::string_view coin = body.text("coin");
  const std::string_view amount = body.text("amount");
  const std::string_view from = body.text("fromAccountType");
  const std::string_view to = body.text("toAccountType");
  if (auto no = body.wrong()) return void(refuse(call, *no));
  if (id.empty()) return void(refuse(call, bad_parameter("transferId")));
  const Asset* asset = call.view.find_asset(coin);
  if (!asset) return void(refuse(call, bad_parameter("coin")));
  const auto units = units_from_text(amount, asset->scale);
  const auto* found = std::get_if<Int128>(&units);
  if (!found || *found <= 0) return void(refuse(call, bad_parameter("amount")));
  if (from.empty()) return void(refuse(call, bad_parameter("fromAccountType")));
  if (to.empty()) return void(refuse(call, bad_parameter("toAccountType")));
  if (from == to) {
    return void(
        refuse(call, {kSameAccountType, "fromAccountType can't be the same as toAccountType"}));
  }
  refuse(call, {kNoSuchAccount, "Account not exist"});
}

}  // namespace venuebox::venues::bybit
