#include "net/response_parser.h"

#include <algorithm>
#include <charconv>

#include "net/header_text.h"

namespace venuebox::net {
namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr std::string_view kVersion = "HTTP/1.";
constexpr std::size_t kHeadersMax = 200;
constexpr std::size_t kChunkLineBytesMax = 4 * 1024;

// No control characters: above all no bare CR or LF, which others might take for a line end.
bool is_plain(std::string_view text) {
  return std::ranges::none_of(text, [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  });
}

std::optional<std::size_t> number_from(std::string_view text) {
  std::size_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

const std::string* HttpClientResponse::header(std::string_view name) const {
  const auto found = std::ranges::find_if(
      headers, [&](const auto& header) { return same_name(header.first, name); });
  return found == headers.end() ? nullptr : &found->second;
}

ResponseParser::ResponseParser(Asked asked, std::size_t head_bytes_max, std::size_t body_bytes_max)
    : asked_(asked), head_bytes_left_(head_bytes_max), body_bytes_max_(body_bytes_max) {}

ResponseParser::State ResponseParser::fail(ClientErrorKind kind, std::string_view reason) {
  kind_ = kind;
  reason_ = reason;
  return state_ = State::failed;
}

ResponseParser::State ResponseParser::parse(std::span<char> bytes) {
  const std::size_t given = bytes.size();
  while (state_ == State::head && !bytes.empty())
    take_head(bytes);
  if (state_ == State::body) take_body(bytes);
  consumed_ = given - bytes.size();
  return state_;
}

ResponseParser::State ResponseParser::finish() {
  if (state_ == State::body && framing_ == Framing::until_close) state_ = State::complete;
  return state_;
}

ResponseParser::State ResponseParser::take_head(std::span<char>& bytes) {
  const std::size_t before = head_.size();
  head_.append(bytes.data(), std::min(bytes.size(), head_bytes_left_ + 1 - before));
  // What is no HTTP has no reason ever to end like a head.
  if (!kVersion.starts_with(std::string_view(head_).substr(0, kVersion.size())))
    return fail(ClientErrorKind::garbled, "does not begin like HTTP/1.x");
  const std::size_t overlap = std::min(before, kHeadEnd.size() - 1);
  const std::size_t found = head_.find(kHeadEnd, before - overlap);
  const std::size_t end = found == std::string::npos ? head_.size() : found + kHeadEnd.size();
  if (end > head_bytes_left_)
    return fail(ClientErrorKind::too_large, "its headers exceed the bound");
  bytes = bytes.subspan(end - before);
  if (found == std::string::npos) return state_;
  head_.resize(found);
  head_bytes_left_ -= end;
  return read_head();
}

ResponseParser::State ResponseParser::read_head() {
  response_ = {};
  std::string_view head = head_;
  for (bool first = true; !head.empty(); first = false) {
    const std::size_t end = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(std::min(end + 2, head.size()));
    if (first ? !read_status_line(line) : !read_field(line)) return state_;
  }
  head_.clear();
  const bool interim = response_.status < 200;
  if (response_.status == 101) {
    if (asked_ != Asked::upgrade)
      return fail(ClientErrorKind::garbled, "switches protocols unasked");
    return state_ = State::complete;
  }
  return interim ? state_ : choose_framing();
}

bool ResponseParser::read_status_line(std::string_view line) {
  // "HTTP/1.1 200 OK"; the phrase, and with it the space before it, is often left out.
  constexpr std::size_t kBytes = 12;
  const std::size_t digit = kVersion.size();
  const auto status = line.size() < kBytes ? std::nullopt : number_from(line.substr(9, 3));
  const bool good = line.size() >= kBytes && is_plain(line) && line.starts_with(kVersion) &&
                    (line[digit] == '0' || line[digit] == '1') && line[digit + 1] == ' ' &&
                    status && *status >= 100 && (line.size() == kBytes || line[kBytes] == ' ');
  if (!good) {
    fail(ClientErrorKind::garbled, "has a malformed status line");
    return false;
  }
  http_1_0_ = line[digit] == '0';
  response_.status = static_cast<int>(*status);
  return true;
}

bool ResponseParser::read_field(std::string_view line) {
  const std::size_t colon = std::min(line.find(':'), line.size());
  // A folded line begins with a space, and so is no token.
  if (colon == line.size() || !is_token(line.substr(0, colon)) || !is_plain(line)) {
    fail(ClientErrorKind::garbled, "has a malformed header");
    return false;
  }
  if (response_.headers.size() == kHeadersMax) {
    fail(ClientErrorKind::too_large, "has too many headers");
    return false;
  }
  response_.headers.emplace_back(line.substr(0, colon), trimmed(line.substr(colon + 1)));
  return true;
}

bool ResponseParser::has_token(std::string_view name, std::string_view token) const {
  return std::ranges::any_of(response_.headers, [&](const auto& header) {
    return same_name(header.first, name) && list_has(header.second, token);
  });
}

// RFC 9112, section 6.3, but for what it leaves to the reader's lenience.
ResponseParser::State ResponseParser::choose_framing() {
  const auto count = [&](std::string_view name) {
    return std::ranges::count_if(response_.headers,
                                 [&](const auto& header) { return same_name(header.first, name); });
  };
  const bool closes = has_token("Connection", "close");
  keep_alive_ = !closes && (!http_1_0_ || has_token("Connection", "keep-alive"));
  const auto lengths = count("Content-Length");
  const auto codings = count("Transfer-Encoding");
  if (lengths > 1 || (lengths > 0 && codings > 0))
    return fail(ClientErrorKind::garbled, "contradicts itself about its length");
  if (codings > 1 ||
      (codings > 0 && (http_1_0_ || !same_name(*response_.header("Transfer-Encoding"), "chunked"))))
    return fail(ClientErrorKind::garbled, "has a transfer encoding that was not asked for");
  std::optional<std::size_t> length;
  if (lengths > 0) length = number_from(*response_.header("Content-Length"));
  if (lengths > 0 && !length) return fail(ClientErrorKind::garbled, "has a malformed length");

  const int status = response_.status;
  if (asked_ == Asked::head_only || status == 204 || status == 304) return state_ = State::complete;
  if (length && *length > body_bytes_max_)
    return fail(ClientErrorKind::too_large, "its body exceeds the bound");
  if (length) {
    framing_ = Framing::length;
    body_bytes_left_ = *length;
  } else if (codings > 0) {
    framing_ = Framing::chunked;
    decoder_.emplace(body_bytes_max_, kChunkLineBytesMax);
  } else if (!keep_alive_) {
    framing_ = Framing::until_close;
  } else {
    return fail(ClientErrorKind::garbled,
                "says neither how long it is nor that it ends by closing");
  }
  return state_ = State::body;
}

ResponseParser::State ResponseParser::take_body(std::span<char>& bytes) {
  if (framing_ == Framing::chunked) return take_chunks(bytes);
  std::string& body = response_.body;
  if (framing_ == Framing::until_close && bytes.size() > body_bytes_max_ - body.size())
    return fail(ClientErrorKind::too_large, "its body exceeds the bound");
  const std::size_t count =
      framing_ == Framing::length ? std::min(bytes.size(), body_bytes_left_) : bytes.size();
  body.append(bytes.data(), count);
  bytes = bytes.subspan(count);
  if (framing_ == Framing::until_close) return state_;
  body_bytes_left_ -= count;
  return state_ = body_bytes_left_ == 0 ? State::complete : State::body;
}

ResponseParser::State ResponseParser::take_chunks(std::span<char>& bytes) {
  // Lines that came in pieces are put together in `chunks_`; the decoder moves what is body to its
  // beginning.
  const std::size_t before = chunks_.size();
  chunks_.append(bytes.data(), bytes.size());
  const std::size_t body_before = decoder_->body_bytes();
  const auto outcome = decoder_->decode(chunks_, chunks_.data());
  const std::size_t done = decoder_->consumed();
  response_.body.append(chunks_, 0, decoder_->body_bytes() - body_before);
  using Outcome = ChunkDecoder::Outcome;
  switch (outcome) {
    case Outcome::more: break;
    case Outcome::done: bytes = bytes.subspan(done - before); return state_ = State::complete;
    case Outcome::malformed: return fail(ClientErrorKind::garbled, "has a malformed chunk");
    case Outcome::body_too_large:
      return fail(ClientErrorKind::too_large, "its body exceeds the bound");
    case Outcome::line_too_long:
      return fail(ClientErrorKind::too_large, "has a chunk header beyond the bound");
  }
  chunks_.erase(0, done);
  bytes = {};
  return state_;
}

}  // namespace venuebox::net
