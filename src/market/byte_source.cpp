#include "market/byte_source.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <archive.h>
#include <archive_entry.h>
#include <fmt/core.h>
#include <zlib.h>

#include "base/hash.h"

namespace venuebox::market {
namespace {
constexpr std::size_t kChunkBytes = 256 * 1024;
constexpr std::string_view kZipMagic{"PK\3\4", 4};

struct CloseGzip {
  void operator()(gzFile_s* file) const { gzclose(file); }
};
struct CloseArchive {
  void operator()(archive* reader) const { archive_read_free(reader); }
};

// zlib reads what is not gzip as it is, and checks the checksum of what is.
class GzipBytes final : public ByteSource {
 public:
  explicit GzipBytes(gzFile_s* file) : file_(file) { gzbuffer(file, 128 * 1024); }

  std::size_t read(std::span<char> space) override {
    const int got = gzread(file_.get(), space.data(), static_cast<unsigned>(space.size()));
    if (got > 0) return static_cast<std::size_t>(got);
    int code = Z_OK;
    const char* text = gzerror(file_.get(), &code);
    if (got < 0 || (code != Z_OK && code != Z_STREAM_END)) {
      failure_ = fmt::format("the gzip ends early or is damaged ({})", text);
    }
    return 0;
  }
  void rewind() override {
    gzrewind(file_.get());
    failure_.clear();
  }

 private:
  std::unique_ptr<gzFile_s, CloseGzip> file_;
};

// Reads an archive from its front to its end, without its directory, so that it can come from any
// other source. The library checks the checksum.
class ZipBytes final : public ByteSource {
 public:
  explicit ZipBytes(std::unique_ptr<ByteSource> packed) : packed_(std::move(packed)) { begin(); }

  std::size_t read(std::span<char> space) override {
    while (unpacked_.empty()) {
      if (!failure_.empty() || at_end_) return 0;
      read_block();
    }
    const std::size_t count = std::min(space.size(), unpacked_.size());
    std::memcpy(space.data(), unpacked_.data(), count);
    unpacked_ = unpacked_.subspan(count);
    return count;
  }
  void rewind() override {
    packed_->rewind();
    failure_.clear();
    begin();
  }

 private:
  void begin() {
    at_end_ = false;
    unpacked_ = {};
    reader_.reset(archive_read_new());
    archive_read_support_format_zip_streamable(reader_.get());
    if (archive_read_open(reader_.get(), this, nullptr, &ZipBytes::supply, nullptr) != ARCHIVE_OK) {
      return fail();
    }
    if (!next_file() && failure_.empty()) failure_ = "the zip holds no file";
  }

  static la_ssize_t supply(archive*, void* self, const void** block) {
    auto& bytes = *static_cast<ZipBytes*>(self);
    *block = bytes.block_.data();
    return static_cast<la_ssize_t>(bytes.packed_->read(bytes.block_));
  }

  // By blocks, so that all that comes before the damage is given out.
  void read_block() {
    const void* block = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    const int result = archive_read_data_block(reader_.get(), &block, &size, &offset);
    if (result == ARCHIVE_OK) {
      unpacked_ = {static_cast<const char*>(block), size};
    } else if (result != ARCHIVE_EOF) {
      fail();
    } else {
      at_end_ = true;
      if (next_file())
        failure_ = "the zip holds more than one file; unpack it and give one of them";
    }
  }

  bool next_file() {
    archive_entry* entry = nullptr;
    while (true) {
      const int result = archive_read_next_header(reader_.get(), &entry);
      if (result == ARCHIVE_EOF) return false;
      if (result != ARCHIVE_OK && result != ARCHIVE_WARN) return fail(), false;
      if (archive_entry_filetype(entry) == AE_IFREG) return true;
    }
  }
  void fail() {
    const char* text = archive_error_string(reader_.get());
    failure_ = packed_->failure().empty() ? fmt::format("the zip ends early or is damaged ({})",
                                                        text ? text : "no reason given")
                                          : packed_->failure();
  }

  std::unique_ptr<ByteSource> packed_;
  std::string block_ = std::string(kChunkBytes, '\0');
  std::unique_ptr<archive, CloseArchive> reader_;
  std::span<const char> unpacked_;  // what of the present block is not yet given out
  bool at_end_ = false;
};

class MemoryBytes final : public ByteSource {
 public:
  explicit MemoryBytes(std::string text) : text_(std::move(text)) {}

  std::size_t read(std::span<char> space) override {
    const std::size_t count = std::min(space.size(), text_.size() - at_);
    std::memcpy(space.data(), text_.data() + at_, count);
    at_ += count;
    return count;
  }
  void rewind() override { at_ = 0; }

 private:
  std::string text_;
  std::size_t at_ = 0;
};

Result<void> check_file(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) {
    return Error{ErrorKind::not_found, path, "does not exist; give the path of a recording"};
  }
  if (std::filesystem::is_directory(status)) {
    return invalid(path, "is a folder; give the path of a recording in it");
  }
  if (!std::filesystem::is_regular_file(status)) {
    return invalid(path,
                   "is a pipe or a device, and a recording is read more than once; save it "
                   "to a file");
  }
  if (std::filesystem::file_size(path, error) == 0) return invalid(path, "is empty");
  return {};
}
}  // namespace

Result<std::unique_ptr<ByteSource>> open_bytes(const std::string& path) {
  if (auto checked = check_file(path); !checked) return checked.error();
  gzFile_s* file = gzopen(path.c_str(), "rb");
  if (!file) return Error{ErrorKind::io, path, "cannot be opened; may it be read?"};
  std::unique_ptr<ByteSource> bytes = std::make_unique<GzipBytes>(file);
  std::string front(kZipMagic.size(), '\0');
  front.resize(bytes->read(front));
  if (front.empty()) {
    const std::string& failure = bytes->failure();
    return invalid(path, failure.empty() ? "is empty once it is unpacked" : failure);
  }
  bytes->rewind();
  if (front == kZipMagic) bytes = std::make_unique<ZipBytes>(std::move(bytes));
  if (!bytes->failure().empty()) return invalid(path, bytes->failure());
  return bytes;
}

std::unique_ptr<ByteSource> bytes_of(std::string text) {
  return std::make_unique<MemoryBytes>(std::move(text));
}

Result<std::uint64_t> content_hash(const std::string& path) {
  if (auto checked = check_file(path); !checked) return checked.error();
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{ErrorKind::io, path, "cannot be opened; may it be read?"};
  std::string chunk(kChunkBytes, '\0');
  Hasher hasher;
  while (file) {
    file.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    hasher.add_bytes(std::string_view(chunk).substr(0, static_cast<std::size_t>(file.gcount())));
  }
  if (file.bad()) return Error{ErrorKind::io, path, "cannot be read"};
  return hasher.value();
}

}  // namespace venuebox::market
