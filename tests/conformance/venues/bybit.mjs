// Bybit V5 for the conformance list: where to point the client, what is listed, and in which of
// its own words the venue refuses.

const invalid = (code) => ({ class: 'InvalidOrder', code });
const bad = (code) => ({ class: 'BadRequest', code });

export default {
  id: 'bybit',
  className: 'bybit',

  point(client, url) {
    for (const group of ['spot', 'futures', 'v2', 'public', 'private'])
      client.urls.api[group] = url;
  },

  symbols: { spot: 'BTC/USDT', perp: 'BTC/USDT:USDT' },
  second: { spot: 'ETH/USDT', perp: 'ETH/USDT:USDT' },
  base: 'BTC',
  quote: 'USDT',
  start: { USDT: '1000000', BTC: '100', ETH: '1000' },
  fees: {
    perp: { maker: '0.0002', taker: '0.00055' },
    spot: { maker: '0.001', taker: '0.001' },
  },
  // An average entry price that does not come out even shows at least this many decimals.
  entryPriceDecimals: 4,

  // Spot and perpetual share their ids, so the control API is told which is meant.
  quotePath(kind) {
    return `/markets/bybit/BTCUSDT/quote?category=${kind === 'spot' ? 'spot' : 'linear'}`;
  },

  // What the unified call needs beside its arguments.
  params: {
    fetchOrder: { acknowledged: true }, // the client only warns that old orders are out of reach
    byClientOrderId: (id) => ({ orderLinkId: id }),
  },

  // The venue's own code, out of the body that the client quotes in its error.
  code(error) {
    const match = /"retCode":\s*"?(\d+)/.exec(error.message);
    return match ? Number(match[1]) : undefined;
  },

  // Where a fill stands among fills of the same millisecond.
  sequence: (trade) => Number(trade.info.seq ?? 0),

  // Why an order ended, in the venue's words.
  reason: (order) => order.info.rejectReason,
  reasons: {
    postOnly: ['EC_PostOnlyWillTakeLiquidity'],
    fillOrKill: ['EC_CancelForNoFullFill'],
    immediateOrCancel: ['EC_NoImmediateQtyToFill'],
    cancelled: ['EC_PerCancelRequest'],
  },

  refusals: {
    wrongSignature: { class: 'AuthenticationError', code: 10004 },
    staleTimestamp: { class: 'InvalidNonce', code: 10002 },
    unknownKey: { class: 'AuthenticationError', code: 10003 },
    unknownSymbolTicker: { class: 'BadSymbol', code: 10001 },
    unknownSymbol: { perp: bad(10001), spot: invalid(170121) },
    insufficientFunds: {
      perp: { class: 'InsufficientFunds', code: 110007 },
      spot: { class: 'InsufficientFunds', code: 170131 },
    },
    priceOffTick: { perp: bad(10001), spot: invalid(170134) },
    quantityBelowMinimum: { perp: bad(10001), spot: invalid(170136) },
    quantityOffStep: { perp: bad(10001), spot: invalid(170137) },
    quantityAboveMaximum: { perp: bad(10001), spot: undefined },
    valueBelowMinimum: { perp: undefined, spot: invalid(170140) },
    unknownOrder: {
      perp: { class: 'OrderNotFound', code: 110001 },
      spot: { class: 'OrderNotFound', code: 170213 },
    },
    reduceOnlyWithoutPosition: invalid(110017),
    duplicateClientOrderId: { perp: invalid(110072), spot: invalid(170141) },
    leverageUnchanged: bad(110043),
    leverageTooHigh: bad(110013),
  },

  // Quantities that are wrong for this venue's instruments, in just one way each.
  wrong: {
    price: { perp: 59900.05, spot: 59900.05 },
    belowMinimum: { perp: 0.0001, spot: 0.000001 },
    offStep: { perp: 0.0105, spot: 0.0100005 },
    aboveMaximum: { perp: 1191 },
    lowValue: { spot: 0.00005 },
    unaffordable: { perp: 1000, spot: 50 },
  },

  // Step number -> why this venue cannot take it; everything else is expected of it.
  skip: {},
};
