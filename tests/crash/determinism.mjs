// Two servers with equal flags that hear equal requests say equal bytes; another seed says others.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { folder } from './lib/folder.mjs';
import { Play, difference } from './lib/play.mjs';
import { test } from './lib/report.mjs';
import { Server, credentials } from './lib/server.mjs';

const kSteps = 400;

export async function determinism(random) {
  const keys = { alice: await credentials('alice'), bob: await credentials('bob') };
  const play = async (store, seed, extra = []) => {
    const args = ['--clock', 'manual', '--market', 'synthetic', '--auth-clock', 'box'];
    const server = await Server.start(store, [...args, '--seed', seed, ...extra]);
    const run = new Play(random.stream('requests'), { pinned: false });
    await run.meet(server, keys);
    await run.run(kSteps);
    const { transcript } = run;
    const outcome = { transcript, seen: await run.views(), ...(await run.hashes()) };
    await server.stop();
    return outcome;
  };
  const same = (a, b) => {
    assert.equal(difference(a.transcript, b.transcript), undefined, 'the same answers');
    assert.equal(difference(a.seen, b.seen), undefined, 'the same views');
    assert.deepEqual([a.state_hash, a.event_hash], [b.state_hash, b.event_hash]);
  };
  let first;
  await test('equal seeds and requests, equal bytes', async () => {
    first = await play('memory', '7');
    same(await play('memory', '7'), first);
    const limited = first.transcript.filter((text) => text.includes('"retCode":10006')).length;
    return `${first.transcript.length} answers, ${limited} of them over the rate limit`;
  });
  await test('on a store the same as in memory', async () => {
    same(await play(`sqlite:${join(folder(), 'box.db')}`, '7'), first);
  });
  await test('another seed, another run', async () => {
    const other = await play('memory', '8');
    assert.notEqual(other.state_hash, first.state_hash);
    assert.notEqual(other.event_hash, first.event_hash);
    assert.notEqual(difference(other.transcript, first.transcript), undefined);
  });
}
