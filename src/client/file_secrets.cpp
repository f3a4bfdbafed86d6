// Secrets in a file of their owner's.
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "client/secrets.h"

namespace venuebox::client {
namespace {
constexpr mode_t kOwnerOnly = S_IRUSR | S_IWUSR;
constexpr std::size_t kFileBytesMax = std::size_t{1024} * 1024;

Error io_error(const std::string& path, std::string_view doing) {
  return {ErrorKind::io, path, fmt::format("cannot {}: {}", doing, std::strerror(errno))};
}

struct Descriptor {
  explicit Descriptor(int given) : fd(given) {}
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int fd;
};

// Empty: there is no such file yet.
Result<std::string> contents(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.fd < 0) {
    if (errno == ENOENT) return std::string();
    return io_error(path, "open");
  }
  struct stat status {};
  if (::fstat(file.fd, &status) != 0) return io_error(path, "look at");
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return invalid(
        path, fmt::format("others may read or write this file of secrets; chmod 600 {}", path));
  }
  if (static_cast<std::size_t>(status.st_size) > kFileBytesMax) {
    return invalid(path, "is too large to be a file of secrets");
  }
  std::string text(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t count = ::read(file.fd, text.data() + size, text.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return io_error(path, "read");
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  text.resize(size);
  return text;
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(fd, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}
}  // namespace

Result<FileSecrets::Map> FileSecrets::read() const {
  auto text = contents(path_);
  if (!text) return text.error();
  Map secrets;
  if (text->empty()) return secrets;
  JsonObject json;
  if (!json.parse(*text)) return invalid(path_, "is not a JSON object of names and secrets");
  for (const JsonObject::Member& member : json.members()) {
    auto name = secret_name_from(member.key);
    if (!name || member.value.kind != JsonKind::text) {
      return invalid(path_, "is not a JSON object of names and secrets");
    }
    secrets.emplace(std::move(*name), member.value.text);
  }
  return secrets;
}

Result<void> FileSecrets::write(const Map& secrets) const {
  std::string text;
  JsonWriter json(text);
  json.open();
  for (const auto& [name, secret] : secrets)
    json.text(name.text(), secret);
  json.close();
  text += "\n";
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(path_).parent_path(), ignored);
  const std::string next = path_ + ".next";
  ::unlink(next.c_str());
  const Descriptor file(::open(next.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnly));
  if (file.fd < 0) return io_error(next, "create");
  if (!write_all(file.fd, text) || ::fsync(file.fd) != 0) return io_error(next, "write");
  if (::rename(next.c_str(), path_.c_str()) != 0) return io_error(path_, "replace");
  return {};
}

Result<std::optional<std::string>> FileSecrets::find(const SecretName& name) const {
  const auto secrets = read();
  if (!secrets) return secrets.error();
  const auto at = secrets->find(name);
  return at == secrets->end() ? std::optional<std::string>() : std::optional(at->second);
}

Result<std::vector<SecretName>> FileSecrets::list() const {
  const auto secrets = read();
  if (!secrets) return secrets.error();
  std::vector<SecretName> names;
  for (const auto& [name, secret] : *secrets)
    names.push_back(name);
  return names;
}

Result<void> FileSecrets::save(const SecretName& name, std::string_view secret) {
  auto checked = checked_secret(secret);
  if (!checked) return checked.error();
  auto secrets = read();
  if (!secrets) return secrets.error();
  (*secrets)[name] = std::move(*checked);
  return write(*secrets);
}

Result<void> FileSecrets::revoke(const SecretName& name) {
  auto secrets = read();
  if (!secrets) return secrets.error();
  if (secrets->erase(name) == 0) {
    return Error{ErrorKind::not_found, name.text(), fmt::format("{} has no such secret", path_)};
  }
  return write(*secrets);
}

}  // namespace venuebox::client
