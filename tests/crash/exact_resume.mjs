// In manual clock no time passes while a server is dead, so its death must leave no trace at all:
// the same script gives the same bytes, killed or not.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { copyStore, folder } from './lib/folder.mjs';
import { Play, difference } from './lib/play.mjs';
import { test } from './lib/report.mjs';
import { Server, credentials, replayed, root, told } from './lib/server.mjs';

const recording = join(root, 'examples/data/binance-usdm-btcusdt-20240808-minute.raw.gz');
const kMarkets = {
  synthetic: ['--market', 'synthetic'],
  pinned: ['--market', 'pinned'],
  replay: ['--market', `replay:${recording}`],
};
const kSteps = 300;

export async function nothingChanges(random, isLong) {
  const keys = { alice: await credentials('alice'), bob: await credentials('bob') };
  for (const [name, market] of Object.entries(kMarkets)) {
    const args = [...market, '--clock', 'manual', '--auth-clock', 'box', '--rate-limits', 'off'];
    const newPlay = () => new Play(random.stream(name), { pinned: name === 'pinned' });
    const whole = newPlay();
    const passed = await test(`a script in manual clock, ${name} market`, async () => {
      const server = await Server.start('memory', args);
      await whole.meet(server, keys);
      await whole.run(kSteps);
      whole.end = await whole.hashes();
      whole.seen = await whole.views();
      await server.stop();
      return `state ${whole.end.state_hash}`;
    });
    if (!passed) continue;
    for (let i = 0; i < (isLong ? 6 : 2); ++i) {
      const ends = random.stream(`${name} ${i}`);
      const file = join(folder(), 'box.db');
      const play = newPlay();
      let count = 0;
      await test(`the same with deaths in between, ${name} market`, async () => {
        const start = async () => play.meet(await Server.start(`sqlite:${file}`, args), keys);
        await start();
        await play.run(kSteps, {
          before: async () => {
            if (ends.unit() > 0.03) return;
            ++count;
            await dieAndReturn(play, file, ends.pick(['SIGKILL', 'SIGKILL', 'SIGTERM']), start);
          },
        });
        assert.equal(difference(play.transcript, whole.transcript), undefined, 'the same answers');
        assert.deepEqual(await play.hashes(), whole.end);
        assert.equal(difference(await play.views(), whole.seen), undefined, 'the same views');
        return `${count} deaths, ${play.snapshots} of them with a snapshot`;
      });
      await play.server.stop();
    }
  }
}

async function dieAndReturn(play, file, signal, start) {
  const before = await play.views();
  const hashes = await play.hashes();
  play.server.kill(signal);
  const end = await play.server.ended();
  assert.equal(told(end), signal === 'SIGKILL' ? signal : 'exit 0', play.server.tail);
  copyStore(file, `${file}.copy`);
  const replay = await replayed(`${file}.copy`);
  assert.equal(replay.code, 0, replay.stderr);
  const report = JSON.parse(replay.stdout);
  play.snapshots = (play.snapshots ?? 0) + (report.from_snapshot ? 1 : 0);
  assert.equal(report.state_hash, hashes.state_hash, 'replay arrives at the same state');
  assert.equal(report.event_hash, hashes.event_hash, 'replay passes the same events');
  await start();
  assert.equal(difference(await play.views(), before), undefined, `after ${signal}`);
}
