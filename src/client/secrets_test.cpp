#include "client/secrets.h"

#include <filesystem>
#include <fstream>

#include <sys/stat.h>

#include <gtest/gtest.h>

#include "base/test_canaries.h"

namespace venuebox::client {
namespace {
constexpr std::string_view kKey = kCanaryKey;

struct SecretsFile : testing::Test {
  SecretsFile() {
    folder = (std::filesystem::temp_directory_path() / "venuebox-secrets-XXXXXX").string();
    VENUEBOX_ASSERT(::mkdtemp(folder.data()) != nullptr);
    path = folder + "/deeper/secrets.json";
  }
  ~SecretsFile() override { std::filesystem::remove_all(folder); }

  std::string folder;
  std::string path;
  SecretName name{.venue = "bybit", .key_type = "apiKey"};
};

TEST(SecretNames, SayWhereAKeyBelongs) {
  const auto name = secret_name_from("team/one/prod/bybit/apiKey");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->prefix, "team/one");
  EXPECT_EQ(name->env, "prod");
  EXPECT_EQ(name->venue, "bybit");
  EXPECT_EQ(name->key_type, "apiKey");
  EXPECT_EQ(name->text(), "team/one/prod/bybit/apiKey");
  for (const char* bad :
       {"", "a", "a/dev/bybit", "a/live/bybit/apiKey", "/dev/bybit/apiKey", "a//dev/bybit/apiKey",
        "a/dev//apiKey", "a/dev/bybit/", "a b/dev/c/d", "a/dev/../d/e/f"}) {
    EXPECT_FALSE(secret_name_from(bad)) << bad;
  }
}

TEST(SecretMasks, ShowThreeCharactersAtMost) {
  EXPECT_EQ(masked("abcdefghijklm"), "abc...***");
  EXPECT_EQ(masked("short"), "...***");
  EXPECT_EQ(masked(""), "...***");
  EXPECT_EQ(masked("-----BEGIN PRIVATE KEY-----\nabc"), "---...***");
  EXPECT_EQ(masked("\xff\xfe\xfd 0123456789"), "...***");
}

TEST(SecretChecks, RefuseWhatCopyingLeaves) {
  EXPECT_EQ(*checked_secret("key\r\n"), "key");
  EXPECT_EQ(*checked_secret("-----BEGIN PRIVATE KEY-----\nabc\n"),
            "-----BEGIN PRIVATE KEY-----\nabc");
  for (const char* bad : {"", "\n", "a b", " ab", "a\tb", "a\nb", "a\x01", "\xc3\xa4"}) {
    const auto checked = checked_secret(bad);
    ASSERT_FALSE(checked) << bad;
  }
  std::string copied(kKey);
  copied += " x";
  const auto refused = checked_secret(copied);
  EXPECT_EQ(refused.error().text().find(kKey), std::string::npos) << "never repeated";
}

TEST(MemorySecrets, FindsSavesAndRevokes) {
  MemorySecrets secrets;
  const SecretName name{.venue = "bybit", .key_type = "apiKey"};
  EXPECT_EQ(*secrets.find(name), std::nullopt);
  ASSERT_TRUE(secrets.save(name, kKey));
  EXPECT_EQ(*secrets.find(name), kKey);
  EXPECT_EQ(secrets.list()->size(), 1u);
  ASSERT_TRUE(secrets.revoke(name));
  EXPECT_EQ(secrets.revoke(name).error().kind, ErrorKind::not_found);
}

TEST(EnvironmentSecrets, ReadsTheVenuesVariables) {
  const auto lookup = [](const char* variable) -> const char* {
    if (std::string_view(variable) == "BYBIT_API_KEY") return "theKey";
    if (std::string_view(variable) == "BYBIT_SECRET") return "";
    return std::string_view(variable) == "ACME_KEY" ? "a b" : nullptr;
  };
  EnvironmentSecrets secrets(lookup, {{"bybit", "apiKey", "BYBIT_API_KEY"},
                                      {"bybit", "secret", "BYBIT_SECRET"},
                                      {"acme", "key", "ACME_KEY"}});
  EXPECT_EQ(*secrets.find({.venue = "bybit", .key_type = "apiKey"}), "theKey");
  EXPECT_EQ(*secrets.find({.venue = "bybit", .key_type = "secret"}), std::nullopt);
  const auto broken = secrets.find({.venue = "acme", .key_type = "key"});
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().where, "ACME_KEY");
  EXPECT_FALSE(secrets.save({.venue = "bybit", .key_type = "apiKey"}, "other"));
}

TEST_F(SecretsFile, KeepsThemForTheOwnerAlone) {
  FileSecrets secrets(path);
  EXPECT_EQ(*secrets.find(name), std::nullopt);
  ASSERT_TRUE(secrets.save(name, kKey));
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  FileSecrets again(path);
  EXPECT_EQ(*again.find(name), kKey);
  ASSERT_TRUE(again.revoke(name));
  EXPECT_EQ(again.list()->size(), 0u);
}

TEST_F(SecretsFile, RefusesAFileThatOthersMayRead) {
  FileSecrets secrets(path);
  ASSERT_TRUE(secrets.save(name, kKey));
  ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
  const auto found = secrets.find(name);
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().detail.find("chmod 600"), std::string::npos);
  EXPECT_FALSE(secrets.save(name, "other")) << "and nothing is written over it";
}

TEST_F(SecretsFile, RefusesWhatIsNoFileOfSecrets) {
  std::filesystem::create_directories(folder + "/deeper");
  for (const char* text : {"[]", "{", R"({"x":"y"})", R"({"venuebox/dev/bybit/apiKey":1})"}) {
    std::ofstream(path) << text;
    ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
    const auto listed = FileSecrets(path).list();
    ASSERT_FALSE(listed) << text;
    EXPECT_FALSE(FileSecrets(path).save(name, kKey)) << "what is there is not lost";
  }
}

}  // namespace
}  // namespace venuebox::client
