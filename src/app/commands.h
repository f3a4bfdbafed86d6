// The program's commands; each returns its exit status: 0, 1 for a failure, 2 for a wrong call.
#pragma once

#include <string>

#include "app/control_client.h"
#include "app/options.h"

namespace venuebox::app {

int serve(const ServeOptions& options);

struct CredentialsFlags {
  std::string venue;
  std::string account = "alice";
  std::string format = "json";
};
int print_credentials(const CredentialsFlags& flags);

struct CheckVenuesFlags {
  std::string venue;                          // empty: all
  std::string symbol;                         // empty: the venue's perpetual in bitcoin
  std::string url = "http://127.0.0.1:8000";  // of a server of boxes
  bool network = false;                       // the real venues instead
  bool testnet = false;                       // their testnets
  std::string env;      // dev, shadow, soak or prod; empty: dev of a box, else shadow
  std::string ca_file;  // PEM certificates to trust instead of the system's
  bool json = false;
};
int check_venues(const CheckVenuesFlags& flags);
// Which variables hold which venue's keys.
std::string check_venues_help();

struct SecretsFlags {
  std::string action;  // save, show, rotate, revoke or list
  std::string name;    // PREFIX/ENV/VENUE/KEY_TYPE; of list: what names have to begin with
  std::string file;    // empty: in the user's state folder
  bool json = false;
};
int manage_secrets(const SecretsFlags& flags);

struct SignFlags {
  std::string venue;
  std::string account = "alice";
  std::string order;  // JSON; "-": standard input
  bool json = false;
};
int explain_signature(const SignFlags& flags);

struct ReplayFlags {
  std::string journal;
  std::string check;  // a recording instead
  std::string tick;   // of the recording's prices, e.g. "0.10"; empty: any
  bool json = false;
};
int replay(const ReplayFlags& flags);
int check_recording(const ReplayFlags& flags);

struct VerdictFlags {
  ControlFlags control;
  std::string belief;  // a file; "-": standard input
  bool json = false;
};
// 0: venue and client agree; 1: they differ; 2: nothing could be compared.
int verdict(const VerdictFlags& flags);

struct FaultsFlags {
  ControlFlags control;
  std::string action;   // add, list, remove, reset, stats or timeline
  std::string subject;  // of add a file, of remove a fault's name
  bool json = false;
};
int manage_faults(const FaultsFlags& flags);

struct FaultsRunFlags {
  std::string venue = "bybit";
  std::uint64_t seed = 1;
  int clients = 1;
  std::int64_t duration_s = 3'600;
  std::int64_t rate = 30;
  std::int64_t orders_each = 0;
  std::int64_t rate_limit = 60;
  std::int64_t timeout_s = 5;
  std::string latency = "lognormal:40ms:0.4";
  std::string mode;  // empty: RANDOM, unless there are modes or a file of faults
  std::vector<std::string> modes;
  std::vector<std::string> probabilities;  // one for each of the modes; empty: `probability`
  std::string probability;                 // empty: what each mode has by itself
  bool maintenance = false;
  std::string maintenance_start = "02:00";
  int maintenance_minutes = 30;
  std::string faults;  // a file; empty: none
  std::string output = "exchange_test.json";
  bool json = false;
};
int run_load_test(const FaultsRunFlags& flags);

// Takes what it needs from the environment: EXCHANGE_URL, ENABLE_RETRIES, MAX_RETRIES.
int trading_example();

// One line on standard error: cause and mend.
int complain(int status, const std::string& text);

}  // namespace venuebox::app
