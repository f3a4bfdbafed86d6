// What a step works with: a server of its own group, real clients of three kinds, and the few
// questions that nearly every step asks. Venue words come from the venue's table alone.
import assert from 'node:assert/strict';
import ccxt from 'ccxt';
import { exact } from './exact.mjs';
import { Listener, Wire } from './ears.mjs';
import { credentials } from './server.mjs';

// Round numbers with depth enough for any step; the venue's instruments trade in these ticks.
export const kQuote = { bid: '60000', ask: '60000.1', last: '60000', bid_size: '5', ask_size: '5' };
// One tick of room and more, where two accounts meet without the market maker.
export const kWide = { bid: '59990', ask: '60010', last: '60000', bid_size: '5', ask_size: '5' };

export class Stage {
  static async open(server, venue) {
    const stage = new Stage();
    stage.server = server;
    stage.venue = venue;
    stage.ccxt = ccxt;
    stage.held = []; // what this step holds open
    stage.perp = venue.symbols.perp;
    stage.spot = venue.symbols.spot;
    stage.keys = {
      alice: await credentials(venue.id, 'alice'),
      bob: await credentials(venue.id, 'bob'),
      carol: await credentials(venue.id, 'carol'),
    };
    stage.alice = stage.client(stage.keys.alice);
    stage.bob = stage.client(stage.keys.bob);
    stage.carol = stage.client(stage.keys.carol);
    // What the client can do for this venue, with and without streams.
    stage.has = new (ccxt.pro[venue.className] ?? ccxt[venue.className])().has;
    // The same client, told to hand numbers over as the texts that came off the wire.
    stage.exact = {
      alice: stage.client({ ...stage.keys.alice, number: String }),
      bob: stage.client({ ...stage.keys.bob, number: String }),
    };
    return stage;
  }

  // An unmodified client: credentials, URLs and how old a request may be are all that is set.
  client(config) {
    const client = new ccxt[this.venue.className](config);
    this.venue.point(client, this.url);
    return client;
  }

  // Another client, which need not ask for the markets again.
  async another(config) {
    await this.alice.loadMarkets();
    const client = this.client(config);
    client.setMarkets(this.alice.markets);
    return client;
  }

  // A client that believes something wrong about one symbol, and so sends what a sound one
  // would not.
  async misled(symbol, mislead) {
    const client = await this.another(this.keys.alice);
    const market = { ...client.market(symbol) };
    mislead(market);
    client.markets = { ...client.markets, [symbol]: market };
    return client;
  }

  // A streaming client that is listened in on; it is closed when the step ends. As texts, numbers
  // are what came off the wire.
  async listener(keys = this.keys.alice, config = {}) {
    await this.alice.loadMarkets();
    const client = new ccxt.pro[this.venue.className]({ ...keys, ...config });
    this.venue.point(client, this.url);
    client.setMarkets(this.alice.markets);
    await client.loadHttpProxyAgent(); // without it the client refuses ws://
    const listener = new Listener(client, this.venue.streams);
    this.held.push(listener);
    return listener;
  }

  // A bare connection to one of the venue's streams: spot, perp, private or trade.
  async wire(kind) {
    const { paths } = this.venue.streams;
    const wire = await Wire.open(this.url.replace(/^http/, 'ws') + paths[kind], this.venue.streams);
    this.held.push(wire);
    return wire;
  }

  // Ends what a step opened.
  async hangUp() {
    await Promise.all(this.held.splice(0).map((each) => each.close()));
  }

  get url() {
    return this.server.ready.venues[this.venue.id];
  }

  symbol(kind) {
    return this.venue.symbols[kind];
  }

  // perp, and spot where the venue has it.
  get kinds() {
    return Object.keys(this.venue.symbols);
  }

  // Whether the client hands this on; what it does not stands in the venue's table with the reason.
  tells(what) {
    return !(what in (this.venue.lacks ?? {}));
  }

  async quote(quote, kinds = this.kinds) {
    for (const kind of kinds) await this.server.control('PUT', this.venue.quotePath(kind), quote);
  }

  // The box as at its start, with the usual quotes.
  async fresh() {
    await this.server.control('POST', '/reset');
    await this.quote(kQuote);
  }

  order(id, symbol, who = this.alice) {
    return who.fetchOrder(id, symbol, { ...this.venue.params.fetchOrder });
  }

  // The book with that many levels a side.
  book(symbol, depth, who = this.alice) {
    return who.fetchOrderBook(symbol, depth, { ...this.venue.params.book?.(depth) });
  }

  // Candles up to now by the clock of the box, of which the client knows nothing.
  async candles(symbol, timeframe, since, limit) {
    const { now_ms: now } = await this.server.control('GET', '/clock');
    const params = { ...this.venue.params.candles?.(now) };
    return this.alice.fetchOHLCV(symbol, timeframe, since, limit, params);
  }

  // The leverage that is set, where positions do not tell it.
  async leverage() {
    if (!this.tells('position.leverage')) return this.venue.leverage(this.alice, this.perp);
    return (await this.alice.fetchPositions([this.perp]))[0].leverage;
  }

  // Places an order and hands back what the venue then says of it.
  async place(symbol, type, side, amount, price, params = {}, who = this.alice) {
    const { id } = await who.createOrder(symbol, type, side, amount, price, params);
    assert.ok(id, 'the acknowledgement carries an order id');
    return this.order(id, symbol, who);
  }

  async openIds(symbol, who = this.alice) {
    return (await who.fetchOpenOrders(symbol)).map(({ id }) => id);
  }

  // Fills with exact numbers, oldest first.
  async fills(symbol, { order, who = 'alice' } = {}) {
    const client = this.exact[who];
    const isAsked = order !== undefined && client.has.fetchOrderTrades;
    const all = isAsked
      ? await client.fetchOrderTrades(order, symbol)
      : await client.fetchMyTrades(symbol, undefined, 100);
    const trades = all.filter((trade) => order === undefined || trade.order === order);
    for (const trade of trades) trade.sequence = this.venue.sequence(trade);
    return trades.sort((a, b) => a.timestamp - b.timestamp || a.sequence - b.sequence);
  }

  // Exact total, used and free of one asset.
  async balance(asset, who = 'alice') {
    const client = this.exact[who];
    const { total, used, free } = this.tells('balance.used')
      ? (await client.fetchBalance())[asset]
      : await this.venue.balance(client, asset);
    return { total: exact(total), used: exact(used), free: exact(free) };
  }

  // The position with exact numbers; undefined when flat.
  async position(who = 'alice') {
    const rows = await this.exact[who].fetchPositions([this.perp]);
    const open = rows.filter(
      ({ contracts }) => contracts !== undefined && !exact(contracts).isZero(),
    );
    assert.ok(open.length <= 1, `one row per one-way position, got ${open.length}`);
    return open[0];
  }

  // Everything of the account that a refused request must leave alone.
  async footprint(who = this.alice) {
    const balance = await who.fetchBalance();
    const orders = [];
    for (const kind of this.kinds) orders.push(...(await who.fetchOpenOrders(this.symbol(kind))));
    const positions = await who.fetchPositions([this.perp]);
    return JSON.stringify({
      total: balance.total,
      used: balance.used,
      orders: orders.map(({ id, remaining, status }) => [id, remaining, status]),
      positions: positions.map(({ side, contracts, entryPrice }) => [side, contracts, entryPrice]),
    });
  }

  // The promised call must fail with the venue's own error, mapped to the client's own class; or,
  // where the venue takes an order before it looks at the account, the order must end by itself.
  async refused(call, expected, what) {
    if (expected.ends !== undefined) {
      const { id, symbol } = await call();
      const order = await this.order(id, symbol);
      const got = [order.status, this.venue.reason(order)];
      assert.deepEqual(got, [expected.ends, expected.code], what);
      return;
    }
    let error;
    let answer;
    try {
      answer = await call();
    } catch (caught) {
      error = caught;
    }
    if (error === undefined) {
      assert.fail(`${what}: expected ${expected.class}, got an answer ${short(answer)}`);
    }
    const got = { class: error.constructor.name, code: this.venue.code(error) };
    assert.deepEqual(
      got,
      { class: expected.class, code: expected.code },
      `${what}: ${error.message}`,
    );
  }
}

export const short = (value) => (JSON.stringify(value) ?? String(value)).slice(0, 300);

export function same(actual, expected, what) {
  if (!exact(actual).equals(expected)) {
    assert.fail(`${what}: expected ${exact(expected)}, got ${exact(actual)}`);
  }
}

// A fee is rounded once, to the units of its asset.
export function sameFee(actual, expected, what) {
  const off = exact(actual).minus(expected).abs();
  assert.ok(off.compare('0.00000001') <= 0, `${what}: expected ${exact(expected)}, got ${actual}`);
}

// The wallet against the ledger: to the last digit, except where closing a part of a position had
// to divide what was paid for it and the quotient does not end.
export function sameWallet(actual, ledger, what) {
  if (ledger.divides) return same(actual, ledger.walletChange, what);
  const off = exact(actual).minus(ledger.walletChange).abs();
  assert.ok(
    off.compare('0.000001') < 0,
    `${what}: expected ${ledger.walletChange}, got ${exact(actual)}`,
  );
}

// A printed average entry price against the exact one.
export function sameEntry(printed, exactly, venue) {
  if (exact(exactly).fits(venue.entryPriceDecimals)) return same(printed, exactly, 'entry price');
  const off = exact(printed).minus(exactly).abs();
  assert.ok(
    off.compare(exact(1n).over(10n ** BigInt(venue.entryPriceDecimals))) <= 0,
    `entry price: expected ${exact(exactly)}, got ${printed}`,
  );
}
