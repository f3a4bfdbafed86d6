// Bybit V5 for the conformance list: where to point the client, what is listed, and in which of
// its own words the venue refuses.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';

const invalid = (code) => ({ class: 'InvalidOrder', code });
const bad = (code) => ({ class: 'BadRequest', code });

// How old a request may be: longer than a busy machine takes to send what it has signed.
const kReceiveWindowMs = 30_000;

// A subscription's acknowledgement.
const acknowledged = (op, kind, id) => ({
  success: true,
  ret_msg: kind === 'spot' ? op : '',
  ...(id !== undefined && { req_id: `${id}` }),
  op,
});

const kIntervals = ['1', '3', '5', '15', '30', '60', '120', '240', '360', '720', 'D', 'W', 'M'];
const kDepths = [1, 50, 200, 1000];

const paths = {
  spot: '/v5/public/spot',
  perp: '/v5/public/linear',
  inverse: '/v5/public/inverse',
  option: '/v5/public/option',
  private: '/v5/private',
  trade: '/v5/trade',
};

// A login on a private stream.
function login(t, { apiKey, secret }, expires = Date.now() + 60_000) {
  const signature = createHmac('sha256', secret).update(`GET/realtime${expires}`).digest('hex');
  return { op: 'auth', args: [apiKey, expires, signature] };
}

// An operation of order entry: `name` is create, amend, cancel, or one of these -batch.
const operation = (name, body, id, timestamp = Date.now()) => ({
  reqId: id,
  header: { 'X-BAPI-TIMESTAMP': `${timestamp}`, 'X-BAPI-RECV-WINDOW': `${kReceiveWindowMs}` },
  op: `order.${name}`,
  args: [body],
});

export default {
  id: 'bybit',
  className: 'bybit',

  point(client, url) {
    for (const group of ['spot', 'futures', 'v2', 'public', 'private'])
      client.urls.api[group] = url;
    client.options.recvWindow = kReceiveWindowMs;
    const { ws } = client.urls.api;
    if (ws === undefined) return; // not a streaming client
    const streams = url.replace(/^http/, 'ws');
    for (const category of ['spot', 'linear', 'inverse', 'option'])
      ws.public[category] = `${streams}${paths[category === 'linear' ? 'perp' : category]}`;
    ws.private.contract = ws.private.usdc = `${streams}${paths.private}`;
    ws.private.trade = `${streams}${paths.trade}`;
  },

  // A client that signs as Alice with Bob's secret, and one that nobody knows.
  forged: (t) => ({ ...t.keys.alice, secret: t.keys.bob.secret }),
  stranger: (t) => ({ ...t.keys.alice, apiKey: 'nobodyHasThisKey00' }),

  symbols: { spot: 'BTC/USDT', perp: 'BTC/USDT:USDT' },
  second: { spot: 'ETH/USDT', perp: 'ETH/USDT:USDT' },
  timeframes: ['1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '12h', '1d', '1w', '1M'],
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
    if (kind === 'inverse') return '/markets/bybit/BTCUSD/quote?category=inverse';
    return `/markets/bybit/BTCUSDT/quote?category=${kind === 'spot' ? 'spot' : 'linear'}`;
  },

  // A perpetual that is not there at the start.
  listing: {
    symbol: 'NEW/USDT:USDT',
    path: '/instruments/bybit/NEWUSDT',
    terms: {
      venue: 'bybit',
      symbol: 'NEWUSDT',
      base: 'NEW',
      quote: 'USDT',
      settle: 'USDT',
      kind: 'linear',
      like: 'BTCUSDT',
      tick: '0.001',
      lot: '0.1',
      price: '25',
    },
    closed: { class: 'ExchangeError', code: 110074 },
  },

  // What backs positions.
  risk: {
    sides: { long: { positionIdx: 1 }, short: { positionIdx: 2 } },
    // The client has no unified call for it.
    changeMargin: (client, margin) =>
      client.privatePostV5PositionAddMargin({ category: 'linear', symbol: 'BTCUSDT', margin }),
    feeOf: ({ info }) => info.execFee,
    settlement: 'SETTLEMENT',
    liquidation: 'LIQUIDATION',
    takenOver: 'BustTrade',
    cancelledBefore: 'CancelAllBeforeLiq',
    inverse: { symbol: 'BTC/USD:BTC', start: '100', firstTier: 150 }, // in coin
    refusals: {
      positionOpen: bad(110024),
      modeUnchanged: { class: 'NoChange', code: 110025 },
      noSuchSide: bad(10001),
      marginMode: { class: 'ExchangeError', code: 3400045 },
      crossMargin: bad(110015),
      marginTooLow: invalid(110011),
      cannotAdd: { class: 'InsufficientFunds', code: 110014 },
      aboveTier: { class: 'ExchangeError', code: 110090 },
      leverageTooHigh: bad(110013),
      noSuchAccount: bad(131207),
    },
  },

  // What the unified call needs beside its arguments.
  params: {
    fetchOrder: { acknowledged: true }, // the client only warns that old orders are out of reach
    byClientOrderId: (id) => ({ orderLinkId: id }),
    // To wait for a price to rise: spot compares it with the last one by itself.
    rising: { perp: { triggerDirection: 'ascending' }, spot: {} },
  },

  // How much of the tape can be asked for.
  tapeMost: { perp: 1000, spot: 60 },

  // The venue's own code, out of the body that the client quotes in its error.
  code(error) {
    const match = /"retCode":\s*"?(\d+)/.exec(error.message);
    return match ? Number(match[1]) : undefined;
  },

  // Page by page.
  async allFills(client, symbol) {
    const fills = [];
    let cursor;
    do {
      const request = { category: 'linear', symbol: client.market(symbol).id, limit: 100, cursor };
      const { result } = await client.privateGetV5ExecutionList(request);
      fills.push(...result.list.map(({ execId }) => ({ id: execId })));
      cursor = result.nextPageCursor;
    } while (cursor);
    return fills;
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

  // Where an order stands, in the venue's words.
  status: (order) => order.info.orderStatus,
  statuses: {
    waiting: 'Untriggered',
    triggered: 'Triggered',
    open: 'New',
    filled: 'Filled',
    cancelled: 'Cancelled',
  },

  // The row of one asset, out of a balance as it was told or asked for.
  balanceRow: ({ info }, asset) =>
    (Array.isArray(info) ? info : info.result.list)[0].coin.find(({ coin }) => coin === asset),
  wallet: (row) => row.walletBalance,

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
    closedOrder: { class: 'OrderNotFound', code: 110001 },
    reduceOnlyWithoutPosition: invalid(110017),
    duplicateClientOrderId: { perp: invalid(110072), spot: invalid(170141) },
    risingBelow: invalid(110092),
    fallingAbove: invalid(110093),
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

  // What is said on streams. `ids` are optional; answers repeat them as text.
  streams: {
    paths,
    ping: (id) => ({ op: 'ping', req_id: id }),
    isPong: (message, id) =>
      (message.op === 'pong' || message.ret_msg === 'pong') &&
      (id === undefined || message.req_id === undefined || message.req_id === id),
    isAgreed: (message) => message.op === 'subscribe' && message.success === true,
    isPush: (message) => 'topic' in message,
    subscribe: (topics, id) => ({ op: 'subscribe', req_id: id, args: topics }),
    unsubscribe: (topics, id) => ({ op: 'unsubscribe', req_id: id, args: topics }),
    login,
    badLogins(t) {
      const { wrongSignature, unknownKey } = t.venue.refusals;
      const { badLogin } = t.venue.streams.answers;
      const good = login(t, t.keys.alice);
      return [
        [login(t, t.venue.forged(t)), wrongSignature.code],
        [login(t, t.venue.stranger(t)), unknownKey.code],
        [login(t, t.keys.alice, Date.now() - 1_000), wrongSignature.code],
        [{ ...good, args: [] }, badLogin],
        [{ ...good, args: ['only one'] }, badLogin],
      ];
    },
    operation,
    // What is no operation: [message, the code that refuses it, where it has one of its own].
    badEntries(t, body, good) {
      const { code } = t.venue.refusals.staleTimestamp;
      return [
        [{ ...good(), header: undefined }],
        [{ ...good(), header: {} }],
        [{ ...good(), header: 'text' }],
        [{ ...good(), args: undefined }],
        [{ ...good(), args: [] }],
        [{ ...good(), args: [body, body] }],
        [{ ...good(), args: ['text'] }],
        [{ ...good(), reqId: 'x'.repeat(37) }],
        [operation('create', body, 'late', Date.now() - 60_000), code],
        [operation('create', body, 'early', Date.now() + 60_000), code],
      ];
    },
    order: (t, symbol, side, qty, price) => ({
      category: symbol.includes(':') ? 'linear' : 'spot',
      symbol: symbol.replace(/:.*|\//g, ''),
      side,
      orderType: 'Limit',
      qty,
      price,
    }),
    // The same order with another quantity, once it rests under this id.
    changed: (t, { category, symbol }, orderId, qty) => ({ category, symbol, orderId, qty }),
    batch: (symbol, orders) => ({
      category: symbol.includes(':') ? 'linear' : 'spot',
      request: orders.map(({ category, ...order }) => order),
    }),
    batchCodes: ({ retExtInfo }) => retExtInfo.list.map(({ code }) => code),
    code: (message) => message.retCode,
    isRefused: (message) =>
      message.success === false || (message.retCode !== undefined && message.retCode !== 0),
    // Without what differs from connection to connection.
    plain({ conn_id, connId, ...message }) {
      assert.match(conn_id ?? connId, /./, 'the id of the connection');
      return message;
    },
    pongTime: ({ args, data }) => ((args ?? data) ? Number((args ?? data)[0]) : undefined),
    book: ({ type, ts, data }) => ({
      isWhole: type === 'snapshot',
      time: ts,
      bids: data.b,
      asks: data.a,
      update: data.u,
      sequence: data.seq,
    }),
    // The one trade of a push: Bob bought 0.02; `tick` is how its price compares with the last.
    tradeRow(kind, { topic, type, ts, data }, { id, time, price, tick }) {
      assert.deepEqual(
        [topic, type, ts, data.length],
        ['publicTrade.BTCUSDT', 'snapshot', time, 1],
      );
      const { v, p, seq, ...rest } = data[0];
      assert.deepEqual(
        [Number(v), Number(p), typeof v, typeof p],
        [0.02, price, 'string', 'string'],
      );
      assert.equal(typeof seq, 'number');
      const perp = kind === 'perp' ? { L: tick } : {};
      const common = { T: time, s: 'BTCUSDT', S: 'Buy', i: id, BT: false, RPI: false };
      assert.deepEqual(rest, { ...common, ...perp });
    },
    ticks: {
      up: 'PlusTick',
      stillUp: 'ZeroPlusTick',
      down: 'MinusTick',
      stillDown: 'ZeroMinusTick',
    },
    // What the ticker of a perpetual says has changed, in common words.
    tickerChange({ type, data: { symbol, ...changed } }) {
      assert.deepEqual([type, symbol], ['delta', 'BTCUSDT']);
      const { bid1Size, ...rest } = changed;
      return { bidSize: `${Number(bid1Size)}`, ...rest };
    },
    answers: {
      subscribed: (kind, id) => acknowledged('subscribe', kind, id),
      unsubscribed: (kind, id) => acknowledged('unsubscribe', kind, id),
      unknownTopic: (topic, id) => ({
        success: false,
        ret_msg: `error:handler not found,topic:${topic}`,
        req_id: id,
        op: 'subscribe',
      }),
      pong(kind, id, time) {
        if (kind === 'trade') return { retCode: 0, retMsg: 'OK', op: 'pong', data: [`${time}`] };
        if (kind === 'private') return { req_id: id ?? '', op: 'pong', args: [`${time}`] };
        return { success: true, ret_msg: 'pong', ...(id && { req_id: id }), op: 'ping' };
      },
      loggedIn: (kind) =>
        kind === 'trade'
          ? { retCode: 0, retMsg: 'OK', op: 'auth' }
          : { success: true, ret_msg: '', op: 'auth' },
      loggedInTwice: 20001,
      badLogin: 10001,
      repeatedRequest: 20006,
      unknownOperation: 10404,
      // An order, as later operations name it.
      named: ({ category, symbol }, orderId) => ({ category, symbol, orderId }),
      // The facts of an answer, apart from what differs each time.
      facts: ({ reqId, retCode, retMsg, op, data: { orderId }, header }) => {
        for (const name of ['X-Bapi-Limit', 'X-Bapi-Limit-Status', 'X-Bapi-Limit-Reset-Timestamp'])
          assert.match(header[name], /^\d+$/, name);
        assert.match(header.Timenow, /^\d{13}$/);
        return { reqId, retCode, retMsg, op, orderId };
      },
      entered: (name, reqId, orderId) => ({
        reqId,
        retCode: 0,
        retMsg: 'OK',
        op: `order.${name}`,
        orderId,
      }),
    },
    // A client that takes the account to be what it is, and does not ask.
    trusting: { enableUnifiedMargin: false, enableUnifiedAccount: true, unifiedMarginStatus: 6 },
    topics: {
      book: (depth, base = 'BTC') => `orderbook.${depth}.${base}USDT`,
      trades: (base = 'BTC') => `publicTrade.${base}USDT`,
      ticker: (base = 'BTC') => `tickers.${base}USDT`,
      candles: (interval, base = 'BTC') => `kline.${interval}.${base}USDT`,
      orders: 'order',
      fills: 'execution',
    },
    // What the stream's ticker does not carry, though the answer to a question does.
    tickerLacks: {
      perp: [],
      spot: ['bid', 'bidVolume', 'ask', 'askVolume'],
    },
    // When a push was told, by the box's clock.
    toldAt: ({ topic, ts, creationTime }) => (topic ? (ts ?? creationTime) : undefined),
    interval: (timeframe) => ({ '1m': '1', '1h': '60' })[timeframe],
    isFunding: ({ topic, data }) =>
      topic === 'execution' && data.some(({ execType }) => execType === 'Funding'),
    tradeRows: ({ topic, data }) =>
      topic?.startsWith('publicTrade.')
        ? data.map(({ T, v, p, i }) => ({ time: T, amount: v, price: p, id: i }))
        : [],
    closedCandles: (messages) =>
      messages
        .filter(({ topic }) => topic?.startsWith('kline.'))
        .flatMap(({ data }) => data)
        .filter(({ confirm }) => confirm),
    orderRows: (messages) =>
      messages.filter(({ topic }) => topic === 'order').flatMap(({ data }) => data),
    rowId: ({ orderId }) => orderId,
    fillIds: (messages) =>
      messages
        .filter(({ topic }) => topic === 'execution')
        .flatMap(({ data }) => data)
        .map(({ execId }) => execId),
    restingSteps: ['New'], // what is told of an order that comes to rest
    kindTopics: {
      perp: ['order.linear', 'execution.linear', 'execution.fast.linear'],
      spot: ['order.spot', 'execution.spot', 'execution.fast.spot'],
    },
    kindOf: ({ category }) => (category === 'spot' ? 'spot' : 'perp'),
    intervals: kIntervals,
    topicOf: ({ topic }) => topic,
    levels: 50, // of the book that steps look at, whose changes are told
    watched: [1, 50, 200], // depths that the client can watch
    watchesChanges: true, // and not a whole book each time
    changing: [50, 200], // depths whose changes are told on the wire
    kinds: ['perp', 'spot', 'private', 'trade'], // of connections
    own: ['private', 'trade'], // that begin with a login
    nonsense: [
      '{"op":5}',
      '{"op":"nosuch"}',
      '{"op":"subscribe"}',
      '{"op":"subscribe","args":"orderbook"}',
      '{"op":"subscribe","args":[]}',
      '{"op":"subscribe","args":[7]}',
      Buffer.from('{"op":"ping"}'),
    ],
    nowhere: { none: ['/v5/public/nosuch', '/nosuch'], rest: '/v5/market/time' },
    everyTopic: (base) => [
      ...kDepths.map((depth) => `orderbook.${depth}.${base}USDT`),
      `publicTrade.${base}USDT`,
      `tickers.${base}USDT`,
      ...kIntervals.map((interval) => `kline.${interval}.${base}USDT`),
    ],
    toldOfQuote: [...kDepths.map((depth) => `orderbook.${depth}.BTCUSDT`), 'tickers.BTCUSDT'],
  },

  // Step number -> why this venue cannot take it; everything else is expected of it.
  skip: {
    413: 'funding is paid at its times: step 411',
    700: 'nobody comes in by a signature of his own',
    701: 'nobody comes in by a signature of his own',
    702: 'each request is signed, and no token stands for it',
  },
};
