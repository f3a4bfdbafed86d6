#include "net/message.h"

#include <gtest/gtest.h>

namespace venuebox::net {
namespace {

TEST(Message, SplitsTargets) {
  struct Case {
    std::string_view target, path, query;
  };
  for (const auto& [target, path, query] : {
           Case{"/v5/order?a=1&b=2", "/v5/order", "a=1&b=2"},
           Case{"/v5/order", "/v5/order", ""},
           Case{"/a?b?c", "/a", "b?c"},
           Case{"/?", "/", ""},
           Case{"*", "*", ""},
           Case{"", "", ""},
           Case{"http://host:80/x?y=1", "/x", "y=1"},
           Case{"http://host", "/", ""},
           Case{"https://host?y", "", "y"},
       }) {
    Request request;
    request.target = target;
    split_target(request);
    EXPECT_EQ(request.path, path) << target;
    EXPECT_EQ(request.query, query) << target;
  }
}

TEST(Message, FindsWhatStandsInAPattern) {
  using Found = std::vector<std::string_view>;
  Found found;
  EXPECT_TRUE(path_matches("/orders/{}/fills/{}", "/orders/7/fills/a%2Fb", found));
  EXPECT_EQ(found, (Found{"7", "a%2Fb"}));
  EXPECT_TRUE(path_matches("/orders", "/orders", found));
  EXPECT_EQ(found, Found{});
  for (const std::string_view other :
       {"/orders", "/orders/", "/orders/7/8", "/fills/7", "orders/7"})
    EXPECT_FALSE(path_matches("/orders/{}", other, found)) << other;
}

TEST(Message, FindsQueryValues) {
  constexpr std::string_view kQuery = "symbol=BTC%2FUSDT&limit=&flag&symbol=second&=empty";
  EXPECT_EQ(query_value(kQuery, "symbol"), "BTC%2FUSDT");
  EXPECT_EQ(query_value(kQuery, "limit"), "");
  EXPECT_EQ(query_value(kQuery, "flag"), "");
  EXPECT_EQ(query_value(kQuery, ""), "empty");
  EXPECT_EQ(query_value(kQuery, "sym"), std::nullopt);
  EXPECT_EQ(query_value("", "symbol"), std::nullopt);
  EXPECT_EQ(query_value("&&a=1&", "a"), "1");
}

TEST(Message, UndoesPercentEncoding) {
  EXPECT_EQ(*percent_decoded("a%20b+c%2Fd"), "a b c/d");
  EXPECT_EQ(*percent_decoded("%41"), "A");
  EXPECT_EQ(*percent_decoded("%e2%82%AC"), "\xe2\x82\xac");
  EXPECT_EQ(*percent_decoded(""), "");
  for (const auto* text : {"%", "%4", "%zz", "a%2", "%4g", "%%41"})
    EXPECT_FALSE(percent_decoded(text)) << text;
}

TEST(Message, AHeaderCannotSplitTheResponse) {
  Response response;
  response.add_header("X-Request", "1\r\nSet-Cookie: a");
  EXPECT_EQ(response.headers, "X-Request: 1  Set-Cookie: a\r\n");
}

TEST(Message, ResetBringsBackTheDefaults) {
  Response response;
  response.status = 404;
  response.content_type = "text/plain";
  response.body = "x";
  response.add_header("a", "b");
  response.tag.account = "alice";
  response.close = true;
  response.reset();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "application/json");
  EXPECT_TRUE(response.body.empty() && response.headers.empty() && response.tag.account.empty());
  EXPECT_FALSE(response.close);
}

}  // namespace
}  // namespace venuebox::net
