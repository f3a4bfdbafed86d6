// Stores that a server must not touch: it says in one line what is wrong and what to do, ends with
// 2, and leaves the file as it was.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
  closeSync,
} from 'node:fs';
import { join } from 'node:path';
import { Connection, get, post } from './lib/connection.mjs';
import { folder } from './lib/folder.mjs';
import { skip, test } from './lib/report.mjs';
import { Server, binary, credentials, replayed, root, runToEnd, told } from './lib/server.mjs';

const kNobody = 65534;
const kOrder = {
  category: 'linear',
  symbol: 'BTCUSDT',
  side: 'Buy',
  orderType: 'Limit',
  qty: '0.01',
  price: '30000',
};
const flags = ['--market', 'pinned', '--seed', '5', '--symbols', 'BTC,ETH'];
const recording = join(root, 'examples/data/binance-usdm-btcusdt-20240808-minute.raw.gz');

const digest = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

// The line a server leaves that refuses to start.
export async function refusal(store, args, options) {
  const server = new Server(store, args, options);
  const end = await server.outcome();
  if (!end) {
    server.kill();
    throw new assert.AssertionError({ message: `it started on ${store}` });
  }
  assert.equal(told(end), 'exit 2', server.tail);
  const text = server.tail.trimEnd();
  assert.match(text, /^venuebox: .+$/, `one line, got:\n${text}`);
  assert.ok(text.length < 600, `a line that can be read, got ${text.length} characters`);
  return text;
}

async function place(server, keys, orderLinkId) {
  const connection = await Connection.open(server.port);
  const answer = await connection.send(
    post(keys, '/v5/order/create', { ...kOrder, orderLinkId }),
  );
  connection.end();
  assert.equal(answer.json?.retCode, 0, answer.text);
}

async function names(server, keys) {
  const connection = await Connection.open(server.port);
  const query = { category: 'linear', settleCoin: 'USDT' };
  const answer = await connection.send(get(keys, '/v5/order/realtime', query));
  connection.end();
  return answer.json.result.list.map((row) => row.orderLinkId);
}

export async function refusals() {
  const keys = await credentials('alice');
  const home = folder();
  const file = join(home, 'box.db');
  const store = `sqlite:${file}`;

  await test('a store with one order', async () => {
    const server = await Server.start(store, flags);
    await place(server, keys, 'kept');
    assert.equal(told(await server.stop()), 'exit 0');
  });

  // ---- another configuration ----
  const others = [
    ['another seed', ['--seed', '6'], /seed: stored 5, asked for 6/],
    ['another market', ['--market', 'synthetic'], /market: stored pinned, asked for synthetic/],
    ['a recorded market', ['--market', `replay:${recording}`], /market: stored pinned, .*replay:/],
    ['other symbols', ['--symbols', 'BTC'], /symbols: stored BTC,ETH, asked for BTC\b/],
    ['the defaults', ['--seed', '1', '--symbols', 'BTC,ETH,SOL,XRP'], /seed: .*; symbols: /],
  ];
  for (const [name, changes, what] of others) {
    await test(`on a store of another box: ${name}`, async () => {
      const before = digest(file);
      const args = [...flags];
      for (let i = 0; i < changes.length; i += 2) {
        args[args.indexOf(changes[i]) + 1] = changes[i + 1];
      }
      const line = await refusal(store, args);
      assert.match(line, what);
      assert.match(line, /--fresh/);
      assert.equal(digest(file), before, 'the file is as it was');
    });
  }
  await test('after all that the store still serves its own box', async () => {
    const server = await Server.start(store, flags);
    assert.deepEqual(await names(server, keys), ['kept']);
    assert.equal(told(await server.stop()), 'exit 0');
  });
  await test('the largest seed comes back', async () => {
    const own = `sqlite:${join(folder(), 'box.db')}`;
    const args = ['--market', 'pinned', '--seed', '18446744073709551615'];
    let server = await Server.start(own, args);
    await place(server, keys, 'kept');
    server.kill();
    await server.ended();
    server = await Server.start(own, args);
    assert.deepEqual(await names(server, keys), ['kept']);
    await server.stop();
    const report = await replayed(own.slice('sqlite:'.length));
    assert.equal(report.code, 0, report.stderr);
    const line = await refusal(own, ['--market', 'pinned', '--seed', '3']);
    assert.match(line, /stored 18446744073709551615, asked for 3/);
  });
  await test('--fresh begins anew, and what it began stays', async () => {
    const fresh = ['--market', 'synthetic', '--seed', '9'];
    let server = await Server.start(store, [...fresh, '--fresh']);
    assert.deepEqual(await names(server, keys), []);
    await place(server, keys, 'kept');
    server.kill();
    await server.ended();
    server = await Server.start(store, fresh);
    assert.deepEqual(await names(server, keys), ['kept']);
    await server.stop();
    assert.match(await refusal(store, flags), /seed: stored 9, asked for 5/);
  });
  await test('--fresh on a store of the same box begins anew too', async () => {
    const same = ['--market', 'synthetic', '--seed', '9'];
    const server = await Server.start(store, [...same, '--fresh']);
    assert.deepEqual(await names(server, keys), []);
    assert.equal((await server.control('GET', '/health')).status, 'ok');
    await server.stop();
  });
  await test('a recording that has changed since', async () => {
    const own = folder();
    const copy = join(own, 'minute.raw.gz');
    copyFileSync(recording, copy);
    const args = ['--market', `replay:${copy}`, '--symbols', 'BTC'];
    const server = await Server.start(`sqlite:${join(own, 'box.db')}`, args);
    await place(server, keys, 'kept');
    await server.stop();
    writeFileSync(copy, Buffer.concat([readFileSync(copy), readFileSync(copy)]));
    const line = await refusal(`sqlite:${join(own, 'box.db')}`, args);
    assert.match(line, /minute\.raw\.gz/);
    const report = await replayed(join(own, 'box.db'));
    assert.equal(report.code, 1, report.stdout);
    assert.match(report.stderr, /^venuebox: .*minute\.raw\.gz.*\n$/);
  });

  // ---- not a store ----
  await test('a second server on the same file', async () => {
    const own = `sqlite:${join(folder(), 'box.db')}`;
    const first = await Server.start(own, flags);
    await place(first, keys, 'before');
    assert.match(await refusal(own, flags), /in use by another process/);
    assert.match(await refusal(own, [...flags, '--fresh']), /in use by another process/);
    const report = await replayed(own.slice('sqlite:'.length));
    assert.equal(report.code, 1, report.stdout);
    assert.match(report.stderr, /^venuebox: .*in use.*\n$/);
    await place(first, keys, 'after');
    assert.deepEqual((await names(first, keys)).sort(), ['after', 'before']);
    first.kill();
    await first.ended();
    const next = await Server.start(own, flags);
    assert.deepEqual((await names(next, keys)).sort(), ['after', 'before']);
    await next.stop();
  });
  await test('a folder instead of a file', async () => {
    assert.match(await refusal(`sqlite:${home}`, flags), /is a directory/);
  });
  await test('a file where a folder should be', async () => {
    const line = await refusal(`sqlite:${join(file, 'inside', 'box.db')}`, flags);
    assert.match(line, /folder|directory/i);
  });
  await test('a folder that does not exist yet is made', async () => {
    const server = await Server.start(`sqlite:${join(home, 'a', 'b', 'box.db')}`, flags);
    await server.stop();
    assert.ok(existsSync(join(home, 'a', 'b', 'box.db')));
  });
  for (const [name, bytes] of [
    ['a text', 'seed = 5\n'.repeat(1_000)],
    ['a few bytes', 'note'],
    ['a page of zeros', Buffer.alloc(8_192)],
    ['half a header', 'SQLite format 3\0'],
    ['a header and rubbish', Buffer.from('SQLite format 3\0'.padEnd(9_000, '7'))],
  ]) {
    await test(`not a database: ${name}`, async () => {
      const path = join(folder(), 'box.db');
      writeFileSync(path, bytes);
      const before = digest(path);
      const line = await refusal(`sqlite:${path}`, flags);
      assert.ok(line.includes(path), line);
      assert.equal(digest(path), before, 'the file is as it was');
      const report = await replayed(path);
      assert.equal(report.code, 1, report.stdout);
      assert.match(report.stderr, /^venuebox: .+\n$/);
    });
  }
  await test('an empty file is a new store', async () => {
    const path = join(folder(), 'box.db');
    writeFileSync(path, '');
    const server = await Server.start(`sqlite:${path}`, flags);
    assert.equal(told(await server.stop()), 'exit 0');
  });
  // Where a database's header has the application's mark and the version of its tables.
  for (const [name, offset, what] of [
    ["another program's database", 68, /another program/],
    ['a store of another version', 60, /version/],
  ]) {
    await test(name, async () => {
      const path = join(folder(), 'box.db');
      const server = await Server.start(`sqlite:${path}`, flags);
      await server.stop();
      const handle = openSync(path, 'r+');
      writeSync(handle, Buffer.from([0, 0, 0, 99]), 0, 4, offset);
      closeSync(handle);
      const before = digest(path);
      assert.match(await refusal(`sqlite:${path}`, flags), what);
      assert.match(await refusal(`sqlite:${path}`, [...flags, '--fresh']), what);
      assert.equal(digest(path), before, 'the file is as it was');
    });
  }
  for (const [name, value, what] of [
    ['nothing after sqlite:', 'sqlite:', /--store.*path/],
    ['a store that is not built', 'postgres://localhost/x', /--store.*not built/],
    ['no store at all', 'somewhere.db', /--store.*somewhere\.db/],
  ]) {
    await test(`--store with ${name}`, async () => assert.match(await refusal(value, flags), what));
  }
  for (const path of [join(home, 'nowhere.db'), home]) {
    await test(`replay of ${path === home ? 'a folder' : 'nothing'}`, async () => {
      const report = await replayed(path);
      assert.equal(report.code, 1);
      assert.match(report.stderr, /^venuebox: .+\n$/);
      assert.ok(!existsSync(join(home, 'nowhere.db')), 'nothing is made');
    });
  }

  await withoutRights(keys);
}

// What a user may not read or write. The superuser may do anything, so it tries as somebody else.
async function withoutRights(keys) {
  const isRoot = process.getuid() === 0;
  const home = folder();
  const own = join(home, 'venuebox');
  copyFileSync(binary, own);
  chmodSync(home, 0o755);
  const options = { command: [own], spawning: isRoot ? { uid: kNobody, gid: kNobody } : {} };
  const { code } = await runToEnd(['--version'], { program: own, ...options.spawning });
  if (code !== 0) return skip('stores without rights', 'cannot act as another user');

  const closed = join(home, 'closed');
  mkdirSync(closed);
  const made = await Server.start(`sqlite:${join(closed, 'box.db')}`, flags);
  await place(made, keys, 'kept');
  await made.stop();
  for (const [name, folderMode, fileMode, path] of [
    ['a folder that may not be read', 0o000, 0o666, 'box.db'],
    ['a folder that may not be written', 0o555, 0o666, 'box.db'],
    ['a new file in a folder that may not be written', 0o555, 0o666, 'new.db'],
    ['a new folder in one that may not be written', 0o555, 0o666, 'new/box.db'],
    ['a file that may not be read', 0o777, 0o000, 'box.db'],
    ['a file that may not be written', 0o777, 0o444, 'box.db'],
  ]) {
    await test(name, async () => {
      chmodSync(join(closed, 'box.db'), fileMode);
      chmodSync(closed, folderMode);
      try {
        const line = await refusal(`sqlite:${join(closed, path)}`, flags, options);
        assert.match(line, /permission|denied|writ|read/i);
      } finally {
        chmodSync(closed, 0o777);
        chmodSync(join(closed, 'box.db'), 0o666);
      }
    });
  }
  await test('and nothing of it was harmed', async () => {
    const server = await Server.start(`sqlite:${join(closed, 'box.db')}`, flags);
    assert.deepEqual(await names(server, keys), ['kept']);
    await server.stop();
  });
}
