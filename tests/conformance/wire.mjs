// The numbered list, continued: streams as they are on the wire, and connections that come and go.
// The steps say what is meant; the venue's own words are in its table.
import assert from 'node:assert/strict';
import WebSocket from 'ws';
import { kQuote, kWide } from './lib/stage.mjs';

const still = ['--market', 'pinned', '--clock', 'manual', '--rate-limits', 'headers'];
const kBases = 'BTC,ETH,SOL,XRP,DOGE,ADA,LTC,LINK,AVAX,BNB,DOT,SUI';

export const groups = {
  wire: { serve: still, fresh: true },
  gone: { serve: still, fresh: true },
  crowd: { serve: [...still, '--symbols', kBases], fresh: true },
  paced: { serve: ['--market', 'pinned', '--rate-limits', 'headers'], fresh: true },
  farewell: { serve: still, fresh: true },
};

export const steps = [];

function step(number, group, name, { does, expects, needs = [] }, run) {
  steps.push({ number, group, name, does, expects, needs, run });
}

const kRest = 59900; // below the bid, within any venue's price band

// A book kept from what was told of it: whole once, and then its changes.
class Kept {
  constructor() {
    this.bids = new Map();
    this.asks = new Map();
  }

  take({ isWhole, bids, asks }) {
    if (isWhole) {
      this.bids.clear();
      this.asks.clear();
    }
    for (const [side, levels] of [
      [this.bids, bids],
      [this.asks, asks],
    ]) {
      for (const [price, size] of levels) {
        if (Number(size) === 0) {
          assert.ok(side.delete(price), `the level ${price} that ends was there`);
        } else {
          side.set(price, size);
        }
      }
    }
  }

  shown() {
    const sorted = (side, direction) =>
      [...side]
        .map(([price, size]) => [Number(price), Number(size)])
        .sort((a, b) => direction * (a[0] - b[0]));
    return { bids: sorted(this.bids, -1), asks: sorted(this.asks, 1) };
  }
}

async function sameBook(t, kept, symbol, depth) {
  const { bids, asks } = await t.book(symbol, depth);
  assert.deepEqual(kept.shown(), { bids, asks }, `the book at depth ${depth}`);
}

const quoted = (bid, size = '5') => ({ ...kQuote, bid: `${bid}`, ask: `${bid}.1`, bid_size: size });

// Still answers: a refused message is no reason to end the conversation.
async function stillThere(t, wire, what) {
  await Promise.race([
    wire.settle(),
    wire.closed.then(({ code }) => assert.fail(`${what}: the connection was closed with ${code}`)),
  ]);
}

// ---- subscriptions ----------------------------------------------------------------------------

step(
  280,
  'wire',
  'subscription acknowledged',
  {
    does: 'Subscribes and unsubscribes with a number, a text and nothing as request id.',
    expects: "The venue's own acknowledgement, with the id where there was one.",
  },
  async (t) => {
    const { topics, answers, subscribe, unsubscribe, plain, login } = t.venue.streams;
    for (const kind of [...t.kinds, 'private']) {
      const wire = await t.wire(kind);
      if (kind === 'private') await wire.ask(await login(t, t.keys.alice));
      const topic = kind === 'private' ? topics.orders : topics.trades();
      for (const id of [7, 'my-id', undefined]) {
        assert.deepEqual(
          plain(await wire.ask(subscribe([topic], id))),
          answers.subscribed(kind, id, topic),
        );
        assert.deepEqual(
          plain(await wire.ask(unsubscribe([topic], id))),
          answers.unsubscribed(kind, id, topic),
        );
      }
    }
  },
);

step(
  281,
  'wire',
  'unknown topics',
  {
    does: 'Subscribes to topics, symbols and depths that do not exist.',
    expects: 'Each is refused by its name; the connection goes on.',
  },
  async (t) => {
    const { topics, answers, levels, subscribe, plain } = t.venue.streams;
    for (const kind of t.kinds) {
      const wire = await t.wire(kind);
      for (const topic of [
        'nosuch.BTCUSDT',
        'nosuch',
        '',
        topics.trades('NOSUCH'),
        topics.book(7),
        topics.orders,
      ]) {
        assert.deepEqual(
          plain(await wire.ask(subscribe([topic], '1'))),
          answers.unknownTopic(topic, '1'),
        );
      }
      assert.equal((await wire.subscribe(topics.book(levels))).length, 1, 'a good one works after');
    }
  },
);

step(
  282,
  'wire',
  'one bad topic among good ones',
  {
    does: 'Subscribes to two topics that exist and one that does not.',
    expects: 'All are refused, and nothing is told of the good ones.',
  },
  async (t) => {
    const { topics, answers, subscribe, plain } = t.venue.streams;
    const wire = await t.wire('perp');
    const list = [topics.book(50), 'nosuch.BTCUSDT', topics.trades()];
    assert.deepEqual(
      plain(await wire.ask(subscribe(list, '1'))),
      answers.unknownTopic('nosuch.BTCUSDT', '1'),
    );
    assert.deepEqual(await wire.during(() => t.quote(quoted(60001))), []);
  },
);

step(
  283,
  'wire',
  'not a message',
  {
    does: 'Sends broken JSON, JSON that is no request, nothing at all, and bytes.',
    expects: 'Each is answered as refused, on each kind of stream; the connection goes on.',
  },
  async (t) => {
    const { isRefused, kinds, nonsense } = t.venue.streams;
    for (const kind of kinds) {
      const wire = await t.wire(kind);
      for (const message of [
        '{"op":',
        'hello',
        '',
        '[]',
        '"ping"',
        '{}',
        ...nonsense,
        Buffer.from([0, 255, 1, 2]),
      ]) {
        const answer = await wire.ask(message);
        assert.ok(isRefused(answer), `${kind}: ${message} was answered ${JSON.stringify(answer)}`);
      }
      await stillThere(t, wire, kind);
    }
  },
);

step(
  284,
  'wire',
  'ping',
  {
    does: 'Pings in the words of the venue, if it has any, and in those of WebSockets.',
    expects: 'Each kind of stream has its own pong; a ping frame comes back as a pong frame.',
  },
  async (t) => {
    const { ping, answers, plain, kinds } = t.venue.streams;
    for (const kind of kinds) {
      const wire = await t.wire(kind);
      for (const id of ping ? ['1001', undefined] : []) {
        const before = Date.now();
        const pong = plain(await wire.ask(ping(id)));
        const time = t.venue.streams.pongTime(pong);
        if (time !== undefined) {
          assert.ok(before <= time && time <= Date.now(), `${time} is the time now`);
        }
        assert.deepEqual(pong, answers.pong(kind, id, time));
      }
      const echo = new Promise((resolve) => wire.socket.once('pong', resolve));
      wire.socket.ping('as it was');
      assert.equal((await echo).toString(), 'as it was');
    }
  },
);

step(
  285,
  'wire',
  'subscribed twice, unsubscribed once',
  {
    does: 'Subscribes to a topic twice, changes it, unsubscribes, changes it, subscribes again.',
    expects: 'Each change is told once; none after leaving; the whole book again on coming back.',
  },
  async (t) => {
    const { topics, levels, unsubscribe, book } = t.venue.streams;
    for (const kind of t.kinds) {
      const wire = await t.wire(kind);
      const [first] = (await wire.subscribe(topics.book(levels))).map(book);
      assert.equal(first.isWhole, true);
      await wire.ask(t.venue.streams.subscribe([topics.book(levels)]));
      assert.equal((await wire.during(() => t.quote(quoted(60001)))).length, 1, 'told once');
      await wire.ask(unsubscribe([topics.book(levels)]));
      assert.deepEqual(await wire.during(() => t.quote(quoted(60002))), []);
      const [again, ...more] = (await wire.subscribe(topics.book(levels))).map(book);
      assert.equal(more.length, 0);
      assert.deepEqual(
        [again.isWhole, ...again.bids, ...again.asks].flat().map(Number),
        [1, 60002, 5, 60002.1, 5],
      );
    }
  },
);

step(
  286,
  'wire',
  'more topics than a request may have',
  {
    does: 'Subscribes to eleven spot topics with one request, then to more text than is allowed.',
    expects: 'Refused, and nothing is told; ten are accepted.',
  },
  async (t) => {
    const { topics, intervals, subscribe, isRefused } = t.venue.streams;
    const wire = await t.wire('spot');
    const many = [
      ...[1, 50, 200, 1000].map((depth) => topics.book(depth)),
      ...[1, 50, 200, 1000].map((depth) => topics.book(depth, 'ETH')),
      topics.trades(),
      topics.ticker(),
      topics.trades('ETH'),
    ];
    assert.ok(isRefused(await wire.ask(subscribe(many))));
    assert.deepEqual(await wire.during(() => t.quote(quoted(60001))), []);
    await wire.subscribe(...many.slice(0, 10));
    const perp = await t.wire('perp');
    const long = Array.from({ length: 1300 }, () => topics.candles(intervals[0]));
    assert.ok(isRefused(await perp.ask(subscribe(long))), 'more than 21,000 characters');
    await stillThere(t, perp, 'a long request');
  },
);

step(
  287,
  'wire',
  'a message that is too long',
  {
    does: 'Sends a message of a megabyte.',
    expects: 'The connection is closed with 1009, and only this one.',
  },
  async (t) => {
    const [wire, other] = [await t.wire('perp'), await t.wire('perp')];
    wire.send(`{"id":"${'x'.repeat(1_000_000)}"}`);
    assert.equal((await wire.closed).code, 1009);
    await stillThere(t, other, 'another connection');
  },
);

step(
  288,
  'wire',
  'no such stream',
  {
    does: 'Asks for a stream at a path that has none, and at one that is no stream.',
    expects: 'Answered by HTTP, without a connection.',
  },
  async (t) => {
    const url = t.url.replace(/^http/, 'ws');
    const { none, rest } = t.venue.streams.nowhere;
    for (const path of [...none, rest]) {
      const socket = new WebSocket(url + path);
      socket.on('error', () => {});
      const status = await new Promise((resolve, reject) => {
        socket.on('unexpected-response', (request, response) => {
          response.resume();
          request.destroy();
          resolve(response.statusCode);
        });
        socket.on('open', () => reject(new assert.AssertionError({ message: `${path} opened` })));
      });
      if (path === rest) {
        assert.ok([200, 400, 404, 426].includes(status), `${path} answered ${status}`);
      } else {
        assert.equal(status, 404, path);
      }
    }
  },
);

// ---- the book on the wire ---------------------------------------------------------------------

step(
  289,
  'wire',
  'the book over a long run',
  {
    does: 'Keeps books of all depths that tell changes, through 150 orders and cancels of each kind.',
    expects: 'Whole once, then changes numbered without a gap; always the book of fetchOrderBook.',
  },
  async (t) => {
    const { topics, book, topicOf, changing } = t.venue.streams;
    await t.quote(kWide);
    const client = await t.another({ ...t.keys.alice, enableRateLimit: false });
    for (const kind of t.kinds) {
      const symbol = t.symbol(kind);
      const wire = await t.wire(kind);
      const depths = changing.map((depth) => ({ depth, kept: new Kept(), last: undefined }));
      for (const each of depths) {
        const [whole, ...more] = (await wire.subscribe(topics.book(each.depth))).map(book);
        assert.equal(more.length, 0);
        assert.equal(whole.isWhole, true);
        each.kept.take(whole);
        each.last = whole;
      }
      const open = [];
      let state = 7;
      const draw = (n) => {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0;
        return (state >>> 16) % n;
      };
      for (let i = 0; i < 150; ++i) {
        const told = await wire.during(async () => {
          if (open.length > 60 || (open.length > 0 && draw(3) === 0)) {
            const id = open.splice(draw(open.length), 1)[0];
            await client.cancelOrder(id, symbol);
          } else {
            const side = draw(2) === 0 ? 'buy' : 'sell';
            const price = side === 'buy' ? 59989 - draw(120) : 60011 + draw(120);
            const amount = (1 + draw(50)) / 1000;
            open.push((await client.createOrder(symbol, 'limit', side, amount, price)).id);
          }
        });
        for (const each of depths) {
          for (const message of told) {
            if (topicOf(message) !== topics.book(each.depth)) continue;
            const news = book(message);
            assert.equal(news.isWhole, false, 'changes after the whole');
            assert.equal(news.update, each.last.update + 1, 'numbered without a gap');
            assert.ok(news.sequence > each.last.sequence, 'the sequence grows');
            assert.ok(news.bids.length + news.asks.length > 0, 'something changed');
            each.kept.take(news);
            each.last = news;
          }
        }
        if (told.length === 2) {
          const [one, two] = told.map(book);
          assert.equal(one.sequence, two.sequence, 'one change has one sequence at all depths');
        }
        if (i % 30 === 29)
          for (const { depth, kept } of depths) await sameBook(t, kept, symbol, depth);
      }
    }
  },
);

step(
  290,
  'wire',
  'the best level on the wire',
  {
    does: 'Subscribes to one level, changes it twice, then lets three seconds of the box pass.',
    expects: 'Whole each time, numbered one by one; the same again after three quiet seconds.',
  },
  async (t) => {
    const { topics, book } = t.venue.streams;
    for (const kind of t.kinds) {
      const wire = await t.wire(kind);
      const [first] = (await wire.subscribe(topics.book(1))).map(book);
      const told = [first];
      for (const bid of [60001, 60002])
        told.push(...(await wire.during(() => t.quote(quoted(bid), [kind]))).map(book));
      assert.deepEqual(
        told.map(({ isWhole, update }) => [isWhole, update]),
        [0, 1, 2].map((i) => [true, first.update + i]),
      );
      assert.deepEqual(
        told.map(({ bids: [[price]] }) => Number(price)),
        [60000, 60001, 60002],
      );
      assert.deepEqual(await wire.during(() => t.server.advance(2_000)), [], 'quiet');
      const again = (await wire.during(() => t.server.advance(1_000))).map(book);
      assert.equal(again.length, 1, 'told again after three quiet seconds');
      const { time, ...facts } = told[2];
      assert.deepEqual({ ...again[0], time: undefined }, { ...facts, time: undefined });
    }
  },
);

step(
  291,
  'wire',
  'a second subscriber joins',
  {
    does: 'One connection follows the book; another joins between two changes.',
    expects: 'The whole as of the last change, with its number; then both are told the same.',
  },
  async (t) => {
    const { topics, levels, book } = t.venue.streams;
    for (const kind of t.kinds) {
      const [one, two] = [await t.wire(kind), await t.wire(kind)];
      await one.subscribe(topics.book(levels));
      const [change] = await one.during(() => t.quote(quoted(60001), [kind]));
      let joined;
      const seen = await one.during(async () => {
        joined = (await two.subscribe(topics.book(levels))).map(book);
      });
      assert.deepEqual(seen, [], 'who was there is told nothing of it');
      assert.equal(joined.length, 1);
      assert.deepEqual([joined[0].isWhole, joined[0].update], [true, book(change).update]);
      assert.deepEqual(joined[0].bids.flat().map(Number), [60001, 5]);
      let second;
      const first = await one.during(async () => {
        second = await two.during(() => t.quote(quoted(60001, '6'), [kind]));
      });
      assert.equal(first.length, 1);
      assert.deepEqual(first, second);
      assert.equal(book(first[0]).update, joined[0].update + 1);
    }
  },
);

step(
  292,
  'wire',
  'trades on the wire',
  {
    does: 'Trades at a higher, the same, a lower and the same price again.',
    expects: 'Every member of each trade, in the form of its kind.',
  },
  async (t) => {
    const { topics } = t.venue.streams;
    await t.quote(kWide);
    for (const kind of t.kinds) {
      const symbol = t.symbol(kind);
      const wire = await t.wire(kind);
      assert.deepEqual(await wire.subscribe(topics.trades()), [], 'no trade of the past');
      const time = (await t.server.control('GET', '/clock')).now_ms;
      const { up, stillUp, down, stillDown } = t.venue.streams.ticks ?? {};
      for (const [price, tick] of [
        [59999, down], // against the trade before the subscription
        [60002, up],
        [60002, stillUp],
        [60001, down],
        [60001, stillDown],
      ]) {
        await t.alice.createOrder(symbol, 'limit', 'sell', 0.02, price);
        const told = await wire.during(() =>
          t.bob.createOrder(symbol, 'limit', 'buy', 0.02, price),
        );
        assert.equal(told.length, 1);
        const [{ id }] = await t.alice.fetchTrades(symbol, undefined, 1);
        t.venue.streams.tradeRow(kind, told[0], { id, time, price, tick });
      }
    }
  },
);

step(
  293,
  'wire',
  'the ticker on the wire',
  {
    does: "Changes the best bid's size alone, then trades.",
    expects: 'The perpetual tells what changed and no more; spot tells all, when it trades.',
  },
  async (t) => {
    const { topics, tickerChange } = t.venue.streams;
    await t.quote(kWide);
    const size = () => t.quote({ ...kWide, last: undefined, bid_size: '6' });
    const perp = await t.wire('perp');
    const [whole] = await perp.subscribe(topics.ticker());
    assert.equal(whole.type, 'snapshot');
    const [resized, ...more] = await perp.during(size);
    assert.equal(more.length, 0);
    assert.deepEqual(tickerChange(resized), { bidSize: '6' });
    const spot = await t.wire('spot');
    const [all] = await spot.subscribe(topics.ticker());
    assert.equal(all.type, 'snapshot');
    await t.alice.createOrder(t.spot, 'limit', 'sell', 0.02, 60003);
    const [traded] = await spot.during(() =>
      t.bob.createOrder(t.spot, 'limit', 'buy', 0.02, 60003),
    );
    assert.equal(traded.type, 'snapshot');
    assert.deepEqual(Object.keys(traded.data), Object.keys(all.data), 'all members each time');
    assert.equal(Number(traded.data.lastPrice), 60003);
  },
);

// ---- logging in, and orders on the wire -------------------------------------------------------

step(
  294,
  'wire',
  'logging in',
  {
    does: 'Logs in on both private streams: rightly, with wrong words, too late, and again.',
    expects: "The venue's own answers; a second login does not end the connection.",
  },
  async (t) => {
    const { login, badLogins, answers, plain, code, operation, order } = t.venue.streams;
    for (const kind of t.venue.streams.own) {
      const wire = await t.wire(kind);
      for (const [message, expected] of await badLogins(t))
        assert.equal(code(await wire.ask(message)), expected, JSON.stringify(message));
      const good = await login(t, t.keys.alice);
      assert.deepEqual(plain(await wire.ask(good)), answers.loggedIn(kind));
      if (kind === 'private') continue;
      assert.equal(code(await wire.ask(await login(t, t.keys.alice))), answers.loggedInTwice);
      const body = await order(t, t.perp, 'Buy', '0.01', `${kRest}`);
      assert.equal(code(await wire.ask(operation('create', body, 'after'))), 0);
      assert.equal((await t.openIds(t.perp)).length, 1, 'the account is still that of the login');
    }
  },
);

step(
  295,
  'wire',
  'without logging in',
  {
    does: 'Subscribes to orders and sends one without a login.',
    expects: 'Refused; nothing is told and nothing is placed; a login mends it.',
  },
  async (t) => {
    const { subscribe, topics, isRefused, login, operation, code } = t.venue.streams;
    const wire = await t.wire('private');
    assert.ok(isRefused(await wire.ask(subscribe([topics.orders]))));
    const quiet = await wire.during(() => t.alice.createOrder(t.perp, 'market', 'buy', 0.01));
    assert.deepEqual(quiet, []);
    await wire.ask(await login(t, t.keys.alice));
    await wire.subscribe(topics.orders);
    const entry = await t.wire('trade');
    const order = await t.venue.streams.order(t, t.perp, 'Buy', '0.01', `${kRest}`);
    const refused = await entry.ask(operation('create', order, 'first'));
    assert.ok(isRefused(refused), JSON.stringify(refused));
    assert.deepEqual(await t.openIds(t.perp), []);
    await entry.ask(await login(t, t.keys.alice));
    assert.equal(code(await entry.ask(operation('create', order, 'second'))), 0);
    assert.equal((await t.openIds(t.perp)).length, 1);
  },
);

async function entryWire(t, keys = t.keys.alice) {
  const wire = await t.wire('trade');
  await wire.ask(await t.venue.streams.login(t, keys));
  return wire;
}

step(
  296,
  'wire',
  'order entry on the wire',
  {
    does: 'Places, changes and cancels an order; repeats a request id; names no operation.',
    expects: "The venue's envelopes and codes; a repeated request places nothing.",
  },
  async (t) => {
    const { operation, code, order, changed, answers } = t.venue.streams;
    const wire = await entryWire(t);
    const body = await order(t, t.perp, 'Buy', '0.01', `${kRest}`);
    const placed = await wire.ask(operation('create', body, 'one'));
    const [id] = await t.openIds(t.perp);
    assert.deepEqual(answers.facts(placed), answers.entered('create', 'one', id));
    if (answers.repeatedRequest !== undefined) {
      const again = await wire.ask(operation('create', body, 'one'));
      assert.equal(code(again), answers.repeatedRequest);
      assert.deepEqual(await t.openIds(t.perp), [id]);
    }
    const more = await changed(t, body, id, '0.02');
    const amended = await wire.ask(operation('amend', more, 'two'));
    assert.deepEqual(answers.facts(amended), answers.entered('amend', 'two', id));
    assert.equal((await t.order(id, t.perp)).amount, 0.02);
    const gone = await wire.ask(operation('cancel', answers.named(body, id), 'three'));
    assert.deepEqual(answers.facts(gone), answers.entered('cancel', 'three', id));
    assert.deepEqual(await t.openIds(t.perp), []);
    const unknown = await wire.ask(operation('nosuch', body, 'four'));
    assert.equal(code(unknown), answers.unknownOperation);
    const other = await entryWire(t, t.keys.bob);
    const bobs = await order(t, t.perp, 'Buy', '0.01', `${kRest}`, t.bob);
    assert.equal(
      code(await other.ask(operation('create', bobs, 'one'))),
      0,
      'ids are a connection’s own',
    );
  },
);

step(
  297,
  'wire',
  'order entry without what it needs',
  {
    does: 'Leaves out what an operation needs, sends it twice, stale, or of a wrong kind.',
    expects: 'Each refused with a code, nothing placed, the connection goes on.',
  },
  async (t) => {
    const { operation, code, order, badEntries, isRefused } = t.venue.streams;
    const wire = await entryWire(t);
    const body = await order(t, t.perp, 'Buy', '0.01', `${kRest}`);
    const good = () => operation('create', body, `id-${++wire.pings}`);
    for (const [message, expected] of await badEntries(t, body, good)) {
      const answer = await wire.ask(message);
      assert.ok(
        isRefused(answer),
        `${JSON.stringify(message)} was answered ${JSON.stringify(answer)}`,
      );
      if (expected !== undefined) assert.equal(code(answer), expected);
    }
    assert.deepEqual(await t.openIds(t.perp), []);
    assert.equal(code(await wire.ask(good())), 0);
  },
);

step(
  298,
  'wire',
  'batches on the wire',
  {
    does: 'Sends three orders as one, the second too small; cancels all three as one.',
    expects: 'Success on the whole, and a code for each.',
  },
  async (t) => {
    const { operation, code, batch, batchCodes, order } = t.venue.streams;
    const wire = await entryWire(t);
    const orders = [];
    for (const amount of ['0.01', '0.0001', '0.02'])
      orders.push(await order(t, t.perp, 'Buy', amount, `${kRest}`));
    const placed = await wire.ask(operation('create-batch', batch(t.perp, orders), 'one'));
    assert.equal(code(placed), 0);
    const refusal = t.venue.refusals.quantityBelowMinimum.perp.code;
    assert.deepEqual(batchCodes(placed), [0, refusal, 0]);
    const ids = placed.data.list.map(({ orderId }) => orderId);
    assert.deepEqual((await t.openIds(t.perp)).sort(), [ids[0], ids[2]].sort());
    const gone = await wire.ask(
      operation(
        'cancel-batch',
        batch(
          t.perp,
          ids.map((id) => t.venue.streams.answers.named(orders[0], id || 'none')),
        ),
        'two',
      ),
    );
    assert.deepEqual(batchCodes(gone), [0, t.venue.refusals.unknownOrder.perp.code, 0]);
    assert.deepEqual(await t.openIds(t.perp), []);
  },
);

step(
  299,
  'wire',
  'answers and news in order',
  {
    does: 'Places and cancels twenty orders over one connection while another hears of orders.',
    expects: 'The news of each order in the order of the requests, each step of it once.',
  },
  async (t) => {
    const { operation, order, login, topics, orderRows, rowId, restingSteps, answers, code } =
      t.venue.streams;
    const news = await t.wire('private');
    await news.ask(await login(t, t.keys.alice));
    await news.subscribe(topics.orders);
    const wire = await entryWire(t);
    const ids = [];
    const told = await news.during(async () => {
      for (let i = 0; i < 20; ++i) {
        const body = await order(t, t.perp, 'Buy', '0.01', `${kRest - i}`);
        const placed = await wire.ask(operation('create', body, `place-${i}`));
        ids.push(answers.facts(placed).orderId);
        const gone = operation('cancel', answers.named(body, ids[i]), `cancel-${i}`);
        assert.equal(code(await wire.ask(gone)), 0);
      }
    });
    assert.deepEqual(
      orderRows(told).map((info) => [rowId(info), t.venue.status({ info })]),
      ids.flatMap((id) =>
        [...restingSteps, t.venue.statuses.cancelled].map((status) => [id, status]),
      ),
    );
  },
);

step(
  311,
  'wire',
  'own topics by kind',
  {
    does: 'Subscribes to the orders of spot alone, of the perpetual alone, and to short fills.',
    expects: 'Each topic has the rows of its kind and no others.',
    needs: ['spot'],
  },
  async (t) => {
    const { login, kindTopics, kindOf } = t.venue.streams;
    for (const mine of t.kinds) {
      const wire = await t.wire('private');
      await wire.ask(await login(t, t.keys.alice));
      await wire.subscribe(...kindTopics[mine]);
      for (const traded of t.kinds) {
        const told = await wire.during(() =>
          t.alice.createOrder(t.symbol(traded), 'market', 'buy', 0.01),
        );
        assert.deepEqual(
          told.map(({ topic }) => topic).sort(),
          mine === traded ? [...kindTopics[mine]].sort() : [],
        );
        for (const { data } of told) assert.ok(data.every((row) => kindOf(row) === mine));
      }
    }
  },
);

// ---- connections that end ---------------------------------------------------------------------

step(
  300,
  'gone',
  'reset ends every stream',
  {
    does: 'Resets the box while streams of every kind are open.',
    expects: 'Each is closed with 1012; new ones see the box as at its start.',
  },
  async (t) => {
    const { topics, levels, kinds, book } = t.venue.streams;
    const wires = [];
    for (const kind of kinds) wires.push(await t.wire(kind));
    await wires[0].subscribe(topics.book(levels));
    await t.quote(quoted(60005));
    await t.fresh();
    for (const wire of wires) assert.equal((await wire.closed).code, 1012);
    const wire = await t.wire('perp');
    const [first] = (await wire.subscribe(topics.book(levels))).map(book);
    assert.deepEqual([...first.bids, ...first.asks].flat().map(Number), [60000, 5, 60000.1, 5]);
  },
);

// A client that dials again at once.
const prompt = { options: { ws: { backoff: { base: 1, max: 1 } } } };

step(
  301,
  'gone',
  'watchOrderBook after the box is reset',
  {
    does: 'Resets the box while a client waits for the book, and watches again.',
    expects: 'NetworkError; then a whole book, and its changes.',
    needs: ['watchOrderBook'],
  },
  async (t) => {
    const listener = await t.listener(t.keys.alice, prompt);
    const watch = (c) => c.watchOrderBook(t.perp);
    await listener.watch(watch);
    const waiting = assert.rejects(watch(listener.client), { name: 'NetworkError' });
    await t.fresh();
    await waiting;
    const { first } = await listener.watch(watch);
    const shown = ({ bids, asks }) => [...bids, ...asks].map(([price, size]) => [price, size]);
    assert.deepEqual(shown(await first), [
      [60000, 5],
      [60000.1, 5],
    ]);
    const changed = await listener.after(watch, () => t.quote(quoted(60001), ['perp']));
    assert.deepEqual(shown(changed), [
      [60001, 5],
      [60001.1, 5],
    ]);
  },
);

step(
  302,
  'gone',
  'watchOrders after the box is reset',
  {
    does: 'Resets the box while a client waits for its orders, and watches again.',
    expects: 'NetworkError; then it logs in again, and is told of orders.',
    needs: ['watchOrders'],
  },
  async (t) => {
    const listener = await t.listener(t.keys.alice, prompt);
    const watch = (c) => c.watchOrders();
    await listener.watch(watch);
    const waiting = assert.rejects(watch(listener.client), { name: 'NetworkError' });
    await t.fresh();
    await waiting;
    await listener.watch(watch);
    let order;
    const [told] = await listener.after(watch, async () => {
      order = await t.alice.createOrder(t.perp, 'limit', 'buy', 0.02, kRest);
    });
    assert.deepEqual([told.id, told.status], [order.id, 'open']);
  },
);

step(
  303,
  'gone',
  'createOrderWs after the box is reset',
  {
    does: 'Sends an order over the stream, resets the box, and sends another.',
    expects: 'The client dials and logs in again; the second order rests alone.',
    needs: ['createOrderWs'],
  },
  async (t) => {
    const listener = await t.listener(t.keys.alice, prompt);
    const order = [t.perp, 'limit', 'buy', 0.02, kRest];
    await listener.client.createOrderWs(...order);
    const [connection] = Object.values(listener.client.clients);
    const closed = new Promise((resolve) => connection.connection.once('close', resolve));
    await t.fresh();
    assert.equal(await closed, 1012);
    const { id } = await listener.client.createOrderWs(...order);
    assert.deepEqual(await t.openIds(t.perp), [id]);
  },
);

step(
  304,
  'gone',
  'who leaves does not disturb the others',
  {
    does: 'Of three connections on one topic one closes, one is torn off, one stays.',
    expects: 'The one that stays is told every change.',
  },
  async (t) => {
    const { topics, levels, book } = t.venue.streams;
    const [stays, closes, torn] = [
      await t.wire('perp'),
      await t.wire('perp'),
      await t.wire('perp'),
    ];
    let last;
    for (const wire of [stays, closes, torn]) [last] = await wire.subscribe(topics.book(levels));
    const next = async (bid) => {
      const told = await stays.during(() => t.quote(quoted(bid), ['perp']));
      assert.equal(told.length, 1);
      assert.equal(book(told[0]).update, book(last).update + 1);
      last = told[0];
    };
    await next(60001);
    await closes.close();
    await next(60002);
    torn.socket.terminate();
    await torn.closed;
    await next(60003);
  },
);

step(
  305,
  'gone',
  'a client closes in order',
  {
    does: 'Closes with 1000 and a reason, and with a code of its own.',
    expects: 'The server answers with the same code.',
  },
  async (t) => {
    for (const code of [1000, 1001, 4000]) {
      const wire = await t.wire('perp');
      wire.socket.close(code, 'done');
      assert.equal((await wire.closed).code, code);
    }
  },
);

step(
  306,
  'crowd',
  'every topic on one connection',
  {
    does: 'Subscribes to every topic of twelve perpetuals, one request each, and changes one book.',
    expects: 'All are accepted; told are the topics of that book alone.',
  },
  async (t) => {
    const { everyTopic, toldOfQuote, topicOf } = t.venue.streams;
    const wire = await t.wire('perp');
    for (const base of kBases.split(',')) await wire.subscribe(...everyTopic(base));
    const told = await wire.during(() =>
      t.quote({ bid: '60001', ask: '60001.1', bid_size: '5', ask_size: '5' }),
    );
    assert.deepEqual(told.map(topicOf).sort(), [...toldOfQuote].sort());
  },
);

step(
  307,
  'crowd',
  'many connections',
  {
    does: 'Sixty connections follow one book through ten changes.',
    expects: 'Each is told each change, all the same.',
  },
  async (t) => {
    const { topics, levels } = t.venue.streams;
    const wires = await Promise.all(Array.from({ length: 60 }, () => t.wire('perp')));
    await Promise.all(wires.map((wire) => wire.subscribe(topics.book(levels))));
    const marks = wires.map((wire) => wire.mark);
    for (let i = 1; i <= 10; ++i) await t.quote(quoted(60000 + i), ['perp']);
    await Promise.all(wires.map((wire) => wire.settle()));
    const told = wires.map((wire, i) =>
      wire.since(marks[i]).filter((message) => t.venue.streams.isPush(message)),
    );
    assert.equal(told[0].length, 10);
    for (const each of told) assert.deepEqual(each, told[0]);
  },
);

// ---- while the clock runs ---------------------------------------------------------------------

step(
  308,
  'paced',
  'watchOrderBook while the clock runs',
  {
    does: 'Sends forty orders without a pause and follows the books of all depths.',
    expects:
      'Each book comes to be the one that the venue gives; its numbers grow, without a gap where ' +
      'changes are told.',
    needs: ['watchOrderBook'],
  },
  async (t) => {
    const { book, watched, watchesChanges } = t.venue.streams;
    await t.quote(kWide);
    const client = await t.another({ ...t.keys.alice, enableRateLimit: false });
    const listeners = [];
    for (const depth of watched) {
      const listener = await t.listener();
      await listener.watch((c) => c.watchOrderBook(t.perp, depth));
      listeners.push({ depth, listener });
    }
    await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        client.createOrder(
          t.perp,
          'limit',
          i % 2 ? 'buy' : 'sell',
          0.01,
          60000 + (i % 2 ? -i : i) / 10,
        ),
      ),
    );
    for (const { depth, listener } of listeners) {
      const { bids, asks } = await t.book(t.perp, depth);
      const isThere = ({ bids: b, asks: a }) =>
        JSON.stringify([b, a]) === JSON.stringify([bids, asks]);
      let known = listener.client.orderbooks[t.perp];
      while (!isThere(known)) known = await listener.client.watchOrderBook(t.perp, depth);
      const told = listener.since(0).filter((message) => t.venue.streams.isPush(message));
      const updates = told.map((message) => book(message).update);
      // The best level is told again, with its number, when it is quiet.
      const distinct = depth === 1 ? [...new Set(updates)] : updates;
      const expected = watchesChanges
        ? distinct.map((_, i) => distinct[0] + i)
        : [...new Set(distinct)].sort((a, b) => a - b);
      assert.deepEqual(distinct, expected);
    }
  },
);

step(
  309,
  'paced',
  'orders and fills while the clock runs',
  {
    does: 'Trades with the clock running and watches orders, fills and the tape.',
    expects: 'Each comes by itself.',
    needs: ['watchOrders', 'watchMyTrades', 'watchTrades'],
  },
  async (t) => {
    const listener = await t.listener();
    const orders = (c) => c.watchOrders();
    const fills = (c) => c.watchMyTrades();
    const trades = (c) => c.watchTrades(t.perp);
    for (const watch of [orders, fills, trades]) await listener.watch(watch);
    let id;
    let fill;
    let order;
    const [trade] = await listener.after(trades, async () => {
      [fill] = await listener.after(fills, async () => {
        [order] = await listener.after(orders, async () => {
          ({ id } = await t.alice.createOrder(t.perp, 'market', 'buy', 0.03));
        });
      });
    });
    assert.deepEqual([order.id, order.status, order.average], [id, 'closed', 60000.1]);
    assert.deepEqual([fill.order, fill.price, fill.amount], [id, 60000.1, 0.03]);
    assert.deepEqual([trade.price, trade.amount, trade.side], [60000.1, 0.03, 'buy']);
  },
);

step(
  310,
  'farewell',
  'the server ends',
  {
    does: 'Ends the server while streams of every kind are open.',
    expects: 'Each is closed with 1001, watching fails as NetworkError, and the server ends well.',
    needs: ['watchOrderBook'],
  },
  async (t) => {
    const wires = [];
    for (const kind of t.venue.streams.kinds) wires.push(await t.wire(kind));
    const listener = await t.listener();
    const watch = (c) => c.watchOrderBook(t.perp);
    await listener.watch(watch);
    const waiting = assert.rejects(watch(listener.client), {
      name: 'NetworkError',
      message: /1001/,
    });
    const { code } = await t.server.stop();
    assert.equal(code, 0);
    for (const wire of wires) assert.equal((await wire.closed).code, 1001);
    await waiting;
  },
);
