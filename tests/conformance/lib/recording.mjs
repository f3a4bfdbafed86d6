// Reads a raw capture of Binance USD-M streams (gzip, `<local ns> <json>` per line) on its own
// account, so that what the box serves can be held against what was recorded.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';

export class Recording {
  constructor(path) {
    this.name = basename(path);
    this.trades = []; // {at, price, quantity, side of the taker}; at: ms since the first line
    this.tops = []; // {at, bid, ask}
    this.changes = []; // {at, bids, asks} in order, from the snapshot on
    this.prices = new Set(); // every price that appears anywhere in the book
    const pending = [];
    let snapshot;
    let start;
    for (const line of gunzipSync(readFileSync(path)).toString().split('\n')) {
      const space = line.indexOf(' ');
      if (space < 0) continue;
      const nanoseconds = BigInt(line.slice(0, space));
      start ??= nanoseconds;
      const at = Number((nanoseconds - start) / 1000n) / 1000;
      const message = JSON.parse(line.slice(space + 1));
      this.end = at;
      if (message.lastUpdateId !== undefined) {
        snapshot = {
          at,
          lastUpdateId: message.lastUpdateId,
          bids: message.bids,
          asks: message.asks,
        };
        this.#change(snapshot);
        for (const delta of pending)
          if (delta.u > snapshot.lastUpdateId) this.#change({ ...delta, at });
        continue;
      }
      const data = message.data;
      if (data.e === 'trade') {
        // Prints off the book (insurance fund and the like) carry no market price.
        if (data.X !== undefined && data.X !== 'MARKET') continue;
        this.trades.push({ at, price: data.p, quantity: data.q, side: data.m ? 'sell' : 'buy' });
      } else if (data.e === 'bookTicker') {
        this.tops.push({ at, bid: data.b, ask: data.a });
        this.#remember([[data.b], [data.a]]);
      } else if (data.e === 'depthUpdate') {
        const delta = { at, u: data.u, bids: data.b, asks: data.a };
        if (snapshot === undefined) pending.push(delta);
        else if (delta.u > snapshot.lastUpdateId) this.#change(delta);
      }
    }
    if (snapshot === undefined) throw new Error(`${path} holds no depth snapshot`);
    this.readyAt = snapshot.at;
  }

  #change({ at, bids, asks }) {
    this.changes.push({ at, bids, asks });
    this.#remember(bids);
    this.#remember(asks);
  }

  #remember(levels) {
    for (const [price] of levels) this.prices.add(Number(price));
  }

  // The share of the served levels that the recorded book had with exactly that quantity, at the
  // moment of the window where they agree best.
  agreement(served, from, to) {
    const book = { bids: new Map(), asks: new Map() };
    const levels = [
      ...served.bids.map((level) => ['bids', level]),
      ...served.asks.map((level) => ['asks', level]),
    ];
    let best = 0;
    const compare = () => {
      const equal = levels.filter(([side, [price, size]]) => book[side].get(price) === size).length;
      best = Math.max(best, equal / levels.length);
    };
    let compared = false;
    for (const { at, bids, asks } of this.changes) {
      if (at > to) break;
      if (at >= from && !compared) compare(); // the state in which the window opens
      for (const [side, changed] of [
        ['bids', bids],
        ['asks', asks],
      ]) {
        for (const [price, size] of changed) {
          if (Number(size) === 0) book[side].delete(Number(price));
          else book[side].set(Number(price), Number(size));
        }
      }
      if (at >= from) {
        compare();
        compared = true;
      }
    }
    if (!compared) compare();
    return best;
  }

  // The span of recorded best prices over the window.
  range(from, to) {
    const tops = this.tops.filter(({ at }) => at >= from && at <= to);
    return {
      low: tops.reduce((low, { bid }) => Math.min(low, Number(bid)), Infinity),
      high: tops.reduce((high, { ask }) => Math.max(high, Number(ask)), -Infinity),
    };
  }

  // A price near the touch that the tape will trade through, with the time of its first touch and
  // of the first trade beyond it. Looks on both sides of the book and takes what comes first.
  tradedThrough({ bid, ask, tick, from, waitAtLeast, to }) {
    let found;
    for (const side of ['buy', 'sell']) {
      const direction = side === 'buy' ? -1 : 1;
      const touch = side === 'buy' ? bid : ask;
      // Ticks from the touch.
      const away = (price) => Math.round(((price - touch) * direction) / tick);
      for (let distance = 0; distance < 2_000; ++distance) {
        const taker = side === 'buy' ? 'sell' : 'buy';
        const reached = Math.min(
          this.#first(
            this.trades,
            from,
            (t) => t.side === taker && away(Number(t.price)) >= distance,
          ),
          this.#first(
            this.tops,
            from,
            (top) => away(Number(side === 'buy' ? top.ask : top.bid)) >= distance,
          ),
        );
        if (reached < from + waitAtLeast) continue;
        const through = this.#first(
          this.trades,
          from,
          (t) => t.side === taker && away(Number(t.price)) > distance,
        );
        if (through > to) break;
        if (found === undefined || through < found.through) {
          const price = Math.round((touch + direction * distance * tick) / tick) * tick;
          found = { side, price: Number(price.toFixed(8)), reached, through };
        }
        break;
      }
    }
    return found;
  }

  #first(entries, from, holds) {
    return entries.find((entry) => entry.at >= from && holds(entry))?.at ?? Infinity;
  }
}
