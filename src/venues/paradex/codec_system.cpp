#include "venues/paradex/codec_system.h"

namespace venuebox::venues::paradex {
namespace {
// As the testnet tells it; clients sign for this chain, and derive addresses from these classes.
constexpr std::string_view kConfig =
    R"({"starknet_gateway_url":"","starknet_fullnode_rpc_url":"http://127.0.0.1:8080/rpc/v0_9",)"
    R"("starknet_fullnode_rpc_base_url":"http://127.0.0.1:8080",)"
    R"("starknet_chain_id":"PRIVATE_SN_POTC_SEPOLIA",)"
    R"("block_explorer_url":"http://127.0.0.1:8080/explorer/",)"
    R"("paraclear_address":"0x286003f7c7bfc3f94e8f0af48b48302e7aee2fb13c23b141479ba00832ef2c6",)"
    R"("paraclear_decimals":8,)"
    R"("paraclear_account_proxy_hash":)"
    R"("0x3530cc4759d78042f1b543bf797f5f3d647cde0388c33734cf91b7f7b9314a9",)"
    R"("paraclear_account_hash":)"
    R"("0x41cb0280ebadaa75f996d8d92c6f265f6d040bb3ba442e5f86a554f1765244e",)"
    R"("paraclear_evm_account_hash":)"
    R"("0x73414441639dcd11d1846f287650a00c60c416b9d3ba45d31c651672125b2c2",)"
    R"("oracle_address":"0x2c6a867917ef858d6b193a0ff9e62b46d0dc760366920d631715d58baeaca1f",)"
    R"("bridged_tokens":[{"name":"TEST USDC","symbol":"USDC","decimals":6,)"
    R"("l1_token_address":"0x29A873159D5e14AcBd63913D4A7E2df04570c666",)"
    R"("l1_bridge_address":"0x8586e05adc0C35aa11609023d4Ae6075Cb813b4C",)"
    R"("l2_token_address":"0x6f373b346561036d98ea10fb3e60d2f459c872b1933b50b21fe6ef4fda3b75e",)"
    R"("l2_bridge_address":"0x46e9237f5408b5f899e72125dd69bd55485a287aaf24663d3ebe00d237fc7ef"}],)"
    R"("l1_core_contract_address":"0x582CC5d9b509391232cd544cDF9da036e55833Af",)"
    R"("l1_operator_address":"0x11bACdFbBcd3Febe5e8CEAa75E0Ef6444d9B45FB",)"
    R"("l1_chain_id":"11155111","liquidation_fee":"0.2","partial_liquidation_buffer":"0.2",)"
    R"("partial_liquidation_share_increment":"0.05","environment":"testnet"})";
}  // namespace

void answer_time(Call& call) {
  JsonWriter json(call.response.body);
  json.open().number_text("server_time", call.door_time.ms()).close();
}

void answer_state(Call& call) {
  JsonWriter json(call.response.body);
  json.open().text("status", "ok").close();
}

void answer_config(Call& call) { call.response.body += kConfig; }

void announce(Call& call, const gateway::MaintenanceNotice& notice) {
  JsonWriter json(call.response.body);
  json.open().text("status", notice.is_ongoing ? "maintenance" : "ok").close();
}

}  // namespace venuebox::venues::paradex
