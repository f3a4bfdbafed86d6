// Stores with bytes overwritten or missing: a server either refuses in one line, or everything is
// there. It neither crashes nor begins with less than was promised. Only a log that just ends early
// cannot be told from one that was never longer: then there is what had been promised by then.
import assert from 'node:assert/strict';
import { closeSync, fstatSync, openSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Connection, post } from './lib/connection.mjs';
import { kSnapshotMs } from './kill.mjs';
import { copyStore, folder } from './lib/folder.mjs';
import { test } from './lib/report.mjs';
import { Server, credentials, replayed, told } from './lib/server.mjs';

// The clock stands, so that the state tells whether anything is missing.
const flags = ['--market', 'pinned', '--clock', 'manual', '--rate-limits', 'off'];
const kUnknown = 'o-unknown';
const kSilence = 'something is missing and nobody says so';

export async function damage(random, isLong) {
  const keys = await credentials('alice');
  const home = folder();
  const rounds = isLong ? 100 : 30;

  const snapshot = join(home, 'snapshot.db');
  const journal = join(home, 'journal.db');
  let whole;
  const made = await test('a store with a snapshot, and one with a long journal', async () => {
    let server = await Server.start(`sqlite:${snapshot}`, flags);
    await orders(server, keys, 40);
    await server.control('POST', '/clock', { advance_ms: kSnapshotMs });
    assert.equal(told(await server.stop()), 'exit 0');
    assert.equal(JSON.parse((await replayed(snapshot)).stdout).from_snapshot, true);
    server = await Server.start(`sqlite:${journal}`, flags);
    // More than SQLite keeps in its log: the first of them have reached the file itself.
    await orders(server, keys, 1_300);
    server.kill();
    await server.ended();
    assert.ok(statSync(journal).size > 40_000, 'batches are in the file');
    whole = { [snapshot]: await state(snapshot), [journal]: await state(journal) };
  });
  if (!made) return;

  for (const [name, store, tail] of [
    ['a snapshot', snapshot, ''],
    ['a journal', journal, ''],
    ["a journal's log", journal, '-wal'],
  ]) {
    for (const [manner, harm] of Object.entries(kHarms)) {
      await test(`${name} with ${manner}, ${rounds} times`, async () => {
        const outcomes = { refused: 0, whole: 0, earlier: 0 };
        const mayEndEarly = tail !== '' && harm === cutOff;
        const failures = [];
        for (let i = 0; i < rounds; ++i) {
          const draws = random.stream(`${name} ${manner} ${i}`);
          const copy = join(home, 'damaged.db');
          copyStore(store, copy);
          const what = harm(copy + tail, draws);
          try {
            ++outcomes[await judge(copy, whole[store], mayEndEarly)];
          } catch (error) {
            failures.push(`${what}: ${error.message.split('\n')[0]}`);
          }
        }
        const few = failures.slice(0, 5).join('\n');
        assert.ok(failures.length === 0, `${failures.length} of ${rounds}, such as\n${few}`);
        const { refused, earlier } = outcomes;
        return `${refused} refused, ${outcomes.whole} whole, ${earlier} as they were earlier`;
      });
    }
  }
}

// Orders one after the other, so that each is a batch of its own.
async function orders(server, keys, count) {
  const connection = await Connection.open(server.port);
  for (let i = 0; i < count; ++i) {
    const [path, more] =
      i % 2 === 0
        ? ['create', { side: 'Buy', orderType: 'Limit', qty: '0.01', price: `${20_000 + i}` }]
        : ['cancel', {}];
    const keep = i % 20 === 19; // asked to cancel what is not there
    const orderLinkId = keep ? kUnknown : `o-${i - (i % 2)}`;
    const body = { category: 'linear', symbol: 'BTCUSDT', orderLinkId, ...more };
    const answer = await connection.send(post(keys, `/v5/order/${path}`, body));
    assert.equal(answer.json?.retCode, keep ? 110001 : 0, answer.text);
  }
  connection.end();
}

async function state(file) {
  const copy = `${file}.state`;
  copyStore(file, copy);
  const server = await Server.start(`sqlite:${copy}`, flags);
  const hashes = await server.control('GET', '/state_hash');
  await server.stop();
  return hashes;
}

// What became of a start on a damaged store, and of a replay of it.
async function judge(file, expected, mayEndEarly) {
  const copy = `${file}.replayed`;
  copyStore(file, copy);
  const report = await replayed(copy);
  assert.ok(report.code === 0 || report.code === 1, `replay: ${report.signal} ${report.code}`);
  if (report.code === 0) {
    const { state_hash: hash } = JSON.parse(report.stdout);
    if (!mayEndEarly) assert.equal(hash, expected.state_hash, `replay: ${kSilence}`);
  } else {
    assert.match(report.stderr, /^venuebox: .+\n$/, 'replay: one line');
  }
  const server = new Server(`sqlite:${file}`, flags);
  const end = await server.outcome();
  if (end) {
    assert.equal(told(end), 'exit 2', server.tail);
    assert.match(server.tail, /^venuebox: .+\n$/, 'one line');
    return 'refused';
  }
  const hashes = await server.control('GET', '/state_hash');
  server.kill();
  await server.ended();
  const isWhole = hashes.state_hash === expected.state_hash;
  if (!isWhole && mayEndEarly) return 'earlier';
  assert.deepEqual(hashes, expected, kSilence);
  return 'whole';
}

// Each does its harm to a file and says what it did.
const kHarms = {
  'a byte changed': (file, random) =>
    write(file, random, () => Buffer.from([random.between(0, 255)])),
  'a stretch overwritten': (file, random) =>
    write(file, random, () => {
      const bytes = Buffer.alloc(random.between(2, 600));
      for (let i = 0; i < bytes.length; ++i) bytes[i] = random.between(0, 255);
      return bytes;
    }),
  'a page of zeros': (file, random) => write(file, random, () => Buffer.alloc(4_096), 4_096),
  'its end cut off': cutOff,
};

function cutOff(file, random) {
  const size = random.between(1, statSync(file).size - 1);
  truncateSync(file, size);
  return `cut to ${size}`;
}

function write(file, random, draw, step = 1) {
  const handle = openSync(file, 'r+');
  const bytes = draw();
  const room = fstatSync(handle).size - bytes.length;
  const at = random.between(0, Math.floor(room / step)) * step;
  writeSync(handle, bytes, 0, bytes.length, at);
  closeSync(handle);
  return `${bytes.length} bytes at ${at}`;
}
