// The numbered list, continued: what real clients are told on streams, and orders sent over them.
// The clock stands still, so that each turn of the server is told as it ends; a ping that has been
// answered shows that everything before it is in. So nothing here waits, and "told nothing" is known.
import assert from 'node:assert/strict';
import { exact } from './lib/exact.mjs';
import { Position, spotChange } from './lib/ledger.mjs';
import { kWide, same, sameEntry, sameFee } from './lib/stage.mjs';

const still = ['--market', 'pinned', '--clock', 'manual', '--rate-limits', 'headers'];

export const groups = {
  feeds: { serve: still, fresh: true },
  own: { serve: still, fresh: true },
  entry: { serve: still, fresh: true },
};

export const steps = [];

function step(number, group, name, { does, expects, needs = [] }, run) {
  steps.push({ number, group, name, does, expects, needs, run });
}

const kRest = 59900; // below the bid, within any venue's price band
const kMinute = 60_000;

const levels = (side) => Array.from(side, ([price, size]) => [price, size]);
const shown = (book) => ({ bids: levels(book.bids), asks: levels(book.asks) });

// What a unified structure says, without where the client has it from.
const told = ({ info, ...rest }) => rest;

async function now(t) {
  return (await t.server.control('GET', '/clock')).now_ms;
}

// The client's own book is the one that the venue gives when asked.
async function sameBook(t, book, symbol, depth = 50) {
  const asked = await t.book(symbol, depth);
  assert.deepEqual(shown(book), shown(asked), `the book of ${symbol} at depth ${depth}`);
}

// One trade at a price inside the spread: Alice offers, Bob takes.
async function trade(t, symbol, price, amount) {
  await t.alice.createOrder(symbol, 'limit', 'sell', amount, price);
  await t.bob.createOrder(symbol, 'limit', 'buy', amount, price);
}

// To the start of the next minute of the box's clock.
async function nextMinute(t) {
  await t.server.advance(kMinute - ((await now(t)) % kMinute));
  return now(t);
}

// ---- the book ---------------------------------------------------------------------------------

step(
  200,
  'feeds',
  'watchOrderBook snapshot',
  {
    does: 'Watches the book of each kind.',
    expects: 'The quoted levels at once, with the time of the box.',
    needs: ['watchOrderBook'],
  },
  async (t) => {
    for (const kind of t.kinds) {
      const listener = await t.listener();
      const { first } = await listener.watch((c) => c.watchOrderBook(t.symbol(kind)));
      const book = await first;
      assert.equal(book.symbol, t.symbol(kind));
      assert.deepEqual(shown(book), { bids: [[60000, 5]], asks: [[60000.1, 5]] });
      assert.equal(book.timestamp, await now(t));
    }
  },
);

step(
  201,
  'feeds',
  'watchOrderBook level changed',
  {
    does: 'Quotes other sizes at the same prices, then other prices.',
    expects: 'The levels with their new sizes; old prices are gone.',
    needs: ['watchOrderBook'],
  },
  async (t) => {
    for (const kind of t.kinds) {
      const listener = await t.listener();
      const watch = (c) => c.watchOrderBook(t.symbol(kind));
      await listener.watch(watch);
      const quote = (bid, ask, bid_size, ask_size) => () =>
        t.quote({ bid, ask, bid_size, ask_size }, [kind]);
      const sizes = await listener.after(watch, quote('60000', '60000.1', '7', '2.5'));
      assert.deepEqual(shown(sizes), { bids: [[60000, 7]], asks: [[60000.1, 2.5]] });
      const prices = await listener.after(watch, quote('60000.1', '60010', '7', '2.5'));
      assert.deepEqual(shown(prices), { bids: [[60000.1, 7]], asks: [[60010, 2.5]] });
    }
  },
);

step(
  202,
  'feeds',
  'watchOrderBook own orders come and go',
  {
    does: 'Alice and Bob rest bids at one price; each cancels.',
    expects: 'A new level, its sum, what is left of it, and its end.',
    needs: ['watchOrderBook'],
  },
  async (t) => {
    for (const kind of t.kinds) {
      const symbol = t.symbol(kind);
      const listener = await t.listener();
      const watch = (c) => c.watchOrderBook(symbol);
      await listener.watch(watch);
      const bids = async (act) => levels((await listener.after(watch, act)).bids);
      const best = [60000, 5];
      let alice;
      let bob;
      assert.deepEqual(
        await bids(async () => {
          alice = await t.alice.createOrder(symbol, 'limit', 'buy', 0.012, kRest);
        }),
        [best, [kRest, 0.012]],
      );
      assert.deepEqual(
        await bids(async () => {
          bob = await t.bob.createOrder(symbol, 'limit', 'buy', 0.03, kRest);
        }),
        [best, [kRest, 0.042]],
      );
      assert.deepEqual(await bids(() => t.alice.cancelOrder(alice.id, symbol)), [
        best,
        [kRest, 0.03],
      ]);
      assert.deepEqual(await bids(() => t.bob.cancelOrder(bob.id, symbol)), [best]);
    }
  },
);

step(
  203,
  'feeds',
  'watchOrderBook fills eat a level',
  {
    does: 'Alice offers 0.3 inside the spread; Bob takes 0.1, then 0.2.',
    expects: 'The level is there, shrinks, and is gone.',
    needs: ['watchOrderBook'],
  },
  async (t) => {
    await t.quote(kWide);
    for (const kind of t.kinds) {
      const symbol = t.symbol(kind);
      const listener = await t.listener();
      const watch = (c) => c.watchOrderBook(symbol);
      await listener.watch(watch);
      for (const [who, side, amount, left] of [
        [t.alice, 'sell', 0.3, [[60000, 0.3]]],
        [t.bob, 'buy', 0.1, [[60000, 0.2]]],
        [t.bob, 'buy', 0.2, []],
      ]) {
        const book = await listener.after(watch, () =>
          who.createOrder(symbol, 'limit', side, amount, 60000),
        );
        assert.deepEqual(shown(book), { bids: [[59990, 5]], asks: [...left, [60010, 5]] });
      }
    }
  },
);

// Bids at one price each, below the quoted one.
async function ladder(t, count, symbol = t.perp, side = 'buy') {
  const orders = Array.from({ length: count }, (_, i) => ({
    symbol,
    type: 'limit',
    side,
    amount: 0.001 * (1 + (i % 7)),
    price: side === 'buy' ? kRest - i : 60100 + i,
  }));
  const placed = [];
  for (let i = 0; i < count; i += 10)
    placed.push(...(await t.alice.createOrders(orders.slice(i, i + 10))));
  assert.equal(placed.filter(({ id }) => id).length, count, 'every order of the ladder rests');
  return placed;
}

step(
  204,
  'feeds',
  'watchOrderBook of many levels',
  {
    does: 'Rests five bids more than are shown, adds a better one, cancels it and two more.',
    expects: 'Always the best ones and no other: levels fall out of sight and come back.',
    needs: ['watchOrderBook', 'createOrders'],
  },
  async (t) => {
    const count = t.venue.streams.levels; // that are shown, the quoted one among them
    const placed = await ladder(t, count + 5);
    const listener = await t.listener();
    const watch = (c) => c.watchOrderBook(t.perp, count);
    const { first } = await listener.watch(watch);
    const whole = await first;
    assert.equal(whole.bids.length, count);
    await sameBook(t, whole, t.perp, count);
    let better;
    const pushed = await listener.after(watch, async () => {
      better = await t.alice.createOrder(t.perp, 'limit', 'buy', 0.5, 59950);
    });
    assert.equal(pushed.bids.length, count, 'one level fell out of sight');
    assert.deepEqual(levels(pushed.bids)[1], [59950, 0.5]);
    assert.equal(levels(pushed.bids).at(-1)[0], kRest - (count - 3));
    await sameBook(t, pushed, t.perp, count);
    for (const [id, last] of [
      [better.id, kRest - (count - 2)],
      [placed[0].id, kRest - (count - 1)],
      [placed[10].id, kRest - count],
    ]) {
      const book = await listener.after(watch, () => t.alice.cancelOrder(id, t.perp));
      assert.equal(book.bids.length, count);
      assert.equal(levels(book.bids).at(-1)[0], last, 'the next level came into sight');
      await sameBook(t, book, t.perp, count);
    }
    const unseen = await listener.maybe(watch, () =>
      t.alice.cancelOrder(placed[count + 4].id, t.perp),
    );
    assert.equal(unseen, undefined, 'what is out of sight is not told');
  },
);

step(
  205,
  'feeds',
  'watchOrderBook best level alone',
  {
    does: 'Watches one level while a better bid comes and goes, and one below it.',
    expects: 'Only ever the best; what happens below is not told.',
    needs: ['watchOrderBook'],
  },
  async (t) => {
    await t.quote(kWide);
    for (const kind of t.kinds) {
      const symbol = t.symbol(kind);
      const listener = await t.listener();
      const watch = (c) => c.watchOrderBook(symbol, 1);
      await listener.watch(watch);
      let order;
      const better = await listener.after(watch, async () => {
        order = await t.alice.createOrder(symbol, 'limit', 'buy', 0.2, 60000);
      });
      assert.deepEqual(shown(better), { bids: [[60000, 0.2]], asks: [[60010, 5]] });
      const below = await listener.maybe(watch, () =>
        t.bob.createOrder(symbol, 'limit', 'buy', 0.2, kRest),
      );
      assert.equal(below, undefined, 'the second level is not told');
      const back = await listener.after(watch, () => t.alice.cancelOrder(order.id, symbol));
      assert.deepEqual(shown(back), { bids: [[59990, 5]], asks: [[60010, 5]] });
    }
  },
);

step(
  206,
  'feeds',
  'watchOrderBook deep',
  {
    does: 'Watches 200 and 1000 levels of a book of seventy a side, which then changes.',
    expects: 'All of them, before and after.',
    needs: ['watchOrderBook', 'createOrders'],
  },
  async (t) => {
    const placed = await ladder(t, 70);
    await ladder(t, 70, t.perp, 'sell');
    for (const [i, depth] of [200, 1000].entries()) {
      const listener = await t.listener();
      const watch = (c) => c.watchOrderBook(t.perp, depth);
      const { first } = await listener.watch(watch);
      const whole = await first;
      assert.deepEqual([whole.bids.length, whole.asks.length], [71 - i, 71]);
      await sameBook(t, whole, t.perp, 200);
      const after = await listener.after(watch, () =>
        t.alice.cancelOrder(placed[40 + i].id, t.perp),
      );
      assert.equal(after.bids.length, 70 - i);
      await sameBook(t, after, t.perp, 200);
    }
  },
);

step(
  207,
  'feeds',
  'watchOrderBookForSymbols',
  {
    does: 'Watches the books of two perpetuals with one call and changes one after the other.',
    expects: 'Each call gives the book that changed; the other stays as it was.',
    needs: ['watchOrderBookForSymbols'],
  },
  async (t) => {
    const second = t.venue.second.perp;
    const listener = await t.listener();
    const watch = (c) => c.watchOrderBookForSymbols([t.perp, second]);
    await listener.watch(watch);
    await sameBook(t, listener.client.orderbooks[t.perp], t.perp);
    await sameBook(t, listener.client.orderbooks[second], second);
    const other = await listener.after(watch, () =>
      t.alice.createOrder(second, 'limit', 'sell', 0.5, 3000),
    );
    assert.equal(other.symbol, second);
    assert.deepEqual(shown(other), { bids: [], asks: [[3000, 0.5]] });
    const one = await listener.after(watch, () =>
      t.alice.createOrder(t.perp, 'limit', 'buy', 0.5, kRest),
    );
    assert.equal(one.symbol, t.perp);
    assert.deepEqual(levels(one.bids), [
      [60000, 5],
      [kRest, 0.5],
    ]);
    await sameBook(t, listener.client.orderbooks[second], second);
  },
);

step(
  208,
  'feeds',
  'watchOrderBook of spot and perpetual',
  {
    does: 'Watches both books of one pair with one client and changes the perpetual.',
    expects: "The perpetual's book changes; of spot nothing is told.",
    needs: ['spot', 'watchOrderBook'],
  },
  async (t) => {
    const listener = await t.listener();
    await listener.watch((c) => c.watchOrderBook(t.spot));
    await listener.watch((c) => c.watchOrderBook(t.perp));
    const act = () => t.alice.createOrder(t.perp, 'limit', 'buy', 0.2, kRest);
    const spot = await listener.maybe((c) => c.watchOrderBook(t.spot), act);
    assert.equal(spot, undefined, 'spot is told nothing');
    assert.deepEqual(levels(listener.client.orderbooks[t.spot].bids), [[60000, 5]]);
    assert.deepEqual(levels(listener.client.orderbooks[t.perp].bids), [
      [60000, 5],
      [kRest, 0.2],
    ]);
  },
);

// A drawn session of two accounts: rests, takes and cancels, the same every time.
class Storm {
  constructor(t, symbol, seed) {
    this.t = t;
    this.symbol = symbol;
    this.state = seed;
    this.open = [];
  }

  draw(n) {
    this.state = (Math.imul(this.state, 1103515245) + 12345) >>> 0;
    return (this.state >>> 16) % n;
  }

  async start() {
    const { alice, bob } = this.t.keys;
    this.clients = await Promise.all(
      [alice, bob].map((keys) => this.t.another({ ...keys, enableRateLimit: false })),
    );
    return this;
  }

  async blow(times) {
    for (let i = 0; i < times; ++i) {
      const who = this.clients[this.draw(2)];
      const side = this.draw(2) === 0 ? 'buy' : 'sell';
      const amount = (1 + this.draw(90)) / 1000;
      const what = this.draw(10);
      if (what < 6) {
        const price = (600_000 + this.draw(400) - 200) / 10;
        const { id } = await who.createOrder(this.symbol, 'limit', side, amount, price);
        this.open.push([who, id]);
      } else if (what < 8 || this.open.length === 0) {
        await who.createOrder(this.symbol, 'market', side, amount);
      } else {
        const [owner, id] = this.open.splice(this.draw(this.open.length), 1)[0];
        await owner.cancelOrder(id, this.symbol).catch((error) => {
          // It has been filled.
          if (error.name !== this.t.venue.refusals.closedOrder.class) throw error;
        });
      }
    }
  }
}

step(
  209,
  'feeds',
  'watchOrderBook in a storm',
  {
    does: 'Two accounts send 150 drawn orders and cancels while books of all depths are watched.',
    expects: 'After every 25 the books are those that the venue gives when asked.',
    needs: ['watchOrderBook'],
  },
  async (t) => {
    await t.quote(kWide);
    for (const [kind, seed] of [
      ['perp', 20240808],
      ['spot', 31337],
    ]) {
      const symbol = t.symbol(kind);
      if (symbol === undefined) continue;
      const listeners = new Map();
      for (const depth of t.venue.streams.watched) {
        const listener = await t.listener();
        await listener.watch((c) => c.watchOrderBook(symbol, depth));
        listeners.set(depth, listener);
      }
      const storm = await new Storm(t, symbol, seed).start();
      for (let i = 0; i < 6; ++i) {
        await storm.blow(25);
        for (const [depth, listener] of listeners) {
          await listener.settle();
          await sameBook(t, listener.client.orderbooks[symbol], symbol, depth);
        }
      }
    }
  },
);

// ---- trades, tickers, candles -----------------------------------------------------------------

for (const [number, kind] of [
  [210, 'perp'],
  [211, 'spot'],
]) {
  step(
    number,
    'feeds',
    `watchTrades ${kind}`,
    {
      does: 'Bob buys through two offers of Alice, then sells to the bid.',
      expects: "Each fill as the tape has it, with the taker's side, oldest first.",
      needs: kind === 'spot' ? ['spot', 'watchTrades'] : ['watchTrades'],
    },
    async (t) => {
      const symbol = t.symbol(kind);
      await t.quote(kWide);
      const listener = await t.listener();
      const watch = (c) => c.watchTrades(symbol);
      await listener.watch(watch);
      await t.alice.createOrder(symbol, 'limit', 'sell', 0.1, 60000);
      await t.alice.createOrder(symbol, 'limit', 'sell', 0.2, 60001);
      const time = await now(t);
      const facts = ({ side, price, amount, cost, timestamp }) => [
        side,
        price,
        amount,
        cost,
        timestamp,
      ];
      // A venue may tell one trade with each message.
      const news = async (act) => {
        const before = listener.client.trades[symbol]?.length ?? 0;
        await listener.after(watch, act);
        return [...listener.client.trades[symbol]].slice(before);
      };
      const bought = await news(() => t.bob.createOrder(symbol, 'limit', 'buy', 0.25, 60001));
      assert.deepEqual(bought.map(facts), [
        ['buy', 60000, 0.1, 6000, time],
        ['buy', 60001, 0.15, 9000.15, time],
      ]);
      const sold = await news(() => t.bob.createOrder(symbol, 'market', 'sell', 0.05));
      assert.deepEqual(sold.map(facts), [['sell', 59990, 0.05, 2999.5, time]]);
      const tape = await t.alice.fetchTrades(symbol, undefined, 3);
      assert.deepEqual(
        [...bought, ...sold].map(({ id, symbol: of }) => [id, of]).sort(),
        tape.map(({ id }) => [id, symbol]).sort(),
        'ids as on the tape',
      );
    },
  );
}

step(
  212,
  'feeds',
  'watchTradesForSymbols',
  {
    does: 'Watches the trades of two perpetuals and trades each.',
    expects: 'Each trade under its own symbol.',
    needs: ['watchTradesForSymbols'],
  },
  async (t) => {
    await t.quote(kWide);
    const second = t.venue.second.perp;
    const listener = await t.listener();
    const watch = (c) => c.watchTradesForSymbols([t.perp, second]);
    await listener.watch(watch);
    for (const [symbol, price] of [
      [second, 3000],
      [t.perp, 60000],
    ]) {
      const trades = await listener.after(watch, () => trade(t, symbol, price, 0.1));
      assert.deepEqual(
        trades.map((each) => [each.symbol, each.side, each.price, each.amount]),
        [[symbol, 'buy', price, 0.1]],
      );
    }
  },
);

const tickerFacts = (ticker) => {
  const { info, timestamp, datetime, ...facts } = ticker;
  return facts;
};

for (const [number, kind] of [
  [213, 'perp'],
  [214, 'spot'],
]) {
  step(
    number,
    'feeds',
    `watchTicker ${kind}`,
    {
      does: 'Watches the ticker, then trades and quotes at other prices.',
      expects: 'At the start and after each change, all that fetchTicker says.',
      needs: kind === 'spot' ? ['spot', 'watchTicker'] : ['watchTicker'],
    },
    async (t) => {
      const symbol = t.symbol(kind);
      const listener = await t.listener();
      const watch = (c) => c.watchTicker(symbol);
      const { first } = await listener.watch(watch);
      // The venue's stream may carry less than its answer, but nothing else.
      const check = async (ticker, last) => {
        const asked = tickerFacts(await t.alice.fetchTicker(symbol));
        for (const [key, value] of Object.entries(tickerFacts(ticker))) {
          if (value === undefined && t.venue.streams.tickerLacks[kind].includes(key)) continue;
          assert.deepEqual(value, asked[key], `${key} of the ticker`);
        }
        assert.equal(ticker.last, last);
      };
      await check(await first, 60000);
      await t.quote(kWide, [kind]);
      await t.alice.createOrder(symbol, 'limit', 'sell', 0.2, 60005);
      const bought = await listener.after(watch, () =>
        t.bob.createOrder(symbol, 'limit', 'buy', 0.2, 60005),
      );
      await check(bought, 60005);
      if (t.tells('ticker.range')) assert.equal(bought.high, 60005);
      const fell = await listener.after(watch, () =>
        t.quote({ bid: '59900', ask: '59900.1', last: '59900', bid_size: '1', ask_size: '1' }, [
          kind,
        ]),
      );
      await check(fell, 59900);
      if (t.tells('ticker.range')) assert.deepEqual([fell.high, fell.low], [60005, 59900]);
      if (kind === 'perp' && t.tells('ticker.volumes')) {
        const resized = await listener.after(watch, () =>
          t.quote({ bid: '59900', ask: '59900.1', bid_size: '3', ask_size: '1' }, [kind]),
        );
        await check(resized, 59900);
        assert.deepEqual(
          [resized.bid, resized.bidVolume, resized.ask, resized.askVolume],
          [59900, 3, 59900.1, 1],
        );
      }
    },
  );
}

step(
  215,
  'feeds',
  'watchTickers',
  {
    does: 'Watches two tickers with one call and trades each.',
    expects: 'The ticker that changed, under its symbol.',
    needs: ['watchTickers'],
  },
  async (t) => {
    await t.quote(kWide);
    const second = t.venue.second.perp;
    const listener = await t.listener();
    const watch = (c) => c.watchTickers([t.perp, second]);
    await listener.watch(watch);
    await trade(t, second, 2990, 0.1);
    for (const [symbol, price] of [
      [second, 3000],
      [t.perp, 60005],
    ]) {
      await t.alice.createOrder(symbol, 'limit', 'sell', 0.1, price);
      const tickers = await listener.after(watch, () =>
        t.bob.createOrder(symbol, 'limit', 'buy', 0.1, price),
      );
      assert.deepEqual(Object.keys(tickers), [symbol]);
      assert.equal(tickers[symbol].last, price);
    }
  },
);

step(
  216,
  'feeds',
  'watchBidsAsks',
  {
    does: 'Watches the best of both sides; the quote moves, then an order stands inside it.',
    expects: 'The best bid and offer with their sizes.',
    needs: ['watchBidsAsks'],
  },
  async (t) => {
    for (const kind of t.kinds) {
      const symbol = t.symbol(kind);
      const listener = await t.listener();
      const watch = (c) => c.watchBidsAsks([symbol]);
      const facts = (all) => {
        assert.deepEqual(Object.keys(all), [symbol]);
        const { bid, bidVolume, ask, askVolume } = all[symbol];
        return [bid, bidVolume, ask, askVolume];
      };
      const { first } = await listener.watch(watch);
      assert.deepEqual(facts(await first), [60000, 5, 60000.1, 5]);
      const wide = await listener.after(watch, () => t.quote(kWide, [kind]));
      assert.deepEqual(facts(wide), [59990, 5, 60010, 5]);
      const inside = await listener.after(watch, () =>
        t.alice.createOrder(symbol, 'limit', 'sell', 0.25, 60009.9),
      );
      assert.deepEqual(facts(inside), [59990, 5, 60009.9, 0.25]);
    }
  },
);

step(
  217,
  'feeds',
  'watchOHLCV',
  {
    does: 'Trades four times within a minute of the box.',
    expects: 'The candle after each: open, high, low, close and volume from these trades alone.',
    needs: ['watchOHLCV'],
  },
  async (t) => {
    for (const kind of t.kinds) {
      const symbol = t.symbol(kind);
      await t.quote(kWide);
      const start = await nextMinute(t);
      const listener = await t.listener();
      const watch = (c) => c.watchOHLCV(symbol, '1m');
      await listener.watch(watch);
      // The first trade is at the last price, where the candle opens either way.
      for (const [price, amount, candle] of [
        [60000, 0.01, [start, 60000, 60000, 60000, 60000, 0.01]],
        [60005, 0.02, [start, 60000, 60005, 60000, 60005, 0.03]],
        [59995, 0.03, [start, 60000, 60005, 59995, 59995, 0.06]],
        [60002, 0.01, [start, 60000, 60005, 59995, 60002, 0.07]],
      ]) {
        const candles = await listener.after(watch, () => trade(t, symbol, price, amount));
        assert.deepEqual(candles.at(-1), candle);
      }
    }
  },
);

step(
  218,
  'feeds',
  'watchOHLCV from minute to minute',
  {
    does: 'Trades, lets the minute end, trades in the next, and lets one pass without a trade.',
    expects: 'The candle closes as it was, the next begins; all are what fetchOHLCV gives.',
    needs: ['watchOHLCV', 'fetchOHLCV'],
  },
  async (t) => {
    await t.quote(kWide);
    const start = await nextMinute(t);
    const listener = await t.listener();
    const watch = (c) => c.watchOHLCV(t.perp, '1m');
    await listener.watch(watch);
    await listener.after(watch, () => trade(t, t.perp, 60003, 0.02));
    const ended = await listener.during(() => t.server.advance(kMinute));
    const closing = t.venue.streams.closedCandles(ended);
    assert.deepEqual(
      closing.map((candle) => [candle.start, candle.close, candle.volume].map(Number)),
      [[start, 60003, 0.02]],
      'the candle of the first minute is told as closed, once',
    );
    const next = await listener.after(watch, () => trade(t, t.perp, 60003, 0.05));
    assert.deepEqual(next.at(-1), [start + kMinute, 60003, 60003, 60003, 60003, 0.05]);
    await t.server.advance(2 * kMinute);
    await trade(t, t.perp, 60004, 0.01);
    await listener.settle();
    const asked = await t.alice.fetchOHLCV(t.perp, '1m', start);
    const known = [...listener.client.ohlcvs[t.perp]['1m']].filter(([time]) => time >= start);
    assert.deepEqual(known, asked, 'the candles that fetchOHLCV gives');
    assert.deepEqual(
      asked.map(([time]) => time),
      [0, 1, 2, 3].map((minute) => start + minute * kMinute),
      'one for every minute',
    );
  },
);

step(
  219,
  'feeds',
  'watchOHLCVForSymbols',
  {
    does: 'Watches candles of one and of five minutes, over a trade in each of two minutes.',
    expects: 'The long candle spans both trades, the short one has the last.',
    needs: ['watchOHLCVForSymbols'],
  },
  async (t) => {
    await t.quote(kWide);
    const five = 5 * kMinute;
    await t.server.advance(five - ((await now(t)) % five));
    const start = await now(t);
    const listener = await t.listener();
    await listener.watch((c) =>
      c.watchOHLCVForSymbols([
        [t.perp, '1m'],
        [t.perp, '5m'],
      ]),
    );
    await trade(t, t.perp, 60000, 0.01);
    await t.server.advance(kMinute);
    await trade(t, t.perp, 60000, 0.02);
    await listener.settle();
    const last = (timeframe) => listener.client.ohlcvs[t.perp][timeframe].at(-1);
    assert.deepEqual(last('1m'), [start + kMinute, 60000, 60000, 60000, 60000, 0.02]);
    assert.deepEqual(last('5m'), [start, 60000, 60000, 60000, 60000, 0.03]);
  },
);

// What is watched, and how it is left.
for (const [number, name, watch, leave] of [
  [
    220,
    'unWatchOrderBook',
    (c, s) => c.watchOrderBook(s, 50),
    (c, s) => c.unWatchOrderBook(s, { limit: 50 }),
  ],
  [221, 'unWatchTrades', (c, s) => c.watchTrades(s), (c, s) => c.unWatchTrades(s)],
  [222, 'unWatchTicker', (c, s) => c.watchTicker(s), (c, s) => c.unWatchTicker(s)],
  [223, 'unWatchOHLCV', (c, s) => c.watchOHLCV(s, '1m'), (c, s) => c.unWatchOHLCV(s, '1m')],
]) {
  step(
    number,
    'feeds',
    name,
    {
      does: 'Watches, trades, leaves, trades, and watches again.',
      expects: 'News while it is watched, none after leaving, news again.',
      needs: [name, name.replace('unWatch', 'watch')],
    },
    async (t) => {
      await t.quote(kWide);
      for (const kind of t.kinds) {
        const symbol = t.symbol(kind);
        const listener = await t.listener();
        await listener.watch((c) => watch(c, symbol));
        const news = (price) => listener.during(() => trade(t, symbol, price, 0.01));
        assert.ok((await news(60001)).length > 0, 'news while watching');
        await leave(listener.client, symbol);
        assert.deepEqual(await news(60002), [], 'no news after leaving');
        await listener.watch((c) => watch(c, symbol));
        assert.ok((await news(60003)).length > 0, 'news again');
      }
    },
  );
}

// ---- an account's own -------------------------------------------------------------------------

const watchOrders = (c) => c.watchOrders();

// The orders that are told of because of `act`, as the last of what was told has them: a venue may
// tell one order, or one step of it, with each message.
async function toldOrders(listener, act) {
  const from = listener.mark;
  await listener.after(watchOrders, act, 'watchOrders');
  const { orderRows, rowId } = listener.streams;
  const ids = new Set(orderRows(listener.since(from)).map(rowId));
  return [...listener.client.orders].filter(({ id }) => ids.has(id));
}

// The one order that is told of because of `act`, which must be what the venue then says of it.
async function oneOrder(t, listener, act, who = t.alice) {
  const [order, ...others] = await toldOrders(listener, act);
  assert.deepEqual(others, [], 'one order is told of');
  const asked = await t.order(order.id, order.symbol, who);
  assert.deepEqual(told(order), told(asked), 'as fetchOrder gives it');
  return order;
}

async function ownOrders(t, keys = t.keys.alice) {
  const listener = await t.listener(keys);
  await listener.watch(watchOrders);
  return listener;
}

step(
  230,
  'own',
  'watchOrders new and cancelled',
  {
    does: 'Rests an order of each kind and cancels it.',
    expects: 'Open with all its fields, then cancelled by its owner, as fetchOrder gives it.',
    needs: ['watchOrders'],
  },
  async (t) => {
    for (const kind of t.kinds) {
      const symbol = t.symbol(kind);
      const listener = await ownOrders(t);
      const open = await oneOrder(t, listener, () =>
        t.alice.createOrder(symbol, 'limit', 'buy', 0.012, kRest, { clientOrderId: `own-${kind}` }),
      );
      const { type, side, price, amount, filled, remaining, status, timeInForce } = open;
      assert.deepEqual(
        [open.symbol, type, side, price, amount, filled, remaining, status, timeInForce],
        [symbol, 'limit', 'buy', kRest, 0.012, 0, 0.012, 'open', 'GTC'],
      );
      assert.equal(open.clientOrderId, `own-${kind}`);
      assert.equal(open.timestamp, await now(t));
      const gone = await oneOrder(t, listener, () => t.alice.cancelOrder(open.id, symbol));
      assert.deepEqual([gone.id, gone.status, gone.filled], [open.id, 'canceled', 0]);
      assert.ok(t.venue.reasons.cancelled.includes(t.venue.reason(gone)), t.venue.reason(gone));
    }
  },
);

step(
  231,
  'own',
  'watchOrders partially filled and filled',
  {
    does: 'Alice offers 0.3 inside the spread; Bob takes 0.1, then 0.2.',
    expects: 'Alice is told of 0.1, then of 0.3 filled and closed; Bob of each of his orders.',
    needs: ['watchOrders'],
  },
  async (t) => {
    await t.quote(kWide);
    for (const kind of t.kinds) {
      const symbol = t.symbol(kind);
      const [alice, bob] = [await ownOrders(t), await ownOrders(t, t.keys.bob)];
      const { id } = await t.alice.createOrder(symbol, 'limit', 'sell', 0.3, 60001);
      for (const [amount, status, filled] of [
        [0.1, 'open', 0.1],
        [0.2, 'closed', 0.3],
      ]) {
        let takes;
        const rests = await oneOrder(t, alice, async () => {
          takes = await oneOrder(
            t,
            bob,
            () => t.bob.createOrder(symbol, 'limit', 'buy', amount, 60001),
            t.bob,
          );
        });
        assert.deepEqual(
          [rests.id, rests.status, rests.filled, rests.average],
          [id, status, filled, 60001],
        );
        assert.deepEqual([takes.status, takes.filled, takes.average], ['closed', amount, 60001]);
      }
    }
  },
);

step(
  232,
  'own',
  'watchOrders market',
  {
    does: 'Buys and sells at the market.',
    expects: 'Each order is told of when it is done, with its average price.',
    needs: ['watchOrders'],
  },
  async (t) => {
    for (const kind of t.kinds) {
      const listener = await ownOrders(t);
      for (const [side, average] of [
        ['buy', 60000.1],
        ['sell', 60000],
      ]) {
        const order = await oneOrder(t, listener, () =>
          t.alice.createOrder(t.symbol(kind), 'market', side, 0.05),
        );
        assert.deepEqual(
          [order.symbol, order.type, order.side, order.status, order.filled, order.average],
          [t.symbol(kind), 'market', side, 'closed', 0.05, average],
        );
      }
    }
  },
);

step(
  233,
  'own',
  'watchOrders amended',
  {
    does: 'Changes the price, then the quantity of a resting order.',
    expects: 'The same order with the new terms, each time.',
    needs: ['watchOrders', 'editOrder'],
  },
  async (t) => {
    for (const kind of t.kinds) {
      const symbol = t.symbol(kind);
      const listener = await ownOrders(t);
      const { id } = await t.alice.createOrder(symbol, 'limit', 'buy', 0.02, kRest);
      for (const [amount, price] of [
        [0.02, 59910],
        [0.05, 59910],
        [0.01, 59905],
      ]) {
        const order = await oneOrder(t, listener, () =>
          t.alice.editOrder(id, symbol, 'limit', 'buy', amount, price),
        );
        assert.deepEqual(
          [order.id, order.status, order.amount, order.remaining, order.price],
          [id, 'open', amount, amount, price],
        );
      }
    }
  },
);

step(
  234,
  'own',
  'watchOrders refused by the book',
  {
    does: 'Sends a post-only order that would cross, an IOC and a FOK that find nothing.',
    expects: "Each is told of as cancelled, with the venue's reason and nothing filled.",
    needs: ['watchOrders'],
  },
  async (t) => {
    await t.quote(kWide);
    const listener = await ownOrders(t);
    const { postOnly, immediateOrCancel, fillOrKill } = t.venue.reasons;
    for (const [amount, price, params, reasons] of [
      [0.01, 60020, { postOnly: true }, postOnly],
      [0.01, 60000, { timeInForce: 'IOC' }, immediateOrCancel],
      [7, 60010, { timeInForce: 'FOK' }, fillOrKill],
    ]) {
      if (params.timeInForce === 'FOK' && !t.tells('fillOrKill')) continue;
      const order = await oneOrder(t, listener, () =>
        t.alice.createOrder(t.perp, 'limit', 'buy', amount, price, params),
      );
      assert.deepEqual([order.status, order.filled], ['canceled', 0]);
      assert.ok(reasons.includes(t.venue.reason(order)), t.venue.reason(order));
    }
  },
);

step(
  235,
  'own',
  'watchOrders immediate-or-cancel in part',
  {
    does: 'Takes 0.5 IOC from an offer of 0.3.',
    expects: 'One order, cancelled with 0.3 filled.',
    needs: ['watchOrders'],
  },
  async (t) => {
    await t.quote(kWide);
    await t.bob.createOrder(t.perp, 'limit', 'sell', 0.3, 60000);
    const listener = await ownOrders(t);
    const order = await oneOrder(t, listener, () =>
      t.alice.createOrder(t.perp, 'limit', 'buy', 0.5, 60000, { timeInForce: 'IOC' }),
    );
    assert.deepEqual([order.status, order.filled, order.average], ['canceled', 0.3, 60000]);
  },
);

// A conditional order that waits for the last price to rise.
const rising = (t, amount = 0.1) =>
  t.alice.createOrder(t.perp, 'market', 'buy', amount, undefined, {
    triggerPrice: 60005,
    triggerDirection: 'ascending',
  });

step(
  236,
  'own',
  'watchOrders conditional, triggered',
  {
    does: 'Sends an order that waits for a price, which then trades.',
    expects: 'Told of as waiting, then as triggered, and in the end as filled.',
    needs: ['watchOrders'],
  },
  async (t) => {
    await t.quote(kWide);
    const listener = await ownOrders(t);
    const waiting = await oneOrder(t, listener, () => rising(t));
    assert.deepEqual(
      [waiting.status, waiting.triggerPrice, waiting.filled, t.venue.status(waiting)],
      ['open', 60005, 0, t.venue.statuses.waiting],
    );
    await t.carol.createOrder(t.perp, 'limit', 'sell', 0.01, 60005);
    const pushes = await listener.during(() =>
      t.bob.createOrder(t.perp, 'limit', 'buy', 0.01, 60005),
    );
    const statuses = t.venue.streams.orderRows(pushes).map((info) => t.venue.status({ info }));
    assert.equal(statuses[0], t.venue.statuses.triggered, `told of as ${statuses}`);
    assert.equal(statuses.at(-1), t.venue.statuses.filled, `told of as ${statuses}`);
    const [order] = listener.client.orders.filter(({ id }) => id === waiting.id);
    assert.deepEqual([order.status, order.filled, order.average], ['closed', 0.1, 60010]);
    assert.deepEqual(told(order), told(await t.order(waiting.id, t.perp)));
  },
);

step(
  237,
  'own',
  'watchOrders conditional, cancelled',
  {
    does: 'Cancels an order that still waits for its price.',
    expects: 'Told of as cancelled; the price then passes without a fill.',
    needs: ['watchOrders'],
  },
  async (t) => {
    await t.quote(kWide);
    const listener = await ownOrders(t);
    const waiting = await oneOrder(t, listener, () => rising(t));
    const gone = await oneOrder(t, listener, () =>
      t.alice.cancelOrder(waiting.id, t.perp, { trigger: true }),
    );
    assert.deepEqual([gone.id, gone.status, gone.filled], [waiting.id, 'canceled', 0]);
    await t.carol.createOrder(t.perp, 'limit', 'sell', 0.01, 60005);
    const pushes = await listener.during(() =>
      t.bob.createOrder(t.perp, 'limit', 'buy', 0.01, 60005),
    );
    assert.deepEqual(pushes, []);
    assert.equal(await t.position(), undefined);
  },
);

step(
  238,
  'own',
  'watchOrders by symbol',
  {
    does: 'Watches the orders of one perpetual alone, and trades spot or another perpetual.',
    expects: 'Told of that perpetual only.',
    needs: ['watchOrders'],
  },
  async (t) => {
    const listener = await t.listener();
    const watch = (c) => c.watchOrders(t.perp);
    await listener.watch(watch);
    const other = await listener.maybe(watch, () =>
      t.spot
        ? t.alice.createOrder(t.spot, 'limit', 'buy', 0.01, kRest)
        : t.alice.createOrder(t.venue.second.perp, 'market', 'buy', 0.01),
    );
    assert.equal(other, undefined, 'nothing of the other');
    const [order] = await listener.after(watch, () =>
      t.alice.createOrder(t.perp, 'limit', 'buy', 0.02, kRest),
    );
    assert.deepEqual([order.symbol, order.amount], [t.perp, 0.02]);
  },
);

step(
  239,
  'own',
  'watchOrders cancelAllOrders',
  {
    does: 'Rests three orders and cancels all at once.',
    expects: 'Each of the three is told of as cancelled.',
    needs: ['watchOrders', 'cancelAllOrders'],
  },
  async (t) => {
    const placed = [];
    for (const price of [59900, 59901, 59902])
      placed.push((await t.alice.createOrder(t.perp, 'limit', 'buy', 0.01, price)).id);
    const listener = await ownOrders(t);
    const orders = await toldOrders(listener, () => t.alice.cancelAllOrders(t.perp));
    assert.deepEqual(orders.map(({ id }) => id).sort(), placed.sort());
    assert.ok(orders.every(({ status }) => status === 'canceled'));
  },
);

const watchMyTrades = (c) => c.watchMyTrades();

for (const [number, kind] of [
  [240, 'perp'],
  [241, 'spot'],
]) {
  step(
    number,
    'own',
    `watchMyTrades ${kind}`,
    {
      does: 'Alice offers inside the spread; Bob takes a part.',
      expects: 'Both are told of the fill, maker and taker, with their exact fees.',
      needs: kind === 'spot' ? ['spot', 'watchMyTrades'] : ['watchMyTrades'],
    },
    async (t) => {
      await t.quote(kWide);
      const symbol = t.symbol(kind);
      const [alice, bob] = [
        await t.listener(t.keys.alice, { number: String }),
        await t.listener(t.keys.bob, { number: String }),
      ];
      await alice.watch(watchMyTrades);
      await bob.watch(watchMyTrades);
      const offer = await t.alice.createOrder(symbol, 'limit', 'sell', 0.4, 60001.5);
      let take;
      let bought;
      const sold = await alice.after(watchMyTrades, async () => {
        bought = await bob.after(watchMyTrades, async () => {
          take = await t.bob.createOrder(symbol, 'limit', 'buy', 0.25, 60005);
        });
      });
      const { maker, taker } = t.venue.fees[kind];
      for (const [who, trades, order, side, role, rate] of [
        ['alice', sold, offer, 'sell', 'maker', maker],
        ['bob', bought, take, 'buy', 'taker', taker],
      ]) {
        assert.equal(trades.length, 1);
        const [fill] = trades;
        assert.deepEqual(
          [fill.symbol, fill.order, fill.side, fill.takerOrMaker, fill.timestamp],
          [symbol, order.id, side, role, await now(t)],
        );
        same(fill.price, '60001.5', 'price');
        same(fill.amount, '0.25', 'quantity');
        same(fill.cost, '15000.375', 'value');
        const isBase = kind === 'spot' && side === 'buy';
        assert.equal(fill.fee.currency, isBase ? t.venue.base : t.venue.quote);
        sameFee(fill.fee.cost, exact(isBase ? fill.amount : fill.cost).times(rate), 'fee');
        const [asked] = await t.exact[who].fetchMyTrades(symbol);
        assert.deepEqual(told(fill), told(asked), 'as fetchMyTrades gives it');
      }
    },
  );
}

step(
  242,
  'own',
  'watchMyTrades of an order through several levels',
  {
    does: 'Buys through three offers at three prices with one order.',
    expects: 'Three fills, best price first, adding up to the order.',
    needs: ['watchMyTrades'],
  },
  async (t) => {
    await t.quote(kWide);
    for (const [amount, price] of [
      [0.2, 60002],
      [0.1, 60000],
      [0.3, 60004],
    ])
      await t.bob.createOrder(t.perp, 'limit', 'sell', amount, price);
    const listener = await t.listener();
    await listener.watch(watchMyTrades);
    let order;
    const fills = await listener.after(watchMyTrades, async () => {
      order = await t.alice.createOrder(t.perp, 'market', 'buy', 0.5);
    });
    assert.deepEqual(
      fills.map((fill) => [fill.order, fill.price, fill.amount, fill.takerOrMaker]),
      [
        [order.id, 60000, 0.1, 'taker'],
        [order.id, 60002, 0.2, 'taker'],
        [order.id, 60004, 0.2, 'taker'],
      ],
    );
    assert.equal(new Set(fills.map(({ id }) => id)).size, 3);
  },
);

const watchBalance = (c) => c.watchBalance();

step(
  243,
  'own',
  'watchBalance after fills',
  {
    does: 'Buys the perpetual and sells it again at another price.',
    expects: 'While it is open the row that fetchBalance gives; in the end exactly what is left.',
    needs: ['watchBalance'],
  },
  async (t) => {
    const listener = await t.listener(t.keys.alice, { number: String });
    await listener.watch(watchBalance);
    const { quote } = t.venue;
    const { taker } = t.venue.fees.perp;
    const start = exact(t.venue.start[quote]);
    const bought = await listener.after(watchBalance, () =>
      t.alice.createOrder(t.perp, 'market', 'buy', 0.1),
    );
    const row = (balance) => t.venue.balanceRow(balance, quote);
    const asked = row(await t.exact.alice.fetchBalance());
    assert.deepEqual(row(bought), asked);
    const entry = exact('6000.01');
    const paid = entry.times(taker);
    same(t.venue.wallet(asked), start.minus(paid), 'the wallet less the fee');
    await t.quote({ bid: '60100', ask: '60100.1', last: '60100', bid_size: '5', ask_size: '5' });
    const sold = await listener.after(watchBalance, () =>
      t.alice.createOrder(t.perp, 'market', 'sell', 0.1),
    );
    const exit = exact('6010');
    const left = start.plus(exit).minus(entry).minus(paid).minus(exit.times(taker));
    same(sold[quote].total, left, 'total');
    same(sold[quote].free, left, 'free');
    same(sold[quote].used, '0', 'used');
  },
);

step(
  244,
  'own',
  'watchBalance of what is held for spot',
  {
    does: 'Rests a bid and an offer on spot and cancels both.',
    expects: 'The quote asset is held for the bid, base for the offer, nothing in the end.',
    needs: ['spot', 'watchBalance'],
  },
  async (t) => {
    const listener = await t.listener(t.keys.alice, { number: String });
    await listener.watch(watchBalance);
    for (const [side, amount, price, asset, held] of [
      ['buy', 0.5, 59900, t.venue.quote, '29950'],
      ['sell', 2, 60100, t.venue.base, '2'],
    ]) {
      const start = exact(t.venue.start[asset]);
      let order;
      const during = await listener.after(watchBalance, async () => {
        order = await t.alice.createOrder(t.spot, 'limit', side, amount, price);
      });
      same(during[asset].used, held, `${asset} used`);
      same(during[asset].free, start.minus(held), `${asset} free`);
      same(during[asset].total, start, `${asset} total`);
      const after = await listener.after(watchBalance, () => t.alice.cancelOrder(order.id, t.spot));
      same(after[asset].used, '0', `${asset} used after`);
      same(after[asset].free, start, `${asset} free after`);
    }
  },
);

step(
  245,
  'own',
  'watchBalance after spot fills',
  {
    does: 'Buys and sells spot at the market.',
    expects: 'Both assets move by what the fills say, less their fees, to the last digit.',
    needs: ['spot', 'watchBalance'],
  },
  async (t) => {
    const listener = await t.listener(t.keys.alice, { number: String });
    await listener.watch(watchBalance);
    const { base, quote } = t.venue;
    for (const side of ['buy', 'sell']) {
      const balance = await listener.after(watchBalance, () =>
        t.alice.createOrder(t.spot, 'market', side, 0.25),
      );
      const change = spotChange(await t.fills(t.spot), base, quote);
      for (const asset of [base, quote]) {
        same(
          exact(balance[asset].total).minus(t.venue.start[asset]),
          change[asset],
          `change of ${asset}`,
        );
      }
    }
  },
);

// The client first asks for all positions, and only then listens.
async function ownPositions(t, config) {
  const listener = await t.listener(t.keys.alice, config);
  const watch = (c) => c.watchPositions([t.perp]);
  const before = await watch(listener.client);
  await listener.watch(watch);
  return { listener, watch, before };
}

step(
  246,
  'own',
  'watchPositions opened, added to, reduced, closed',
  {
    does: 'Buys twice at different prices, sells a part, sells the rest.',
    expects: 'Size and entry price as the fills make them, and a flat position in the end.',
    needs: ['watchPositions'],
  },
  async (t) => {
    const { listener, watch, before } = await ownPositions(t, { number: String });
    assert.deepEqual([...before], [], 'flat at the start');
    for (const [bid, side, amount] of [
      ['60000', 'buy', 0.1],
      ['60100', 'buy', 0.2],
      ['60200', 'sell', 0.25],
      ['60200', 'sell', 0.05],
    ]) {
      await t.quote({ bid, ask: `${bid}.1`, last: bid, bid_size: '5', ask_size: '5' });
      const rows = await listener.after(watch, () =>
        t.alice.createOrder(t.perp, 'market', side, amount),
      );
      const expected = Position.after(await t.fills(t.perp));
      assert.equal(rows.length, 1, 'one position is told of');
      assert.equal(rows[0].symbol, t.perp);
      same(rows[0].contracts ?? '0', expected.size.abs(), 'size');
      if (expected.size.isZero()) continue;
      assert.equal(rows[0].side, 'long');
      sameEntry(rows[0].entryPrice, expected.entryPrice, t.venue);
      const asked = await t.position();
      for (const key of ['leverage', 'markPrice', 'unrealizedPnl', 'initialMargin', 'notional'])
        assert.equal(rows[0][key], asked[key], `${key} as fetchPositions gives it`);
    }
    assert.equal(await t.position(), undefined, 'flat');
  },
);

step(
  247,
  'own',
  'watchPositions short, turned',
  {
    does: 'Sells 0.1 and then buys 0.3.',
    expects: 'A short, then a long of 0.2.',
    needs: ['watchPositions'],
  },
  async (t) => {
    const { listener, watch } = await ownPositions(t);
    for (const [side, amount, held, contracts, entryPrice] of [
      ['sell', 0.1, 'short', 0.1, 60000],
      ['buy', 0.3, 'long', 0.2, 60000.1],
    ]) {
      const rows = await listener.after(watch, () =>
        t.alice.createOrder(t.perp, 'market', side, amount),
      );
      assert.deepEqual(
        rows.map((row) => [row.side, row.contracts, row.entryPrice]),
        [[held, contracts, entryPrice]],
      );
    }
  },
);

step(
  248,
  'own',
  'watchPositions with one already open',
  {
    does: 'Opens a position, then watches.',
    expects: 'It is there at the start, and told of when it closes.',
    needs: ['watchPositions'],
  },
  async (t) => {
    await t.place(t.perp, 'market', 'buy', 0.1);
    const { listener, watch, before } = await ownPositions(t);
    assert.deepEqual(
      before.map((row) => [row.symbol, row.side, row.contracts, row.entryPrice]),
      [[t.perp, 'long', 0.1, 60000.1]],
    );
    const rows = await listener.after(watch, () =>
      t.alice.createOrder(t.perp, 'market', 'sell', 0.1, undefined, { reduceOnly: true }),
    );
    assert.deepEqual(
      rows.map(({ symbol, contracts }) => [symbol, contracts ?? 0]),
      [[t.perp, 0]],
    );
  },
);

step(
  249,
  'own',
  'two accounts',
  {
    does: "Bob watches all that is his while Alice's orders rest, fill and are cancelled.",
    expects: 'He is told nothing; Alice is.',
    needs: ['watchOrders'],
  },
  async (t) => {
    const bob = await t.listener(t.keys.bob);
    await bob.watch(watchOrders);
    if (t.has.watchMyTrades) await bob.watch(watchMyTrades);
    if (t.has.watchBalance) await bob.watch(watchBalance);
    const alice = await ownOrders(t);
    const act = async () => {
      const { id } = await t.alice.createOrder(t.perp, 'limit', 'buy', 0.02, kRest);
      await t.alice.cancelOrder(id, t.perp);
      await t.alice.createOrder(t.perp, 'market', 'buy', 0.02);
      await t.alice.createOrder(t.spot ?? t.perp, 'market', 'buy', 0.02);
    };
    let heard;
    const said = await alice.during(async () => {
      heard = await bob.during(act);
    });
    assert.deepEqual(heard, []);
    const { orderRows, rowId } = t.venue.streams;
    assert.equal(new Set(orderRows(said).map(rowId)).size, 3, 'Alice is told of each');
  },
);

step(
  250,
  'own',
  'two clients of one account',
  {
    does: 'Two clients of Alice watch; a third places, fills and cancels.',
    expects: 'Both are told the same.',
    needs: ['watchOrders'],
  },
  async (t) => {
    const listeners = [await t.listener(), await t.listener()];
    for (const listener of listeners) {
      await listener.watch(watchOrders);
      if (t.has.watchMyTrades) await listener.watch(watchMyTrades);
    }
    let second;
    const first = await listeners[0].during(async () => {
      second = await listeners[1].during(async () => {
        const { id } = await t.alice.createOrder(t.perp, 'limit', 'buy', 0.02, kRest);
        await t.alice.createOrder(t.perp, 'market', 'buy', 0.03);
        await t.alice.cancelOrder(id, t.perp);
      });
    });
    const { orderRows, rowId } = t.venue.streams;
    assert.equal(new Set(orderRows(first).map(rowId)).size, 2);
    assert.deepEqual(first, second);
  },
);

step(
  251,
  'own',
  'wrong signature and unknown key',
  {
    does: 'Watches orders with another secret, then with a key that nobody has.',
    expects: "AuthenticationError with the venue's own code.",
    needs: ['watchOrders'],
  },
  async (t) => {
    const { wrongSignature, unknownKey } = t.venue.refusals;
    for (const [keys, refusal, what] of [
      [await t.venue.forged(t), wrongSignature, 'wrong signature'],
      [t.venue.stranger(t), unknownKey, 'unknown key'],
    ]) {
      const options = { ...keys.options, ...t.venue.streams.trusting };
      const { client } = await t.listener(keys, { options });
      await t.refused(() => client.watchOrders(), refusal, what);
    }
  },
);

// One account's topics, and how each is left.
for (const [number, name, watch, leave] of [
  [252, 'unWatchOrders', watchOrders, (c) => c.unWatchOrders()],
  [253, 'unWatchMyTrades', watchMyTrades, (c) => c.unWatchMyTrades()],
]) {
  step(
    number,
    'own',
    name,
    {
      does: 'Watches, trades, leaves, trades, and watches again.',
      expects: 'News while it is watched, none after leaving, news again.',
      needs: [name, name.replace('unWatch', 'watch')],
    },
    async (t) => {
      const listener = await t.listener();
      const news = () => listener.during(() => t.alice.createOrder(t.perp, 'market', 'buy', 0.01));
      await listener.watch(watch);
      assert.equal((await news()).length, 1, 'news while watching');
      await leave(listener.client);
      assert.deepEqual(await news(), [], 'no news after leaving');
      await listener.watch(watch);
      assert.equal((await news()).length, 1, 'news again');
    },
  );
}

step(
  254,
  'own',
  'unWatchPositions',
  {
    does: 'Watches positions, trades, leaves, trades.',
    expects: 'News while it is watched, none after leaving.',
    needs: ['watchPositions', 'unWatchPositions'],
  },
  async (t) => {
    const { listener } = await ownPositions(t);
    const news = () => listener.during(() => t.alice.createOrder(t.perp, 'market', 'buy', 0.01));
    assert.equal((await news()).length, 1, 'news while watching');
    await listener.client.unWatchPositions();
    assert.deepEqual(await news(), [], 'no news after leaving');
  },
);

// What was told of fills is what the venue gives when asked.
async function sameFills(t, myTrades) {
  const fills = await t.fills(t.perp);
  const byId = (rows) => new Map(rows.map((row) => [row.id, row]));
  const heard = byId(myTrades);
  const ids = fills.map(({ id }) => id);
  assert.deepEqual([...heard.keys()].sort(), [...new Set(ids)].sort(), 'every fill');
  for (const { sequence, ...fill } of fills) {
    // Where she traded with herself, both sides have one id, and the client keeps one of them.
    if (ids.indexOf(fill.id) !== ids.lastIndexOf(fill.id)) continue;
    assert.deepEqual(told(heard.get(fill.id)), told(fill), 'a fill as fetchMyTrades gives it');
  }
}

step(
  255,
  'own',
  'a long session told and asked for',
  {
    does: 'Eighty drawn orders and cancels of two accounts while Alice watches all that is hers.',
    expects: 'In the end every order and fill as told is as asked for, none is missing.',
    needs: ['watchOrders'],
  },
  async (t) => {
    await t.quote(kWide);
    const listener = await t.listener(t.keys.alice, { number: String });
    await listener.watch(watchOrders);
    if (t.has.watchMyTrades) await listener.watch(watchMyTrades);
    const storm = await new Storm(t, t.perp, 4711).start();
    await storm.blow(80);
    await listener.settle();
    if (t.has.watchMyTrades) await sameFills(t, listener.client.myTrades);
    for (const order of listener.client.orders) {
      assert.deepEqual(
        told(order),
        told(await t.order(order.id, t.perp, t.exact.alice)),
        'an order as fetchOrder gives it',
      );
    }
    const open = [...listener.client.orders].filter(({ status }) => status === 'open');
    assert.deepEqual(open.map(({ id }) => id).sort(), (await t.openIds(t.perp)).sort());
  },
);

step(
  256,
  'own',
  'watchBalance after a deposit',
  {
    does: 'Deposits to Alice from outside.',
    expects: 'She is told at once, Bob is not.',
    needs: ['watchBalance'],
  },
  async (t) => {
    const { quote } = t.venue;
    const [alice, bob] = [
      await t.listener(t.keys.alice, { number: String }),
      await t.listener(t.keys.bob),
    ];
    await alice.watch(watchBalance);
    await bob.watch(watchBalance);
    let heard;
    const balance = await alice.after(watchBalance, async () => {
      heard = await bob.during(() =>
        t.server.control('POST', '/accounts/alice/deposit', {
          venue: t.venue.id,
          asset: quote,
          amount: '123.45',
        }),
      );
    });
    same(balance[quote].total, exact(t.venue.start[quote]).plus('123.45'), 'total');
    assert.deepEqual(heard, []);
  },
);

step(
  257,
  'own',
  'watchOrders of a bracket',
  {
    does: 'Buys with take profit and stop loss attached; the stop loss is reached.',
    expects: 'Told of entry and both legs; then the one is filled, the other cancelled.',
    needs: ['watchOrders', 'watchPositions'],
  },
  async (t) => {
    await t.quote(kWide);
    const listener = await ownOrders(t);
    const orders = await listener.after(watchOrders, () =>
      t.alice.createOrder(t.perp, 'market', 'buy', 0.1, undefined, {
        takeProfit: { triggerPrice: 60015 },
        stopLoss: { triggerPrice: 59992 },
      }),
    );
    const legs = (status) =>
      Array.from(listener.client.orders)
        .filter((order) => order.triggerPrice !== undefined && order.status === status)
        .map(({ triggerPrice }) => triggerPrice)
        .sort();
    assert.ok(
      orders.some(({ status, filled }) => status === 'closed' && filled === 0.1),
      'the entry is filled',
    );
    assert.deepEqual(legs('open'), [59992, 60015]);
    await t.carol.createOrder(t.perp, 'limit', 'sell', 0.01, 59992);
    await listener.during(() => t.bob.createOrder(t.perp, 'limit', 'buy', 0.01, 59992));
    assert.deepEqual([legs('closed'), legs('canceled'), legs('open')], [[59992], [60015], []]);
    assert.equal(await t.position(), undefined, 'flat');
  },
);

// ---- orders over the stream -------------------------------------------------------------------

step(
  260,
  'entry',
  'createOrderWs limit that rests',
  {
    does: 'Sends a limit order of each kind over the stream.',
    expects: 'Its id and client order id come back; it is listed and in the book.',
    needs: ['createOrderWs'],
  },
  async (t) => {
    for (const kind of t.kinds) {
      const symbol = t.symbol(kind);
      const { client } = await t.listener();
      const clientOrderId = `entry-${kind}`;
      const { id, ...ack } = await client.createOrderWs(symbol, 'limit', 'buy', 0.012, kRest, {
        clientOrderId,
      });
      assert.equal(ack.clientOrderId, clientOrderId);
      const [open] = await t.alice.fetchOpenOrders(symbol);
      assert.deepEqual(
        [open.id, open.clientOrderId, open.price, open.amount, open.status],
        [id, clientOrderId, kRest, 0.012, 'open'],
      );
      assert.deepEqual(levels((await t.book(symbol, 50)).bids).at(-1), [
        kRest,
        0.012,
      ]);
    }
  },
);

step(
  261,
  'entry',
  'createOrderWs market',
  {
    does: 'Buys and sells at the market over the stream.',
    expects: 'Filled at the quoted ask and bid.',
    needs: ['createOrderWs'],
  },
  async (t) => {
    const { client } = await t.listener();
    for (const kind of t.kinds) {
      for (const [side, average] of [
        ['buy', 60000.1],
        ['sell', 60000],
      ]) {
        const { id } = await client.createOrderWs(t.symbol(kind), 'market', side, 0.05);
        const order = await t.order(id, t.symbol(kind));
        assert.deepEqual(
          [order.type, order.status, order.filled, order.average],
          ['market', 'closed', 0.05, average],
        );
      }
    }
  },
);

step(
  262,
  'entry',
  'editOrderWs',
  {
    does: 'Changes price and quantity of a resting order over the stream.',
    expects: 'The same id with the new terms, in the list and in the book.',
    needs: ['createOrderWs', 'editOrderWs'],
  },
  async (t) => {
    const { client } = await t.listener();
    for (const kind of t.kinds) {
      const symbol = t.symbol(kind);
      const { id } = await client.createOrderWs(symbol, 'limit', 'buy', 0.02, kRest);
      const edited = await client.editOrderWs(id, symbol, 'limit', 'buy', 0.03, 59910);
      assert.equal(edited.id, id);
      const open = await t.alice.fetchOpenOrders(symbol);
      assert.deepEqual(
        open.map((order) => [order.id, order.price, order.amount]),
        [[id, 59910, 0.03]],
      );
      assert.deepEqual(levels((await t.book(symbol, 50)).bids).slice(1), [
        [59910, 0.03],
      ]);
    }
  },
);

step(
  263,
  'entry',
  'cancelOrderWs',
  {
    does: 'Cancels one of two resting orders over the stream, the other by its client order id.',
    expects: 'Each is gone when its answer is there.',
    needs: ['createOrderWs', 'cancelOrderWs'],
  },
  async (t) => {
    const { client } = await t.listener();
    for (const kind of t.kinds) {
      const symbol = t.symbol(kind);
      const clientOrderId = `gone-${kind}`;
      const one = await client.createOrderWs(symbol, 'limit', 'buy', 0.02, kRest);
      const two = await client.createOrderWs(symbol, 'limit', 'buy', 0.02, kRest, {
        clientOrderId,
      });
      assert.equal((await client.cancelOrderWs(one.id, symbol)).id, one.id);
      assert.deepEqual(await t.openIds(symbol), [two.id]);
      const byName = t.venue.params.byClientOrderId(clientOrderId);
      assert.equal((await client.cancelOrderWs(undefined, symbol, byName)).id, two.id);
      assert.deepEqual(await t.openIds(symbol), []);
    }
  },
);

// Refused over the stream, with the venue's error, and nothing of the account has moved.
async function refusedWithoutTrace(t, call, expected, what) {
  const before = await t.footprint();
  await t.refused(call, expected, what);
  assert.equal(await t.footprint(), before, `${what}: the account is as it was`);
}

step(
  264,
  'entry',
  'createOrderWs beyond the account',
  {
    does: 'Sends orders far beyond the account over the stream.',
    expects: "InsufficientFunds with the venue's own code, nothing held.",
    needs: ['createOrderWs'],
  },
  async (t) => {
    if (t.alice.has.setLeverage) await t.alice.setLeverage(1, t.perp);
    const { client } = await t.listener();
    for (const kind of t.kinds) {
      const amount = t.venue.wrong.unaffordable[kind];
      await refusedWithoutTrace(
        t,
        () => client.createOrderWs(t.symbol(kind), 'limit', 'buy', amount, kRest),
        t.venue.refusals.insufficientFunds[kind],
        kind,
      );
    }
  },
);

step(
  265,
  'entry',
  'editOrderWs and cancelOrderWs of an unknown order',
  {
    does: 'Changes and cancels orders that are gone, over the stream.',
    expects: "OrderNotFound with the venue's own code.",
    needs: ['createOrderWs', 'editOrderWs', 'cancelOrderWs'],
  },
  async (t) => {
    const { client } = await t.listener();
    for (const kind of t.kinds) {
      const symbol = t.symbol(kind);
      const expected = t.venue.refusals.unknownOrder[kind];
      const { id } = await client.createOrderWs(symbol, 'limit', 'buy', 0.02, kRest);
      await client.cancelOrderWs(id, symbol);
      const cancel = () => client.cancelOrderWs(id, symbol);
      const edit = () => client.editOrderWs(id, symbol, 'limit', 'buy', 0.03, kRest);
      await refusedWithoutTrace(t, cancel, expected, `${kind} cancel`);
      await refusedWithoutTrace(t, edit, expected, `${kind} edit`);
    }
  },
);

step(
  266,
  'entry',
  'createOrderWs unknown symbol',
  {
    does: 'Sends an order for a symbol that is not listed.',
    expects: "The venue's own error, as when asked otherwise.",
    needs: ['createOrderWs'],
  },
  async (t) => {
    for (const kind of t.kinds) {
      const symbol = t.symbol(kind);
      const { client } = await t.listener();
      const market = { ...client.market(symbol), id: 'NOSUCHUSDT' };
      client.markets = { ...client.markets, [symbol]: market };
      await refusedWithoutTrace(
        t,
        () => client.createOrderWs(symbol, 'limit', 'buy', 0.01, kRest),
        t.venue.refusals.unknownSymbol[kind],
        kind,
      );
    }
  },
);

step(
  267,
  'entry',
  'createOrderWs wrong numbers',
  {
    does: 'Sends a price off the tick, too little, and a fraction of a lot.',
    expects: "Each refused in the venue's words, as when asked otherwise.",
    needs: ['createOrderWs'],
  },
  async (t) => {
    const { client } = await t.listener();
    for (const kind of t.kinds) {
      const symbol = t.symbol(kind);
      const precision = { price: 0.01, amount: 1e-8 };
      client.markets = {
        ...client.markets,
        [symbol]: { ...client.market(symbol), precision },
      };
      const { price, belowMinimum, offStep } = t.venue.wrong;
      const { priceOffTick, quantityBelowMinimum, quantityOffStep } = t.venue.refusals;
      for (const [amount, at, refusal] of [
        [0.01, price[kind], priceOffTick],
        [belowMinimum[kind], kRest, quantityBelowMinimum],
        [offStep[kind], kRest, quantityOffStep],
      ]) {
        await refusedWithoutTrace(
          t,
          () => client.createOrderWs(symbol, 'limit', 'buy', amount, at),
          refusal[kind],
          `${kind} ${amount} at ${at}`,
        );
      }
    }
  },
);

step(
  268,
  'entry',
  'createOrderWs client order id twice',
  {
    does: 'Uses one client order id over the stream twice, and once more otherwise.',
    expects: "Refused with the venue's own error; the first order rests.",
    needs: ['createOrderWs'],
  },
  async (t) => {
    const { client } = await t.listener();
    const params = { clientOrderId: 'twice' };
    const { id } = await client.createOrderWs(t.perp, 'limit', 'buy', 0.01, kRest, params);
    const expected = t.venue.refusals.duplicateClientOrderId.perp;
    const order = [t.perp, 'limit', 'buy', 0.01, kRest, params];
    await refusedWithoutTrace(t, () => client.createOrderWs(...order), expected, 'over the stream');
    await refusedWithoutTrace(t, () => t.alice.createOrder(...order), expected, 'otherwise');
    assert.deepEqual(await t.openIds(t.perp), [id]);
  },
);

step(
  269,
  'entry',
  'createOrderWs wrong signature and stale time',
  {
    does: 'Logs in with another secret; then sends with a clock that is a minute off.',
    expects: "AuthenticationError and InvalidNonce with the venue's own codes, no order.",
    needs: ['createOrderWs'],
  },
  async (t) => {
    const { wrongSignature, staleTimestamp } = t.venue.refusals;
    const forged = await t.venue.forged(t);
    const forger = await t.listener(forged, { options: t.venue.streams.trusting });
    const order = [t.perp, 'limit', 'buy', 0.01, kRest];
    await refusedWithoutTrace(
      t,
      () => forger.client.createOrderWs(...order),
      wrongSignature,
      'wrong signature',
    );
    for (const shift of [-60_000, 60_000]) {
      const { client } = await t.listener();
      const { id } = await client.createOrderWs(...order); // logs in while its clock is right
      await client.cancelOrderWs(id, t.perp);
      client.milliseconds = () => Date.now() + shift;
      await refusedWithoutTrace(
        t,
        () => client.createOrderWs(...order),
        staleTimestamp,
        `shift ${shift}`,
      );
    }
  },
);

step(
  270,
  'entry',
  'createOrderWs reduce-only without a position',
  {
    does: 'Sends a reduce-only order without a position, then against one.',
    expects: 'Refused at first; then the position closes.',
    needs: ['createOrderWs'],
  },
  async (t) => {
    const { client } = await t.listener();
    const close = () =>
      client.createOrderWs(t.perp, 'market', 'sell', 0.1, undefined, { reduceOnly: true });
    await refusedWithoutTrace(t, close, t.venue.refusals.reduceOnlyWithoutPosition, 'no position');
    await client.createOrderWs(t.perp, 'market', 'buy', 0.1);
    assert.equal((await t.position()).side, 'long');
    await close();
    assert.equal(await t.position(), undefined);
  },
);

step(
  271,
  'entry',
  'orders over the stream are told of on the stream',
  {
    does: 'One client sends, changes and cancels over the stream and watches its orders.',
    expects: 'Each answer and each piece of news is there, in the order of what was done.',
    needs: ['createOrderWs', 'editOrderWs', 'cancelOrderWs', 'watchOrders'],
  },
  async (t) => {
    const listener = await ownOrders(t);
    const { client } = listener;
    const [placed] = await listener.after(watchOrders, () =>
      client.createOrderWs(t.perp, 'limit', 'buy', 0.02, kRest),
    );
    assert.deepEqual([placed.status, placed.amount, placed.price], ['open', 0.02, kRest]);
    const [edited] = await listener.after(watchOrders, () =>
      client.editOrderWs(placed.id, t.perp, 'limit', 'buy', 0.02, 59910),
    );
    assert.deepEqual([edited.id, edited.price], [placed.id, 59910]);
    const [gone] = await listener.after(watchOrders, () => client.cancelOrderWs(placed.id, t.perp));
    assert.deepEqual([gone.id, gone.status], [placed.id, 'canceled']);
  },
);

step(
  272,
  'entry',
  'many orders at once over the stream',
  {
    does: 'Sends thirty orders without waiting for answers, then cancels them so.',
    expects: 'Every answer reaches its own call.',
    needs: ['createOrderWs', 'cancelOrderWs'],
  },
  async (t) => {
    const { client } = await t.listener();
    await client.createOrderWs(t.perp, 'limit', 'buy', 0.001, 59000, { clientOrderId: 'm-0' });
    const numbers = Array.from({ length: 30 }, (_, i) => i + 1);
    const placed = await Promise.all(
      numbers.map((i) =>
        client.createOrderWs(t.perp, 'limit', 'buy', 0.001, kRest - i, { clientOrderId: `m-${i}` }),
      ),
    );
    placed.forEach(({ clientOrderId }, i) => assert.equal(clientOrderId, `m-${i + 1}`));
    for (const i of [0, 14, 29]) {
      assert.equal((await t.order(placed[i].id, t.perp)).price, kRest - i - 1);
    }
    const gone = await Promise.all(placed.map(({ id }) => client.cancelOrderWs(id, t.perp)));
    assert.deepEqual(
      gone.map(({ id }) => id),
      placed.map(({ id }) => id),
    );
    assert.equal((await t.openIds(t.perp)).length, 1);
  },
);
