// The box on a recorded day, against the recording itself: the orders of a real client fill at the
// recorded book's prices and when the recorded tape trades, and every digit of the account follows
// from its fills. The clock is moved by hand, so nothing here waits.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { exact } from './lib/exact.mjs';
import { byPrice, quantity } from './lib/ledger.mjs';
import { Recording } from './lib/recording.mjs';
import { root } from './lib/server.mjs';
import { same } from './lib/stage.mjs';
import { audit } from './steps.mjs';

const kDay = join(root, '..', 'shared', 'data', 'market', 'binance-usdm-btcusdt-20240808.raw.gz');
const kExamples = join(root, 'examples', 'data');
// The replay's clock starts with the first line; a message may belong to either side of a moment.
const kSlackMs = 2_000;
const kStepMs = 1_000;

function excerpt() {
  const names = existsSync(kExamples) ? readdirSync(kExamples) : [];
  const name = names
    .filter((each) => each.endsWith('.raw.gz'))
    .sort()
    .find((each) => /btcusdt/i.test(each));
  return name === undefined ? undefined : join(kExamples, name);
}

export const groups = {};
export const steps = [];

for (const [group, first, path, missing] of [
  ['excerpt', 120, excerpt()],
  ['day', 140, kDay, `the full recording is not here: ${kDay}`],
]) {
  groups[group] = {
    serve: ['--market', `replay:${path}`, '--clock', 'manual', '--rate-limits', 'headers'],
    skip: missing !== undefined && !existsSync(path) ? missing : undefined,
    fail: path === undefined ? `no recording of BTCUSDT (*.raw.gz) in ${kExamples}` : undefined,
    async open(t) {
      t.recording = new Recording(path);
      t.elapsed = 0;
      t.advance = async (milliseconds) => {
        await t.server.advance(milliseconds);
        t.elapsed += milliseconds;
      };
      await t.advance(5_000);
    },
  };
  const step = (number, name, words, run) => {
    steps.push({
      number: first + number,
      group,
      name: `${name}, recorded ${group}`,
      needs: [],
      ...words,
      run,
    });
  };

  step(
    0,
    'market data',
    {
      does: 'Loads markets, time, ticker, book and tape five seconds into the recording.',
      expects:
        "The ticker is the book's best; public trades stand at prices the recorded book had.",
    },
    async (t) => {
      await t.alice.loadMarkets();
      assert.ok((await t.alice.fetchTime()) > 0);
      const ticker = await t.alice.fetchTicker(t.perp);
      const book = await t.book(t.perp, 50);
      assert.ok(book.bids[0][0] < book.asks[0][0], 'not crossed');
      assert.deepEqual([ticker.bid, ticker.ask], [book.bids[0][0], book.asks[0][0]]);
      const trades = await t.alice.fetchTrades(t.perp, undefined, 1000);
      assert.ok(trades.length > 0, 'the tape has traded');
      for (const { price } of trades) {
        assert.ok(t.recording.prices.has(price), `${price} is a price of the recorded book`);
      }
      const recorded = t.recording.trades.filter(({ at }) => at <= t.elapsed + kSlackMs);
      for (const side of ['buy', 'sell']) {
        const most = recorded.filter((trade) => trade.side === side);
        const total = most.reduce((all, trade) => all.plus(trade.quantity), exact('0'));
        assert.ok(
          quantity(trades.filter((trade) => trade.side === side)).compare(total) <= 0,
          `no more ${side} volume than was recorded`,
        );
      }
    },
  );

  step(
    1,
    'fetchOrderBook is the recorded book',
    {
      does: 'Compares fifty levels a side with the book rebuilt from the recording.',
      expects: 'At least nine levels of ten are equal in price and quantity.',
    },
    async (t) => {
      await t.advance(5_000);
      const book = await t.book(t.perp, 50);
      assert.ok(book.bids.length === 50 && book.asks.length === 50, 'fifty levels a side');
      const share = t.recording.agreement(book, t.elapsed - kSlackMs, t.elapsed + kSlackMs);
      assert.ok(share >= 0.9, `nine of ten levels are equal, got ${share.toFixed(3)}`);
    },
  );

  for (const [number, side, type] of [
    [2, 'buy', 'market'],
    [3, 'sell', 'limit'],
  ]) {
    step(
      number,
      type === 'market' ? 'createOrder market' : 'createOrder limit that crosses',
      {
        does: `Sends a ${side} that needs more than the best level.`,
        expects:
          'It fills along the levels just seen, each at its own price, all recorded prices.',
      },
      async (t) => {
        await t.advance(kStepMs);
        const before = await t.book(t.perp, 50);
        const levels = side === 'buy' ? before.asks : before.bids;
        const { precision } = t.alice.market(t.perp);
        const half = exact(levels[1][1]).over('2').floorTo(precision.amount);
        const second = half.isZero() ? exact(precision.amount) : half;
        const amount = exact(levels[0][1]).plus(second);
        const limit = type === 'limit' ? levels[9][0] : undefined;
        const order = await t.place(t.perp, type, side, Number(amount.toString()), limit);
        assert.deepEqual([order.status, order.remaining], ['closed', 0]);
        const fills = await t.fills(t.perp, { order: order.id });
        same(quantity(fills), amount, 'filled quantity');
        assert.deepEqual(
          [...byPrice(fills)],
          [
            [exact(levels[0][0]).toString(), exact(levels[0][1]).toString()],
            [exact(levels[1][0]).toString(), second.toString()],
          ],
          'price and quantity of the fills follow the book',
        );
        const { low, high } = t.recording.range(t.elapsed - kSlackMs, t.elapsed + kSlackMs);
        const room = 10; // the second level may lie a few ticks outside the best prices
        for (const { price, takerOrMaker } of fills) {
          assert.equal(takerOrMaker, 'taker');
          assert.ok(
            t.recording.prices.has(Number(price)),
            `${price} is a price of the recorded book`,
          );
          assert.ok(
            Number(price) >= low - room && Number(price) <= high + room,
            `${price} is near the recorded best prices ${low} to ${high}`,
          );
        }
        const after = await t.book(t.perp, 50);
        const left = exact(levels[1][1]).minus(second);
        const [top] = side === 'buy' ? after.asks : after.bids;
        if (!left.isZero())
          assert.deepEqual(top, [levels[1][0], Number(left.toString())], 'what the fills left');
        await audit(t);
      },
    );
  }

  step(
    4,
    'createOrder limit that rests fills when the tape trades through it',
    {
      does:
        'Rests an order at a price that the recording reaches later, cancels another beside it, ' +
        'and moves the clock until the first fills.',
      expects:
        'Open until the tape comes there, filled as maker at its own price when it trades through.',
    },
    async (t) => {
      const book = await t.book(t.perp, 50);
      const target = t.recording.tradedThrough({
        bid: book.bids[0][0],
        ask: book.asks[0][0],
        tick: t.alice.market(t.perp).precision.price,
        from: t.elapsed,
        waitAtLeast: 2 * kSlackMs + kStepMs,
        to: t.recording.end - 2 * kSlackMs,
      });
      assert.ok(target, 'the recording trades through some price near the touch');
      const { side, price, reached, through } = target;
      const { id } = await t.alice.createOrder(t.perp, 'limit', side, 0.05, price);
      const other = await t.alice.createOrder(t.perp, 'limit', side, 0.05, price);
      assert.deepEqual((await t.openIds(t.perp)).sort(), [id, other.id].sort());
      await t.alice.cancelOrder(other.id, t.perp);
      assert.deepEqual(await t.openIds(t.perp), [id]);

      await t.advance(Math.floor(reached - t.elapsed - kSlackMs));
      assert.equal((await t.order(id, t.perp)).status, 'open', 'open before the tape comes there');
      let order = await t.order(id, t.perp);
      while (order.status === 'open' && t.elapsed <= through + kSlackMs) {
        await t.advance(kStepMs);
        order = await t.order(id, t.perp);
      }
      assert.deepEqual(
        [order.status, order.filled, order.average],
        ['closed', 0.05, price],
        `filled by the time the tape traded through ${price} at ${through} ms; now ${t.elapsed} ms`,
      );
      const fills = await t.fills(t.perp, { order: id });
      for (const fill of fills) {
        assert.equal(fill.takerOrMaker, 'maker');
        same(fill.price, price, "a maker's price");
      }
      const tape = await t.alice.fetchTrades(t.perp, undefined, 1000);
      assert.ok(
        tape.some((trade) => trade.price === price && trade.side !== side),
        'the tape shows it',
      );
      assert.deepEqual(await t.openIds(t.perp), []);
      if (t.has.fetchCanceledOrders) {
        const cancelled = (await t.alice.fetchCanceledOrders(t.perp)).map((each) => each.id);
        assert.deepEqual(cancelled, [other.id]);
      }
      assert.equal((await t.order(other.id, t.perp)).status, 'canceled');
      await audit(t);
    },
  );

  step(
    5,
    'positions, fees and balances',
    {
      does: 'Compares every list with every other, then closes the position at the market.',
      expects:
        'Flat; the wallet moved by the values of all fills less all fees, to the last digit.',
    },
    async (t) => {
      const held = await audit(t);
      if (!held.size.isZero()) {
        await t.place(
          t.perp,
          'market',
          held.size.sign() > 0 ? 'sell' : 'buy',
          Number(held.size.abs().toString()),
          undefined,
          { reduceOnly: true },
        );
      }
      const flat = await audit(t);
      same(flat.size, '0', 'flat');
      const trades = await t.fills(t.perp);
      let paid = exact('0');
      for (const { side, price, amount, fee } of trades) {
        const value = exact(price).times(amount);
        paid = paid.plus(side === 'buy' ? value : value.negated()).plus(fee.cost);
      }
      const { total, used } = await t.balance(t.venue.quote);
      same(total, exact(t.venue.start[t.venue.quote]).minus(paid), 'wallet');
      same(used, '0', 'nothing held');
      if (!t.has.fetchClosedOrders) return;
      const closed = await t.alice.fetchClosedOrders(t.perp);
      assert.deepEqual(
        new Set(closed.map(({ id }) => id)),
        new Set(trades.map(({ order }) => order)),
        'the filled orders are those with fills',
      );
    },
  );
}
