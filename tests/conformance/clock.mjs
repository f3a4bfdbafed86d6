// The numbered list, continued: a clock that is stepped, at another date, or fast, with real clients
// that know nothing of it. What a step brings is told at the times at which it came due.
import assert from 'node:assert/strict';
import { exact, sum } from './lib/exact.mjs';
import { same } from './lib/stage.mjs';

const kMinute = 60_000;
const kHour = 60 * kMinute;
const kDay = 24 * kHour;
const kRest = 59900; // below the bid, within any venue's price band

const manual = (...more) => ['--clock', 'manual', '--rate-limits', 'headers', ...more];
const pinned = (...more) => ({ serve: manual('--market', 'pinned', ...more), fresh: true });
export const groups = {
  stepped: pinned(),
  lively: { serve: manual('--market', 'synthetic', '--symbols', 'BTC') },
  past: pinned('--clock-start', '2017-11-08'),
  future: pinned('--clock-start', '2091-06-15T12:30:00Z'),
  boxtime: {
    serve: ['--market', 'pinned', '--auth-clock', 'box', '--rate-limits', 'headers'],
    fresh: true,
  },
  fast: { serve: ['--market', 'synthetic', '--symbols', 'BTC', '--clock', 'scaled:60'] },
};

export const steps = [];

function step(number, group, name, { does, expects, needs = [] }, run) {
  steps.push({ number, group, name, does, expects, needs, run });
}

async function now(t) {
  return (await t.server.control('GET', '/clock')).now_ms;
}

// The times that each connection told, which must never go back.
function inOrder(entries, toldAt) {
  const last = new Map();
  for (const { message, url } of entries) {
    const at = toldAt(message);
    if (at === undefined) continue;
    assert.ok(at >= (last.get(url) ?? 0), `told at ${at}, after ${last.get(url)}, on ${url}`);
    last.set(url, at);
  }
}

// Candles that were told as closed: {start, at} in the order in which they were.
const closings = (streams, entries, interval) =>
  entries.flatMap(({ message }) =>
    streams
      .closedCandles([message])
      .filter((candle) => candle.interval === interval)
      .map(({ start }) => ({ start, at: streams.toldAt(message) })),
  );

const each = (count, make) => Array.from({ length: count }, (_, i) => make(i));

// ---- an hour in one step ------------------------------------------------------------------------

step(
  600,
  'stepped',
  'an hour in one step',
  {
    does:
      'Alice is long and has an order under a dead-man switch; the clock moves by an hour, with ' +
      'a funding time in it.',
    expects:
      'Candles of the minutes and of the hour close, funding is paid and the order ends, each ' +
      'told at its own time; what is asked for afterwards says the same.',
    needs: [
      'watchOHLCV',
      'watchOrders',
      'watchMyTrades',
      'fetchFundingHistory',
      'fetchLedger',
      'cancelAllOrdersAfter',
    ],
  },
  async (t) => {
    const { streams } = t.venue;
    await t.alice.createOrder(t.perp, 'market', 'buy', 0.3);
    await t.server.advance(8 * kHour - 2 * kMinute);
    const start = await now(t);
    const funding = start + 2 * kMinute;
    const listener = await t.listener();
    await listener.watch((c) => c.watchOHLCV(t.perp, '1m'));
    await listener.watch((c) => c.watchOHLCV(t.perp, '1h'));
    await listener.watch((c) => c.watchOrders());
    await listener.watch((c) => c.watchMyTrades());
    const { id } = await t.alice.createOrder(t.perp, 'limit', 'buy', 0.01, kRest);
    await t.alice.cancelAllOrdersAfter(3.5 * kMinute);
    const before = await t.balance(t.venue.quote);
    await listener.settle();
    const from = listener.mark;
    await t.server.advance(kHour);
    await listener.settle();

    const entries = listener.heard.slice(from);
    inOrder(entries, streams.toldAt);
    assert.deepEqual(
      closings(streams, entries, streams.interval('1m')),
      each(60, (i) => ({ start: start + i * kMinute, at: start + (i + 1) * kMinute })),
      'each minute, told as it ended',
    );
    assert.deepEqual(
      closings(streams, entries, streams.interval('1h')),
      [{ start: funding - kHour, at: funding }],
      'the hour',
    );
    const at = (is) => entries.filter(({ message }) => is(message)).map(({ message }) => streams.toldAt(message));
    assert.deepEqual(at(streams.isFunding), [funding], 'funding');
    const ended = (message) =>
      streams
        .orderRows([message])
        .some((row) => row.orderId === id && t.venue.status({ info: row }) === t.venue.statuses.cancelled);
    assert.deepEqual(at(ended), [start + 3.5 * kMinute], 'the end of the order');

    const [paid, ...others] = await t.exact.alice.fetchFundingHistory(t.perp);
    assert.deepEqual(others, []);
    const [{ fundingRate, timestamp }] = await t.exact.alice.fetchFundingRateHistory(t.perp);
    assert.deepEqual([paid.timestamp, timestamp], [funding, funding]);
    const { markPrice } = await t.position();
    same(paid.rate, fundingRate, 'the rate');
    same(paid.amount, exact(markPrice).times('0.3').times(fundingRate), 'size, mark and rate');
    const after = await t.balance(t.venue.quote);
    same(before.total.minus(after.total), paid.amount, 'the wallet');
    const entry = (await t.exact.alice.fetchLedger(t.venue.quote)).filter(
      ({ info }) => info.type === t.venue.risk.settlement,
    );
    assert.deepEqual(entry.map((row) => row.timestamp), [funding]);
    same(entry[0].info.change, exact('0').minus(paid.amount), 'the ledger has the other sign');
    const [gone] = await t.alice.fetchCanceledOrders(t.perp);
    assert.deepEqual([gone.id, gone.lastUpdateTimestamp], [id, start + 3.5 * kMinute]);
    const candles = await t.alice.fetchOHLCV(t.perp, '1h', start - kHour);
    assert.deepEqual(
      candles.map(([time]) => time),
      [funding - kHour, funding],
    );
  },
);

step(
  601,
  'stepped',
  'three days in one step',
  {
    does: 'Alice is long while the clock moves by three days without a trade.',
    expects:
      'Funding is paid at each of nine times, the next is announced ahead, candles have no gap, ' +
      'and the last 24 hours have traded nothing.',
    needs: ['fetchFundingHistory', 'fetchFundingRate', 'fetchFundingRateHistory'],
  },
  async (t) => {
    await t.alice.createOrder(t.perp, 'market', 'buy', 0.3);
    const start = await now(t);
    const before = await t.balance(t.venue.quote);
    await t.server.advance(3 * kDay);
    const times = each(9, (i) => start + (i + 1) * 8 * kHour);
    const paid = await t.exact.alice.fetchFundingHistory(t.perp, undefined, 50);
    assert.deepEqual(
      paid.map(({ timestamp }) => timestamp).sort((a, b) => a - b),
      times,
    );
    const rates = await t.alice.fetchFundingRateHistory(t.perp);
    assert.deepEqual(
      rates.map(({ timestamp }) => timestamp),
      times,
    );
    const after = await t.balance(t.venue.quote);
    same(before.total.minus(after.total), sum(paid.map(({ amount }) => amount)), 'the wallet');
    const next = await t.alice.fetchFundingRate(t.perp);
    assert.deepEqual([next.timestamp, next.fundingTimestamp], [start + 3 * kDay, start + 3 * kDay + 8 * kHour]);
    const candles = await t.alice.fetchOHLCV(t.perp, '1m', start + 3 * kDay - 10 * kHour, 1000);
    assert.deepEqual(
      candles.map(([time, , , , close, volume]) => [time, close, volume]),
      each(601, (i) => [start + 3 * kDay - 10 * kHour + i * kMinute, 60000.1, 0]),
      'a candle for every minute',
    );
    const { last, high, low, open, baseVolume, percentage } = await t.alice.fetchTicker(t.perp);
    assert.deepEqual(
      { last, high, low, open, baseVolume, percentage },
      { last: 60000.1, high: 60000.1, low: 60000.1, open: 60000.1, baseVolume: 0, percentage: 0 },
    );
  },
);

step(
  602,
  'lively',
  'an hour of a living market in one step',
  {
    does: 'Watches trades and candles while the clock moves by half an hour over the hour.',
    expects:
      'Every trade is told once and in order, the candles follow from the trades, and ' +
      'fetchOHLCV gives the same.',
    needs: ['watchTrades', 'watchOHLCV', 'fetchOHLCV'],
  },
  async (t) => {
    const { streams } = t.venue;
    await t.server.advance(50 * kMinute);
    const start = await now(t);
    const listener = await t.listener(t.keys.alice, { newUpdates: true });
    await listener.watch((c) => c.watchOHLCV(t.perp, '1m'));
    await listener.watch((c) => c.watchOHLCV(t.perp, '1h'));
    await listener.watch((c) => c.watchTrades(t.perp));
    const from = listener.mark;
    await t.server.advance(30 * kMinute);
    await listener.settle();
    const entries = listener.heard.slice(from);
    inOrder(entries, streams.toldAt);
    const hour = start + 10 * kMinute;
    assert.deepEqual(closings(streams, entries, streams.interval('1h')), [{ start: hour - kHour, at: hour }]);
    assert.deepEqual(
      closings(streams, entries, streams.interval('1m')),
      each(30, (i) => ({ start: start + i * kMinute, at: start + (i + 1) * kMinute })),
    );
    const trades = entries.flatMap(({ message }) => streams.tradeRows(message));
    const order = trades.map(({ time }) => time);
    assert.deepEqual(order, [...order].sort((a, b) => a - b), 'trades in order of time');
    assert.equal(new Set(trades.map(({ id }) => id)).size, trades.length, 'each trade once');
    const asked = await t.alice.fetchOHLCV(t.perp, '1m', start, 30);
    const known = [...listener.client.ohlcvs[t.perp]['1m']].filter(
      ([time]) => time >= start && time < start + 30 * kMinute,
    );
    assert.deepEqual(known, asked, 'the candles that fetchOHLCV gives');
    for (const [time, , high, low, , volume] of asked) {
      const its = trades.filter((trade) => Math.floor(trade.time / kMinute) * kMinute === time);
      same(sum(its.map(({ amount }) => amount)), volume, `volume of ${new Date(time).toISOString()}`);
      if (its.length === 0) continue;
      const prices = its.map(({ price }) => Number(price));
      assert.deepEqual([Math.max(...prices), Math.min(...prices)], [high, low]);
    }
  },
);

// ---- another date -------------------------------------------------------------------------------

for (const [number, group, start] of [
  [610, 'past', '2017-11-08T00:00:00Z'],
  [620, 'future', '2091-06-15T12:30:00Z'],
]) {
  const begin = Date.parse(start);

  step(
    number,
    group,
    `a box in the ${group}`,
    {
      does: `Trades and asks for everything in a box of ${start.slice(0, 4)}, then an hour later.`,
      expects: 'Nothing is stale; all times are those of the box.',
      needs: ['fetchMyTrades', 'fetchOHLCV'],
    },
    async (t) => {
      const symbol = t.perp;
      const filled = await t.place(symbol, 'market', 'buy', 0.3);
      const resting = await t.place(symbol, 'limit', 'buy', 0.01, kRest);
      assert.deepEqual([filled.timestamp, resting.timestamp], [begin, begin]);
      await t.server.advance(kHour);
      await t.alice.cancelOrder(resting.id, symbol);
      const times = (rows) => rows.map(({ timestamp }) => timestamp);
      const later = begin + kHour;
      const { fetchClosedOrders, fetchCanceledOrders, fetchLedger } = t.has;
      for (const since of [undefined, begin]) {
        assert.deepEqual(times(await t.alice.fetchMyTrades(symbol, since)), [begin]);
        if (fetchClosedOrders)
          assert.deepEqual(times(await t.alice.fetchClosedOrders(symbol, since)), [begin]);
        if (fetchCanceledOrders)
          assert.deepEqual(times(await t.alice.fetchCanceledOrders(symbol, since)), [begin]);
        const candles = await t.candles(symbol, '1m', since);
        assert.deepEqual([candles[0][0], candles.at(-1)[0]], [begin, later]);
        assert.equal(candles.length, 61);
      }
      assert.deepEqual(await t.alice.fetchMyTrades(symbol, begin + 1), []);
      assert.equal((await t.order(resting.id, symbol)).lastUpdateTimestamp, later);
      if (fetchLedger) {
        const ledger = await t.alice.fetchLedger(t.venue.quote, begin);
        assert.ok(ledger.length > 0 && ledger.every(({ timestamp }) => timestamp === begin));
      }
      assert.equal((await t.alice.fetchFundingRate(symbol)).timestamp, later);
    },
  );

  step(
    number + 1,
    group,
    `streams in the ${group}`,
    {
      does: `Watches orders, fills, the book and candles in a box of ${start.slice(0, 4)}.`,
      expects: 'The client logs in by its own clock; what it is told has the times of the box.',
      needs: ['watchOrders', 'watchMyTrades', 'watchOrderBook', 'watchOHLCV'],
    },
    async (t) => {
      const listener = await t.listener();
      const watchOrders = (c) => c.watchOrders();
      const watchMyTrades = (c) => c.watchMyTrades();
      await listener.watch(watchOrders);
      await listener.watch(watchMyTrades);
      const { first: book } = await listener.watch((c) => c.watchOrderBook(t.perp));
      const { first: candles } = await listener.watch((c) => c.watchOHLCV(t.perp, '1m'));
      assert.equal((await book).timestamp, begin);
      await t.server.advance(kHour);
      const [trade] = await listener.after(watchMyTrades, () =>
        t.alice.createOrder(t.perp, 'market', 'buy', 0.1),
      );
      assert.equal(trade.timestamp, begin + kHour);
      const [order] = await listener.after(watchOrders, () =>
        t.alice.createOrder(t.perp, 'limit', 'buy', 0.01, kRest),
      );
      assert.equal(order.timestamp, begin + kHour);
      assert.equal((await candles).at(-1)[0], begin);
      assert.equal(listener.client.ohlcvs[t.perp]['1m'].at(-1)[0], begin + kHour);
    },
  );
}

// ---- signatures by the box's clock --------------------------------------------------------------

step(
  630,
  'boxtime',
  'a client that signs by its own clock',
  {
    does: 'Moves a running clock, which judges signatures here, by an hour, and again.',
    expects:
      "The venue's error for a stale timestamp for a client that signs by the machine's clock; " +
      'one that asks for the time is let in, until the clock is moved again.',
  },
  async (t) => {
    const { staleTimestamp } = t.venue.refusals;
    const synced = await t.another(t.keys.alice);
    synced.options.adjustForTimeDifference = true;
    await t.alice.fetchBalance();
    for (const hours of [1, 2]) {
      await t.server.advance(kHour);
      for (const client of hours === 1 ? [t.alice] : [t.alice, synced]) {
        await t.refused(() => client.fetchBalance(), staleTimestamp, `after ${hours} h`);
      }
      const before = await now(t);
      assert.ok(before >= Date.now() + hours * kHour - kMinute, 'the box is ahead');
      const time = await t.alice.fetchTime();
      assert.ok(time >= before && time <= (await now(t)), "the venue's time is the box's");
      await synced.loadTimeDifference();
      const { id } = await synced.createOrder(t.perp, 'limit', 'buy', 0.01, kRest);
      const { timestamp } = await t.order(id, t.perp, synced);
      assert.ok(timestamp >= time && timestamp <= (await now(t)), 'and so are its orders');
    }
  },
);

// ---- a fast clock -------------------------------------------------------------------------------

step(
  640,
  'fast',
  'watchOHLCV of a fast clock',
  {
    does: 'Watches candles of a minute where one second is a minute.',
    expects: 'Three minutes close one after the other, each told within a second of the machine.',
    needs: ['watchOHLCV'],
  },
  async (t) => {
    const { streams } = t.venue;
    const listener = await t.listener();
    const from = listener.mark;
    await listener.watch((c) => c.watchOHLCV(t.perp, '1m'));
    let seen = [];
    await listener.first(() => {
      seen = closings(streams, listener.heard.slice(from), streams.interval('1m'));
      return seen.length >= 3;
    });
    for (const [i, { start, at }] of seen.entries()) {
      assert.equal(start, seen[0].start + i * kMinute, 'no minute is missing');
      assert.ok(at >= start + kMinute && at < start + 2 * kMinute, `told at ${at - start} ms`);
    }
    const known = listener.client.ohlcvs[t.perp]['1m'].map(([time]) => time);
    for (const { start } of seen) assert.ok(known.includes(start), 'the client has it');
  },
);
