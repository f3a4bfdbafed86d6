// Accounts and quotes.
#include <fmt/core.h>

#include "control/api_call.h"

namespace venuebox::control {
namespace {
// "abc...***": enough to recognise a secret, too little to use it.
std::string masked(std::string_view secret) {
  return std::string(secret.substr(0, std::min<std::size_t>(3, secret.size() / 4))) + "...***";
}

bool is_secret(std::string_view field) {
  return field == "secret" || field == "password" || field == "privateKey";
}

void write_account(JsonWriter& json, const box::Box& box, const box::AccountInfo& account,
                   bool show_secrets) {
  json.open().text("name", account.name).key("venues").open();
  for (const auto& exchange : box.exchanges()) {
    json.key(exchange->door().venue().name).open().key("balances").open();
    for (const Asset& asset : exchange->engine().assets()) {
      const Balance balance = exchange->engine().balance(account.id, asset.id);
      if (balance.cash.units != 0) json.key(asset.name).trimmed(balance.cash.units, asset.scale);
    }
    json.close().key("credentials").open();
    for (const auto& [key, credential] : exchange->door().credentials()) {
      if (credential.account != account.id) continue;
      for (const auto& [field, value] : exchange->door().venue().credential_fields(credential)) {
        json.text(field, !show_secrets && is_secret(field) ? masked(value) : value);
      }
    }
    json.close().close();
  }
  json.close().close();
}

// The price and size members of a quote, in the steps of one instrument.
struct QuoteText {
  std::optional<std::string> bid, ask, last, index, bid_size, ask_size;
};

Result<market::Quote> quote_for(const QuoteText& text, const Instrument& instrument) {
  const auto price = [&](std::string_view field, const std::string& value) -> Result<Ticks> {
    const auto ticks = ticks_from_decimal(value, instrument);
    const Ticks* found = std::get_if<Ticks>(&ticks);
    if (!found || found->raw <= 0 || *found > instrument.price_max) {
      return invalid(std::string(field), fmt::format("'{}' must be a price > 0 in steps of {}",
                                                     value, price_text(Ticks{1}, instrument)));
    }
    return *found;
  };
  const auto size = [&](std::string_view field,
                        const std::optional<std::string>& value) -> Result<Lots> {
    if (!value) return Lots{std::max<std::int64_t>(1, instrument.quantity_max.raw / 10)};
    const auto lots = lots_from_decimal(*value, instrument);
    const Lots* found = std::get_if<Lots>(&lots);
    if (!found || found->raw <= 0 || *found > instrument.quantity_max) {
      return invalid(std::string(field), fmt::format("'{}' must be a quantity > 0 in steps of {}",
                                                     *value, quantity_text(Lots{1}, instrument)));
    }
    return *found;
  };
  const auto bid = price("bid", *text.bid);
  if (!bid) return bid.error();
  const auto ask = price("ask", *text.ask);
  if (!ask) return ask.error();
  if (*bid >= *ask) return invalid("ask", "must be above the bid");
  const auto bid_size = size("bid_size", text.bid_size);
  if (!bid_size) return bid_size.error();
  const auto ask_size = size("ask_size", text.ask_size);
  if (!ask_size) return ask_size.error();
  market::Quote quote{
      .bid = *bid, .ask = *ask, .last = {}, .bid_size = *bid_size, .ask_size = *ask_size};
  if (text.last) {
    const auto last = price("last", *text.last);
    if (!last) return last.error();
    quote.last = *last;
  }
  if (text.index) {
    const auto index = mark_from_decimal(*text.index, instrument);
    if (!index) return invalid("index", fmt::format("'{}' must be a price > 0", *text.index));
    quote.index = *index;
  }
  return quote;
}
}  // namespace

void Api::list_accounts(Call& call) {
  auto json = call.json();
  json.open_list();
  for (const auto& account : call.box.accounts())
    write_account(json, call.box, account, false);
  json.close_list();
}

void Api::create_account(Call& call) {
  const auto name = text_member(call.body, "name");
  if (!name) return call.fail(name.error());
  if (!*name) return call.fail(invalid("name", "is missing"));

  std::optional<std::map<std::string, std::string>> balances;
  if (const JsonValue* given = call.body.find("balances")) {
    JsonObject object;
    if (given->kind != JsonKind::object || !object.parse(given->text)) {
      return call.fail(invalid("balances", "must be an object of asset and amount"));
    }
    balances.emplace();
    for (const auto& member : object.members()) {
      const auto amount = decimal_member(object, member.key);
      if (!amount || !*amount) {
        return call.fail(
            invalid("balances." + std::string(member.key), "must be a decimal number, as text"));
      }
      (*balances)[std::string(member.key)] = **amount;
    }
  }
  std::map<std::string, std::string> credentials;
  if (const JsonValue* given = call.body.find("credentials")) {
    JsonObject object;
    if (given->kind != JsonKind::object || !object.parse(given->text)) {
      return call.fail(invalid("credentials", "must be an object of venue and credentials"));
    }
    for (const auto& member : object.members()) {
      JsonObject fields;
      if (member.value.kind != JsonKind::object || !fields.parse(member.value.text)) {
        return call.fail(invalid("credentials." + std::string(member.key), "must be an object"));
      }
      for (const auto& field : fields.members()) {
        if (field.value.kind == JsonKind::text && !field.value.text.empty()) continue;
        return call.fail(invalid(fmt::format("credentials.{}.{}", member.key, field.key),
                                 "must be text that is not empty"));
      }
      credentials[std::string(member.key)] = member.value.text;
    }
  }
  const auto parent = text_member(call.body, "parent");
  if (!parent) return call.fail(parent.error());
  const auto created =
      call.box.create_account(**name, balances, credentials, (*parent).value_or(""));
  if (!created) return call.fail(created.error());
  call.response.status = 201;
  auto json = call.json();
  write_account(json, call.box, call.box.accounts().back(), true);
}

void Api::deposit(Call& call) {
  const auto venue = text_member(call.body, "venue");
  const auto asset = text_member(call.body, "asset");
  const auto amount = decimal_member(call.body, "amount");
  if (!venue) return call.fail(venue.error());
  if (!asset) return call.fail(asset.error());
  if (!amount) return call.fail(amount.error());
  if (!*venue) return call.fail(invalid("venue", "is missing"));
  if (!*asset) return call.fail(invalid("asset", "is missing"));
  if (!*amount) return call.fail(invalid("amount", "is missing"));
  const std::string_view name = call.arguments[0];
  if (auto paid = call.box.deposit(name, **venue, **asset, **amount); !paid) {
    return call.fail(paid.error());
  }
  auto json = call.json();
  for (const auto& account : call.box.accounts()) {
    if (account.name == name) write_account(json, call.box, account, false);
  }
}

// Between an account and its sub-accounts, or any others of the box.
void Api::transfer(Call& call) {
  std::map<std::string_view, std::string> given;
  for (const char* name : {"venue", "to", "asset", "amount"}) {
    const bool is_amount = std::string_view(name) == "amount";
    const auto text = is_amount ? decimal_member(call.body, name) : text_member(call.body, name);
    if (!text) return call.fail(text.error());
    if (!*text) return call.fail(invalid(name, "is missing"));
    given[name] = **text;
  }
  const std::string_view from = call.arguments[0];
  if (auto moved =
          call.box.transfer(from, given["to"], given["venue"], given["asset"], given["amount"]);
      !moved) {
    return call.fail(moved.error());
  }
  auto json = call.json();
  json.open_list();
  for (const auto& account : call.box.accounts()) {
    if (account.name == from || account.name == given["to"]) {
      write_account(json, call.box, account, false);
    }
  }
  json.close_list();
}

// An account's fee tier: {"venue":"bybit","category":"linear","maker":"-0.0001","taker":"0.0003"}.
void Api::set_fees(Call& call) {
  const auto venue = text_member(call.body, "venue");
  if (!venue) return call.fail(venue.error());
  if (!*venue) return call.fail(invalid("venue", "is missing"));
  const auto category = text_member(call.body, "category");
  if (!category) return call.fail(category.error());
  std::optional<InstrumentKindOf> kind;
  for (const auto& [name, value] : {std::pair{"spot", InstrumentKindOf::spot},
                                    std::pair{"linear", InstrumentKindOf::linear_perpetual},
                                    std::pair{"inverse", InstrumentKindOf::inverse_perpetual}}) {
    if (*category == name) kind = value;
  }
  if (!kind) return call.fail(invalid("category", "must be spot, linear or inverse"));
  FeeRates rates;
  for (const auto& [name, rate] :
       {std::pair{"maker", &rates.maker}, std::pair{"taker", &rates.taker}}) {
    const auto text = decimal_member(call.body, name);
    if (!text) return call.fail(text.error());
    const auto units = units_from_text((*text).value_or(""), 9);
    const Int128* value = std::get_if<Int128>(&units);
    if (!value || *value > kRateOne || *value < -kRateOne) {
      return call.fail(invalid(name, "must be a share of the value, from -1 to 1, as text"));
    }
    rate->raw = static_cast<std::int64_t>(*value);
  }
  const std::string_view account = call.arguments[0];
  if (auto set = call.box.set_fee_rates(account, **venue, *kind, rates); !set) {
    return call.fail(set.error());
  }
  auto json = call.json();
  json.open().text("account", account).text("venue", **venue).text("category", **category);
  json.key("maker").trimmed(rates.maker.raw, 9).key("taker").trimmed(rates.taker.raw, 9).close();
}

// Without ?category= the quote holds for every instrument of the symbol, spot and perpetual.
void Api::set_quote(Call& call) {
  const auto index = call.box.find_exchange(call.arguments[0]);
  if (!index) return call.fail({ErrorKind::not_found, "venue", "this box has no such venue"});
  QuoteText text;
  for (const auto& [key, member] :
       {std::pair{"bid", &QuoteText::bid}, std::pair{"ask", &QuoteText::ask},
        std::pair{"last", &QuoteText::last}, std::pair{"bid_size", &QuoteText::bid_size},
        std::pair{"ask_size", &QuoteText::ask_size}, std::pair{"index", &QuoteText::index}}) {
    auto value = decimal_member(call.body, key);
    if (!value) return call.fail(value.error());
    text.*member = std::move(*value);
  }
  if (!text.bid) return call.fail(invalid("bid", "is missing"));
  if (!text.ask) return call.fail(invalid("ask", "is missing"));

  const auto category = net::query_value(call.request.query, "category");
  if (category && *category != "spot" && *category != "linear" && *category != "inverse") {
    return call.fail(invalid("category", "must be spot, linear or inverse"));
  }
  std::vector<std::pair<InstrumentId, market::Quote>> quotes;
  for (const Instrument& instrument : call.box.exchanges()[*index]->engine().instruments()) {
    if (instrument.symbol != call.arguments[1]) continue;
    if (category && *category != category_of(instrument)) continue;
    const auto quote = quote_for(text, instrument);
    if (!quote) return call.fail(quote.error());
    quotes.emplace_back(instrument.id, *quote);
  }
  if (quotes.empty()) {
    return call.fail({ErrorKind::not_found, "symbol",
                      fmt::format("{} does not list '{}'", call.arguments[0], call.arguments[1])});
  }
  for (const auto& [instrument, quote] : quotes) {
    if (auto set = call.box.set_quote(*index, instrument, quote); !set) {
      return call.fail(set.error());
    }
  }
  auto json = call.json();
  json.open().text("venue", call.arguments[0]).text("symbol", call.arguments[1]);
  json.text("bid", *text.bid).text("ask", *text.ask);
  json.number("instruments", static_cast<std::int64_t>(quotes.size())).close();
}

}  // namespace venuebox::control
