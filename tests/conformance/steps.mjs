// The numbered list of unified calls: one list for all venues. A step starts from a box as at its
// start (groups with `fresh`), says what it does and what must come of it, and speaks the client's
// unified words only; what differs between venues stands in the venue's table.
import assert from 'node:assert/strict';
import { exact, sum } from './lib/exact.mjs';
import { Position, byPrice, quantity, spotChange } from './lib/ledger.mjs';
import { kWide, same, sameEntry, sameFee, sameWallet } from './lib/stage.mjs';

// Each group has a server of its own, so that groups run beside each other.
export const groups = {
  market: {
    serve: ['--market', 'synthetic', '--clock', 'manual'],
    async open(t) {
      await t.server.advance(60_000);
    },
  },
  orders: { serve: ['--market', 'pinned', '--rate-limits', 'headers'], fresh: true },
  money: { serve: ['--market', 'pinned', '--rate-limits', 'headers'], fresh: true },
  spot: { serve: ['--market', 'pinned', '--rate-limits', 'headers'], fresh: true },
  refusals: { serve: ['--market', 'pinned', '--rate-limits', 'headers'], fresh: true },
};

export const steps = [];

function step(number, group, name, { does, expects, needs = [] }, run) {
  steps.push({ number, group, name, does, expects, needs, run });
}

const kRest = 59900; // below the bid, within any venue's price band
const kFar = 59910.5;
const ids = (rows) => rows.map(({ id }) => id);

// ---- market data ------------------------------------------------------------------------------

step(
  1,
  'market',
  'loadMarkets',
  {
    does: 'Loads all markets with a fresh client.',
    expects: 'Spot and linear perpetual are listed, active, with sane precisions and limits.',
  },
  async (t) => {
    const client = t.client(t.keys.alice);
    await client.loadMarkets();
    for (const kind of t.kinds) {
      const market = client.market(t.symbol(kind));
      assert.equal(market.base, t.venue.base);
      assert.equal(market.quote, t.venue.quoted ?? t.venue.quote);
      if (t.tells('market.active')) assert.equal(market.active, true, `${kind} is active`);
      assert.equal(market.spot, kind === 'spot');
      assert.equal(market.swap, kind === 'perp');
      assert.ok(market.precision.price > 0 && market.precision.price < 100, 'a tick size');
      assert.ok(market.precision.amount > 0 && market.precision.amount <= 1, 'a lot size');
      const least = t.tells('market.least') ? market.limits.amount.min : market.precision.amount;
      assert.ok(least > 0, 'a smallest quantity');
      assert.ok(market.limits.amount.max > least, 'a largest quantity');
    }
    const perp = client.market(t.perp);
    assert.equal(perp.linear, true);
    assert.equal(perp.settle, t.venue.quote);
    assert.equal(perp.contractSize, 1);
    if (t.tells('market.leverage'))
      assert.ok(perp.limits.leverage.max >= 10, 'leverage of ten is allowed');
  },
);

step(
  2,
  'market',
  'fetchTime',
  {
    does: "Asks for the venue's time, with the box's clock a minute further.",
    expects: 'The clock by which signatures are judged, which is the wall: the box is elsewhere.',
  },
  async (t) => {
    await t.server.advance(60_000);
    const before = Date.now();
    const time = await t.alice.fetchTime();
    assert.ok(time >= before && time <= Date.now(), `between ${before} and now, got ${time}`);
  },
);

for (const [number, kind] of [
  [3, 'perp'],
  [4, 'spot'],
]) {
  step(
    number,
    'market',
    `fetchTicker ${kind}`,
    {
      does: `Fetches the ticker and the book of the ${kind} while the clock stands.`,
      expects: "Bid and ask are the book's best; last lies between low and high.",
      needs: kind === 'spot' ? ['spot'] : [],
    },
    async (t) => {
      const symbol = t.symbol(kind);
      const ticker = await t.alice.fetchTicker(symbol);
      const book = await t.book(symbol, 1);
      assert.equal(ticker.symbol, symbol);
      assert.deepEqual([ticker.bid, ticker.ask], [book.bids[0][0], book.asks[0][0]]);
      if (t.tells('ticker.volumes')) {
        const volumes = [ticker.bidVolume, ticker.askVolume];
        assert.deepEqual(volumes, [book.bids[0][1], book.asks[0][1]]);
      }
      if (t.tells('ticker.range')) {
        assert.ok(
          ticker.low <= ticker.last && ticker.last <= ticker.high,
          `low ${ticker.low} <= last ${ticker.last} <= high ${ticker.high}`,
        );
      }
      if (kind !== 'perp') return;
      assert.ok(ticker.markPrice > 0, 'mark price');
      if (t.tells('ticker.index')) assert.ok(ticker.indexPrice > 0, 'index price');
    },
  );
}

step(
  5,
  'market',
  'fetchTickers',
  {
    does: 'Fetches tickers of two symbols of each kind at once.',
    expects: 'Both symbols, of the kind asked for, equal to what fetchTicker says.',
    needs: ['fetchTickers'],
  },
  async (t) => {
    for (const kind of t.kinds) {
      const symbols = [t.symbol(kind), t.venue.second[kind]];
      const tickers = await t.alice.fetchTickers(symbols);
      assert.deepEqual(Object.keys(tickers).sort(), [...symbols].sort());
      for (const symbol of symbols) {
        const single = await t.alice.fetchTicker(symbol);
        assert.deepEqual(
          [tickers[symbol].bid, tickers[symbol].ask, tickers[symbol].last],
          [single.bid, single.ask, single.last],
        );
      }
    }
  },
);

for (const [number, kind] of [
  [6, 'perp'],
  [7, 'spot'],
]) {
  step(
    number,
    'market',
    `fetchOrderBook ${kind}`,
    {
      does: `Fetches the book of the ${kind}, then its best level alone.`,
      expects:
        'Sorted, not crossed, at least five levels a side, all on tick and lot; depth obeyed.',
      needs: kind === 'spot' ? ['spot'] : [],
    },
    async (t) => {
      const symbol = t.symbol(kind);
      const { precision } = t.alice.market(symbol);
      const book = await t.book(symbol, 50);
      assert.ok(
        book.bids.length >= 5 && book.asks.length >= 5,
        `five levels a side, got ${book.bids.length} and ${book.asks.length}`,
      );
      assert.ok(book.bids.length <= 50 && book.asks.length <= 50, 'no more levels than asked for');
      assert.ok(
        book.bids[0][0] < book.asks[0][0],
        `not crossed: ${book.bids[0]} and ${book.asks[0]}`,
      );
      for (const [side, direction] of [
        [book.bids, -1],
        [book.asks, 1],
      ]) {
        side.forEach(([price, size], i) => {
          assert.ok(exact(price).isMultipleOf(precision.price), `${price} is on the tick`);
          assert.ok(
            size > 0 && exact(size).isMultipleOf(precision.amount),
            `${size} is whole lots`,
          );
          if (i > 0) assert.ok((price - side[i - 1][0]) * direction > 0, 'strictly sorted');
        });
      }
      const top = await t.book(symbol, 1);
      assert.deepEqual([top.bids, top.asks], [book.bids.slice(0, 1), book.asks.slice(0, 1)]);
    },
  );
}

step(
  8,
  'market',
  'fetchTrades',
  {
    does: "Lets a minute pass on the box's clock and fetches the public tape.",
    expects: 'Trades with unique ids, in order of time, on tick and lot, the limit obeyed.',
  },
  async (t) => {
    for (const kind of t.kinds) {
      const symbol = t.symbol(kind);
      const { precision } = t.alice.market(symbol);
      let trades = [];
      for (let minute = 0; minute < 30 && trades.length < 3; ++minute) {
        await t.server.advance(60_000);
        trades = await t.alice.fetchTrades(symbol, undefined, 50);
      }
      assert.ok(trades.length >= 3, `the ${kind} trades within half an hour, got ${trades.length}`);
      assert.ok(trades.length <= 50);
      assert.equal(new Set(ids(trades)).size, trades.length, 'ids are unique');
      trades.forEach((trade, i) => {
        assert.equal(trade.symbol, symbol);
        assert.ok(['buy', 'sell'].includes(trade.side));
        assert.ok(
          exact(trade.price).isMultipleOf(precision.price),
          `${trade.price} is on the tick`,
        );
        assert.ok(trade.amount > 0 && exact(trade.amount).isMultipleOf(precision.amount));
        if (i > 0) assert.ok(trade.timestamp >= trades[i - 1].timestamp, 'in order of time');
      });
      const [newest] = await t.alice.fetchTrades(symbol, undefined, 1);
      assert.equal(newest.timestamp, trades.at(-1).timestamp, 'a limit of one gives the newest');
      const ticker = await t.alice.fetchTicker(symbol);
      assert.equal(ticker.last, newest.price, "the ticker's last price is the newest trade's");
    }
  },
);

// The candles that a tape makes, as [time, open, high, low, close, volume] by their start.
function candlesOf(t, trades, length) {
  const candles = new Map();
  const ordered = [...trades].sort((a, b) => t.venue.sequence(a) - t.venue.sequence(b));
  for (const { timestamp, price, amount } of ordered) {
    const start = timestamp - (timestamp % length);
    const known = candles.get(start);
    if (known === undefined) {
      candles.set(start, [start, price, price, price, price, exact(amount)]);
      continue;
    }
    known[2] = Math.max(known[2], price);
    known[3] = Math.min(known[3], price);
    known[4] = price;
    known[5] = known[5].plus(amount);
  }
  return candles;
}

step(
  9,
  'market',
  'fetchOHLCV',
  {
    does: 'Follows the tape for five minutes and fetches candles of one and of five minutes.',
    expects: 'High, low, close and volume of every candle are those of the tape.',
    needs: ['fetchOHLCV'],
  },
  async (t) => {
    const five = 300_000;
    const { now_ms: now } = await t.server.control('GET', '/clock');
    await t.server.advance(five - (now % five));
    const start = now - (now % five) + five;
    const tapes = { perp: new Map(), spot: new Map() };
    for (let elapsed = 0; elapsed < five; elapsed += 5_000) {
      await t.server.advance(elapsed + 5_000 < five ? 5_000 : 4_999);
      for (const kind of t.kinds) {
        const most = t.venue.tapeMost[kind];
        const trades = await t.alice.fetchTrades(t.symbol(kind), undefined, most);
        const isWhole = trades.length < most || trades[0].timestamp < start + elapsed;
        assert.ok(isWhole, 'the tape reaches back to where it was read before');
        for (const trade of trades) if (trade.timestamp >= start) tapes[kind].set(trade.id, trade);
      }
    }
    for (const kind of t.kinds) {
      const tape = [...tapes[kind].values()];
      for (const [timeframe, length] of [
        ['1m', 60_000],
        ['5m', five],
      ]) {
        const made = candlesOf(t, tape, length);
        const asked = await t.candles(t.symbol(kind), timeframe, start, 50);
        assert.deepEqual(
          asked.map(([time]) => time),
          Array.from({ length: five / length }, (_, i) => start + i * length),
          'one after the other, without a gap',
        );
        for (const [time, , high, low, close, volume] of asked) {
          const candle = made.get(time);
          assert.deepEqual([high, low, close], candle.slice(2, 5), `candle of ${time}`);
          same(volume, candle[5], `volume of ${time}`);
        }
      }
    }
  },
);

step(
  10,
  'market',
  'fetchMarketLeverageTiers',
  {
    does: 'Fetches the leverage tiers of the perpetual.',
    expects: 'They begin at nothing, follow one another, and end where the market says.',
    needs: ['fetchMarketLeverageTiers'],
  },
  async (t) => {
    const tiers = await t.alice.fetchMarketLeverageTiers(t.perp);
    const { limits } = t.alice.market(t.perp);
    assert.equal(tiers[0].minNotional, 0);
    assert.equal(tiers[0].maxLeverage, limits.leverage.max);
    tiers.forEach((tier, i) => {
      assert.ok(tier.maxNotional > tier.minNotional);
      assert.ok(
        tier.maintenanceMarginRate > 0 && tier.maintenanceMarginRate < 1 / tier.maxLeverage,
      );
      if (i === 0) return;
      assert.equal(tier.minNotional, tiers[i - 1].maxNotional);
      assert.ok(tier.maxLeverage < tiers[i - 1].maxLeverage);
    });
    const { [t.perp]: all } = await t.alice.fetchLeverageTiers([t.perp]);
    assert.deepEqual(
      all.map(({ tier, maxLeverage }) => [tier, maxLeverage]),
      tiers.map(({ tier, maxLeverage }) => [tier, maxLeverage]),
    );
  },
);

step(
  12,
  'market',
  'fetchOHLCV of the past',
  {
    does: 'Fetches 500 candles of each length, and again some of them by their beginning.',
    expects: 'They are there at once, one after the other up to now, and equal however asked for.',
    needs: ['fetchOHLCV'],
  },
  async (t) => {
    const kPast = 400; // the box is not old enough for a hundred candles
    const { now_ms: now } = await t.server.control('GET', '/clock');
    for (const kind of t.kinds) {
      const symbol = t.symbol(kind);
      for (const timeframe of t.venue.timeframes) {
        const length = t.alice.parseTimeframe(timeframe) * 1_000;
        const all = await t.candles(symbol, timeframe, undefined, 500);
        assert.equal(all.length, 500, `${timeframe} of ${symbol}`);
        const [newest] = all.at(-1);
        assert.ok(newest <= now && now < newest + 1.04 * length, `${timeframe} ends at now`);
        all.forEach(([time, open, high, low, close, volume], i) => {
          assert.ok(low <= Math.min(open, close) && high >= Math.max(open, close) && volume > 0);
          if (i === 0) return;
          const [before, , , , closed] = all[i - 1];
          if (timeframe !== '1M') assert.equal(time, before + length, 'without a gap');
          if (i < kPast) assert.equal(open, closed, 'before the box each opens where one closed');
        });
        if (timeframe === '1M') continue; // the client takes every month for thirty days
        const since = await t.candles(symbol, timeframe, all[100][0], 50);
        assert.deepEqual(since, all.slice(100, 150), `${timeframe} from a time on`);
      }
      const hours = await t.candles(symbol, '1h', undefined, 3);
      const minutes = await t.candles(symbol, '1m', hours[1][0], 60);
      assert.deepEqual(
        hours[1].slice(1, 5),
        [
          minutes[0][1],
          Math.max(...minutes.map((candle) => candle[2])),
          Math.min(...minutes.map((candle) => candle[3])),
          minutes[59][4],
        ],
        'an hour is the fold of its minutes',
      );
      same(hours[1][5], sum(minutes.map((candle) => candle[5])), 'and has their volume');
      const ticker = await t.alice.fetchTicker(symbol);
      assert.ok(ticker.quoteVolume > 0);
      if (t.tells('ticker.range'))
        assert.ok(ticker.low < ticker.last && ticker.last < ticker.high);
      assert.ok(Math.abs(ticker.percentage) < 50, 'the change of a day');
    }
  },
);

step(
  11,
  'market',
  'cancelAllOrdersAfter',
  {
    does: 'Arms it for ten seconds, renews it after eight, and then does nothing.',
    expects: 'The order rests through the renewal and is cancelled ten seconds after it.',
    needs: ['cancelAllOrdersAfter'],
  },
  async (t) => {
    const { bids } = await t.book(t.perp, 50);
    const price = Math.round(bids.at(-1)[0] * 0.95);
    const { id } = await t.alice.createOrder(t.perp, 'limit', 'buy', 0.01, price);
    await t.alice.cancelAllOrdersAfter(10_000);
    await t.server.advance(8_000);
    await t.alice.cancelAllOrdersAfter(10_000);
    await t.server.advance(8_000);
    assert.deepEqual(await t.openIds(t.perp), [id], 'it was renewed');
    await t.server.advance(3_000);
    assert.deepEqual(await t.openIds(t.perp), []);
    assert.equal((await t.order(id, t.perp)).status, 'canceled');
  },
);

// ---- the life of orders -------------------------------------------------------------------------

step(
  20,
  'orders',
  'fetchBalance at the start',
  {
    does: 'Fetches the balance of a demo account that has not traded.',
    expects: 'Exactly the demo balances, nothing in use.',
  },
  async (t) => {
    for (const who of ['alice', 'bob']) {
      for (const [asset, amount] of Object.entries(t.venue.start)) {
        const { total, used, free } = await t.balance(asset, who);
        same(total, amount, `${who}'s ${asset}`);
        same(used, '0', `${who}'s used ${asset}`);
        same(free, amount, `${who}'s free ${asset}`);
      }
    }
  },
);

step(
  21,
  'orders',
  'setLeverage',
  {
    does: 'Sets leverage 5, then 20, on the perpetual.',
    expects: 'Each is shown, by the position where it tells it.',
    needs: ['setLeverage'],
  },
  async (t) => {
    for (const leverage of [5, 20]) {
      await t.alice.setLeverage(leverage, t.perp);
      await t.place(t.perp, 'market', 'buy', 0.01);
      assert.equal(await t.leverage(), leverage);
    }
  },
);

step(
  22,
  'orders',
  'setLeverage unchanged or too high',
  {
    does: 'Sets the leverage that is already set, then one far above the maximum.',
    expects: "The venue's own errors; the leverage stays.",
    needs: ['setLeverage'],
  },
  async (t) => {
    const { leverageUnchanged, leverageTooHigh } = t.venue.refusals;
    await t.alice.setLeverage(5, t.perp);
    if (leverageUnchanged) {
      await t.refused(
        () => t.alice.setLeverage(5, t.perp),
        leverageUnchanged,
        'unchanged leverage',
      );
    }
    await t.refused(() => t.alice.setLeverage(1000, t.perp), leverageTooHigh, 'leverage of 1000');
    await t.place(t.perp, 'market', 'buy', 0.01);
    assert.equal(await t.leverage(), 5);
  },
);

step(
  23,
  'orders',
  'createOrder limit that rests',
  {
    does: 'Buys below the bid and lists open orders.',
    expects: 'The order is listed with all its fields; the book shows it.',
  },
  async (t) => {
    for (const kind of t.kinds) {
      const symbol = t.symbol(kind);
      const { id } = await t.alice.createOrder(symbol, 'limit', 'buy', 0.012, kRest);
      const open = await t.alice.fetchOpenOrders(symbol);
      assert.deepEqual(ids(open), [id], 'listed once, and nothing else');
      const { type, side, price, amount, filled, remaining, status, timeInForce, timestamp } =
        open[0];
      assert.deepEqual(
        {
          symbol: open[0].symbol,
          type,
          side,
          price,
          amount,
          filled,
          remaining,
          status,
          timeInForce,
        },
        {
          symbol,
          type: 'limit',
          side: 'buy',
          price: kRest,
          amount: 0.012,
          filled: 0,
          remaining: 0.012,
          status: 'open',
          timeInForce: 'GTC',
        },
      );
      assert.ok(Math.abs(timestamp - (await t.alice.fetchTime())) < 60_000, 'created just now');
      const book = await t.book(symbol, 50);
      const level = book.bids.find(([levelPrice]) => levelPrice === kRest);
      assert.ok(level !== undefined && level[1] >= 0.012, `the book shows it at ${kRest}`);
    }
  },
);

step(
  24,
  'orders',
  'fetchOrder and fetchOpenOrder',
  {
    does: 'Fetches a resting order by its id.',
    expects: 'Both calls give the same order as the list.',
    needs: ['fetchOrder'],
  },
  async (t) => {
    const { id } = await t.alice.createOrder(t.perp, 'limit', 'sell', 0.02, 60100);
    const listed = (await t.alice.fetchOpenOrders(t.perp))[0];
    assert.deepEqual(await t.order(id, t.perp), listed);
    if (t.alice.has.fetchOpenOrder) {
      assert.deepEqual(await t.alice.fetchOpenOrder(id, t.perp), listed);
    }
    assert.equal(listed.id, id);
  },
);

step(
  25,
  'orders',
  'cancelOrder',
  {
    does: 'Cancels one of two resting orders.',
    expects: 'That one is gone from the open list and in the cancelled list; the other rests.',
  },
  async (t) => {
    for (const kind of t.kinds) {
      const symbol = t.symbol(kind);
      const gone = await t.alice.createOrder(symbol, 'limit', 'buy', 0.01, kRest);
      const kept = await t.alice.createOrder(symbol, 'limit', 'buy', 0.01, kFar);
      const answer = await t.alice.cancelOrder(gone.id, symbol);
      if (t.tells('cancelOrder.id')) assert.equal(answer.id, gone.id);
      assert.deepEqual(await t.openIds(symbol), [kept.id]);
      const order = await t.order(gone.id, symbol);
      assert.equal(order.status, 'canceled');
      assert.equal(order.filled, 0);
      assert.ok(
        t.venue.reasons.cancelled.includes(t.venue.reason(order)),
        `cancelled by the user, got ${t.venue.reason(order)}`,
      );
      if (t.alice.has.fetchCanceledOrders) {
        assert.deepEqual(ids(await t.alice.fetchCanceledOrders(symbol)), [gone.id]);
      }
      const book = await t.book(symbol, 50);
      const level = book.bids.find(([price]) => price === kRest);
      assert.ok(level === undefined || level[1] !== 0.01, 'the book has forgotten it');
    }
  },
);

step(
  26,
  'orders',
  'cancelOrder twice',
  {
    does: 'Cancels an order again, and one that is filled.',
    expects: "OrderNotFound, or the client's own class, with the venue's own code.",
  },
  async (t) => {
    const { closedOrder } = t.venue.refusals;
    const { id } = await t.alice.createOrder(t.perp, 'limit', 'buy', 0.01, kRest);
    await t.alice.cancelOrder(id, t.perp);
    await t.refused(() => t.alice.cancelOrder(id, t.perp), closedOrder, 'cancelled before');
    const filled = await t.place(t.perp, 'market', 'buy', 0.01);
    await t.refused(
      () => t.alice.cancelOrder(filled.id, t.perp),
      closedOrder,
      'filled before',
    );
  },
);

step(
  27,
  'orders',
  'createOrder limit that crosses',
  {
    does: 'Buys with a limit above the ask, sells with one below the bid.',
    expects: "Filled at once as taker, at the book's price and not at the limit.",
  },
  async (t) => {
    for (const [side, limit, price] of [
      ['buy', 60010, 60000.1],
      ['sell', 59990, 60000],
    ]) {
      const order = await t.place(t.perp, 'limit', side, 0.05, limit);
      assert.deepEqual(
        {
          status: order.status,
          filled: order.filled,
          remaining: order.remaining,
          average: order.average,
        },
        { status: 'closed', filled: 0.05, remaining: 0, average: price },
      );
      const trades = await t.fills(t.perp, { order: order.id });
      for (const trade of trades)
        assert.deepEqual([trade.takerOrMaker, Number(trade.price)], ['taker', price]);
    }
    assert.deepEqual(await t.openIds(t.perp), []);
  },
);

step(
  28,
  'orders',
  'createOrder limit that crosses in part',
  {
    does: 'Alice offers 0.3 inside the spread; Bob bids 0.5 at that price.',
    expects: '0.3 fill, 0.2 rest; after cancelling, the order is cancelled with 0.3 filled.',
  },
  async (t) => {
    await t.quote(kWide);
    await t.alice.createOrder(t.perp, 'limit', 'sell', 0.3, 60000);
    const order = await t.place(t.perp, 'limit', 'buy', 0.5, 60000, {}, t.bob);
    assert.deepEqual(
      { status: order.status, filled: order.filled, remaining: order.remaining },
      { status: 'open', filled: 0.3, remaining: 0.2 },
    );
    await t.bob.cancelOrder(order.id, t.perp);
    const after = await t.order(order.id, t.perp, t.bob);
    assert.deepEqual(
      { status: after.status, filled: after.filled },
      { status: 'canceled', filled: 0.3 },
    );
  },
);

step(
  29,
  'orders',
  'createOrder market buy and sell',
  {
    does: 'Buys and sells at the market.',
    expects: 'Filled whole at the quoted ask and bid.',
  },
  async (t) => {
    for (const [side, price] of [
      ['buy', 60000.1],
      ['sell', 60000],
    ]) {
      const order = await t.place(t.perp, 'market', side, 0.05);
      assert.deepEqual(
        { type: order.type, status: order.status, filled: order.filled, average: order.average },
        { type: 'market', status: 'closed', filled: 0.05, average: price },
      );
      same(quantity(await t.fills(t.perp, { order: order.id })), '0.05', 'filled quantity');
    }
  },
);

step(
  30,
  'orders',
  'createOrder IOC',
  {
    does: 'Takes 0.5 IOC from an offer of 0.3, then IOC where nothing can fill.',
    expects: '0.3 fill and the rest is cancelled; the second is cancelled with nothing filled.',
  },
  async (t) => {
    await t.quote(kWide);
    await t.alice.createOrder(t.perp, 'limit', 'sell', 0.3, 60000);
    const part = await t.place(t.perp, 'limit', 'buy', 0.5, 60000, { timeInForce: 'IOC' }, t.bob);
    assert.deepEqual(
      { status: part.status, filled: part.filled },
      { status: 'canceled', filled: 0.3 },
    );
    const none = await t.place(t.perp, 'limit', 'buy', 0.5, 59995, { timeInForce: 'IOC' }, t.bob);
    assert.deepEqual(
      { status: none.status, filled: none.filled },
      { status: 'canceled', filled: 0 },
    );
    assert.ok(
      t.venue.reasons.immediateOrCancel.includes(t.venue.reason(none)),
      t.venue.reason(none),
    );
    assert.deepEqual(await t.openIds(t.perp, t.bob), []);
  },
);

step(
  31,
  'orders',
  'createOrder FOK',
  {
    does: 'Asks for 0.5 FOK against an offer of 0.3, then for 0.3.',
    expects: 'The first is cancelled without a fill and leaves the offer whole; the second fills.',
  },
  async (t) => {
    await t.quote(kWide);
    const offer = await t.alice.createOrder(t.perp, 'limit', 'sell', 0.3, 60000);
    const none = await t.place(t.perp, 'limit', 'buy', 0.5, 60000, { timeInForce: 'FOK' }, t.bob);
    assert.deepEqual(
      { status: none.status, filled: none.filled },
      { status: 'canceled', filled: 0 },
    );
    assert.ok(t.venue.reasons.fillOrKill.includes(t.venue.reason(none)), t.venue.reason(none));
    assert.equal((await t.order(offer.id, t.perp)).remaining, 0.3);
    const all = await t.place(t.perp, 'limit', 'buy', 0.3, 60000, { timeInForce: 'FOK' }, t.bob);
    assert.deepEqual({ status: all.status, filled: all.filled }, { status: 'closed', filled: 0.3 });
  },
);

step(
  32,
  'orders',
  'createOrder post-only',
  {
    does: 'Sends a post-only order that would cross, then one that rests.',
    expects: "The first ends cancelled with the venue's reason and no fill; the second is open.",
  },
  async (t) => {
    const crossing = await t.place(t.perp, 'limit', 'buy', 0.01, 60010, { postOnly: true });
    assert.deepEqual(
      { status: crossing.status, filled: crossing.filled },
      { status: 'canceled', filled: 0 },
    );
    assert.ok(
      t.venue.reasons.postOnly.includes(t.venue.reason(crossing)),
      t.venue.reason(crossing),
    );
    const resting = await t.place(t.perp, 'limit', 'buy', 0.01, kRest, { postOnly: true });
    assert.equal(resting.status, 'open');
    assert.equal(resting.timeInForce, 'PO');
    assert.deepEqual(await t.openIds(t.perp), [resting.id]);
    assert.deepEqual(await t.alice.fetchMyTrades(t.perp), []);
  },
);

step(
  33,
  'orders',
  'createOrder reduce-only',
  {
    does: 'Sends reduce-only orders without a position, then against one, larger than it.',
    expects: 'Refused without a position; otherwise the position closes and does not turn.',
  },
  async (t) => {
    await t.refused(
      () => t.alice.createOrder(t.perp, 'market', 'sell', 0.1, undefined, { reduceOnly: true }),
      t.venue.refusals.reduceOnlyWithoutPosition,
      'no position',
    );
    await t.place(t.perp, 'market', 'buy', 0.1);
    await t.refused(
      () => t.alice.createOrder(t.perp, 'market', 'buy', 0.1, undefined, { reduceOnly: true }),
      t.venue.refusals.reduceOnlyWithoutPosition,
      "the position's own side",
    );
    const order = await t.place(t.perp, 'market', 'sell', 0.3, undefined, { reduceOnly: true });
    assert.equal(order.filled, 0.1);
    assert.equal(order.reduceOnly, true);
    assert.equal(await t.position(), undefined, 'flat');
  },
);

step(
  34,
  'orders',
  'client order id',
  {
    does: 'Places, finds and cancels an order by its client order id; uses the id twice.',
    expects: 'The id is kept everywhere; the duplicate is refused and places nothing.',
  },
  async (t) => {
    for (const kind of t.kinds) {
      const symbol = t.symbol(kind);
      const clientOrderId = `conformance-${kind}_1`;
      const ack = await t.alice.createOrder(symbol, 'limit', 'buy', 0.01, kRest, { clientOrderId });
      assert.equal(ack.clientOrderId, clientOrderId);
      assert.equal((await t.order(ack.id, symbol)).clientOrderId, clientOrderId);
      await t.refused(
        () => t.alice.createOrder(symbol, 'limit', 'buy', 0.01, kFar, { clientOrderId }),
        t.venue.refusals.duplicateClientOrderId[kind],
        `${kind} duplicate`,
      );
      assert.deepEqual(await t.openIds(symbol), [ack.id]);
      await t.bob.createOrder(symbol, 'limit', 'buy', 0.01, kRest, { clientOrderId });
      await t.alice.cancelOrder(undefined, symbol, t.venue.params.byClientOrderId(clientOrderId));
      assert.deepEqual(await t.openIds(symbol), []);
      assert.equal(
        (await t.openIds(symbol, t.bob)).length,
        1,
        "another account's order of that name rests",
      );
    }
  },
);

step(
  35,
  'orders',
  'fetchClosedOrders and fetchCanceledOrders',
  {
    does: 'Fills two orders, cancels one, leaves one open.',
    expects: 'Each list has its own and no other.',
    needs: ['fetchClosedOrders'],
  },
  async (t) => {
    const first = await t.place(t.perp, 'market', 'buy', 0.01);
    const second = await t.place(t.perp, 'limit', 'sell', 0.01, 59990);
    const cancelled = await t.alice.createOrder(t.perp, 'limit', 'buy', 0.01, kRest);
    await t.alice.cancelOrder(cancelled.id, t.perp);
    const open = await t.alice.createOrder(t.perp, 'limit', 'buy', 0.01, kRest);
    const closed = await t.alice.fetchClosedOrders(t.perp);
    assert.deepEqual(ids(closed).sort(), [first.id, second.id].sort());
    assert.ok(
      closed.every(({ status, filled, amount }) => status === 'closed' && filled === amount),
    );
    if (t.alice.has.fetchCanceledOrders) {
      assert.deepEqual(ids(await t.alice.fetchCanceledOrders(t.perp)), [cancelled.id]);
    }
    assert.deepEqual(await t.openIds(t.perp), [open.id]);
    if (t.spot)
      assert.deepEqual(await t.alice.fetchClosedOrders(t.spot), [], 'spot has its own list');
  },
);

step(
  36,
  'orders',
  'fetchMyTrades',
  {
    does: 'Trades four times and lists the fills, all of them and the last two.',
    expects: "Every fill once, with order, side, price and taker's fee; the limit obeyed.",
  },
  async (t) => {
    const orders = [];
    for (const side of ['buy', 'buy', 'sell', 'sell']) {
      orders.push(await t.place(t.perp, 'market', side, 0.01));
    }
    const trades = await t.alice.fetchMyTrades(t.perp);
    assert.equal(new Set(ids(trades)).size, trades.length, 'ids are unique');
    assert.deepEqual(new Set(trades.map(({ order }) => order)), new Set(ids(orders)));
    for (const trade of trades) {
      const order = orders.find(({ id }) => id === trade.order);
      assert.equal(trade.symbol, t.perp);
      assert.equal(trade.side, order.side);
      assert.equal(trade.price, order.side === 'buy' ? 60000.1 : 60000);
      assert.equal(trade.takerOrMaker, 'taker');
      assert.equal(trade.fee.currency, t.venue.quote);
      assert.ok(trade.timestamp >= order.timestamp);
    }
    assert.equal((await t.alice.fetchMyTrades(t.perp, undefined, 2)).length, 2);
    if (t.spot)
      assert.deepEqual(await t.alice.fetchMyTrades(t.spot), [], 'spot has its own fills');
  },
);

step(
  37,
  'orders',
  'fetchOrderTrades',
  {
    does: 'Lists the fills of one order among several.',
    expects: "That order's fills only, adding up to its filled quantity.",
    needs: ['fetchOrderTrades'],
  },
  async (t) => {
    await t.place(t.perp, 'market', 'buy', 0.01);
    const order = await t.place(t.perp, 'market', 'buy', 0.03);
    const trades = await t.fills(t.perp, { order: order.id });
    assert.ok(trades.length >= 1 && trades.every((trade) => trade.order === order.id));
    same(quantity(trades), '0.03', 'filled quantity');
  },
);

step(
  38,
  'orders',
  'cancelAllOrders',
  {
    does: 'Cancels all on the perpetual while orders rest on both kinds and of both accounts.',
    expects: "Gone are Alice's orders on the perpetual; her spot order and Bob's rest.",
    needs: ['cancelAllOrders'],
  },
  async (t) => {
    for (const price of [kRest, kFar])
      await t.alice.createOrder(t.perp, 'limit', 'buy', 0.01, price);
    await t.alice.createOrder(t.perp, 'limit', 'sell', 0.01, 60100);
    const spot = t.spot && (await t.alice.createOrder(t.spot, 'limit', 'buy', 0.01, kRest));
    const bobs = await t.bob.createOrder(t.perp, 'limit', 'buy', 0.01, kRest);
    const { used } = await t.balance(t.venue.quote);
    assert.ok(used.sign() > 0);
    await t.alice.cancelAllOrders(t.perp);
    assert.deepEqual(await t.openIds(t.perp), []);
    assert.deepEqual(await t.openIds(t.perp, t.bob), [bobs.id]);
    if (t.spot) {
      assert.deepEqual(await t.openIds(t.spot), [spot.id]);
      await t.alice.cancelAllOrders(t.spot);
      assert.deepEqual(await t.openIds(t.spot), []);
    }
    same((await t.balance(t.venue.quote)).used, '0', 'nothing is held any more');
    await t.alice.cancelAllOrders(t.perp); // nothing to cancel is no error
  },
);

step(
  39,
  'orders',
  'price and time priority',
  {
    does: 'Alice and then Bob offer at one price, Bob also a tick better; Carol takes 0.25 of 0.3.',
    expects: 'The better price fills first, then Alice, who came first, then Bob.',
  },
  async (t) => {
    await t.quote(kWide);
    const alice = await t.alice.createOrder(t.perp, 'limit', 'sell', 0.1, 60000);
    const bob = await t.bob.createOrder(t.perp, 'limit', 'sell', 0.1, 60000);
    const better = await t.bob.createOrder(t.perp, 'limit', 'sell', 0.1, 59999.9);
    const take = await t.place(t.perp, 'limit', 'buy', 0.25, 60000, {}, t.carol);
    assert.deepEqual([take.status, take.filled, take.cost], ['closed', 0.25, 14999.99]);
    assert.equal((await t.order(better.id, t.perp, t.bob)).filled, 0.1);
    assert.equal((await t.order(alice.id, t.perp)).filled, 0.1);
    assert.equal((await t.order(bob.id, t.perp, t.bob)).filled, 0.05);
  },
);

step(
  40,
  'orders',
  'editOrder',
  {
    does: 'Changes the price, then the quantity, then both of a resting order.',
    expects: 'The same id with the new terms, in the list and in the book.',
    needs: ['editOrder'],
  },
  async (t) => {
    for (const kind of t.kinds) {
      const symbol = t.symbol(kind);
      const { id } = await t.alice.createOrder(symbol, 'limit', 'buy', 0.02, kRest);
      for (const [amount, price] of [
        [t.tells('editOrder.part') ? undefined : 0.02, kFar],
        [0.05, t.tells('editOrder.part') ? undefined : kFar],
        [0.01, kRest],
      ]) {
        const answer = await t.alice.editOrder(id, symbol, 'limit', 'buy', amount, price);
        assert.equal(answer.id, id);
      }
      const open = await t.alice.fetchOpenOrders(symbol);
      assert.deepEqual(
        open.map((order) => [order.id, order.price, order.amount, order.remaining, order.status]),
        [[id, kRest, 0.01, 0.01, 'open']],
      );
      const { bids } = await t.book(symbol, 50);
      assert.deepEqual(bids.slice(1), [[kRest, 0.01]], 'the book shows the last terms alone');
    }
  },
);

step(
  41,
  'orders',
  'editOrder that crosses',
  {
    does: 'Raises the price of a resting bid above the ask.',
    expects: "It fills at once, at the book's price.",
    needs: ['editOrder'],
  },
  async (t) => {
    for (const kind of t.kinds) {
      const symbol = t.symbol(kind);
      const { id } = await t.alice.createOrder(symbol, 'limit', 'buy', 0.02, kRest);
      await t.alice.editOrder(id, symbol, 'limit', 'buy', 0.02, 60010);
      const order = await t.order(id, symbol);
      assert.deepEqual([order.status, order.filled, order.average], ['closed', 0.02, 60000.1]);
    }
  },
);

step(
  42,
  'orders',
  'editOrder refused',
  {
    does: 'Changes an order that is gone, one of another account, and one to a wrong price.',
    expects: "The venue's own errors; the order stays as it was.",
    needs: ['editOrder'],
  },
  async (t) => {
    for (const kind of t.kinds) {
      const symbol = t.symbol(kind);
      const { unknownOrder, editGone = unknownOrder, priceOffTick } = t.venue.refusals;
      const gone = await t.alice.createOrder(symbol, 'limit', 'buy', 0.02, kRest);
      await t.alice.cancelOrder(gone.id, symbol);
      const kept = await t.alice.createOrder(symbol, 'limit', 'buy', 0.02, kRest);
      const finer = await t.misled(symbol, (market) => {
        market.precision = { ...market.precision, price: 0.01 };
      });
      for (const [who, id, price, expected, what] of [
        [t.alice, gone.id, kFar, editGone, 'gone'],
        [t.bob, kept.id, kFar, unknownOrder, 'not his'],
        [finer, kept.id, t.venue.wrong.price[kind], priceOffTick, 'off the tick'],
      ]) {
        await t.refused(
          () => who.editOrder(id, symbol, 'limit', 'buy', 0.03, price),
          expected[kind],
          `${kind} ${what}`,
        );
      }
      const order = await t.order(kept.id, symbol);
      assert.deepEqual([order.status, order.price, order.amount], ['open', kRest, 0.02]);
    }
  },
);

step(
  43,
  'orders',
  'createOrders with mixed results',
  {
    does: 'Sends four orders as one: good, beyond the account, too small, good.',
    expects:
      'Two rest; the others are rejected in their places, and nothing else happened. Nothing at ' +
      'all where the venue refuses a batch as a whole.',
    needs: ['createOrders'],
  },
  async (t) => {
    for (const kind of t.kinds) {
      const symbol = t.symbol(kind);
      const client = await t.misled(symbol, (market) => {
        market.precision = { ...market.precision, amount: 1e-8 };
      });
      const order = (amount, price) => ({ symbol, type: 'limit', side: 'buy', amount, price });
      const mixed = [
        order(0.01, kRest),
        order(t.venue.wrong.unaffordable[kind] * 10, kRest),
        order(t.venue.wrong.belowMinimum[kind], kRest),
        order(0.02, kFar),
      ];
      if (t.venue.refusesWholeBatch) {
        const expected = t.venue.refusals.quantityBelowMinimum[kind];
        await t.refused(() => client.createOrders(mixed), expected, 'the batch as a whole');
        assert.deepEqual(await t.openIds(symbol), []);
        continue;
      }
      const answers = await client.createOrders(mixed);
      assert.deepEqual(
        answers.map(({ status }) => status === 'rejected'),
        [false, true, true, false],
      );
      assert.deepEqual(
        (await t.openIds(symbol)).sort(),
        [answers[0].id, answers[3].id].sort(),
        'the two good ones rest',
      );
    }
  },
);

step(
  44,
  'orders',
  'cancelOrders and editOrders',
  {
    does: 'Changes two orders as one and cancels two of three as one.',
    expects: 'Each order as it was told to be.',
    needs: ['createOrders', 'cancelOrders', 'editOrders'],
  },
  async (t) => {
    for (const kind of t.kinds) {
      const symbol = t.symbol(kind);
      const order = (amount, price) => ({ symbol, type: 'limit', side: 'buy', amount, price });
      const placed = ids(
        await t.alice.createOrders([order(0.01, 59901), order(0.01, 59902), order(0.01, 59903)]),
      );
      await t.alice.editOrders([
        { id: placed[0], ...order(0.02, 59911) },
        { id: placed[2], ...order(0.03, 59913) },
      ]);
      const open = await t.alice.fetchOpenOrders(symbol);
      const facts = new Map(open.map(({ id, price, amount }) => [id, [price, amount]]));
      assert.deepEqual(
        placed.map((id) => facts.get(id)),
        [
          [59911, 0.02],
          [59902, 0.01],
          [59913, 0.03],
        ],
      );
      await t.alice.cancelOrders(placed.slice(0, 2), symbol);
      assert.deepEqual(await t.openIds(symbol), [placed[2]]);
    }
  },
);

// Lets the last price be this one, by a trade of two others inside the spread of kWide.
async function lastPrice(t, price, symbol = t.perp) {
  await t.carol.createOrder(symbol, 'limit', 'sell', 0.001, price);
  await t.bob.createOrder(symbol, 'limit', 'buy', 0.001, price);
}

step(
  45,
  'orders',
  'createOrder conditional, at the market',
  {
    does: 'Waits for the price to rise and to fall; lets it come near, then there.',
    expects: 'Open but not in the book and holding nothing; then filled at the quote.',
  },
  async (t) => {
    for (const [direction, side, near, there, average] of [
      ['ascending', 'buy', 60004.9, 60005, 60010],
      ['descending', 'sell', 59995.1, 59995, 59990],
    ]) {
      await t.fresh();
      await t.quote(kWide);
      const waiting = await t.place(t.perp, 'market', side, 0.1, undefined, {
        triggerPrice: there,
        triggerDirection: direction,
      });
      assert.deepEqual([waiting.status, waiting.triggerPrice, waiting.filled], ['open', there, 0]);
      assert.deepEqual(await t.openIds(t.perp), [waiting.id]);
      const { bids, asks } = await t.book(t.perp, 50);
      assert.deepEqual([bids.length, asks.length], [1, 1], 'not in the book');
      same((await t.balance(t.venue.quote)).used, '0', 'nothing is held');
      await lastPrice(t, near);
      assert.deepEqual(await t.openIds(t.perp), [waiting.id], 'near is not there');
      await lastPrice(t, there);
      const order = await t.order(waiting.id, t.perp);
      assert.deepEqual([order.status, order.filled, order.average], ['closed', 0.1, average]);
      await audit(t);
    }
  },
);

step(
  46,
  'orders',
  'createOrder conditional, with a limit',
  {
    does: 'Waits for a price with a limit order; then cancels it where it rests.',
    expects: 'When triggered it rests in the book at its limit, under the same id.',
  },
  async (t) => {
    await t.quote(kWide);
    for (const kind of t.kinds) {
      const symbol = t.symbol(kind);
      const params = { triggerPrice: 60005, ...t.venue.params.rising[kind] };
      const { id } = await t.alice.createOrder(symbol, 'limit', 'buy', 0.1, 60001, params);
      const before = (await t.book(symbol, 50)).bids;
      assert.deepEqual(before, [[59990, 5]]);
      await lastPrice(t, 60005, symbol);
      const order = await t.order(id, symbol);
      assert.deepEqual([order.status, order.price, order.filled], ['open', 60001, 0]);
      assert.deepEqual((await t.book(symbol, 50)).bids[0], [60001, 0.1]);
      await t.alice.cancelOrder(id, symbol);
      assert.equal((await t.order(id, symbol)).status, 'canceled');
    }
  },
);

step(
  47,
  'orders',
  'cancelOrder and cancelAllOrders of conditional orders',
  {
    does: 'Cancels one of three waiting orders, then all; the price then comes.',
    expects: 'None of them ever fills.',
  },
  async (t) => {
    await t.quote(kWide);
    const params = { triggerPrice: 60005, triggerDirection: 'ascending' };
    const waiting = [];
    for (const amount of [0.1, 0.2, 0.3])
      waiting.push(
        (await t.alice.createOrder(t.perp, 'market', 'buy', amount, undefined, params)).id,
      );
    await t.alice.cancelOrder(waiting[1], t.perp);
    assert.deepEqual((await t.openIds(t.perp)).sort(), [waiting[0], waiting[2]].sort());
    await t.alice.cancelAllOrders(t.perp);
    assert.deepEqual(await t.openIds(t.perp), []);
    await lastPrice(t, 60005);
    for (const id of waiting) {
      const order = await t.order(id, t.perp);
      assert.deepEqual([order.status, order.filled], ['canceled', 0]);
    }
    assert.equal(await t.position(), undefined);
  },
);

step(
  48,
  'orders',
  'createOrder conditional on the wrong side',
  {
    does: 'Waits for a rise to a price below the last, and for a fall to one above it.',
    expects: "Refused with the venue's own errors; nothing waits.",
  },
  async (t) => {
    const { risingBelow, fallingAbove } = t.venue.refusals;
    for (const [triggerDirection, triggerPrice, expected] of [
      ['ascending', 59000, risingBelow],
      ['descending', 61000, fallingAbove],
    ]) {
      await t.refused(
        () =>
          t.alice.createOrder(t.perp, 'market', 'buy', 0.1, undefined, {
            triggerPrice,
            triggerDirection,
          }),
        expected,
        triggerDirection,
      );
    }
    assert.deepEqual(await t.openIds(t.perp), []);
  },
);

step(
  49,
  'orders',
  'editOrder of a conditional order',
  {
    does: 'Moves the price that an order waits for, and its quantity.',
    expects: 'It passes the old price untouched and fills at the new one.',
    needs: ['editOrder'],
  },
  async (t) => {
    await t.quote(kWide);
    const { id } = await t.alice.createOrder(t.perp, 'market', 'buy', 0.1, undefined, {
      triggerPrice: 60003,
      triggerDirection: 'ascending',
    });
    const price = t.tells('editOrder.part') ? undefined : 60006; // which the venue does not look at
    await t.alice.editOrder(id, t.perp, 'market', 'buy', 0.2, price, { triggerPrice: 60006 });
    await lastPrice(t, 60003);
    const waiting = await t.order(id, t.perp);
    assert.deepEqual([waiting.status, waiting.triggerPrice, waiting.amount], ['open', 60006, 0.2]);
    await lastPrice(t, 60006);
    const order = await t.order(id, t.perp);
    assert.deepEqual([order.status, order.filled], ['closed', 0.2]);
  },
);

// ---- positions, fees and money ------------------------------------------------------------------

// What the venue says of the account now, against what its fills say.
export async function audit(t, who = 'alice') {
  const trades = await t.fills(t.perp, { who });
  const { maker, taker } = t.venue.fees.perp;
  for (const { price, amount, cost, fee, takerOrMaker } of trades) {
    same(cost, exact(price).times(amount), 'value of a fill');
    sameFee(fee.cost, exact(cost).times(takerOrMaker === 'maker' ? maker : taker), 'fee of a fill');
    assert.equal(fee.currency, t.venue.quote);
  }
  const expected = Position.after(trades);
  const position = await t.position(who);
  if (expected.size.isZero()) {
    assert.equal(position, undefined, 'flat');
  } else {
    assert.ok(position, `a position of ${expected.size}`);
    assert.equal(position.side, expected.size.sign() > 0 ? 'long' : 'short');
    same(position.contracts, expected.size.abs(), 'size of the position');
    sameEntry(position.entryPrice, expected.entryPrice, t.venue);
  }
  const { total } = await t.balance(t.venue.quote, who);
  const settled = sum(trades.map((trade) => t.venue.fundingOf?.(trade) ?? '0'));
  sameWallet(
    total.minus(t.venue.start[t.venue.quote]).minus(settled),
    expected,
    'change of the wallet = realised profit - fees, and what funding was settled with the fills',
  );
  return expected;
}

step(
  50,
  'money',
  'fetchPositions long',
  {
    does: 'Buys at the market.',
    expects:
      "A long position of that size at the fills' price; the wallet is less by the fee alone.",
  },
  async (t) => {
    await t.place(t.perp, 'market', 'buy', 0.123);
    const expected = await audit(t);
    same(expected.size, '0.123', 'size');
    const [position] = await t.alice.fetchPositions([t.perp]);
    assert.equal(position.symbol, t.perp);
    assert.equal(await t.leverage(), t.venue.startLeverage ?? 10, 'as demo accounts have it');
    if (t.tells('position.margins'))
      assert.ok(position.initialMargin > 0 && position.maintenanceMargin > 0, 'margins');
    if (t.tells('position.mark')) assert.ok(position.markPrice > 0, 'mark price');
  },
);

step(
  51,
  'money',
  'fetchPositions short',
  {
    does: 'Sells at the market without holding anything.',
    expects: "A short position of that size at the fills' price.",
  },
  async (t) => {
    await t.place(t.perp, 'market', 'sell', 0.321);
    same((await audit(t)).size, '-0.321', 'size');
  },
);

step(
  52,
  'money',
  'position added to at another price',
  {
    does: 'Buys, moves the market, buys a different quantity.',
    expects: 'The entry price is the average of the fills.',
  },
  async (t) => {
    await t.place(t.perp, 'market', 'buy', 0.1);
    await t.quote({ bid: '60100', ask: '60100.1', last: '60100', bid_size: '5', ask_size: '5' });
    await t.place(t.perp, 'market', 'buy', 0.2);
    await audit(t);
  },
);

step(
  53,
  'money',
  'position closed in part',
  {
    does: 'Buys, moves the market up, sells half.',
    expects: 'The entry price stays; the wallet gains the profit of that half less fees.',
  },
  async (t) => {
    await t.place(t.perp, 'market', 'buy', 0.2);
    await t.quote({ bid: '60050', ask: '60050.1', last: '60050', bid_size: '5', ask_size: '5' });
    await t.place(t.perp, 'market', 'sell', 0.1);
    const expected = await audit(t);
    same(expected.realised, '4.99', 'profit taken');
  },
);

step(
  54,
  'money',
  'fetchPositions flat after closing',
  {
    does: 'Buys, moves the market down, sells all of it.',
    expects: 'No position; the wallet moved by what was received less what was paid less fees.',
  },
  async (t) => {
    await t.place(t.perp, 'market', 'buy', 0.7);
    await t.quote({ bid: '59950', ask: '59950.1', last: '59950', bid_size: '5', ask_size: '5' });
    await t.place(t.perp, 'market', 'sell', 0.7);
    const expected = await audit(t);
    same(expected.size, '0', 'size');
    same((await t.balance(t.venue.quote)).used, '0', 'no margin is held');
    assert.deepEqual(
      (await t.alice.fetchPositions()).filter(({ contracts }) => contracts > 0),
      [],
    );
  },
);

step(
  55,
  'money',
  'position turned',
  {
    does: 'Buys 0.1, moves the market, sells 0.3.',
    expects: 'A short of 0.2 at the second price; the profit of the 0.1 is in the wallet.',
  },
  async (t) => {
    await t.place(t.perp, 'market', 'buy', 0.1);
    await t.quote({ bid: '60020', ask: '60020.1', last: '60020', bid_size: '5', ask_size: '5' });
    await t.place(t.perp, 'market', 'sell', 0.3);
    const expected = await audit(t);
    same(expected.size, '-0.2', 'size');
    same(expected.entryPrice, '60020', 'entry price');
  },
);

step(
  56,
  'money',
  'two accounts trade with each other',
  {
    does: 'Alice rests an offer inside the spread; Bob takes part of it.',
    expects:
      'Both see the same fill from their sides, maker and taker; between them only fees are lost.',
  },
  async (t) => {
    await t.quote(kWide);
    const offer = await t.alice.createOrder(t.perp, 'limit', 'sell', 0.4, 60001.5);
    const take = await t.place(t.perp, 'limit', 'buy', 0.25, 60005, {}, t.bob);
    const [sold, bought] = [await t.fills(t.perp), await t.fills(t.perp, { who: 'bob' })];
    assert.deepEqual([sold.length, bought.length], [1, 1]);
    const facts = ({ order, side, price, amount, takerOrMaker }) => ({
      order,
      side,
      price,
      amount,
      takerOrMaker,
    });
    assert.deepEqual(
      { ...facts(sold[0]), price: Number(sold[0].price), amount: Number(sold[0].amount) },
      { order: offer.id, side: 'sell', price: 60001.5, amount: 0.25, takerOrMaker: 'maker' },
    );
    assert.deepEqual(
      { ...facts(bought[0]), price: Number(bought[0].price), amount: Number(bought[0].amount) },
      { order: take.id, side: 'buy', price: 60001.5, amount: 0.25, takerOrMaker: 'taker' },
    );
    const [alice, bob] = [await audit(t), await audit(t, 'bob')];
    assert.ok(alice.fees.compare(bob.fees) < 0, 'the maker pays less');
    same(alice.size.plus(bob.size), '0', 'what one sold the other bought');
    const [tape] = await t.alice.fetchTrades(t.perp, undefined, 1);
    assert.deepEqual(
      [tape.side, tape.price, tape.amount],
      ['buy', 60001.5, 0.25],
      'the tape shows it',
    );
  },
);

step(
  57,
  'money',
  'margin held by orders',
  {
    does: 'Rests an order, reads the balance, cancels it.',
    expects:
      'About value / leverage is in use while it rests, nothing after; the total never moves.',
  },
  async (t) => {
    const start = t.venue.start[t.venue.quote];
    const { id } = await t.alice.createOrder(t.perp, 'limit', 'buy', 1, kRest);
    const held = await t.balance(t.venue.quote);
    same(held.total, start, 'total');
    const [least, most] = t.venue.held ?? [5990, 6100]; // at leverage ten, with a closing fee
    assert.ok(
      held.used.compare(least) >= 0 && held.used.compare(most) < 0,
      `${least} to ${most} in use, got ${held.used}`,
    );
    same(held.free.plus(held.used), start, 'free + used');
    await t.alice.cancelOrder(id, t.perp);
    const after = await t.balance(t.venue.quote);
    same(after.used, '0', 'used after the cancel');
    same(after.free, start, 'free after the cancel');
  },
);

step(
  58,
  'money',
  'a long session',
  {
    does: 'Forty orders of mixed sides, sizes and kinds in a moving market, by two accounts.',
    expects: 'Positions, fees and balances of both agree to the last digit with all their fills.',
  },
  async (t) => {
    // A fixed little generator: the same session each time.
    let state = 20240808;
    const draw = (n) => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return (state >>> 16) % n;
    };
    for (let i = 0; i < 40; ++i) {
      const shift = draw(200) - 100;
      if (i % 5 === 0) {
        const bid = 60000 + shift;
        await t.quote(
          { bid: `${bid}`, ask: `${bid}.1`, last: `${bid}`, bid_size: '5', ask_size: '5' },
          ['perp'],
        );
      }
      const who = draw(2) === 0 ? t.alice : t.bob;
      const side = draw(2) === 0 ? 'buy' : 'sell';
      const amount = (1 + draw(50)) / 1000;
      if (draw(3) === 0) {
        await who.createOrder(t.perp, 'limit', side, amount, (600000 + draw(1000) - 500) / 10);
      } else {
        await who.createOrder(t.perp, 'market', side, amount);
      }
    }
    for (const who of ['alice', 'bob']) {
      await t[who].cancelAllOrders(t.perp);
      await audit(t, who);
    }
    for (const who of ['alice', 'bob']) {
      const position = await t.position(who);
      if (position === undefined) continue;
      await t[who].createOrder(
        t.perp,
        'market',
        position.side === 'long' ? 'sell' : 'buy',
        Number(position.contracts),
        undefined,
        { reduceOnly: true },
      );
      same((await audit(t, who)).size, '0', 'flat in the end');
    }
  },
);

// What protects a position: the price goes one way and the other, and only one of the two fills.
for (const [number, name, side, kindOf, price, exit] of [
  [59, 'stopLossPrice', 'buy', 'stopLossPrice', 59995, 59990],
  [60, 'takeProfitPrice', 'buy', 'takeProfitPrice', 60005, 59990],
  [61, 'stopLossPrice of a short', 'sell', 'stopLossPrice', 60005, 60010],
  [62, 'takeProfitPrice of a short', 'sell', 'takeProfitPrice', 59995, 60010],
]) {
  step(
    number,
    'money',
    `createOrder with ${name}`,
    {
      does: 'Opens a position and an order that closes it at a price, which then trades.',
      expects: 'It waits, reduce-only; then the position is closed at the quote, and turns no way.',
    },
    async (t) => {
      const opposite = side === 'buy' ? 'sell' : 'buy';
      await t.place(t.perp, 'market', side, 0.1);
      await t.quote(kWide);
      await lastPrice(t, 60000);
      const order = await t.place(t.perp, 'market', opposite, 0.1, undefined, { [kindOf]: price });
      assert.deepEqual(
        [order.status, order.triggerPrice, order.reduceOnly],
        ['open', price, true],
      );
      if (t.tells('order.closes')) assert.equal(order[kindOf], price);
      await lastPrice(t, price);
      const done = await t.order(order.id, t.perp);
      assert.deepEqual([done.status, done.filled, done.average], ['closed', 0.1, exit]);
      same((await audit(t)).size, '0', 'flat');
      const again = await t.place(t.perp, 'market', side, 0.1);
      assert.equal(again.status, 'closed', 'nothing is left that would close another position');
      assert.deepEqual(await t.openIds(t.perp), []);
    },
  );
}

for (const [number, name, price] of [
  [63, 'takes its profit', 60008],
  [64, 'stops its loss', 59992],
]) {
  step(
    number,
    'money',
    `createOrder with takeProfit and stopLoss that ${name}`,
    {
      does: 'Buys with both attached; the price then reaches one of them.',
      expects: 'The position shows both; it is closed once, and the other is gone.',
    },
    async (t) => {
      await t.quote(kWide);
      await t.alice.createOrder(t.perp, 'market', 'buy', 0.1, undefined, {
        takeProfit: { triggerPrice: 60015 },
        stopLoss: { triggerPrice: 59992 },
      });
      const before = await t.position();
      same(before.takeProfitPrice, '60015', 'take profit');
      same(before.stopLossPrice, '59992', 'stop loss');
      assert.equal((await t.openIds(t.perp)).length, 2, 'both wait');
      // Both kinds of quote lie between: what is traded inside them is what triggers.
      if (price > 60000) {
        await t.quote({ bid: '60012', ask: '60030', bid_size: '5', ask_size: '5' }, ['perp']);
        await lastPrice(t, 60015);
      } else {
        await lastPrice(t, price);
      }
      same((await audit(t)).size, '0', 'flat');
      assert.equal((await t.fills(t.perp)).length, 2, 'one fill in, one out');
      assert.deepEqual(await t.openIds(t.perp), [], 'the other is gone');
    },
  );
}

step(
  65,
  'money',
  'takeProfitPrice and stopLossPrice of one position',
  {
    does: 'Protects half of a position on both sides with one call; the price then falls.',
    expects: 'Half of it is closed, and the other side no longer waits.',
  },
  async (t) => {
    await t.quote(kWide);
    await t.place(t.perp, 'market', 'buy', 0.2);
    await t.alice.createOrder(t.perp, 'market', 'sell', 0.1, undefined, {
      takeProfitPrice: 60015,
      stopLossPrice: 59992,
    });
    assert.equal((await t.openIds(t.perp)).length, 2, 'both wait');
    await lastPrice(t, 59992);
    same((await audit(t)).size, '0.1', 'half is left');
    assert.deepEqual(await t.openIds(t.perp), []);
  },
);

step(
  66,
  'money',
  'trailing stop',
  {
    does: 'Buys, trails the price by 6; it rises by 8 and falls back by 5, then by 6.',
    expects: 'Untouched at first, then closed.',
  },
  async (t) => {
    await t.quote(kWide);
    await t.place(t.perp, 'market', 'buy', 0.1);
    await lastPrice(t, 60000);
    await t.alice.createOrder(t.perp, 'market', 'sell', 0.1, undefined, { trailingAmount: 6 });
    for (const price of [60004, 60008, 60003]) await lastPrice(t, price);
    same((await t.position()).contracts, '0.1', 'open');
    await lastPrice(t, 60002);
    same((await audit(t)).size, '0', 'closed');
  },
);

step(
  67,
  'money',
  'fetchLedger',
  {
    does: 'Trades the perpetual and spot and lists what moved the quote asset.',
    expects:
      'One entry for each fill and one for the deposit; they lead from nothing to the last balance.',
    needs: ['fetchLedger'],
  },
  async (t) => {
    const { quote } = t.venue;
    const trades = [
      await t.place(t.perp, 'market', 'buy', 0.1),
      await t.place(t.perp, 'market', 'sell', 0.05),
      await t.place(t.spot, 'market', 'buy', 0.2),
    ];
    const entries = await t.exact.alice.fetchLedger(quote);
    assert.ok(entries.every(({ currency }) => currency === quote));
    const isTrade = ({ type }) => type === 'trade';
    const deposits = entries.filter((entry) => !isTrade(entry));
    assert.deepEqual(
      deposits.map(({ type }) => type),
      ['transaction'],
    );
    same(deposits[0].after, t.venue.start[quote], 'what the account began with');
    const byTime = entries.filter(isTrade).sort((a, b) => exact(a.id).compare(b.id));
    assert.equal(byTime.length, trades.length);
    let balance = exact(t.venue.start[quote]);
    // Of what went out the client tells a wrong balance before: it takes the sign twice.
    for (const { direction, amount, after } of byTime) {
      assert.ok(amount !== undefined && after !== undefined, 'amounts and balances are told');
      balance = direction === 'in' ? balance.plus(amount) : balance.minus(amount);
      same(after, balance, 'balance after');
    }
    same(balance, (await t.balance(quote)).total, 'balance in the end');
  },
);

step(
  68,
  'money',
  'fetchPositionsHistory',
  {
    does: 'Closes a position in two parts at two prices.',
    expects: 'One row for each part: its size, its entry and exit price, and its profit less fees.',
    needs: ['fetchPositionsHistory'],
  },
  async (t) => {
    await t.place(t.perp, 'market', 'buy', 0.3);
    const expected = [];
    for (const [bid, amount] of [
      ['60100', '0.1'],
      ['59900', '0.2'],
    ]) {
      await t.quote({ bid, ask: `${bid}.1`, last: bid, bid_size: '5', ask_size: '5' });
      await t.place(t.perp, 'market', 'sell', Number(amount));
      const fee = exact(bid).times(amount).times(t.venue.fees.perp.taker);
      expected.push({
        amount,
        exit: bid,
        profit: exact(bid).minus('60000.1').times(amount).minus(fee),
      });
    }
    const rows = await t.exact.alice.fetchPositionsHistory([t.perp]);
    assert.equal(rows.length, 2);
    for (const { amount, exit, profit } of expected) {
      const row = rows.find(({ contracts }) => exact(contracts).equals(amount));
      assert.ok(row, `a row of ${amount}`);
      assert.deepEqual([row.symbol, row.side], [t.perp, 'long']);
      same(row.entryPrice, '60000.1', 'entry price');
      same(row.lastPrice, exit, 'exit price');
      same(row.realizedPnl, profit, 'profit less the fee of closing');
    }
  },
);

// ---- spot -------------------------------------------------------------------------------------

// The change of both assets since the start, against what the fills say.
async function auditSpot(t, who = 'alice') {
  const trades = await t.fills(t.spot, { who });
  const { base, quote } = t.venue;
  const { maker, taker } = t.venue.fees.spot;
  for (const { side, price, amount, cost, fee, takerOrMaker } of trades) {
    same(cost, exact(price).times(amount), 'value of a fill');
    assert.equal(fee.currency, side === 'buy' ? base : quote, 'the fee is in the asset received');
    sameFee(
      fee.cost,
      exact(side === 'buy' ? amount : cost).times(takerOrMaker === 'maker' ? maker : taker),
      'fee of a fill',
    );
  }
  const change = spotChange(trades, base, quote);
  for (const asset of [base, quote]) {
    const { total } = await t.balance(asset, who);
    same(total.minus(t.venue.start[asset]), change[asset], `change of ${who}'s ${asset}`);
  }
  return trades;
}

step(
  70,
  'spot',
  'createOrder limit that rests holds the asset',
  {
    does: 'Rests a bid and an offer on spot.',
    expects:
      'The quote asset is held for the bid, the base asset for the offer; both free on cancel.',
    needs: ['spot'],
  },
  async (t) => {
    const bid = await t.alice.createOrder(t.spot, 'limit', 'buy', 0.5, kRest);
    const offer = await t.alice.createOrder(t.spot, 'limit', 'sell', 2, 60100);
    same((await t.balance(t.venue.quote)).used, '29950', 'quote held');
    same((await t.balance(t.venue.base)).used, '2', 'base held');
    await t.alice.cancelOrder(bid.id, t.spot);
    await t.alice.cancelOrder(offer.id, t.spot);
    for (const asset of [t.venue.quote, t.venue.base]) {
      const { total, used, free } = await t.balance(asset);
      same(used, '0', `${asset} used`);
      same(free, t.venue.start[asset], `${asset} free`);
      same(total, t.venue.start[asset], `${asset} total`);
    }
  },
);

step(
  71,
  'spot',
  'createOrder market buy',
  {
    does: 'Buys base at the market.',
    expects: 'Filled at the ask; base comes less the fee in base, quote goes by the value.',
    needs: ['spot'],
  },
  async (t) => {
    const order = await t.place(t.spot, 'market', 'buy', 0.25);
    assert.deepEqual(
      { status: order.status, filled: order.filled, average: order.average },
      { status: 'closed', filled: 0.25, average: 60000.1 },
    );
    await auditSpot(t);
  },
);

step(
  72,
  'spot',
  'createOrder market sell',
  {
    does: 'Sells base at the market.',
    expects: 'Filled at the bid; quote comes less the fee in quote, base goes by the quantity.',
    needs: ['spot'],
  },
  async (t) => {
    const order = await t.place(t.spot, 'market', 'sell', 0.25);
    assert.deepEqual(
      { status: order.status, filled: order.filled, average: order.average },
      { status: 'closed', filled: 0.25, average: 60000 },
    );
    await auditSpot(t);
  },
);

step(
  73,
  'spot',
  'createOrder market buy by cost',
  {
    does: 'Buys for 1000 of the quote asset.',
    expects: 'As many lots as 1000 pays for, and no more.',
    needs: ['spot', 'createMarketBuyOrderWithCost'],
  },
  async (t) => {
    const { id } = await t.alice.createMarketBuyOrderWithCost(t.spot, 1000);
    const trades = await auditSpot(t);
    assert.ok(trades.every(({ order }) => order === id));
    const { precision } = t.alice.market(t.spot);
    same(
      quantity(trades),
      exact('1000').over('60000.1').floorTo(precision.amount),
      'quantity bought',
    );
  },
);

step(
  74,
  'spot',
  'createOrder limit that crosses',
  {
    does: 'Buys above the ask and sells below the bid.',
    expects:
      "Filled at the book's prices; a better price than the limit frees what was held for it.",
    needs: ['spot'],
  },
  async (t) => {
    await t.place(t.spot, 'limit', 'buy', 0.1, 60010);
    await t.place(t.spot, 'limit', 'sell', 0.05, 59990);
    const trades = await auditSpot(t);
    assert.deepEqual(
      [...byPrice(trades)],
      [
        ['60000.1', '0.1'],
        ['60000', '0.05'],
      ],
    );
    same((await t.balance(t.venue.quote)).used, '0', 'nothing stays held');
  },
);

step(
  75,
  'spot',
  'two accounts trade with each other',
  {
    does: 'Alice rests an offer inside the spread, Bob takes all of it; then Alice buys half back.',
    expects: 'Both accounts agree with their fills in both assets; only fees are lost.',
    needs: ['spot'],
  },
  async (t) => {
    await t.quote(kWide);
    await t.alice.createOrder(t.spot, 'limit', 'sell', 0.4, 60001.5);
    await t.place(t.spot, 'limit', 'buy', 0.4, 60001.5, {}, t.bob);
    await t.bob.createOrder(t.spot, 'limit', 'sell', 0.2, 60002.5);
    await t.place(t.spot, 'limit', 'buy', 0.2, 60002.5);
    const all = [...(await auditSpot(t)), ...(await auditSpot(t, 'bob'))];
    for (const asset of [t.venue.base, t.venue.quote]) {
      const fees = sum(all.filter(({ fee }) => fee.currency === asset).map(({ fee }) => fee.cost));
      const totals = sum([(await t.balance(asset)).total, (await t.balance(asset, 'bob')).total]);
      same(
        exact(t.venue.start[asset]).times('2').minus(totals),
        fees,
        `${asset} lost between the two`,
      );
    }
  },
);

step(
  76,
  'spot',
  'spot and perpetual kept apart',
  {
    does: 'Trades both kinds of one pair.',
    expects: 'Orders, fills and positions each appear under their own symbol.',
    needs: ['spot'],
  },
  async (t) => {
    const spot = await t.place(t.spot, 'market', 'buy', 0.01);
    const perp = await t.place(t.perp, 'market', 'buy', 0.02);
    assert.deepEqual(ids(await t.alice.fetchClosedOrders(t.spot)), [spot.id]);
    assert.deepEqual(ids(await t.alice.fetchClosedOrders(t.perp)), [perp.id]);
    assert.ok(
      (await t.alice.fetchMyTrades(t.spot)).every(
        ({ order, symbol }) => order === spot.id && symbol === t.spot,
      ),
    );
    assert.ok(
      (await t.alice.fetchMyTrades(t.perp)).every(
        ({ order, symbol }) => order === perp.id && symbol === t.perp,
      ),
    );
    same((await t.position()).contracts, '0.02', "the position is the perpetual's alone");
  },
);

// ---- refusals ---------------------------------------------------------------------------------

// Refused, with the venue's error, and nothing of the account has moved.
async function refusedWithoutTrace(t, call, expected, what) {
  const before = await t.footprint();
  await t.refused(call, expected, what);
  assert.equal(await t.footprint(), before, `${what}: the account is as it was`);
}

step(
  90,
  'refusals',
  'wrong signature',
  {
    does: 'Signs a read and an order with another secret.',
    expects: "AuthenticationError with the venue's own code; no order.",
  },
  async (t) => {
    const forger = await t.another(await t.venue.forged(t));
    const expected = t.venue.refusals.wrongSignature;
    await refusedWithoutTrace(t, () => forger.fetchBalance(), expected, 'fetchBalance');
    await refusedWithoutTrace(
      t,
      () => forger.createOrder(t.perp, 'limit', 'buy', 0.01, kRest),
      expected,
      'createOrder',
    );
  },
);

step(
  91,
  'refusals',
  'stale timestamp',
  {
    does: 'Signs with a clock that is too slow, then a minute fast.',
    expects: "InvalidNonce, or the client's own class, with the venue's own code; no order.",
  },
  async (t) => {
    const { staleTimestamp, aheadTimestamp = staleTimestamp } = t.venue.refusals;
    for (const [shift, expected] of [
      [-(t.venue.staleAfterMs ?? 60_000), staleTimestamp],
      [60_000, aheadTimestamp],
    ]) {
      const client = await t.another(t.keys.alice);
      client.milliseconds = () => Date.now() + shift;
      client.seconds = () => Math.floor(client.milliseconds() / 1000);
      await refusedWithoutTrace(t, () => client.fetchBalance(), expected, `fetchBalance ${shift}`);
      await refusedWithoutTrace(
        t,
        () => client.createOrder(t.perp, 'limit', 'buy', 0.01, kRest),
        expected,
        `createOrder ${shift}`,
      );
    }
  },
);

step(
  92,
  'refusals',
  'unknown key',
  {
    does: 'Signs with a key that nobody has.',
    expects: "AuthenticationError with the venue's own code.",
  },
  async (t) => {
    const stranger = await t.another(t.venue.stranger(t));
    await t.refused(() => stranger.fetchBalance(), t.venue.refusals.unknownKey, 'fetchBalance');
  },
);

step(
  93,
  'refusals',
  'unknown symbol',
  {
    does: 'Asks for a ticker and an order of a symbol that is not listed.',
    expects: "The venue's own errors.",
  },
  async (t) => {
    for (const kind of t.kinds) {
      const symbol = t.symbol(kind);
      const client = await t.misled(symbol, (market) => {
        market.id = 'NOSUCHUSDT';
      });
      await t.refused(
        () => client.fetchTicker(symbol),
        t.venue.refusals.unknownSymbolTicker,
        `${kind} ticker`,
      );
      await refusedWithoutTrace(
        t,
        () => client.createOrder(symbol, 'limit', 'buy', 0.01, kRest),
        t.venue.refusals.unknownSymbol[kind],
        `${kind} order`,
      );
    }
  },
);

step(
  94,
  'refusals',
  'insufficient funds',
  {
    does: 'Sends orders far beyond the account, at leverage one.',
    expects: "InsufficientFunds with the venue's own code, nothing held.",
  },
  async (t) => {
    if (t.alice.has.setLeverage) await t.alice.setLeverage(1, t.perp);
    for (const kind of t.kinds) {
      await refusedWithoutTrace(
        t,
        () =>
          t.alice.createOrder(
            t.symbol(kind),
            'limit',
            'buy',
            t.venue.wrong.unaffordable[kind],
            kRest,
          ),
        t.venue.refusals.insufficientFunds[kind],
        kind,
      );
    }
  },
);

// One wrong number each, sent by a client that believes in finer steps than the venue has.
for (const [number, name, wrong, refusal, does] of [
  [95, 'price off the tick', 'price', 'priceOffTick', 'Sends a price between two ticks.'],
  [
    96,
    'quantity below the minimum',
    'belowMinimum',
    'quantityBelowMinimum',
    'Sends less than the smallest quantity.',
  ],
  [97, 'quantity off the step', 'offStep', 'quantityOffStep', 'Sends a fraction of a lot.'],
  [
    98,
    'quantity above the maximum',
    'aboveMaximum',
    'quantityAboveMaximum',
    'Sends more than the largest quantity.',
  ],
  [
    99,
    'value below the minimum',
    'lowValue',
    'valueBelowMinimum',
    'Sends an order of too small a value.',
  ],
]) {
  step(
    number,
    'refusals',
    name,
    { does, expects: "Refused in the venue's words, never rounded." },
    async (t) => {
      for (const kind of t.kinds) {
        const expected = t.venue.refusals[refusal][kind];
        const value = t.venue.wrong[wrong][kind];
        if (expected === undefined || value === undefined) continue;
        const symbol = t.symbol(kind);
        const client = await t.misled(symbol, (market) => {
          market.precision = { ...market.precision, price: 0.01, amount: 1e-8 };
        });
        const [amount, price] = wrong === 'price' ? [0.01, value] : [value, kRest];
        await refusedWithoutTrace(
          t,
          () => client.createOrder(symbol, 'limit', 'buy', amount, price),
          expected,
          `${kind} ${value}`,
        );
      }
    },
  );
}

step(
  100,
  'refusals',
  'cancelOrder of an unknown order',
  {
    does: 'Cancels orders that never were.',
    expects: "OrderNotFound with the venue's own code.",
  },
  async (t) => {
    for (const kind of t.kinds) {
      const symbol = t.symbol(kind);
      const real = await t.alice.createOrder(symbol, 'limit', 'buy', 0.01, kRest);
      const unknown = real.id.replace(/\d(?=[^\d]*$)/, (digit) => `${(Number(digit) + 5) % 10}`);
      await refusedWithoutTrace(
        t,
        () => t.alice.cancelOrder(unknown, symbol),
        t.venue.refusals.unknownOrder[kind],
        `${kind} ${unknown}`,
      );
    }
  },
);

step(
  101,
  'refusals',
  "another account's order",
  {
    does: "Bob looks for Alice's resting order and tries to cancel it.",
    expects: 'He neither sees nor cancels it.',
  },
  async (t) => {
    for (const kind of t.kinds) {
      const symbol = t.symbol(kind);
      const { id } = await t.alice.createOrder(symbol, 'limit', 'buy', 0.01, kRest);
      assert.deepEqual(await t.openIds(symbol, t.bob), []);
      const { unknownOrder, unseenOrder = unknownOrder[kind].class } = t.venue.refusals;
      await assert.rejects(t.order(id, symbol, t.bob), { name: unseenOrder });
      await t.refused(() => t.bob.cancelOrder(id, symbol), unknownOrder[kind], kind);
      assert.deepEqual(await t.openIds(symbol), [id]);
    }
  },
);

step(
  102,
  'refusals',
  'after all refusals',
  {
    does: 'Places an ordinary order after a row of refused ones.',
    expects: 'It works: errors leave the client and the connection usable.',
  },
  async (t) => {
    const { id } = await t.alice.createOrder(t.perp, 'limit', 'buy', 0.01, kRest);
    await t.alice.cancelOrder(id, t.perp);
    for (let i = 0; i < 5; ++i) {
      await t.refused(
        () => t.alice.cancelOrder(id, t.perp),
        t.venue.refusals.closedOrder,
        'cancel',
      );
    }
    assert.equal((await t.place(t.perp, 'market', 'buy', 0.01)).status, 'closed');
    await audit(t);
  },
);
