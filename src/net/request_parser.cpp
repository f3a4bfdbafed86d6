#include "net/request_parser.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include "net/chunk_decoder.h"

namespace venuebox::net {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

// Part of the request's bytes. Heads are below 64 KiB by the limits.
struct Slice {
  std::uint16_t offset = 0;
  std::uint16_t size = 0;
};

struct Field {
  Slice name;
  Slice value;
};

// What the callbacks of one request record.
struct Record {
  // Where the request and what has arrived of it stand, set anew for every call of the parser.
  const char* base = nullptr;
  const char* end = nullptr;
  http::verb verb = http::verb::unknown;
  Slice target;
  std::vector<Field> fields;
  int version = 11;
  int hosts = 0;
  bool line_done = false;
  bool expects_continue = false;
  int status = 0;  // of a failure found here
  std::string_view reason;

  Slice slice(beast::string_view text) const {
    return {static_cast<std::uint16_t>(text.data() - base),
            static_cast<std::uint16_t>(text.size())};
  }
  void fail(int code, std::string_view why, error_code& error) {
    status = code;
    reason = why;
    error = http::error::bad_value;
  }
};

class Parser final : public http::basic_parser<true> {
 public:
  Parser(Record& record, std::size_t body_bytes_max) : record_(record) {
    header_limit(kHeadBytesMax);
    body_limit(body_bytes_max);
  }

 private:
  void on_request_impl(http::verb verb, beast::string_view, beast::string_view target, int version,
                       error_code& error) override {
    if (target.size() > kTargetBytesMax) return record_.fail(414, "target too long", error);
    record_.verb = verb;
    record_.target = record_.slice(target);
    record_.version = version;
    record_.line_done = true;
  }

  void on_field_impl(http::field name, beast::string_view name_text, beast::string_view value,
                     error_code& error) override {
    if (record_.fields.size() == kHeadersMax) return record_.fail(431, "too many headers", error);
    if (is_folded(name_text, value)) return record_.fail(400, "folded header line", error);
    record_.fields.push_back({record_.slice(name_text), record_.slice(value)});
    if (name == http::field::host) {
      if (++record_.hosts > 1) record_.fail(400, "more than one Host header", error);
    } else if (name == http::field::transfer_encoding) {
      if (record_.version < 11) return record_.fail(400, "transfer encoding in HTTP/1.0", error);
      if (!beast::iequals(value, "chunked")) record_.fail(501, "unknown transfer encoding", error);
    } else if (name == http::field::content_length) {
      // Beast takes "1, 1" for 1; what stands before a server may take it for something else.
      if (value.find(',') != std::string_view::npos)
        record_.fail(400, "more than one Content-Length", error);
    } else if (name == http::field::expect && record_.version >= 11) {
      if (!beast::iequals(value, "100-continue")) return record_.fail(417, "unknown Expect", error);
      record_.expects_continue = true;
    }
  }

  void on_header_impl(error_code& error) override {
    if (record_.version >= 11 && record_.hosts == 0) record_.fail(400, "no Host header", error);
  }

  // Beast reads heads only, so none of these is called.
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(beast::string_view bytes, error_code&) override { return bytes.size(); }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}

  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view bytes, error_code&) override {
    return bytes.size();
  }
  void on_finish_impl(error_code&) override {}
  void on_response_impl(int, beast::string_view, int, error_code&) override {}

  // Beast joins folded lines in memory of its own or, where the first is empty, goes on to the
  // second. Readers disagree about folding, which is how requests are smuggled.
  bool is_folded(beast::string_view name, beast::string_view value) const {
    const char* at = name.end() + 1;
    if (value.empty()) {
      while (at + 2 < record_.end && *at != '\n')
        ++at;
      return at[1] == ' ' || at[1] == '\t';
    }
    if (value.data() < at || value.data() >= record_.end) return true;
    return std::find(at, value.data(), '\n') != value.data();
  }

  Record& record_;
};

Method method_from(http::verb verb) {
  switch (verb) {
    case http::verb::get: return Method::get;
    case http::verb::post: return Method::post;
    case http::verb::put: return Method::put;
    case http::verb::delete_: return Method::del;
    case http::verb::patch: return Method::patch;
    case http::verb::head: return Method::head;
    case http::verb::options: return Method::options;
    default: return Method::other;
  }
}

struct Refusal {
  int status;
  std::string_view reason;
};

Refusal refusal_from(const error_code& error) {
  switch (static_cast<http::error>(error.value())) {
    case http::error::body_limit: return {413, "body too large"};
    case http::error::header_limit: return {431, "headers too large"};
    case http::error::bad_method: return {400, "bad method"};
    case http::error::bad_target: return {400, "bad target"};
    case http::error::bad_version: return {400, "bad HTTP version"};
    case http::error::bad_field: return {400, "bad header name"};
    case http::error::bad_value: return {400, "bad header value"};
    case http::error::bad_content_length: return {400, "bad Content-Length"};
    case http::error::multiple_content_length: return {400, "conflicting Content-Length"};
    case http::error::bad_transfer_encoding: return {400, "bad Transfer-Encoding"};
    default: return {400, "malformed request"};
  }
}

std::string_view view(std::span<const char> bytes, Slice slice) {
  return {bytes.data() + slice.offset, slice.size};
}

}  // namespace

struct RequestParser::Impl {
  Record record;
  std::optional<Parser> parser;
  std::optional<ChunkDecoder> chunks;
};

RequestParser::RequestParser(std::size_t body_bytes_max)
    : impl_(std::make_unique<Impl>()), body_bytes_max_(body_bytes_max) {
  impl_->parser.emplace(impl_->record, body_bytes_max_);
}

RequestParser::~RequestParser() = default;

void RequestParser::reset() {
  std::vector<Field> fields = std::move(impl_->record.fields);
  fields.clear();
  impl_->record = Record{};
  impl_->record.fields = std::move(fields);
  impl_->parser.emplace(impl_->record, body_bytes_max_);
  parsed_ = body_begin_ = body_bytes_ = 0;
  state_ = State::head;
  started_ = chunked_ = false;
}

RequestParser::State RequestParser::fail(int status, std::string_view reason) {
  impl_->record.status = status;
  impl_->record.reason = reason;
  return state_ = State::failed;
}

RequestParser::State RequestParser::parse(std::span<char> bytes) {
  VENUEBOX_ASSERT(bytes.size() >= parsed_);
  started_ = started_ || !bytes.empty();
  impl_->record.base = bytes.data();
  impl_->record.end = bytes.data() + bytes.size();
  if (state_ == State::head) parse_head(bytes);
  if (state_ == State::body) {
    if (chunked_) return parse_chunks(bytes);
    // A body of known length needs no parser: it is there or not yet.
    if (bytes.size() - body_begin_ < body_bytes_) return state_;
    parsed_ = body_begin_ + body_bytes_;
    state_ = State::complete;
  }
  return state_;
}

RequestParser::State RequestParser::parse_head(std::span<char> bytes) {
  Record& record = impl_->record;
  error_code error;
  const auto unread = bytes.subspan(parsed_);
  parsed_ += impl_->parser->put(boost::asio::const_buffer(unread.data(), unread.size()), error);
  if (error == http::error::need_more || error == http::error::header_limit) {
    // Beast limits what it has not yet consumed; the limits here are on the whole head.
    if (!record.line_done && bytes.size() > kTargetBytesMax + 32) {
      const auto line = bytes.first(kTargetBytesMax + 32);
      if (std::ranges::find(line, '\n') == line.end()) return fail(414, "target too long");
    }
    if (error == http::error::header_limit || bytes.size() > kHeadBytesMax)
      return fail(431, "headers too large");
    return state_;
  }
  if (error) {
    if (record.status != 0) return state_ = State::failed;
    const Refusal refusal = refusal_from(error);
    return fail(refusal.status, refusal.reason);
  }
  if (parsed_ > kHeadBytesMax) return fail(431, "headers too large");
  body_begin_ = parsed_;
  chunked_ = impl_->parser->chunked();
  if (chunked_) {
    impl_->chunks.emplace(body_bytes_max_, kHeadBytesMax);
  } else {
    body_bytes_ = impl_->parser->content_length().value_or(0);
  }
  return state_ = State::body;
}

RequestParser::State RequestParser::parse_chunks(std::span<char> bytes) {
  ChunkDecoder& chunks = *impl_->chunks;
  const auto outcome =
      chunks.decode(bytes.subspan(parsed_), bytes.data() + body_begin_ + body_bytes_);
  parsed_ += chunks.consumed();
  body_bytes_ = chunks.body_bytes();
  switch (outcome) {
    case ChunkDecoder::Outcome::more: break;
    case ChunkDecoder::Outcome::done: state_ = State::complete; break;
    case ChunkDecoder::Outcome::malformed: return fail(400, "bad chunk");
    case ChunkDecoder::Outcome::body_too_large: return fail(413, "body too large");
    case ChunkDecoder::Outcome::line_too_long: return fail(431, "chunk header too large");
  }
  return state_;
}

std::size_t RequestParser::squeeze(std::span<char> bytes) {
  if (!chunked_ || state_ != State::body) return 0;
  const std::size_t body_end = body_begin_ + body_bytes_;
  const std::size_t gap = parsed_ - body_end;
  std::memmove(bytes.data() + body_end, bytes.data() + parsed_, bytes.size() - parsed_);
  parsed_ = body_end;
  return gap;
}

void RequestParser::fill(std::span<const char> bytes, HeaderSpace& space, Request& request) const {
  VENUEBOX_ASSERT(state_ == State::complete);
  const Record& record = impl_->record;
  std::ranges::transform(record.fields, space.begin(), [&](const Field& field) {
    return Header{view(bytes, field.name), view(bytes, field.value)};
  });
  request.method = method();
  request.target = view(bytes, record.target);
  request.headers = std::span(space.data(), record.fields.size());
  request.body = {bytes.data() + body_begin_, body_bytes_};
  split_target(request);
}

bool RequestParser::keep_alive() const { return impl_->parser->keep_alive(); }
Method RequestParser::method() const { return method_from(impl_->record.verb); }
bool RequestParser::http_1_0() const { return impl_->record.version < 11; }

bool RequestParser::claim_continue() {
  const Record& record = impl_->record;
  const bool body_begun = record.end > record.base + body_begin_;
  if (state_ != State::body || body_begun) return false;
  return std::exchange(impl_->record.expects_continue, false);
}

int RequestParser::status() const { return impl_->record.status; }
std::string_view RequestParser::reason() const { return impl_->record.reason; }

}  // namespace venuebox::net
