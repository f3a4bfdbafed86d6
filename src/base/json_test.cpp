#include <fmt/core.h>
#include <gtest/gtest.h>

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "base/random.h"

namespace venuebox {
namespace {

TEST(JsonReader, ReadsMembersAndLeavesNumbersAsText) {
  JsonObject object;
  ASSERT_TRUE(object.parse(
      R"({"qty":"0.010","n":37000.10,"t":true,"z":null,"o":{"a":[1,{}]},"l":["x", 2 ] ,"e":"a\"b\u00e9"})"));
  EXPECT_EQ(object.find("qty")->text, "0.010");
  EXPECT_EQ(object.find("n")->kind, JsonKind::number);
  EXPECT_EQ(object.find("n")->text, "37000.10");
  EXPECT_EQ(object.find("t")->text, "true");
  EXPECT_EQ(object.find("z")->kind, JsonKind::null);
  EXPECT_EQ(object.find("o")->text, R"({"a":[1,{}]})");
  EXPECT_EQ(object.find("e")->text, "a\"b\u00e9");
  EXPECT_EQ(object.find("none"), nullptr);
  std::deque<std::string> storage;
  const auto list = json_list(object.find("l")->text, storage);
  ASSERT_TRUE(list);
  ASSERT_EQ(list->size(), 2u);
  EXPECT_EQ((*list)[0].text, "x");
  EXPECT_EQ((*list)[1].text, "2");
}

TEST(JsonReader, AnObjectCanBeReusedAndMoved) {
  JsonObject object;
  ASSERT_TRUE(object.parse(R"({"a":"1"})"));
  JsonObject moved = std::move(object);
  EXPECT_EQ(moved.find("a")->text, "1");
  ASSERT_TRUE(moved.parse(R"({"b":"2"})"));
  EXPECT_EQ(moved.find("a"), nullptr);
  EXPECT_EQ(moved.find("b")->text, "2");
}

TEST(JsonReader, RefusesWhatIsNotAnObjectOfJson) {
  for (const char* text : {"",
                           " ",
                           "[]",
                           "1",
                           "null",
                           "{",
                           "}",
                           R"({"a")",
                           R"({"a":})",
                           R"({"a":1,})",
                           R"({"a":01})",
                           R"({"a":1.})",
                           R"({"a":-})",
                           R"({"a":+1})",
                           R"({"a":nul})",
                           R"({"a":truex})",
                           R"({"a":"x)",
                           R"({"a":"\x"})",
                           R"({'a':1})",
                           R"({"a":1} x)",
                           R"({"a":1}{})",
                           R"({"a":1,"a":2})",
                           R"({"a":[1,,2]})",
                           R"({"a":{"b":}})",
                           R"({"a":[1})",
                           R"({"a" 1})",
                           R"({"a":"b":1,"c":"\u0041"})",
                           R"({"a":"b":{"c":1}})",
                           R"({"a":["b":1]})",
                           R"({"a":1:2,"c":"\u0041"})",
                           R"({"a":null:2,"c":"\u0041"})",
                           R"({"a":true:2,"c":"\u0041"})",
                           R"({"a":[]:2})",
                           R"({"a":{}:2,"c":"\u0041"})",
                           "{\"a\":\"\x01\"}",
                           "{\"a\":\"\xff\xfe\"}",
                           "{\"a\":\"\xc0\xaf\"}"}) {
    JsonObject object;
    EXPECT_FALSE(object.parse(text)) << text;
  }
}

// What is few and shallow is read by the quick reader, the rest by the general one.
TEST(JsonReader, BoundsWhatIsNested) {
  const auto deep = [](std::size_t levels) {
    return R"({"a":)" + std::string(levels, '[') + std::string(levels, ']') + "}";
  };
  const auto wide = [](int members, int last) {
    std::string text = R"({"a":{)";
    for (int i = 0; i < members; ++i)
      text += fmt::format("\"k{}\":[],", i);
    return text + fmt::format("\"k{}\":[]}}}}", last);
  };
  JsonObject object;
  for (const std::size_t levels : {1u, 7u, 8u, 9u, 15u, 16u}) {
    ASSERT_TRUE(object.parse(deep(levels))) << levels;
    EXPECT_EQ(object.find("a")->text.size(), 2 * levels);
  }
  for (const std::size_t levels : {17u, 40u, 100'000u})
    EXPECT_FALSE(object.parse(deep(levels))) << levels;
  for (const int members : {1, 2, 62, 63, 64, 65, 255}) {
    EXPECT_TRUE(object.parse(wide(members, members))) << members;
    EXPECT_FALSE(object.parse(wide(members, members - 1))) << members << ", the last twice";
  }
  EXPECT_FALSE(object.parse(wide(256, 256)));
}

// What the general reader makes of the same text: it reads whatever stands in a list.
bool is_object_by_the_general_reader(const std::string& text) {
  std::deque<std::string> storage;
  const auto list = json_list("[" + text + "]", storage);
  return list && list->size() == 1 && list->front().kind == JsonKind::object;
}

// Plain objects go by the quick reader; a member with an escape sends the rest by the general one.
TEST(JsonReader, BothReadersAgreeOnDamagedObjects) {
  const std::vector<std::string> originals{
      R"({"symbol":"BTCUSDT","side":"Buy","qty":"0.001","price":60001.00,"reduceOnly":false})",
      R"( { "a" : null , "ab" : true, "b":-1.5e+7,"":"" } )",
      R"({"a":"b c","a ":"\u0041","c":0})",
      R"({"retCode":0,"result":{"list":[{"a":"1","b":[]},{"a":"2"}],"c":{}},"time":17})",
      R"({"a" : [ 1 , "x" ,[ ], {"b":1,"b":2 } ] , "c": { "d" :null } })",
  };
  constexpr std::string_view kAlphabet = "\"\\{}[]:,. \t\n\x01\x7f\xc3\xa9+-eE09atfn\0";
  RandomStream draw(1, "json_test");
  int accepted = 0;
  int refused = 0;
  for (int i = 0; i < 30'000; ++i) {
    std::string text = originals[draw.below(originals.size())];
    for (auto changes = draw.below(4); changes > 0; --changes) {
      const std::size_t at = draw.below(text.size());
      const char byte = kAlphabet[draw.below(kAlphabet.size())];
      switch (draw.below(3)) {
        case 0: text[at] = byte; break;
        case 1: text.insert(at, 1, byte); break;
        default: text.erase(at, 1 + draw.below(2)); break;
      }
    }
    JsonObject quick;
    const bool is_object = static_cast<bool>(quick.parse(text));
    ASSERT_EQ(is_object, is_object_by_the_general_reader(text)) << text;
    if (!is_object) {
      ++refused;
      continue;
    }
    ++accepted;
    JsonObject general;
    const std::size_t inside = text.find('{') + 1;
    const std::string more = quick.members().empty() ? R"("text":"\u0041")" : R"("text":"\u0041",)";
    ASSERT_TRUE(general.parse(text.insert(inside, more))) << text;
    ASSERT_EQ(general.members().size(), quick.members().size() + 1) << text;
    for (const auto& [key, value] : quick.members()) {
      ASSERT_NE(general.find(key), nullptr) << text;
      EXPECT_EQ(general.find(key)->kind, value.kind) << text;
      EXPECT_EQ(general.find(key)->text, value.text) << text;
    }
  }
  EXPECT_GT(accepted, 5'000);
  EXPECT_GT(refused, 5'000);
}

TEST(JsonReader, FindsKeysThatShareAMark) {
  std::string text = "{";
  for (int i = 0; i < 256; ++i)
    text += fmt::format("{}\"key{}\":{}", i == 0 ? "" : ",", i, i);
  JsonObject object;
  ASSERT_TRUE(object.parse(text + "}"));
  for (int i = 0; i < 256; ++i)
    EXPECT_EQ(object.find(fmt::format("key{}", i))->text, std::to_string(i));
  EXPECT_EQ(object.find("key256"), nullptr);
  EXPECT_FALSE(object.parse(text + ",\"key256\":0}"));
  ASSERT_TRUE(object.parse("{}"));
  EXPECT_EQ(object.find("key1"), nullptr);
}

TEST(JsonWriter, WritesWhatTheReaderReads) {
  std::string out;
  JsonWriter json(out);
  json.open().text("a", "q\"\\\n").number("n", -5).boolean("b", true).key("l").open_list();
  json.fixed(150, 2).trimmed(150, 2).null().open().close().close_list().key("r").raw("{}").close();
  EXPECT_EQ(out,
            "{\"a\":\"q\\\"\\\\\\u000a\",\"n\":-5,\"b\":true,"
            "\"l\":[\"1.50\",\"1.5\",null,{}],\"r\":{}}");
  JsonObject object;
  ASSERT_TRUE(object.parse(out));
  EXPECT_EQ(object.find("a")->text, "q\"\\\n");
}

TEST(JsonWriter, ShowsWhatIsNotUtf8AsSuch) {
  for (const auto& [given, shown] :
       {std::pair<std::string, std::string>{"a\xff"
                                            "b",
                                            "a\ufffdb"},
        {"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "\u00e9\u20ac\U0001F600"},
        {"\xc0\xaf", "\ufffd\ufffd"},
        {"\xed\xa0\x80", "\ufffd\ufffd\ufffd"},
        {"\xe2\x82", "\ufffd\ufffd"}}) {
    std::string out;
    JsonWriter(out).open().text("a", given).close();
    EXPECT_EQ(out, "{\"a\":\"" + shown + "\"}");
    JsonObject object;
    EXPECT_TRUE(object.parse(out));
  }
}

}  // namespace
}  // namespace venuebox
