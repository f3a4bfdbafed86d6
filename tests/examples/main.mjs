// The examples as a bot of its own: installed, found by find_package, built in a clean folder, and
// run in mock mode and against a server.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Server, binary } from '../conformance/lib/server.mjs';
import { canaries, keep } from '../crash/lib/canaries.mjs';
import { tally, test } from '../crash/lib/report.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const installed = dirname(binary);
const work = mkdtempSync(join(tmpdir(), 'venuebox-examples-'));
const prefix = join(work, 'prefix');
const build = join(work, 'build');

// Ends with { code, out, error }; without the variables that hold keys, unless `keys` are given.
function run(command, args, keys = {}) {
  const { BYBIT_API_KEY, BYBIT_API_SECRET, ...others } = process.env;
  const env = { ...others, ...keys };
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: work, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let error = '';
    child.stdout.on('data', (bytes) => (out += bytes));
    child.stderr.on('data', (bytes) => (error += bytes));
    child.on('error', reject);
    child.on('close', (code) => {
      keep('examples', out + error);
      resolve({ code, out, error });
    });
  });
}

async function succeed(command, args) {
  const { code, out, error } = await run(command, args);
  assert.equal(code, 0, out + error);
  return out;
}

const example = (name, ...args) => run(join(build, name), args);
// With keys in the environment that nobody may see.
const guarded = (name, ...args) =>
  run(join(build, name), args, { BYBIT_API_KEY: canaries[0], BYBIT_API_SECRET: canaries[1] });

// A build with sanitizers or gcov wants the same of whoever links it.
function flags() {
  const cache = readFileSync(join(installed, 'CMakeCache.txt'), 'utf8');
  const sanitize = /^VENUEBOX_SANITIZE:STRING=(.+)$/m.exec(cache);
  const covers = /^VENUEBOX_COVERAGE:BOOL=ON$/m.test(cache);
  return `${sanitize ? `-fsanitize=${sanitize[1]}` : ''} ${covers ? '--coverage' : ''}`.trim();
}

await test('the library is installed', async () => {
  await succeed('cmake', ['--install', installed, '--prefix', prefix]);
  assert.match(await succeed(join(prefix, 'bin', 'venuebox'), ['--version']), /^venuebox \d/);
});

await test('headers name each other with the folder in front, and none is a test', () => {
  const headers = readdirSync(join(prefix, 'include'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  assert.ok(headers.length > 20);
  for (const header of headers) {
    assert.doesNotMatch(header, /test_|_impl/);
    for (const [, name] of readFileSync(header, 'utf8').matchAll(/#include "([^"]+)"/g)) {
      assert.ok(headers.includes(join(prefix, 'include', name)), `${header} wants ${name}`);
    }
  }
});

await test('the examples are built against it, with every warning', async () => {
  await succeed('cmake', [
    '-S', join(root, 'examples'), '-B', build, '-G', 'Ninja', `-DCMAKE_PREFIX_PATH=${prefix}`,
    `-DCMAKE_CXX_FLAGS=-Wall -Wextra -Werror ${flags()}`,
  ]);
  await succeed('cmake', ['--build', build]);
});

await test('basic_use shows a market that is simulated', async () => {
  const { code, out, error } = await guarded('basic_use');
  assert.equal(code, 0, error);
  assert.match(out, /^connected to a box of this process\n/);
  assert.match(out, /BTC\/USDT:USDT \d+(\.\d+)? \/ \d+(\.\d+)? \(simulated\)/);
  assert.equal(out.match(/^ {2}bid /gm).length, 3);
  assert.match(out, /^USDT 1000000$/m);
  assert.equal(error, '');
});

await test('market_order is filled, with its fee and position', async () => {
  const { code, out, error } = await guarded('market_order');
  assert.equal(code, 0, error);
  assert.match(out, /filled 0\.01 of 0\.01 at \d+/);
  assert.match(out, /^ {2}0\.\d+ at \d+.*, fee 0\.\d+ USDT$/m);
  assert.match(out, /position BTC\/USDT:USDT 0\.01/);
});

await test('open_orders finds its two orders and leaves none', async () => {
  const { code, out, error } = await example('open_orders');
  assert.equal(code, 0, error);
  assert.match(out, /^2 open orders, each cancelled when it has waited for 300 s\n/);
  assert.match(out, /\n0 left\n$/);
});

await test('resilient_retry asks twice and places once', async () => {
  const { code, out, error } = await example('resilient_retry');
  assert.equal(code, 0, error);
  assert.equal(out.match(/\/v5\/market\/instruments-info/g).length, 3, 'two pages and one again');
  assert.equal(out.match(/\/v5\/order\/create/g).length, 1);
  assert.match(out, /\/v5\/order\/realtime\nfound as .+\n/);
  assert.match(out, /and filled, once\n$/);
});

const server = await Server.start([]);
try {
  await test('keys that the server does not know are refused, and shown by no example', async () => {
    for (const name of ['market_order', 'open_orders', 'resilient_retry']) {
      const { code, out, error } = await guarded(name, '--url', server.ready.venues.bybit);
      assert.equal(code, 1, name + error);
      assert.match(out + error, /10003/);
      for (const canary of canaries) assert.ok(!(out + error).includes(canary.slice(3)), name);
    }
  });

  await test('the examples run against a server too', async () => {
    const url = server.ready.venues.bybit;
    for (const [name, words] of [
      ['basic_use', new RegExp(`connected to ${url}\\n`)],
      ['market_order', /filled 0\.01 of 0\.01/],
      ['open_orders', /0 left/],
      ['resilient_retry', /and filled, once/],
    ]) {
      const { code, out, error } = await example(name, '--url', url);
      assert.equal(code, 0, name + error);
      assert.match(out, words);
      assert.equal(error, '');
    }
  });
} finally {
  await server.stop();
}

await test('a server that is not there is told, with its cause', async () => {
  const { code, error } = await example('basic_use', '--url', server.ready.venues.bybit);
  assert.equal(code, 1);
  assert.match(error, /^no markets: .*127\.0\.0\.1/);
});

await test('no example leaves this machine', async () => {
  const { code, error } = await example('basic_use', '--url', 'https://venue.example');
  assert.equal(code, 2);
  assert.match(error, /beyond this machine; allow the network/);
});

rmSync(work, { recursive: true });
console.log(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
process.exit(tally.failed === 0 ? 0 : 1);
