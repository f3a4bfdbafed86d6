// The commands beside `serve`: what they print, where they keep it, and how they end. Everything
// that they print is gathered, and at the end searched for a secret that must not be there.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server, binary } from '../conformance/lib/server.mjs';
import { canaries, keep } from '../crash/lib/canaries.mjs';
import { tally, test } from '../crash/lib/report.mjs';

const [kCanary, kCanarySecret] = canaries;
const state = mkdtempSync(join(tmpdir(), 'venuebox-cli-'));
let printed = '';

// Ends with { code, out, error }.
function run(args, { input = '', env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, {
      env: { ...process.env, XDG_STATE_HOME: state, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let out = '';
    let error = '';
    child.stdout.on('data', (bytes) => (out += bytes));
    child.stderr.on('data', (bytes) => (error += bytes));
    child.on('error', reject);
    child.on('close', (code) => {
      printed += out + error;
      keep('cli', out + error);
      resolve({ code, out, error });
    });
    child.stdin.on('error', () => {}); // It need not be read.
    child.stdin.end(input);
  });
}

const name = 'venuebox/dev/bybit/apiKey';
const file = join(state, 'venuebox', 'secrets.json');

await test('secrets are saved masked, for their owner alone', async () => {
  const saved = await run(['secrets', 'save', name], { input: `${kCanary}\n` });
  assert.deepEqual([saved.code, saved.out], [0, `${name} can...*** (saved)\n`]);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(JSON.parse(readFileSync(file))[name], kCanary);
});

await test('secrets are listed and shown masked', async () => {
  assert.equal((await run(['secrets', 'list'])).out, `${name} can...***\n`);
  assert.equal((await run(['secrets', 'list', 'venuebox/prod'])).out, '');
  const shown = await run(['secrets', 'show', name, '--json']);
  assert.deepEqual(JSON.parse(shown.out), { name, secret: 'can...***' });
});

await test('a secret is not saved over another, but rotated', async () => {
  const again = await run(['secrets', 'save', name], { input: 'other1234567890' });
  assert.equal(again.code, 2);
  assert.match(again.error, /is there already; rotate replaces it/);
  const rotated = await run(['secrets', 'rotate', name], { input: `${kCanary}2` });
  assert.deepEqual([rotated.code, rotated.out], [0, `${name} can...*** (rotated)\n`]);
});

await test('what copying leaves is refused', async () => {
  const broken = await run(['secrets', 'rotate', name], { input: `${kCanary} x` });
  assert.equal(broken.code, 2);
  assert.match(broken.error, /has a space or line break inside/);
});

await test('a file that others may read is refused', async () => {
  chmodSync(file, 0o644);
  const refused = await run(['secrets', 'list']);
  assert.equal(refused.code, 2);
  assert.match(refused.error, /chmod 600/);
  chmodSync(file, 0o600);
});

await test('a secret is revoked, once', async () => {
  assert.equal((await run(['secrets', 'revoke', name])).code, 0);
  assert.equal((await run(['secrets', 'revoke', name])).code, 2);
  assert.equal((await run(['secrets', 'list'])).out, '');
});

await test('wrong calls name the mend', async () => {
  for (const [args, words] of [
    [['secrets', 'dance', name], /is not save, show, rotate, revoke or list/],
    [['secrets', 'show', 'bybit'], /PREFIX\/ENV\/VENUE\/KEY_TYPE/],
    [['secrets', 'show', 'venuebox/live/bybit/apiKey'], /dev, shadow, soak or prod/],
    [['secrets'], /action/],
    [['serve', '--latency', 'exit=fixed:1ms'], /--latency: 'exit=fixed:1ms' is not entry=MODEL or/],
    [['serve', '--latency', 'entry=fixed:1h'], /--latency: entry: '1h' is not a time of at most/],
    [['serve', '--venue-option', 'heartbeat_hz=1'], /--venue-option: 'heartbeat_hz=1' is not VENUE/],
    [['serve', '--venue-option', 'nope.a=1'], /--venue-option: 'nope' is not among --venues/],
    [['serve', '--venue-option', 'bybit.a=1'], /bybit has no option 'a'; it has none/],
    [['serve', '--venue-option', 'paradex.heartbeat_hz=fast'], /'fast' is not a whole number of 0/],
    [['serve', '--venue-option', 'paradex.fixtures=/no/such'], /--venue-option: \/no\/such: No such/],
    [['check-venues', '--venue', 'nope'], /is not a venue/],
    [['faults', 'dance'], /'dance' is no action; choose add, list/],
    [['faults', 'run', '--mode', 'SLEEPY'], /--mode: 'SLEEPY' is no mode; choose one of RATE_LIMIT/],
    [['faults', 'run', '--probability', '2'], /--probability: '2' is no probability/],
    [['faults', 'run', '--modes', 'TIMEOUT', 'MIXED', '--probabilities', '1'], /--probabilities: there/],
    [['faults', 'run', '--maintenance', '--maintenance-start', '25:00'], /--maintenance-start: '25:00'/],
    [['faults', 'run', '--clients', '0'], /--clients: 0 is out of range; choose 1 to 1000/],
    [['faults', 'run', '--output', '/no/such/x.json'], /--output: \/no\/such\/x.json cannot be written/],
    [['check-venues', '--url', 'ftp://x'], /--url/],
    [['check-venues', '--env', 'live'], /--env: 'live' is not dev, shadow, soak or prod/],
    [['check-venues', '--network', '--env', 'dev'], /--env: dev is a box on this machine/],
    [['check-venues', '--testnet', '--env', 'prod'], /testnet: api_env prod is the mainnet/],
    [['check-venues', '--ca-file', '/no/such.pem'], /--ca-file: \/no\/such.pem cannot be read/],
  ]) {
    const refused = await run(args);
    assert.equal(refused.code, 2, args.join(' '));
    assert.match(refused.error, words);
  }
});

await test('an hour of faults is reported alike in every run, with a picture', async () => {
  const output = join(state, 'exchange_test.json');
  const args = ['faults', 'run', '--clients', '3', '--mode', 'RANDOM', '--output', output];
  const { code, out } = await run(args);
  assert.equal(code, 0);
  assert.match(out, /3 clients against bybit, 36\d\d s of virtual time/);
  const text = readFileSync(output, 'utf8');
  const report = JSON.parse(text);
  assert.equal(report.attempted, report.successful + report.failed);
  assert.ok(report.failed > 0 && report.rate_limits_hit > 0 && report.retries > 0);
  assert.match(readFileSync(output.replace('.json', '.svg'), 'utf8'), /^<svg [^]*<\/svg>\n$/);
  assert.equal((await run([...args, '--json'])).out, text);
});

await test('check-venues names the variables of each venue', async () => {
  const { code, out } = await run(['check-venues', '--help']);
  assert.equal(code, 0);
  assert.match(out, /bybit +BYBIT_API_KEY and BYBIT_API_SECRET/);
});

const server = await Server.start(['--market', 'pinned']);
try {
  const quote = { bid: '60000', ask: '60001', bid_size: '5', ask_size: '5' };
  for (const market of ['bybit/BTCUSDT/quote?category=linear', 'paradex/BTC-USD-PERP/quote']) {
    const put = await fetch(`${server.ready.url}/_venuebox/markets/${market}`, {
      method: 'PUT',
      body: JSON.stringify(quote),
    });
    assert.equal(put.status, 200, await put.text());
  }

  await test('check-venues goes through a box', async () => {
    for (let i = 0; i < 2; ++i) {
      const checked = await run(['check-venues', '--url', server.ready.url, '--json']);
      assert.equal(checked.code, 0, checked.out + checked.error);
      const rows = checked.out.trim().split('\n').map((line) => JSON.parse(line));
      assert.deepEqual(
        rows.map(({ venue, check, result }) => `${venue}: ${check} ${result}`),
        ['bybit', 'paradex'].flatMap((venue) =>
          ['reachable', 'prices', 'signed call', 'order', 'read-only'].map(
            (check) => `${venue}: ${check} ok`,
          ),
        ),
      );
      const prices = rows.filter(({ check }) => check === 'prices');
      for (const { text } of prices) assert.equal(text, '60000 / 60001');
    }
  });

  await test('check-venues says what is wrong with the keys and shows none', async () => {
    const env = { BYBIT_API_KEY: kCanary, BYBIT_API_SECRET: kCanarySecret };
    const checked = await run(['check-venues', '--url', server.ready.url], { env });
    assert.equal(checked.code, 1);
    assert.match(checked.out, /signed call +FAILED +bybit answered 10003/);
  });

  await test('check-venues says which variable holds what is no key', async () => {
    const env = { BYBIT_API_KEY: `${kCanary} `, BYBIT_API_SECRET: kCanarySecret };
    const checked = await run(['check-venues', '--url', server.ready.url], { env });
    assert.equal(checked.code, 2);
    assert.match(checked.error, /BYBIT_API_KEY: has a space or line break inside/);
  });

  await test('check-venues does not leave this machine unasked', async () => {
    const checked = await run(['check-venues', '--url', 'http://venue.example']);
    assert.equal(checked.code, 2);
    assert.match(checked.error, /beyond this machine; allow the network/);
  });
} finally {
  await server.stop();
}

await test('nothing that was printed holds the secret', async () => {
  assert.ok(printed.length > 500);
  for (const canary of canaries) assert.ok(!printed.includes(canary.slice(3)));
});

rmSync(state, { recursive: true });
console.log(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
process.exit(tally.failed === 0 ? 0 : 1);
