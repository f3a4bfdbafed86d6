// That the table of actions is whole: names once each, defaults within their ranges, a word on all.
#include <set>

#include <gtest/gtest.h>

#include "faults/modes.h"
#include "model/reject_reason.h"

namespace venuebox::faults {
namespace {

TEST(Actions, HaveNamesOfTheirOwnAndWords) {
  std::set<std::string_view> names;
  for (const ActionInfo& info : all_actions()) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_EQ(action_from_name(info.name), info.type);
    EXPECT_TRUE(info.doc.ends_with('.')) << info.name;
    EXPECT_NE(info.layers, Layers()) << info.name;
  }
  EXPECT_EQ(names.size(), kActionTypes);
}

TEST(Actions, HaveDefaultsThatTheirParametersAllow) {
  for (const ActionInfo& info : all_actions()) {
    std::set<std::string_view> names;
    for (const Parameter& parameter : info.parameters) {
      EXPECT_TRUE(names.insert(parameter.name).second) << info.name << "." << parameter.name;
      EXPECT_FALSE(parameter.doc.empty()) << info.name << "." << parameter.name;
      if (parameter.type == ParameterType::choice) {
        EXPECT_GT(choice_count(parameter), 1u) << info.name << "." << parameter.name;
      } else {
        EXPECT_GE(parameter.standard, parameter.least) << info.name << "." << parameter.name;
        EXPECT_LE(parameter.standard, parameter.most) << info.name << "." << parameter.name;
      }
    }
  }
}

TEST(Actions, RefuseOrdersInTheWordsOfRejectReason) {
  std::set<std::string_view> reasons;
  for (int i = 0; i < kRejectReasons; ++i)
    reasons.insert(name_of(static_cast<RejectReason>(i)));
  const Parameter& reason = info_of(ActionType::invalid_order).parameters.front();
  for (std::size_t i = 0; i < choice_count(reason); ++i)
    EXPECT_TRUE(reasons.contains(choice_name(reason, i))) << choice_name(reason, i);
}

TEST(Actions, OfStreamsAreNotOfHttp) {
  for (const ActionInfo& info : all_actions()) {
    if (info.layers == Layers(Layer::stream)) {
      EXPECT_EQ(info.transport, Transport::ws) << info.name;
    }
    if (info.layers == Layers(Layer::http)) {
      EXPECT_EQ(info.transport, Transport::http) << info.name;
    }
  }
}

TEST(Actions, CompoundOnesStandInTheLayersOfTheirShares) {
  for (const ActionInfo& info : all_actions()) {
    for (const Share& share : shares_of(info.type)) {
      const Layers its = info_of(share.type).layers;
      EXPECT_EQ(info.layers | its, info.layers) << info.name << " draws " << name_of(share.type);
    }
    EXPECT_EQ(is_compound(info.type), !shares_of(info.type).empty()) << info.name;
  }
}

}  // namespace
}  // namespace venuebox::faults
