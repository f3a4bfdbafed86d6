// venuebox: crypto exchanges in a box. Reads the command line and calls one of the commands.
#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "app/commands.h"
#include "app/config_file.h"

namespace venuebox::app {
namespace {
constexpr const char* kServeExamples = R"(
Examples:
  venuebox serve
      all venues on localhost:8000, a simulated market, state kept between runs
  venuebox serve --listen 127.0.0.1:0 --ready-json --store memory --market pinned
      for a test: any free port, one JSON line when ready, nothing kept
  venuebox serve --latency entry=fixed:20ms --latency answer=lognormal:5ms:0.4
      orders arrive 20 ms after they were sent, and fills may be told before acknowledgements
  venuebox serve --market replay:examples/data/binance-usdm-btcusdt-20240808-minute.raw.gz
      a recorded minute of the BTCUSDT market, over and over
Every flag is also a key of the --config file (TOML) and an environment variable:
--rate-limits is VENUEBOX_RATE_LIMITS.)";

std::string env_name(std::string_view flag) {
  std::string name = "VENUEBOX_";
  for (const char c : flag.substr(2)) {
    name.push_back(c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
  }
  return name;
}

void add_serve(CLI::App& app, ServeFlags& flags) {
  CLI::App* serve = app.add_subcommand("serve", "Start the exchanges and answer their clients");
  const auto option = [&](const char* name, auto& value, const char* help) {
    return serve->add_option(name, value, help)->envname(env_name(name))->type_name("");
  };
  option("--listen", flags.listen,
         "ADDR:PORT for everything, or VENUE=ADDR:PORT for one venue alone; port 0: any free one. "
         "May be given several times. Default localhost:8000");
  option("--venues", flags.venues, "Which venues, a,b; default all")->delimiter(',');
  option("--symbols", flags.symbols, "Base assets, BTC,ETH; default: twelve of the largest")
      ->delimiter(',');
  option("--market", flags.market,
         "pinned, synthetic (default) or replay:FILE[,FILE...][:speed=N][:loop=off][:queue=tail|"
         "proportional|head][:from=TIME][:to=TIME]");
  option("--seed", flags.seed, "Everything random follows from it; default 1");
  option("--clock", flags.clock, "wall (default), scaled:N or manual");
  option("--clock-start", flags.clock_start,
         "now, recording or a time like 2024-08-08 or 2024-08-08T23:54:15Z");
  option("--auth-clock", flags.auth_clock,
         "Whose clock judges how fresh a signature is: wall (default) or box");
  option("--auth", flags.auth, "verify (default), off, or VENUE=off");
  option("--rate-limits", flags.rate_limits,
         "account (default), all (also by client address), headers or off");
  option(
      "--latency", flags.latency,
      "entry=MODEL or answer=MODEL: how long, by the box's clock, an order takes to the exchange "
      "and its answer back. none (default), fixed:20ms, normal:20ms:5ms, lognormal:20ms:0.5, "
      "each with +spikes:0.01:500ms or not; may be given several times, or with commas")
      ->delimiter(',');
  option("--store", flags.store,
         "memory or sqlite:PATH; default a file in the user's state folder");
  serve->add_flag("--fresh", flags.fresh, "Delete what is stored and begin anew")
      ->envname("VENUEBOX_FRESH");
  option("--durability", flags.durability,
         "What a committed order survives: process (default) or power");
  option("--faults", flags.faults, "A file of faults (.json, .toml or .yaml): docs/faults.md");
  option("--venue-option", flags.venue_options,
         "VENUE.KEY=VALUE, such as paradex.heartbeat_hz=1: the venue's page in docs/venues");
  option("--failure-mode", flags.failure_mode,
         "A named mode, such as RANDOM or CONNECTION_ERROR (faults run --help has all), or NONE; "
         "also from FAILURE_MODE")
      ->envname("FAILURE_MODE");
  option("--failure-rate", flags.failure_rate,
         "How often it strikes, 0 to 1; default the mode's own; also from FAILURE_RATE")
      ->envname("FAILURE_RATE");
  option("--threads", flags.threads, "Threads for boxes; default 1");
  option("--poll-us", flags.poll_us, "Stay awake so long after each turn; default 0");
  option("--control-token", flags.control_token, "What the control API asks for as bearer");
  option("--log-level", flags.log_level, "error, warn, info (default) or debug");
  option("--log-format", flags.log_format, "text (default) or json");
  serve->add_flag("--ready-json", flags.ready_json, "One JSON line on standard output when ready")
      ->envname("VENUEBOX_READY_JSON");
  // Read before the command line is parsed; here so that --help shows it.
  option("--config", flags.config, "A TOML file with the same keys, without the dashes in front");
  serve->footer(kServeExamples);
}
CLI::App* add_faults_run(CLI::App& faults, FaultsRunFlags& flags) {
  CLI::App* run = faults.add_subcommand(
      "run", "A load test of the client library under faults, in virtual time");
  const auto option = [&](const char* name, auto& value, const char* help) {
    return run->add_option(name, value, help)->type_name("");
  };
  option("--duration", flags.duration_s, "Seconds of virtual time; default 3600");
  option("--mode", flags.mode,
         "RATE_LIMIT, CONNECTION_ERROR, TIMEOUT, INVALID_ORDER, INSUFFICIENT_BALANCE, "
         "INVALID_SYMBOL, PARTIAL_FILL, PRICE_SLIPPAGE, INVALID_RESPONSE, MAINTENANCE, MIXED, "
         "NONE or RANDOM (default)");
  option("--modes", flags.modes, "Several of them");
  option("--probabilities", flags.probabilities, "How often each of --modes strikes, 0 to 1");
  option("--probability", flags.probability,
         "How often every mode strikes, 0 to 1; default 0.1, and of MIXED its own shares");
  option("--rate-limit", flags.rate_limit,
         "Requests of an account that pass per minute; 0: all. Default 60");
  option("--timeout", flags.timeout_s, "Seconds until a client gives an attempt up; default 5");
  run->add_flag("--maintenance", flags.maintenance, "The venue closes for a while");
  option("--maintenance-start", flags.maintenance_start, "When, UTC; default 02:00");
  option("--maintenance-duration", flags.maintenance_minutes, "How many minutes; default 30");
  option("--clients", flags.clients, "Each with an account of its own; default 1");
  option("--rate", flags.rate, "Operations that each client begins per minute; default 30");
  option("--orders-each", flags.orders_each,
         "Each client places so many orders and ends, whatever the duration; default 0: a mix of "
         "operations for the whole of it");
  option("--latency", flags.latency,
         "Of a request and its answer, as of serve; default lognormal:40ms:0.4");
  option("--seed", flags.seed, "Everything random follows from it; default 1");
  option("--venue", flags.venue, "Default bybit");
  option("--faults", flags.faults, "A file of faults besides (.json, .toml or .yaml)");
  option("--output", flags.output,
         "Where the report goes, and beside it the picture; default exchange_test.json");
  run->add_flag("--json", flags.json, "The report on standard output, too");
  run->footer(
      "docs/load-test.md shows a report. Examples:\n"
      "  venuebox faults run --clients 10 --mode MIXED\n"
      "  venuebox faults run --modes TIMEOUT CONNECTION_ERROR --probabilities 0.05 0.3\n"
      "  venuebox faults run --maintenance --maintenance-start 02:00 --maintenance-duration 30");
  return run;
}

void add_control(CLI::App& command, ControlFlags& flags) {
  command.add_option("--url", flags.url, "A running server; default http://127.0.0.1:8000");
  command.add_option("--box", flags.box, "Which of its boxes; default default");
  command.add_option("--control-token", flags.token, "The server's, if it has one");
}

// The arguments with those of a --config file put behind `serve`.
Result<std::vector<std::string>> with_config_file(int argc, char** argv) {
  std::vector<std::string> given(argv + 1, argv + argc);
  const auto value_of = [&](const std::string& flag) -> std::optional<std::string> {
    for (std::size_t i = 0; i < given.size(); ++i) {
      if (given[i] == flag) return i + 1 < given.size() ? given[i + 1] : "";
      if (given[i].starts_with(flag + "=")) return given[i].substr(flag.size() + 1);
    }
    if (const char* environment = std::getenv(env_name(flag).c_str())) return environment;
    return std::nullopt;
  };
  const auto path = value_of("--config");
  if (given.empty() || given[0] != "serve" || !path) return given;
  const auto added = arguments_from_config(
      *path, [&](const std::string& flag) { return value_of(flag).has_value(); });
  if (!added) return added.error();
  given.insert(given.begin() + 1, added->begin(), added->end());
  return given;
}
}  // namespace

int complain(int status, const std::string& text) {
  fmt::print(stderr, "venuebox: {}\n", text);
  return status;
}

int run(int argc, char** argv) {
  CLI::App app("Crypto exchanges in a box: real venue protocols on this machine, offline",
               "venuebox");
  app.set_version_flag("--version", std::string("venuebox ") + VENUEBOX_VERSION);
  app.require_subcommand(1);
  app.footer("venuebox COMMAND --help shows a command's flags and examples.");

  ServeFlags serve_flags;
  add_serve(app, serve_flags);

  CredentialsFlags credentials_flags;
  CLI::App* credentials =
      app.add_subcommand("credentials", "Print the demo credentials of a venue");
  credentials->add_option("venue", credentials_flags.venue, "bybit")->required();
  credentials->add_option("--account", credentials_flags.account, "alice (default), bob or carol");
  credentials->add_option("--format", credentials_flags.format,
                          "json (default), env, ccxt-js, ccxt-py or curl");
  credentials->footer("Example:\n  venuebox credentials bybit --account bob --format env");

  CheckVenuesFlags check_flags;
  CLI::App* check = app.add_subcommand(
      "check-venues", "Try each venue as a client would: prices, a signed call, an order");
  check->add_option("--venue", check_flags.venue, "One of them; default all");
  check->add_option("--symbol", check_flags.symbol, "Default BTC/USDT:USDT or BTC/USD:USDC");
  check->add_option("--url", check_flags.url,
                    "A running server of boxes; default http://127.0.0.1:8000");
  check->add_flag("--network", check_flags.network,
                  "The real venues instead, over the network; nothing is traded there");
  check->add_flag("--testnet", check_flags.testnet, "Their testnets, likewise");
  check->add_option(
      "--env", check_flags.env,
      "Whose keys of `venuebox secrets`: shadow (default), soak or prod; a box is dev");
  check->add_option("--ca-file", check_flags.ca_file,
                    "PEM certificates to trust instead of the system's");
  check->add_flag("--json", check_flags.json, "Report as JSON, a line for each check");
  check->footer(check_venues_help());

  SignFlags sign_flags;
  CLI::App* sign =
      app.add_subcommand("sign", "Show how a demo account's client signs an order, step by step");
  sign->add_option("venue", sign_flags.venue, "paradex")->required();
  sign->add_option("--order", sign_flags.order,
                   "The order's body as the venue takes it, JSON; -: standard input")
      ->required();
  sign->add_option("--account", sign_flags.account, "alice (default) or any other name");
  sign->add_flag("--json", sign_flags.json, "The steps as JSON");
  sign->footer(
      "Example:\n  venuebox sign paradex --order '{\"market\":\"BTC-USD-PERP\",\"side\":\"BUY\","
      "\"type\":\"LIMIT\",\"size\":\"0.05\",\"price\":\"65000\","
      "\"signature_timestamp\":1750000000000}'");

  SecretsFlags secrets_flags;
  CLI::App* secrets = app.add_subcommand("secrets", "Keep the keys of real venues, masked");
  secrets->add_option("action", secrets_flags.action, "save, show, rotate, revoke or list")
      ->required();
  secrets->add_option("name", secrets_flags.name,
                      "PREFIX/ENV/VENUE/KEY_TYPE, ENV is dev, shadow, soak or prod; for list: what "
                      "names begin with");
  secrets->add_option("--file", secrets_flags.file,
                      "Where they are kept; default secrets.json in the user's state folder");
  secrets->add_flag("--json", secrets_flags.json, "Report as JSON");
  secrets->footer(
      "save and rotate read the secret from standard input, so that no shell history has it.\n"
      "Examples:\n"
      "  venuebox secrets save venuebox/dev/bybit/apiKey < key.txt\n"
      "  venuebox secrets list venuebox/prod");

  ReplayFlags replay_flags;
  CLI::App* replayed = app.add_subcommand(
      "replay", "Run a journal again and check that the same events happen, or check a recording");
  CLI::Option* journal = replayed->add_option("--journal", replay_flags.journal,
                                              "The file that --store sqlite: wrote");
  CLI::Option* recording =
      replayed
          ->add_option(
              "--check", replay_flags.check,
              "A recording for --market replay: reads all of it and tells gaps, times that "
              "go back, unreadable lines and damage")
          ->excludes(journal);
  replayed
      ->add_option("--tick", replay_flags.tick, "With --check: counts prices that do not fit it")
      ->needs(recording);
  replayed->add_flag("--json", replay_flags.json, "Report as JSON");
  replayed->footer(
      "Examples:\n  venuebox replay --journal ~/.local/state/venuebox/default.db\n"
      "  venuebox replay --check 2024-12-01_XRPUSDT_ob500.data.zip --tick 0.0001");

  FaultsFlags faults_flags;
  FaultsRunFlags faults_run_flags;
  CLI::App* faults = app.add_subcommand(
      "faults", "What goes wrong in a running box: add, list, remove, look back; or a load test");
  CLI::App* faults_run = add_faults_run(*faults, faults_run_flags);
  faults->add_option("action", faults_flags.action, "add, list, remove, reset, stats or timeline");
  faults->add_option(
      "subject", faults_flags.subject,
      "Of add a file (.json, .toml, .yaml; - is JSON from standard input), of remove "
      "a fault's name");
  add_control(*faults, faults_flags.control);
  faults->add_flag("--json", faults_flags.json, "Report as JSON");
  faults->footer(
      "All faults and their parameters: docs/faults.md. Examples:\n"
      "  venuebox faults add flaky.toml\n"
      "  echo '{\"name\":\"busy\",\"when\":{\"probability\":0.1},"
      "\"action\":{\"type\":\"overloaded\"}}' | venuebox faults add -\n"
      "  venuebox faults stats");

  VerdictFlags verdict_flags;
  CLI::App* judged = app.add_subcommand(
      "verdict", "Compare what a client believes with what the venue knows, and name the causes");
  judged
      ->add_option("--belief", verdict_flags.belief,
                   "A JSON file with venue, account, orders, positions and balances; -: standard "
                   "input")
      ->required();
  add_control(*judged, verdict_flags.control);
  judged->add_flag("--json", verdict_flags.json, "The differences as JSON");
  judged->footer(
      "The exit status is 0 when both agree, 1 when they differ, 2 when nothing could be "
      "compared.\nExample:\n  venuebox verdict --belief belief.json");

  CLI::App* trading = app.add_subcommand(
      "trading-example",
      "A small trading system, to see how it fares against an exchange that fails");
  trading->footer(
      "The environment says what it does: EXCHANGE_URL (default http://localhost:8000/bybit),\n"
      "ENABLE_RETRIES (true or false; default true) and MAX_RETRIES (default 3). The exit status "
      "is "
      "0\nwhen all of its orders went in.");

  auto arguments = with_config_file(argc, argv);
  if (!arguments) return complain(2, arguments.error().text());
  std::reverse(arguments->begin(), arguments->end());  // CLI11 takes them from the back.
  try {
    app.parse(std::move(*arguments));
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    std::string text = error.what();
    if (const auto line_end = text.find('\n'); line_end != std::string_view::npos)
      text.resize(line_end);
    return complain(2, text + " (see venuebox --help, or venuebox COMMAND --help)");
  }
  if (*credentials) return print_credentials(credentials_flags);
  if (*check) return check_venues(check_flags);
  if (*sign) return explain_signature(sign_flags);
  if (*secrets) return manage_secrets(secrets_flags);
  if (*faults_run) return run_load_test(faults_run_flags);
  if (*faults) return manage_faults(faults_flags);
  if (*trading) return trading_example();
  if (*judged) return verdict(verdict_flags);
  if (*replayed) {
    if (!replay_flags.check.empty()) return check_recording(replay_flags);
    if (!replay_flags.journal.empty()) return replay(replay_flags);
    return complain(2, "replay: give --journal FILE or --check FILE");
  }
  const auto options = checked_options(serve_flags);
  if (!options) return complain(2, options.error().text());
  return serve(*options);
}

}  // namespace venuebox::app

int main(int argc, char** argv) { return venuebox::app::run(argc, argv); }
