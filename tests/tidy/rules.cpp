#include "rules.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

namespace venuebox::tidy {
namespace {

bool is_word_char(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Tests, and headers that only tests include.
bool is_test(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return name.ends_with("_test.cpp") || (name.starts_with("test_") && name.ends_with(".h"));
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

// Where `word` stands in `line` with no letter, digit or underscore on either side.
std::optional<std::size_t> find_word(std::string_view line, std::string_view word,
                                     std::size_t from = 0) {
  for (auto at = line.find(word, from); at != std::string_view::npos;
       at = line.find(word, at + 1)) {
    const auto end = at + word.size();
    const bool begins = at == 0 || !is_word_char(line[at - 1]);
    if (begins && (end == line.size() || !is_word_char(line[end]))) return at;
  }
  return std::nullopt;
}

// Whether `line` calls the function; with `arguments`, whether the call begins with one of them.
bool calls(std::string_view line, std::string_view function,
           const std::vector<std::string_view>& arguments = {}) {
  for (auto at = find_word(line, function); at; at = find_word(line, function, *at + 1)) {
    std::string_view rest = trimmed(line.substr(*at + function.size()));
    if (!rest.starts_with('(')) continue;
    rest = trimmed(rest.substr(1));
    if (arguments.empty()) return true;
    if (std::ranges::any_of(arguments, [&](auto argument) { return rest.starts_with(argument); }))
      return true;
  }
  return false;
}

// Runs `check` over the lines of `text`; what it returns becomes a finding.
template <class Check>
Findings check_lines(std::string_view path, std::string_view text, Check check) {
  Findings findings;
  int number = 0;
  for (std::string_view line : lines_of(text)) {
    ++number;
    if (std::string what = check(line); !what.empty())
      findings.push_back({std::string(path), number, std::move(what)});
  }
  return findings;
}

// `src/venues/bybit/codec.cpp` -> `venues/bybit`, `src/engine/book/level.h` -> `engine`.
std::string folder_of(std::string_view path) {
  path.remove_prefix(std::string_view("src/").size());
  const auto first = path.find('/');
  if (first == std::string_view::npos) return {};
  const std::string_view top = path.substr(0, first);
  const auto second = path.find('/', first + 1);
  if (top == "venues" && second != std::string_view::npos)
    return std::string(path.substr(0, second));
  return std::string(top);
}

const Arrows* row_of(std::string_view folder) {
  const std::string_view name = folder.starts_with("venues/") ? "venues/*" : folder;
  const auto& rows = allowed_arrows();
  const auto row = std::ranges::find(rows, name, &Arrows::folder);
  return row == rows.end() ? nullptr : &*row;
}

bool stands_under(std::string_view included, std::string_view place) {
  return included == place ||
         (included.starts_with(place) && included.substr(place.size()).starts_with('/'));
}

// The name between the quotes of `#include "…"`, or nothing on any other line.
std::optional<std::string_view> own_include(std::string_view line) {
  line = trimmed(line);
  if (!line.starts_with('#')) return std::nullopt;
  line = trimmed(line.substr(1));
  if (!line.starts_with("include")) return std::nullopt;
  line = trimmed(line.substr(std::string_view("include").size()));
  if (!line.starts_with('"')) return std::nullopt;
  line.remove_prefix(1);
  return line.substr(0, line.find('"'));
}

// Passes over a raw string whose opening quote is at `at`; returns the place behind it.
std::size_t end_of_raw_string(std::string_view text, std::size_t at) {
  const auto open = text.find('(', at);
  if (open == std::string_view::npos) return text.size();
  const std::string close = ")" + std::string(text.substr(at + 1, open - at - 1)) + "\"";
  const auto end = text.find(close, open);
  return end == std::string_view::npos ? text.size() : end + close.size();
}

// Passes over a plain literal whose opening quote is at `at`; it ends with its line at the latest.
std::size_t end_of_literal(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (++at; at < text.size() && text[at] != '\n'; ++at) {
    if (text[at] == quote) return at + 1;
    if (text[at] == '\\') ++at;
  }
  return std::min(at, text.size());
}

// Passes over an identifier or a number; the digit separator belongs to the number.
std::size_t end_of_word(std::string_view text, std::size_t at) {
  const bool number = std::isdigit(static_cast<unsigned char>(text[at])) != 0;
  for (; at < text.size(); ++at) {
    const bool separator =
        number && text[at] == '\'' && at + 1 < text.size() && is_word_char(text[at + 1]);
    if (!is_word_char(text[at]) && !separator) break;
  }
  return at;
}

}  // namespace

const std::vector<Arrows>& allowed_arrows() {
  // clang-format off
  static const std::vector<Arrows> rows{
      {"base",     {}},
      {"model",    {"base"}},
      {"crypto",   {"base"}},
      {"net",      {"base"}},
      {"engine",   {"base", "model"}},
      {"store",    {"base", "model"}},
      {"gateway",  {"base", "model", "crypto", "net"}},
      {"venues/*", {"base", "model", "crypto", "gateway/venue.h", "gateway/stream.h",
                    "gateway/client_dialect.h", "gateway/client_streams.h", "gateway/dialect",
                    "gateway/client_fields.h", "gateway/reading.h", "gateway/writing.h"}},
      {"venues",   {"gateway/venue.h"}},
      {"market",   {"base", "model"}},
      {"faults",   {"base", "model"}},
      {"client",   {"base", "model", "crypto", "net", "gateway", "venues/all.h"}},
      {"box",      {"base", "model", "net/kept_request.h", "engine", "store", "gateway",
                    "venues/all.h", "market", "faults"}},
      {"library",  {"base", "model", "net", "store", "gateway", "venues/all.h", "market", "faults",
                    "client", "box"}},
      {"load",     {"base", "model", "store", "gateway", "venues/all.h", "market", "faults", "client",
                    "box", "library"}},
      {"control",  {"base", "model", "crypto", "net", "engine", "store", "gateway", "venues/all.h",
                    "market", "faults", "client", "box", "library"}},
      {"app",      {"base", "model", "crypto", "net", "engine", "store", "gateway", "venues",
                    "market", "faults", "client", "box", "library", "load", "control"}},
  };
  // clang-format on
  return rows;
}

std::string code_only(std::string_view text) {
  std::string code(text);
  const auto blank = [&](std::size_t from, std::size_t to) {
    for (; from < to; ++from)
      if (code[from] != '\n') code[from] = ' ';
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    std::size_t end = at + 1;
    if (rest.starts_with("//")) {
      end = std::min(text.find('\n', at), text.size());
      blank(at, end);
    } else if (rest.starts_with("/*")) {
      const auto close = text.find("*/", at + 2);
      end = close == std::string_view::npos ? text.size() : close + 2;
      blank(at, end);
    } else if (text[at] == '"' || text[at] == '\'') {
      end = end_of_literal(text, at);
      blank(at, end);
    } else if (is_word_char(text[at])) {
      end = end_of_word(text, at);
      const std::string_view word = text.substr(at, end - at);
      const bool raw_prefix = word == "R" || word == "u8R" || word == "LR" || word == "uR";
      if (raw_prefix && end < text.size() && text[end] == '"') {
        const auto quote = end;
        end = end_of_raw_string(text, quote);
        blank(quote, end);
      }
    }
    at = end;
  }
  return code;
}

Findings check_includes(std::string_view path, std::string_view text) {
  const std::string folder = folder_of(path);
  const Arrows* row = row_of(folder);
  if (row == nullptr) {
    return {{std::string(path), 0, "its folder has no row in allowed_arrows()"}};
  }
  return check_lines(path, text, [&](std::string_view line) -> std::string {
    const auto included = own_include(line);
    if (!included) return {};
    if (stands_under(*included, folder)) return {};
    // Tests of what stands above the engine may drive a real one, and those of a venue its door.
    if (is_test(path) && stands_under(*included, "engine")) return {};
    if (is_test(path) && folder.starts_with("venues/") && included->starts_with("gateway/"))
      return {};
    const bool allowed = std::ranges::any_of(
        row->may_include, [&](auto place) { return stands_under(*included, place); });
    if (allowed) return {};
    return folder + " may not include " + std::string(*included);
  });
}

Findings check_floating_point(std::string_view path, std::string_view text) {
  const std::string folder = folder_of(path);
  if (folder != "engine" && folder != "model") return {};
  return check_lines(path, code_only(text), [](std::string_view line) -> std::string {
    for (auto word : {"double", "float"})
      if (find_word(line, word)) return std::string(word) + " has no place in engine and model";
    return {};
  });
}

Findings check_clock_and_random(std::string_view path, std::string_view text) {
  if (path == "src/library/system_clock.cpp" || path == "src/library/system_random.cpp") return {};
  if (path == "src/net/test_patience.h") return {};  // ends tests that wait for what never comes
  return check_lines(path, code_only(text), [](std::string_view line) -> std::string {
    for (auto word : {"system_clock", "steady_clock", "high_resolution_clock", "utc_clock",
                      "gettimeofday", "clock_gettime", "timespec_get"})
      if (find_word(line, word)) return std::string(word) + ": clocks are handed in";
    if (calls(line, "time", {"nullptr", "NULL", "0"})) return "time(): clocks are handed in";

    // A standard engine is unseeded unless somebody remembers to, and standard distributions
    // differ from library to library; base has a seeded random that does neither.
    for (auto word : {"random_device", "mt19937", "mt19937_64", "minstd_rand", "minstd_rand0",
                      "default_random_engine", "getrandom", "arc4random", "RAND_bytes"})
      if (find_word(line, word)) return std::string(word) + ": random numbers come from a seed";
    for (auto function : {"rand", "srand", "random", "drand48"})
      if (calls(line, function)) return std::string(function) + "(): use the seeded random of base";
    return {};
  });
}

Findings check_whitespace(std::string_view path, std::string_view text) {
  Findings findings = check_lines(path, text, [](std::string_view line) -> std::string {
    if (line.ends_with(' ')) return "trailing space";
    if (line.find('\t') != std::string_view::npos) return "tab";
    if (line.ends_with('\r')) return "carriage return";
    return {};
  });
  if (!text.empty() && !text.ends_with('\n'))
    findings.push_back({std::string(path), 0, "no newline at its end"});
  return findings;
}

Findings check_words(std::string_view path, std::string_view text) {
  // In two pieces, or this file would find itself.
  constexpr std::string_view kBanned[] = {
      "TO"
      "DO",
      "FIX"
      "ME",
      "XX"
      "X",
      "HA"
      "CK"};
  Findings findings = check_lines(path, text, [&](std::string_view line) -> std::string {
    for (std::string_view word : kBanned)
      if (find_word(line, word)) return std::string(word) + ": do it, or open an issue";
    return {};
  });
  if (!path.ends_with(".h") && !path.ends_with(".cpp")) return findings;
  // Venues have their own spelling in literals; a disabled test is one that cannot fail.
  Findings in_code = check_lines(path, code_only(text), [](std::string_view line) -> std::string {
    for (auto part : {"canceled", "Canceled", "CANCELED"})
      if (line.find(part) != std::string_view::npos) return "cancelled has two l's";
    if (line.find("DISABLED_") != std::string_view::npos) return "a test is never disabled";
    return {};
  });
  findings.insert(findings.end(), in_code.begin(), in_code.end());
  return findings;
}

Findings check_compiled(const Tree& tree) {
  Findings findings;
  for (const auto& [path, text] : tree) {
    if (!path.starts_with("src/") || !path.ends_with(".cpp")) continue;
    bool named = false;
    for (auto slash = path.rfind('/'); slash != std::string::npos && slash > 0 && !named;
         slash = path.rfind('/', slash - 1)) {
      const auto list = tree.find(path.substr(0, slash + 1) + "CMakeLists.txt");
      named = list != tree.end() && find_word(list->second, path.substr(slash + 1)).has_value();
    }
    if (!named) findings.push_back({path, 0, "no CMakeLists.txt names it"});
  }
  return findings;
}

}  // namespace venuebox::tidy
