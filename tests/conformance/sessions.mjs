// The numbered list, continued: who comes in by a signature of his own and trades with a token that
// ends, and streams that are dialled again and again while there is trade.
import assert from 'node:assert/strict';

const still = ['--market', 'pinned', '--clock', 'manual', '--rate-limits', 'headers'];

export const groups = {
  strangers: { serve: ['--market', 'pinned', '--rate-limits', 'headers'], fresh: true },
  // A clock that is moved by hand judges tokens as well.
  tokens: { serve: [...still, '--auth-clock', 'box'], fresh: true },
  redialled: { serve: ['--market', 'pinned', '--rate-limits', 'headers'], fresh: true },
};

export const steps = [];

function step(number, group, name, { does, expects, needs = [] }, run) {
  steps.push({ number, group, name, does, expects, needs, run });
}

const kRest = 59900; // below the bid, within any venue's price band
const kTokenMs = 300_000;

step(
  700,
  'strangers',
  'onboarding',
  {
    does: 'Makes a new key, is refused, onboards with it twice, trades and comes again.',
    expects: 'An account of its own with the demo balance, which nobody else sees.',
  },
  async (t) => {
    const keys = t.venue.stranger(t);
    const stranger = await t.another(keys);
    await t.refused(() => stranger.fetchBalance(), t.venue.refusals.unknownKey, 'before');
    for (const again of [false, true]) {
      await stranger.onboarding();
      const balance = await stranger.fetchBalance();
      assert.equal(balance[t.venue.quote].total, Number(t.venue.start[t.venue.quote]), `${again}`);
    }
    const { id } = await stranger.createOrder(t.perp, 'limit', 'buy', 0.01, kRest);
    assert.deepEqual(await t.openIds(t.perp), []);
    const again = await t.another(keys);
    assert.deepEqual(await t.openIds(t.perp, again), [id]);
    assert.equal((await t.place(t.perp, 'market', 'buy', 0.01, undefined, {}, again)).filled, 0.01);
    assert.equal((await again.fetchPositions([t.perp]))[0].contracts, 0.01);
  },
);

step(
  701,
  'strangers',
  'onboarding with a signature of somebody else',
  {
    does: "Onboards with a new public key, signed with Bob's.",
    expects: "Refused with the venue's own error, and no account is there.",
  },
  async (t) => {
    const stranger = await t.another(t.venue.stranger(t));
    const account = await stranger.retrieveAccount();
    const { privateKey } = await t.bob.retrieveAccount();
    const thief = await t.another(t.keys.alice);
    thief.options.paradexAccount = { ...account, privateKey };
    await t.refused(() => thief.onboarding(), t.venue.refusals.wrongSignature, 'forged');
    await t.refused(() => stranger.fetchBalance(), t.venue.refusals.unknownKey, 'not there');
  },
);

step(
  702,
  'tokens',
  'a token that ends in mid-session',
  {
    does: 'Trades and watches orders, moves the clock beyond the end of the token, and goes on.',
    expects:
      "The venue's own error until the client's clock says so too and it signs again; the stream " +
      'goes on all the time.',
    needs: ['watchOrders'],
  },
  async (t) => {
    let { now_ms: now } = await t.server.control('GET', '/clock');
    const client = await t.another(t.keys.alice);
    const listener = await t.listener();
    for (const each of [client, listener.client]) {
      each.milliseconds = () => now;
      each.seconds = () => Math.floor(now / 1000);
    }
    const watch = (c) => c.watchOrders();
    await listener.watch(watch);
    const told = async (who, price) => {
      const [order] = await listener.after(watch, () =>
        who.createOrder(t.perp, 'limit', 'buy', 0.01, price),
      );
      assert.equal(order.price, price);
    };
    await told(client, kRest);
    await t.server.advance(kTokenMs - 20_000);
    await told(client, kRest - 1);
    await t.server.advance(20_000 + 1_000);
    const { endedToken } = t.venue.refusals;
    await t.refused(() => client.fetchBalance(), endedToken, 'a question');
    const order = () => client.createOrder(t.perp, 'limit', 'buy', 0.01, kRest - 2);
    await t.refused(order, endedToken, 'an order');
    now += kTokenMs + 1_000;
    await told(client, kRest - 3);
    assert.equal((await t.openIds(t.perp, client)).length, 3, 'the refused one is not there');
  },
);

// Trades of Alice and Bob with each other, one after the other, until they are stopped. `failed`
// ends only by an error.
function load(t, clients, price) {
  let isOver = false;
  let count = 0;
  const run = async () => {
    const [alice, bob] = clients;
    while (!isOver) {
      const side = ++count % 2 ? ['sell', 'buy'] : ['buy', 'sell'];
      await alice.createOrder(t.perp, 'limit', side[0], 0.001, price);
      await bob.createOrder(t.perp, 'limit', side[1], 0.001, price);
    }
  };
  const ended = run();
  const failed = ended.then(() => new Promise(() => {}));
  failed.catch(() => {});
  const stop = async () => {
    isOver = true;
    await ended;
    return count;
  };
  return { stop, failed };
}

step(
  703,
  'redialled',
  'a hundred reconnects under load',
  {
    does:
      'Alice and Bob trade without a pause while the stream of her fills is dialled a hundred ' +
      'times: half of them before the old connection is torn off, half after.',
    expects:
      'No connection tells a fill twice; those that overlap miss none, and what was missed ' +
      'between the others is what the list of fills has; all together are that list.',
  },
  async (t) => {
    const { streams } = t.venue;
    await t.quote({ bid: '59990', ask: '60010', last: '60000', bid_size: '5', ask_size: '5' });
    const pace = { enableRateLimit: false };
    const clients = [
      await t.another({ ...t.keys.alice, ...pace }),
      await t.another({ ...t.keys.bob, ...pace }),
    ];
    const list = async () => (await t.venue.allFills(clients[0], t.perp)).map(({ id }) => id);
    const dial = async () => {
      const wire = await t.wire('private');
      await wire.ask(await streams.login(t, t.keys.alice));
      await wire.subscribe(streams.topics.fills);
      return wire;
    };
    const heard = new Set();
    const take = (wire) => {
      const ids = streams.fillIds(wire.since(0));
      assert.equal(new Set(ids).size, ids.length, 'no fill is told twice on one connection');
      for (const id of ids) heard.add(id);
      return ids.length;
    };
    let wire = await dial();
    const { stop, failed } = load(t, clients, 60000);
    let told = 0;
    for (let i = 0; i < 100; ++i) {
      const isFill = ({ message }) => streams.fillIds([message]).length > 0;
      await Promise.race([wire.first(isFill, 0), failed]);
      const overlaps = i % 2 === 0;
      const next = overlaps ? await dial() : undefined;
      if (overlaps) await wire.settle();
      wire.socket.terminate();
      await wire.closed;
      told += take(wire);
      const from = heard.size;
      wire = next ?? (await dial());
      if (overlaps) continue;
      const missed = (await list()).filter((id) => !heard.has(id));
      for (const id of missed) heard.add(id);
      assert.ok(heard.size >= from);
    }
    const traded = await stop();
    await wire.settle();
    told += take(wire);
    const all = await list();
    assert.equal(new Set(all).size, all.length, 'the list has each once');
    assert.equal(all.length, traded, 'one fill for each trade');
    assert.deepEqual([...heard].sort(), [...all].sort(), 'none is lost, and none made up');
    assert.ok(told >= 100, `${told} were told on streams`);
  },
);
