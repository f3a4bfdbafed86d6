// kill -9 under load: every acknowledged order is there after the restart, none twice.
import assert from 'node:assert/strict';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { Audit } from './lib/audit.mjs';
import { Connection } from './lib/connection.mjs';
import { copyStore, folder } from './lib/folder.mjs';
import { Promises } from './lib/promises.mjs';
import { test } from './lib/report.mjs';
import { Server, credentials, replayed, root, told } from './lib/server.mjs';
import { Traffic } from './lib/traffic.mjs';

const recording = join(root, 'examples/data/binance-usdm-btcusdt-20240808-minute.raw.gz');
// Snapshots happen every 300 s of box time, so a fast clock takes one every third of a second.
export const kMarkets = {
  synthetic: { args: ['--market', 'synthetic'], kills: [5, 20] },
  pinned: { args: ['--market', 'pinned', '--clock', 'scaled:1000'], kills: [4, 18] },
  replay: { args: ['--market', `replay:${recording}`, '--symbols', 'BTC'], kills: [3, 12] },
};
const kBurst = 60; // requests per connection
// An exchange forgets an account's oldest orders after some thousands; no story gets that far.
const kLivesMax = 8;
// More box time than a clean end leaves to be replayed.
export const kSnapshotMs = 61_000;
const kQuotes = [
  ['linear', { bid: '60000', ask: '60010', last: '60001', bid_size: '50', ask_size: '50' }],
  ['spot', { bid: '59990', ask: '60000', last: '59995', bid_size: '50', ask_size: '50' }],
];

export async function showQuotes(server) {
  for (const [category, quote] of kQuotes) {
    const path = `/markets/bybit/BTCUSDT/quote?category=${category}`;
    await server.control('PUT', path, quote);
  }
}

// A store with its whole history of servers.
export class Story {
  static async begin(name, random, args) {
    const story = new Story();
    Object.assign(story, { name, random, args, promises: new Promises(), lives: 0 });
    story.file = join(folder(), 'box.db');
    story.keys = { alice: await credentials('alice'), bob: await credentials('bob') };
    await story.start();
    if (args.includes('pinned')) await showQuotes(story.server);
    return story;
  }

  async start(options) {
    ++this.lives;
    const args = [...this.args, '--rate-limits', 'off'];
    this.server = await Server.start(`sqlite:${this.file}`, args, options);
  }

  async load() {
    const { server, keys, promises } = this;
    const random = this.random.stream(`life ${this.lives}`);
    const prefix = `${this.name}-${this.lives}`;
    const traffic = new Traffic({ server, keys, promises, random, prefix });
    await traffic.open();
    return traffic;
  }

  // Loads the server and lets `end` end it, at once, at the given moment.
  async loadUntil({ count, of, burst, deaf = true }, end) {
    const traffic = await this.load();
    let seen = 0;
    const onMoment = () => {
      if (++seen === count) end(this.server);
    };
    let watcher;
    if (of === 'writes') watcher = watch(`${this.file}-wal`, onMoment);
    else this.promises.onAcknowledgement = onMoment;
    this.server.exit.then(() => traffic.stop());
    await (burst ? traffic.burst(burst, deaf) : traffic.run());
    watcher?.close();
    this.promises.onAcknowledgement = () => {};
    assert.deepEqual(this.promises.surprises, [], 'no answer is a surprise');
    assert.ok(seen >= count, `the server ended by itself: ${this.server.tail}`);
    return this.server.ended();
  }

  // The journal alone brings back the same events, twice the same.
  async replay() {
    const copy = `${this.file}.copy`;
    copyStore(this.file, copy);
    const first = await replayed(copy);
    assert.equal(first.code, 0, `replay: ${first.stderr}${first.stdout}`);
    const report = JSON.parse(first.stdout);
    assert.equal(report.equal, true);
    assert.deepEqual(JSON.parse((await replayed(copy)).stdout), report, 'replays agree');
    return report;
  }

  // Everything promised is there; what may have been lost is sent again; and it is still so.
  async audit() {
    const { server } = this;
    const { mode, scale } = await server.control('GET', '/clock');
    await server.control('POST', '/clock', { mode: 'manual' });
    const connection = await Connection.open(server.port);
    const audit = new Audit(connection, this.keys, this.promises);
    await audit.run();
    const traffic = await this.load();
    const { lost, kept } = await audit.sendAgain(traffic, this.random.stream(`a${this.lives}`));
    for (const each of traffic.connections) each.end();
    const note = await audit.run();
    connection.end();
    await server.control('POST', '/clock', { mode, scale });
    assert.ok(!server.stopped, server.tail);
    this.kept = kept;
    return `${note}; of what was not answered ${kept} kept, ${lost} not`;
  }
}

// Some way into the load, or nearly at once; while the server waits for the next request, or has
// plenty; when the client has an answer, or when the journal is being written.
function momentFrom(random) {
  const of = random.pick(['answers', 'writes']);
  const most = of === 'answers' ? 160 : 30;
  return {
    of,
    count: random.pick([random.between(1, 8), random.between(1, most)]),
    burst: of === 'answers' ? random.pick([0, kBurst]) : 0,
  };
}

export async function killUnderLoad(random, isLong) {
  for (const [name, { args, kills }] of Object.entries(kMarkets)) {
    const moments = random.stream(name);
    let story = await Story.begin(name, moments, args);
    const count = kills[isLong ? 1 : 0];
    for (let i = 1; i <= count; ++i) {
      if (story.lives > kLivesMax) {
        await story.server.stop();
        story = await Story.begin(`${name}${i}`, moments, args);
      }
      const moment = momentFrom(moments);
      const snapshots = moments.unit() < 0.35;
      const title =
        `kill ${i} of ${count}, ${name} market, after ${moment.count} ${moment.of} ` +
        (moment.burst ? 'of a burst' : 'of a stream');
      const passed = await test(title, async () => {
        const end = await story.loadUntil(moment, (server) => server.kill());
        assert.equal(end.signal, 'SIGKILL', `it ended by itself: ${told(end)}`);
        const { batches, from_snapshot: fromSnapshot } = await story.replay();
        await story.start();
        let note = await story.audit();
        if (snapshots) {
          // A clean end leaves a snapshot when a replay would be long, and the next life begins
          // with it.
          await story.server.control('POST', '/clock', { advance_ms: kSnapshotMs });
          const clean = await story.server.stop();
          assert.equal(clean.code, 0, told(clean) + story.server.tail);
          assert.equal((await story.replay()).from_snapshot, true);
          await story.start();
          await story.audit();
          note += '; and after a clean end';
        }
        return `${batches} batches replayed${fromSnapshot ? ' after a snapshot' : ''}, ${note}`;
      });
      if (!passed) break; // The rest of this story would tell the same.
    }
    await story.server.stop();
  }
}
