// Paradex for the conformance list: where to point the client, what is listed, in which of its own
// words the venue refuses, and what this client does not hand on. Numbers of the venue's codes are
// words here: "ORDER_ID_NOT_FOUND".
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';

const invalid = { class: 'AuthenticationError', code: 'VALIDATION_ERROR' }; // the client's class
const bad = (code) => ({ class: 'BadRequest', code });
const order = (code) => ({ class: 'InvalidOrder', code });

const kMarket = 'BTC-USD-PERP';

// A request of the streams' protocol; without an id it is answered with 0.
const request = (method, params, id) => ({
  jsonrpc: '2.0',
  method,
  params,
  ...(id !== undefined && { id }),
});

// What stands for a signature.
const token = (client) => client.authenticateRest();

// The body of an order, signed as the client signs it.
async function signedOrder(client, symbol, side, size, price, orderId) {
  const body = client.createOrderRequest(symbol, 'limit', side, Number(size), Number(price));
  if (orderId === undefined) return client.signOrderRequest(body);
  return client.signOrderRequest({ ...body, id: orderId }, true);
}

const noSpot = 'Paradex here has no spot';
const attached = 'the client sends no take profit or stop loss with an order';
const fifteen = 'the client watches fifteen levels whatever it is asked for';
const continuous = 'funding runs up each second and has no times at which it is paid: step 413';

export default {
  id: 'paradex',
  className: 'paradex',

  point(client, url) {
    client.urls.api.v1 = `${url}/v1`;
    client.urls.api.v2 = `${url}/v2`;
    if (client.urls.api.ws !== undefined) client.urls.api.ws = `${url.replace(/^http/, 'ws')}/v1`;
  },

  // A client that signs as Alice with Bob's key, and one that was never onboarded.
  async forged(t) {
    const [alice, bob] = [await t.alice.retrieveAccount(), await t.bob.retrieveAccount()];
    const paradexAccount = { ...alice, privateKey: bob.privateKey };
    return { ...t.keys.alice, options: { paradexAccount } };
  },
  stranger: (t) => ({
    ...t.keys.alice,
    privateKey: `0x00${randomBytes(31).toString('hex')}`,
  }),

  symbols: { perp: 'BTC/USD:USDC' },
  second: { perp: 'ETH/USD:USDC' },
  timeframes: ['1m', '3m', '5m', '15m', '30m', '1h'],
  base: 'BTC',
  quote: 'USDC', // what accounts hold
  quoted: 'USD', // as markets show it
  start: { USDC: '1000000' },
  startLeverage: 10,
  fees: { perp: { maker: '-0.00005', taker: '0.0002' } },
  entryPriceDecimals: 5,
  staleAfterMs: 200_000, // the client's signatures are good for 180 s

  quotePath: () => `/markets/paradex/${kMarket}/quote`,

  listing: {
    symbol: 'NEW/USD:USDC',
    path: '/instruments/paradex/NEW-USD-PERP',
    terms: {
      venue: 'paradex',
      symbol: 'NEW-USD-PERP',
      base: 'NEW',
      quote: 'USDC',
      settle: 'USDC',
      kind: 'linear',
      like: kMarket,
      tick: '0.001',
      lot: '0.1',
      price: '25',
    },
    closed: bad('MARKET_NOT_OPEN'),
  },

  // What the client does not hand on -> why. Steps check all else.
  lacks: {
    'market.active': 'it looks for a flag enableTrading, which the venue has not got',
    'market.least': 'it takes no smallest quantity from the market, which is one lot',
    'market.leverage': 'it takes no leverage from the market',
    'ticker.volumes': 'it leaves bid_size and ask_size out',
    'ticker.range': 'the venue tells no high and low of a day',
    'ticker.index': 'it leaves oracle_price out',
    'balance.used': 'it reads /v1/balance, which tells totals alone; see balance below',
    'position.leverage': 'it leaves it out; see leverage below',
    'position.margins': 'the venue tells margins of the account, not of a position',
    'position.mark': 'the venue tells no mark price with a position',
    'order.closes': 'it tells a trigger price alone, whichever way the order closes',
    'cancelOrder.id': 'the venue answers 204 without a body',
    'editOrder.part': 'it asks for all terms of the order',
    fillOrKill: 'it sends FOK as GTC',
  },

  // Alike for what the client leaves out, by the venue's own calls.
  async balance(client, asset) {
    const { [asset]: row } = await client.fetchBalance();
    const account = await client.privateGetAccount();
    return {
      total: row.total,
      used: account.initial_margin_requirement,
      free: account.free_collateral,
    };
  },
  leverage: async (client, symbol) => (await client.fetchLeverage(symbol)).longLeverage,

  // What a fill settled of the position's funding; positive: received.
  fundingOf: ({ info }) => info.realized_funding,

  risk: { continuous: true },

  params: {
    fetchOrder: {},
    byClientOrderId: (clientOrderId) => ({ clientOrderId }),
    rising: { perp: {} }, // a trigger above the mark price is waited for from below
    book: (depth) => ({ depth }), // the client keeps its limit to itself
    candles: (now) => ({ until: now }), // it asks for those up to its own time
  },

  tapeMost: { perp: 1000 },

  // The venue's own code, out of the body that the client quotes in its error.
  code: ({ message }) => /"(?:error|code)":\s*"?([A-Z_]+|-?\d+)/.exec(message)?.[1],

  // Page by page.
  async allFills(client, symbol) {
    const fills = [];
    let cursor;
    do {
      const request = { market: kMarket, page_size: 500, ...(cursor && { cursor }) };
      const { next, results } = await client.privateGetFills(request);
      fills.push(...results);
      cursor = next;
    } while (cursor);
    return fills;
  },

  // Fills of one millisecond stand in the order of their ids.
  sequence: (trade) => Number(trade.id.slice(13)),

  reason: ({ info }) => info.cancel_reason,
  reasons: {
    postOnly: ['POST_ONLY_WOULD_CROSS'],
    immediateOrCancel: ['NO_LIQUIDITY'],
    cancelled: ['USER_CANCELED'],
  },

  status: ({ info }) => info.status,
  statuses: {
    waiting: 'UNTRIGGERED',
    triggered: 'CLOSED', // at the market: what it has come to when the turn is told
    open: 'OPEN',
    filled: 'CLOSED',
    cancelled: 'CLOSED',
  },

  refusesWholeBatch: true,
  refusals: {
    wrongSignature: {
      class: 'AuthenticationError',
      code: 'STARKNET_SIGNATURE_VERIFICATION_FAILED',
    },
    staleTimestamp: { class: 'AuthenticationError', code: 'INVALID_SIGNATURE_EXPIRATION' },
    aheadTimestamp: bad('INVALID_TIMESTAMP'),
    unknownKey: bad('NOT_ONBOARDED'),
    unknownSymbolTicker: bad('MARKET_NOT_FOUND'),
    unknownSymbol: { perp: bad('MARKET_NOT_FOUND') },
    insufficientFunds: { perp: { ends: 'rejected', code: 'NOT_ENOUGH_MARGIN' } },
    priceOffTick: { perp: invalid },
    quantityBelowMinimum: { perp: invalid },
    quantityOffStep: { perp: invalid },
    quantityAboveMaximum: { perp: invalid },
    valueBelowMinimum: { perp: invalid },
    unknownOrder: { perp: order('ORDER_ID_NOT_FOUND') },
    closedOrder: order('ORDER_IS_CLOSED'),
    editGone: { perp: { class: 'ExchangeError', code: 'ORDER_IS_NOT_OPEN' } },
    reduceOnlyWithoutPosition: { ends: 'canceled', code: 'REDUCE_ONLY_WILL_INCREASE' },
    duplicateClientOrderId: { perp: order('DUPLICATED_CLIENT_ID') },
    leverageTooHigh: invalid,
    endedToken: { class: 'ExchangeError', code: 'UNAUTHORIZED_ERROR' },
  },

  wrong: {
    price: { perp: 59900.05 },
    belowMinimum: { perp: 0.000001 },
    offStep: { perp: 0.0100005 },
    aboveMaximum: { perp: 101 },
    lowValue: { perp: 0.0001 },
    unaffordable: { perp: 99 },
  },

  streams: {
    paths: { perp: '/v1', private: '/v1', trade: '/v1' },
    kinds: ['perp'], // one path for all
    own: ['trade'],
    one: true, // topic with each request
    ping: undefined, // that of WebSockets
    isAgreed: ({ result }) => typeof result?.channel === 'string',
    isPush: ({ method }) => method === 'subscription',
    subscribe: ([channel], id) => request('subscribe', { channel }, id),
    unsubscribe: ([channel], id) => request('unsubscribe', { channel }, id),
    async login(t, keys) {
      const who = Object.keys(t.keys).find((name) => t.keys[name] === keys);
      return request('auth', { bearer: await token(who ? t[who] : await t.another(keys)) }, 1);
    },
    async badLogins(t) {
      const foreign = (await token(await t.another(t.keys.alice))).replace(/.{4}$/, 'AAAA');
      return [
        [request('auth', { bearer: foreign }, 1), 40111],
        [request('auth', { bearer: 'nobody' }, 1), 40110],
        [request('auth', { bearer: '' }, 1), 40110],
        [request('auth', {}, 1), 40110],
        [request('auth', { bearer: 7 }, 1), 40110],
        [request('auth', 'text', 1), -32602],
      ];
    },
    operation: (name, body, id) =>
      request({ create: 'order.create', amend: 'order.modify' }[name] ?? `order.${name}`, body, id),
    order: (t, symbol, side, qty, price, who = t.alice) =>
      signedOrder(who, symbol, side.toLowerCase(), qty, price),
    changed: (t, { price }, orderId, qty) =>
      signedOrder(t.alice, t.perp, 'buy', qty, price, orderId),
    badEntries: (t, body, good) => [
      [{ ...good(), params: undefined }],
      [{ ...good(), params: {} }],
      [{ ...good(), params: 'text' }],
      [{ ...good(), params: [] }],
      [{ ...good(), params: [body, body] }],
      [{ ...good(), params: { ...body, size: 7 } }],
      [{ ...good(), params: { ...body, signature: '["1","1"]' } }],
      [{ ...good(), params: { ...body, recv_window: 10, signature_timestamp: 1 } }],
      [[good()], -32600], // no batches
    ],
    code: ({ error }) => error?.code ?? 0,
    isRefused: ({ error }) => error !== undefined,
    plain({ usIn, usOut, usDiff, ...message }) {
      assert.equal(usOut - usIn, usDiff, 'the time that it took');
      if (message.result?.node_id) message.result.node_id = 'node';
      return message;
    },
    book({ params: { data } }) {
      const of = (side) =>
        [...data.inserts, ...data.updates, ...data.deletes.map((level) => ({ ...level, size: '0' }))]
          .filter((level) => level.side === side)
          .map(({ price, size }) => [price, size]);
      return {
        isWhole: data.update_type === 's',
        time: data.last_updated_at,
        bids: of('BUY'),
        asks: of('SELL'),
        update: data.seq_no,
        sequence: data.seq_no,
      };
    },
    tradeRow(kind, { params: { channel, data } }, { id, time, price }) {
      assert.equal(channel, `trades.${kMarket}`);
      const { size, price: at, ...rest } = data;
      assert.deepEqual([typeof size, typeof at], ['string', 'string']);
      assert.deepEqual([Number(size), Number(at)], [0.02, price]);
      const common = { id, market: kMarket, side: 'BUY', created_at: time, trade_type: 'FILL' };
      assert.deepEqual(rest, common);
    },
    answers: {
      subscribed: (kind, id, channel) => ({ jsonrpc: '2.0', result: { channel }, id: id ?? 0 }),
      unsubscribed: (kind, id, channel) => ({ jsonrpc: '2.0', result: { channel }, id: id ?? 0 }),
      unknownTopic: (topic, id) => ({
        jsonrpc: '2.0',
        id,
        error: topic.startsWith('orders')
          ? { code: 40110, message: 'malformed bearer', data: 'the channel is private: auth first' }
          : { code: -32600, message: 'invalid subscribe request', data: 'invalid channel' },
      }),
      loggedIn: () => ({ jsonrpc: '2.0', id: 1, result: { node_id: 'node' } }),
      loggedInTwice: 0,
      unknownOperation: -32601,
      named: (body, orderId) => ({ id: orderId }),
      facts: ({ id, result }) => ({ id, orderId: result.order?.id ?? result.order_id }),
      entered: (name, id, orderId) => ({ id, orderId }),
    },
    trusting: {},
    topics: {
      book: (depth, base = 'BTC') => `order_book.${base}-USD-PERP.deltas@${depth}@50ms`,
      trades: (base = 'BTC') => `trades.${base}-USD-PERP`,
      orders: `orders.${kMarket}`,
      fills: 'fills.ALL',
    },
    tickerLacks: { perp: [] },
    toldAt: ({ params }) => params?.data?.last_updated_at ?? params?.data?.created_at,
    orderRows: (messages) =>
      messages
        .filter(({ params }) => params?.channel?.startsWith('orders.'))
        .map(({ params }) => params.data),
    rowId: ({ id }) => id,
    fillIds: (messages) =>
      messages
        .filter(({ params }) => params?.channel === 'fills.ALL')
        .map(({ params }) => params.data.id),
    restingSteps: ['OPEN'],
    topicOf: ({ params }) => params.channel,
    levels: 15,
    watched: [15],
    watchesChanges: false,
    changing: [15],
    nonsense: [
      '{"jsonrpc":"2.0","method":5,"id":1}',
      '{"jsonrpc":"2.0","method":"nosuch","id":1}',
      '{"jsonrpc":"2.0","method":"subscribe","id":1}',
      '{"jsonrpc":"2.0","method":"subscribe","params":"trades.ALL","id":1}',
      '{"jsonrpc":"2.0","method":"subscribe","params":[],"id":1}',
      '{"jsonrpc":"2.0","method":"subscribe","params":{"channel":7},"id":1}',
      '{"jsonrpc":"2.0","method":"auth","params":{"bearer":"x"},"id":{}}',
    ],
    nowhere: { none: ['/nosuch'], rest: '/v1/system/time' },
    everyTopic: (base) => [
      `order_book.${base}-USD-PERP.deltas@15@50ms`,
      `order_book.${base}-USD-PERP.snapshot@15@100ms`,
      `trades.${base}-USD-PERP`,
      `bbo.${base}-USD-PERP`,
      `markets_summary.${base}-USD-PERP`,
      `funding_data.${base}-USD-PERP`,
    ],
    toldOfQuote: [
      `order_book.${kMarket}.deltas@15@50ms`,
      `order_book.${kMarket}.snapshot@15@100ms`,
      `bbo.${kMarket}`,
      `markets_summary.${kMarket}`,
    ],
  },

  // Step number -> why this venue cannot take it. What the client has no call for at all is left
  // out by the list itself, which names the call.
  skip: {
    31: 'the client sends FOK as GTC',
    48: 'a trigger price on either side of the mark price is one that can be waited for',
    62: 'it waits for the mark price, and takes the offer by which that comes there',
    63: attached,
    64: attached,
    65: 'the client takes one of the two, the stop loss',
    66: 'the client has no trailing orders for this venue',
    205: fifteen,
    206: fifteen,
    257: attached,
    282: 'a request names one channel',
    286: 'a request names one channel',
    288: 'the venue takes its stream on any path',
    290: 'no channel of one level is told again when it is quiet; bbo tells changes alone',
    293: 'a summary is told whole each time: step 213',
    298: 'a bad order has its whole batch refused: step 43',
    401: 'the client tells the cost of a position as its collateral, and no margin of its own',
    402: 'the venue has no call that adds margin',
    410: continuous,
    601: continuous,
    630: 'the client asks for a token by its own clock alone: step 702',
  },
};
