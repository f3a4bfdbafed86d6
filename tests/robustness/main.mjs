// Bad input over raw sockets: every case gets the right error or a clean close, the server lives,
// and no refused request leaves a trace in the state. The market is pinned and the clock stands, so
// the state hash moves only when a request did something.
import assert from 'node:assert/strict';
import { Server, credentials } from '../conformance/lib/server.mjs';
import { Wire, lines, request, signed } from './wire.mjs';

const server = await Server.start([
  '--market',
  'pinned',
  '--clock',
  'manual',
  '--rate-limits',
  'headers',
]);
const keys = await credentials('bybit', 'alice');
const quote = '/markets/bybit/BTCUSDT/quote?category=linear';
await server.control('PUT', quote, {
  bid: '60000',
  ask: '60000.1',
  last: '60000',
  bid_size: '5',
  ask_size: '5',
});

// Refusals are events, so only the state stays as it was.
const stateHash = async () => (await server.control('GET', '/state_hash')).state_hash;
const tally = { passed: 0, failed: 0, skipped: 0 };
let hash = await stateHash();

// ---- asking ------------------------------------------------------------------------------------

const kCreate = '/bybit/v5/order/create';
const kBook = '/bybit/v5/market/orderbook?category=linear&symbol=BTCUSDT&limit=1';
const order = {
  category: 'linear',
  symbol: 'BTCUSDT',
  side: 'Buy',
  orderType: 'Limit',
  qty: '0.01',
  price: '59900',
};

async function send(bytes, options) {
  const wire = await Wire.open(server.port);
  try {
    wire.send(bytes);
    return await wire.answer(options);
  } finally {
    wire.drop();
  }
}

const json = 'Content-Type: application/json';

function post(body, path = kCreate, headers = undefined) {
  const bytes = Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.stringify(body);
  return request('POST', path, {
    head: [json, ...lines(headers ?? signed(keys, bytes))],
    body: bytes,
  });
}

function get(path, query, headers) {
  return request('GET', `/bybit${path}?${query}`, { head: lines(headers ?? signed(keys, query)) });
}

// ---- what must come of it ----------------------------------------------------------------------

// Refused in the venue's words: status 200 and the code.
const code =
  (...codes) =>
  (answer) => {
    assert.ok(answer, 'an answer rather than a close');
    assert.equal(answer.status, 200, `status 200, got ${answer.status} ${answer.text}`);
    assert.ok(
      codes.includes(answer.json?.retCode),
      `retCode ${codes.join(' or ')}, got ${answer.text}`,
    );
  };

// Refused by status, whatever the body says.
const status =
  (...statuses) =>
  (answer) => {
    assert.ok(answer, 'an answer rather than a close');
    assert.ok(
      statuses.includes(answer.status),
      `status ${statuses.join(' or ')}, got ${answer.status} ${answer.text}`,
    );
  };

// Refused by status, or the connection closed without a word: both are clean.
const statusOrClose =
  (...statuses) =>
  (answer) => {
    if (answer !== undefined) status(...statuses)(answer);
  };

// Not understood as asked: the client's error in any wording, never the server's, never success.
const refused = (answer) => {
  assert.ok(answer, 'an answer rather than a close');
  assert.ok(answer.status < 500, `no server error, got ${answer.status} ${answer.text}`);
  assert.ok(
    answer.status >= 400 || (answer.json !== undefined && answer.json.retCode !== 0),
    `a refusal, got ${answer.status} ${answer.text}`,
  );
};

// Answered somehow without a server error; reading is harmless.
const harmless = (answer) => {
  if (answer !== undefined) assert.ok(answer.status < 500, `no server error, got ${answer.status}`);
};

async function test(name, run) {
  try {
    await run();
    assert.ok(!server.stopped, `the server is gone: ${server.tail}`);
    assert.equal((await server.control('GET', '/health')).status, 'ok');
    const after = await stateHash();
    const before = hash;
    hash = after;
    assert.equal(after, before, 'the state hash is as before');
    ++tally.passed;
    console.log(`ok ${name}`);
  } catch (error) {
    ++tally.failed;
    // No later case is blamed for this one.
    if (!server.stopped) hash = await stateHash().catch(() => hash);
    const cause = error instanceof assert.AssertionError ? error.message : error.stack;
    console.log(
      `not ok ${name}\n${cause}${server.stopped ? `\n${server.tail}` : ''}`.replace(
        /\n/g,
        '\n    ',
      ),
    );
  }
}

const refuses = (name, bytes, expected, options) =>
  test(name, async () => expected(await send(bytes, options)));

// ---- bodies ------------------------------------------------------------------------------------

const text = JSON.stringify(order);
for (const [name, body] of [
  ['no body at all', ''],
  ['a lone brace', '{'],
  ['a body cut in the middle of a string', text.slice(0, 40)],
  ['an array', `[${text}]`],
  ['a string', '"order"'],
  ['null', 'null'],
  ['a half literal', 'nul'],
  ['a trailing comma', text.replace(/}$/, ',}')],
  ['two objects', text + text],
  ['single quotes', text.replaceAll('"', "'")],
  ['a comment', `/* order */${text}`],
  ['NaN', text.replace('"0.01"', 'NaN')],
  ['a number with a leading zero', text.replace('"0.01"', '00.01')],
  ['twenty thousand brackets', '['.repeat(20_000)],
  ['ten thousand nested objects', '{"a":'.repeat(10_000)],
  ['a NUL byte between members', text.replace(',', ',\0')],
  ['a raw control character in a string', text.replace('Limit', 'Li\nmit')],
]) {
  await refuses(`body: ${name}`, post(body), code(10001));
}
for (const [name, bad] of [
  ['bytes that are no UTF-8', [0xff, 0xfe]],
  ['an overlong slash', [0xc0, 0xaf]],
  ['a surrogate in UTF-8', [0xed, 0xa0, 0x80]],
  ['a character cut short', [0xe2, 0x82]],
]) {
  const body = Buffer.concat([
    Buffer.from(`${text.slice(0, -1)},"orderLinkId":"a`),
    Buffer.from(bad),
    Buffer.from('"}'),
  ]);
  await refuses(`body: ${name}`, post(body), code(10001));
}
await refuses(
  'body: a lone surrogate escape',
  post(`${text.slice(0, -1)},"orderLinkId":"\\ud800"}`),
  code(10001),
);

// ---- fields ------------------------------------------------------------------------------------

for (const field of ['category', 'symbol', 'side', 'orderType', 'qty', 'price']) {
  const { [field]: gone, ...rest } = order;
  await refuses(`field: ${field} is missing (was ${gone})`, post(rest), code(10001));
}
for (const field of ['category', 'symbol', 'side', 'orderType', 'qty', 'price']) {
  for (const value of [7, { a: 1 }, ['0.01'], null, true]) {
    await refuses(
      `field: ${field} is ${JSON.stringify(value)}`,
      post({ ...order, [field]: value }),
      code(10001),
    );
  }
}
for (const [field, value] of [
  ['category', 'nonsense'],
  ['category', ''],
  ['symbol', ''],
  ['symbol', 'btcusdt'],
  ['symbol', 'BTCUSDT '],
  ['symbol', 'X'.repeat(10_000)],
  ['symbol', '../../etc'],
  ['side', 'buy'],
  ['side', 'Hold'],
  ['orderType', 'limit'],
  ['timeInForce', 'FOREVER'],
  ['timeInForce', 5],
  ['reduceOnly', 'yes'],
  ['reduceOnly', 1],
  ['reduceOnly', []],
  ['positionIdx', 7],
  ['positionIdx', -1],
  ['positionIdx', 1e30],
  ['positionIdx', {}],
  ['orderLinkId', 'x'.repeat(37)],
  ['orderLinkId', 'with space'],
  ['orderLinkId', 'ünïcode'],
  ['orderLinkId', 5],
  ['orderLinkId', {}],
]) {
  const shown = JSON.stringify(value).slice(0, 30);
  await refuses(`field: ${field} is ${shown}`, post({ ...order, [field]: value }), code(10001));
}

// ---- numbers -----------------------------------------------------------------------------------

const kThirtyOneDigits = `1${'0'.repeat(30)}`;
const kNotNumbers = [
  '',
  ' ',
  '.',
  '-',
  'abc',
  '1e',
  '0x10',
  'NaN',
  'Infinity',
  '-Infinity',
  '1,0',
  '1_000',
  '0.01 ',
  ' 0.01',
  '0.0.1',
  '１',
  '0.01\u0000',
  '--1',
  '1/2',
];
for (const value of [
  ...kNotNumbers,
  '0',
  '0.000',
  '-0',
  '-0.01',
  '-1',
  `-${kThirtyOneDigits}`,
  kThirtyOneDigits,
  '1e30',
  '9'.repeat(400),
  '340282366920938463463374607431768211456',
  '18446744073709551616',
  '9223372036854775808',
  '0.0105',
  '0.0001',
  `0.${'0'.repeat(40)}1`,
  '1190.001',
  '1191',
]) {
  await refuses(
    `qty: ${JSON.stringify(value).slice(0, 40)}`,
    post({ ...order, qty: value }),
    code(10001),
  );
}
for (const value of [
  ...kNotNumbers,
  '0',
  '-1',
  '-59900',
  '59900.05',
  '59900.1000000000000000000000001',
  kThirtyOneDigits,
  '1e30',
  '9'.repeat(400),
  '18446744073709551616',
]) {
  await refuses(
    `price: ${JSON.stringify(value).slice(0, 40)}`,
    post({ ...order, price: value }),
    code(10001, 110003),
  );
}
for (const value of [kThirtyOneDigits, '-1', '0', 'abc', '0.0000001']) {
  await refuses(
    `spot qty: ${JSON.stringify(value)}`,
    post({ ...order, category: 'spot', qty: value }),
    refused,
  );
}
await refuses(
  'market order of 10^30',
  post({ ...order, orderType: 'Market', price: undefined, qty: kThirtyOneDigits }),
  code(10001),
);
await refuses(
  'spot market buy for 10^30 of the quote asset',
  post({
    ...order,
    category: 'spot',
    orderType: 'Market',
    price: undefined,
    qty: kThirtyOneDigits,
  }),
  refused,
);
for (const value of ['0', '-5', 'abc', '1000', kThirtyOneDigits, '']) {
  await refuses(
    `leverage: ${JSON.stringify(value)}`,
    post(
      { category: 'linear', symbol: 'BTCUSDT', buyLeverage: value, sellLeverage: value },
      '/bybit/v5/position/set-leverage',
    ),
    refused,
  );
}
for (const id of [
  '',
  '0',
  '-1',
  kThirtyOneDigits,
  '00000000-0000-0000-0000-000000000000',
  'x'.repeat(5_000),
  '%00',
  '🙂',
]) {
  for (const category of ['linear', 'spot']) {
    await refuses(
      `cancel ${category} ${JSON.stringify(id).slice(0, 40)}`,
      post({ category, symbol: 'BTCUSDT', orderId: id }, '/bybit/v5/order/cancel'),
      refused,
    );
  }
}
await refuses(
  'cancel without an id',
  post({ category: 'linear', symbol: 'BTCUSDT' }, '/bybit/v5/order/cancel'),
  refused,
);

// ---- authentication ----------------------------------------------------------------------------

const body = JSON.stringify(order);
const missing = (answer) => {
  status(200, 401)(answer);
  assert.ok(
    [10001, 10007].includes(answer.json?.retCode),
    `retCode 10001 or 10007, got ${answer.text}`,
  );
};
const code401 =
  (...codes) =>
  (answer) => {
    status(200, 401)(answer);
    assert.ok(
      codes.includes(answer.json?.retCode),
      `retCode ${codes.join(' or ')}, got ${answer.text}`,
    );
  };
await refuses('auth: no headers at all', post(body, kCreate, {}), missing);
for (const name of ['X-BAPI-API-KEY', 'X-BAPI-TIMESTAMP', 'X-BAPI-SIGN']) {
  const { [name]: gone, ...rest } = signed(keys, body);
  await refuses(
    `auth: ${name} is missing (${gone.length} characters)`,
    post(body, kCreate, rest),
    missing,
  );
  await refuses(`auth: ${name} is empty`, post(body, kCreate, { ...rest, [name]: '' }), missing);
}
{
  const { 'X-BAPI-RECV-WINDOW': window, ...rest } = signed(keys, body);
  await refuses(
    `auth: the window of ${window} is signed but not sent`,
    post(body, kCreate, rest),
    code401(10004),
  );
}
for (const name of ['X-BAPI-API-KEY', 'X-BAPI-TIMESTAMP', 'X-BAPI-SIGN', 'X-BAPI-RECV-WINDOW']) {
  const headers = lines(signed(keys, body));
  const other = name === 'X-BAPI-TIMESTAMP' ? `${Date.now() - 1}` : 'somethingelse';
  await refuses(
    `auth: ${name} twice, first wrong and then right`,
    request('POST', kCreate, { head: [json, `${name}: ${other}`, ...headers], body }),
    refused,
  );
  await refuses(
    `auth: ${name} twice, first right and then wrong`,
    request('POST', kCreate, { head: [json, ...headers, `${name.toLowerCase()}: ${other}`], body }),
    refused,
  );
}
for (const at of ['', 'now', '-1', '0', '1.5e12', '17000000000000000000000', '1 700', '0x18']) {
  await refuses(
    `auth: timestamp ${JSON.stringify(at)}`,
    post(body, kCreate, signed(keys, body, { at })),
    code401(10001, 10002, 10007),
  );
}
for (const window of ['abc', '-1', '-9223372036854775809', '1e3', '0', kThirtyOneDigits]) {
  const late = { at: Date.now() - 600_000, window };
  await refuses(
    `auth: window ${JSON.stringify(window)} on an old request`,
    post(body, kCreate, signed(keys, body, late)),
    code401(10001, 10002),
  );
}
{
  const good = signed(keys, body);
  const sign = good['X-BAPI-SIGN'];
  for (const [name, wrong] of [
    ['cut short', sign.slice(1)],
    ['too long', `${sign}0`],
    ['not hexadecimal', 'z'.repeat(64)],
    ['one bit off', sign.slice(0, -1) + (sign.endsWith('0') ? '1' : '0')],
    ['of two thousand characters', 'a'.repeat(2_000)],
  ]) {
    await refuses(
      `auth: a signature ${name}`,
      post(body, kCreate, { ...good, 'X-BAPI-SIGN': wrong }),
      code401(10004),
    );
  }
  await refuses(
    'auth: the body changed after signing',
    post(body.replace('0.01', '0.02'), kCreate, good),
    code401(10004),
  );
  await refuses(
    'auth: a key of raw bytes',
    Buffer.from(
      post(body, kCreate, { ...good, 'X-BAPI-API-KEY': 'KEY' })
        .toString('latin1')
        .replace('KEY: KEY', 'KEY: \xff\xfe'),
      'latin1',
    ),
    refused,
  );
}
await refuses(
  'auth: a query changed after signing',
  get('/v5/order/realtime', 'category=spot', signed(keys, 'category=linear&symbol=BTCUSDT')),
  code401(10004),
);

// ---- targets and methods -----------------------------------------------------------------------

for (const target of [
  '/bybit/v5/order/nothing',
  '/bybit/v5',
  '/bybit',
  '/bybit/',
  '/bybit/v6/order/create',
  '/bybit/v5/order/create/',
  '/bybit//v5/order/create',
  '/bybit/../bybit/v5/nothing',
  '/bybit/v5/order/create%00',
  '/bybit/%ff%fe',
  '/nosuchvenue/v5/market/time',
  '/box/nosuchbox/bybit/v5/market/time',
  '/box//bybit/v5/market/time',
  '/favicon.ico',
  '/%',
  '/%zz',
  '/../../../../etc/passwd',
]) {
  await refuses(`target: GET ${target}`, request('GET', target), status(404, 400));
}
await refuses(
  'target: unknown path of the venue, signed',
  get('/v5/order/nothing', ''),
  status(404),
);
await refuses(
  'target: raw bytes that are no UTF-8',
  request('GET', Buffer.from([0x2f, 0xff, 0xfe])),
  statusOrClose(400, 404),
);
await refuses(
  'target: ten thousand characters',
  request('GET', `/bybit/${'a'.repeat(10_000)}`),
  statusOrClose(400, 404, 414, 431),
);
await refuses(
  'target: a megabyte',
  request('GET', `/bybit/${'a'.repeat(1_000_000)}`),
  statusOrClose(400, 404, 414, 431),
);
await refuses(
  'target: no leading slash',
  request('GET', 'bybit/v5/market/time'),
  statusOrClose(400, 404),
);
await refuses(
  'target: absolute form to somebody else',
  request('GET', 'http://example.com/bybit/v5/nothing'),
  statusOrClose(400, 404),
);
for (const method of [
  'PUT',
  'DELETE',
  'PATCH',
  'OPTIONS',
  'TRACE',
  'get',
  'FROBNICATE',
  'CONNECT',
]) {
  await refuses(
    `method: ${method} on order/create`,
    request(method, kCreate, { head: lines(signed(keys, '')) }),
    method === 'OPTIONS' ? harmless : statusOrClose(400, 404, 405, 501),
  );
}
await refuses(
  'method: HEAD on order/create',
  request('HEAD', kCreate),
  statusOrClose(400, 404, 405),
  { head: true },
);
await refuses('method: GET on order/create', get('/v5/order/create', ''), status(404, 405));
await refuses('method: POST on a query', post('{}', '/bybit/v5/order/realtime'), status(404, 405));
await refuses(
  'method: GET with a body of {}',
  request('GET', '/bybit/v5/order/realtime?category=linear&symbol=BTCUSDT', {
    head: lines(signed(keys, 'category=linear&symbol=BTCUSDT')),
    body: '{}',
  }),
  status(403),
);
for (const query of [
  '',
  'category=',
  'category=nonsense',
  'symbol=BTCUSDT',
  'category=linear',
  'category=linear&symbol=',
  'category=linear&symbol=%ff%fe',
  'category=linear&symbol=%00',
  'category=linear&symbol=%zz',
  '&&&&',
  '=',
  'category=linear&symbol=NOSUCHUSDT',
  `category=linear&symbol=${'A'.repeat(3_000)}`,
]) {
  await refuses(
    `query: order book with ${JSON.stringify(query).slice(0, 50)}`,
    request('GET', `/bybit/v5/market/orderbook?${query}`),
    code(10001),
  );
}
for (const limit of ['abc', '-1', '1e99', kThirtyOneDigits, '1.5', '%31', '9223372036854775808']) {
  await refuses(
    `query: limit ${limit}`,
    request('GET', `/bybit/v5/market/recent-trade?category=linear&symbol=BTCUSDT&limit=${limit}`),
    harmless,
  );
}
for (const cursor of ['garbage', '%ff', 'A'.repeat(2_000), '-1', kThirtyOneDigits]) {
  await refuses(
    `query: cursor ${cursor.slice(0, 20)}`,
    get('/v5/order/history', `category=linear&cursor=${cursor}`),
    harmless,
  );
}

// ---- framing -----------------------------------------------------------------------------------

const raw = (...parts) => parts.join('\r\n');
const orderHead = (...more) =>
  raw(
    `POST ${kCreate} HTTP/1.1`,
    'Host: 127.0.0.1',
    json,
    ...lines(signed(keys, body)),
    ...more,
    '',
    '',
  );
for (const length of [
  'abc',
  '-1',
  '1e3',
  '+5',
  '0x10',
  '',
  '99999999999999999999999',
  '18446744073709551615',
  '5 5',
  '1,1',
]) {
  await refuses(
    `framing: Content-Length ${JSON.stringify(length)}`,
    orderHead(`Content-Length: ${length}`) + body,
    statusOrClose(400, 411, 413),
  );
}
await refuses(
  'framing: two different lengths',
  orderHead(`Content-Length: ${body.length}`, 'Content-Length: 5') + body,
  statusOrClose(400),
);
await refuses(
  'framing: a length and chunks',
  orderHead(`Content-Length: ${body.length}`, 'Transfer-Encoding: chunked') + body,
  statusOrClose(400),
);
await refuses(
  'framing: an unknown transfer coding',
  orderHead('Transfer-Encoding: gzip') + body,
  statusOrClose(400, 411, 501),
);
await refuses(
  'framing: a chunk size that is no number',
  `${orderHead('Transfer-Encoding: chunked')}xyz\r\n${body}\r\n0\r\n\r\n`,
  statusOrClose(400),
);
await refuses(
  'framing: a chunk of 2^64',
  `${orderHead('Transfer-Encoding: chunked')}ffffffffffffffffff\r\n${body}`,
  statusOrClose(400, 413),
);
await refuses(
  'framing: a chunk without its end',
  `${orderHead('Transfer-Encoding: chunked')}5\r\nabcdefgh\r\n0\r\n\r\n`,
  statusOrClose(400),
);
await refuses('body: 64 MB announced', orderHead('Content-Length: 67108864'), status(413));
await test('body: 64 MB sent', async () => {
  const wire = await Wire.open(server.port);
  wire.send(orderHead('Content-Length: 67108864'));
  const block = Buffer.alloc(65_536, 0x20);
  for (let i = 0; i < 1_024 && !wire.ended; ++i) {
    if (!wire.socket.write(block)) {
      await new Promise((resolve) => {
        wire.wake = resolve;
        wire.socket.once('drain', resolve);
      });
    }
  }
  statusOrClose(413)(await wire.answer()); // the answer may be lost to the reset that follows it
  wire.drop();
});
await test('body: 64 MB in chunks', async () => {
  const wire = await Wire.open(server.port);
  wire.send(orderHead('Transfer-Encoding: chunked'));
  const chunk = Buffer.concat([
    Buffer.from('10000\r\n'),
    Buffer.alloc(65_536, 0x20),
    Buffer.from('\r\n'),
  ]);
  for (let i = 0; i < 1_024 && !wire.ended; ++i) {
    if (!wire.socket.write(chunk)) {
      await new Promise((resolve) => {
        wire.wake = resolve;
        wire.socket.once('drain', resolve);
      });
    }
  }
  statusOrClose(413)(await wire.answer());
  wire.drop();
});
await test('body: cut short by a close', async () => {
  for (const keep of [0, 1, 40, body.length - 1]) {
    const wire = await Wire.open(server.port);
    wire.send(orderHead(`Content-Length: ${body.length}`) + body.slice(0, keep));
    wire.half();
    statusOrClose(400)(await wire.answer());
    wire.drop();
  }
});
await test('request: cut short by a close anywhere in its head', async () => {
  const bytes = Buffer.from(orderHead(`Content-Length: ${body.length}`));
  for (let keep = 1; keep < bytes.length; keep += 37) {
    const wire = await Wire.open(server.port);
    wire.send(bytes.subarray(0, keep));
    wire.half();
    statusOrClose(400)(await wire.answer());
    wire.drop();
  }
});
await refuses(
  'head: 100 KB in one field',
  request('GET', kBook, { head: [`X-Long: ${'a'.repeat(100_000)}`] }),
  status(431),
);
await refuses(
  'head: five thousand fields',
  request('GET', kBook, { head: Array.from({ length: 5_000 }, (_, i) => `X-Field-${i}: ${i}`) }),
  status(431),
);
for (const [name, line] of [
  ['no colon', 'Nonsense'],
  ['a space before the colon', 'X-Space : 1'],
  ['an empty name', ': 1'],
  ['a folded line', 'X-Fold: a\r\n b'],
  ['a NUL', 'X-Nul: a\0b'],
  ['raw bytes', Buffer.from([0x58, 0x3a, 0x20, 0xff, 0x01])],
]) {
  await refuses(`head: a field with ${name}`, request('GET', kBook, { head: [line] }), harmless);
}
await refuses('head: no Host', request('GET', kBook, { host: undefined }), harmless);
await refuses(
  'head: bare line feeds',
  request('GET', kBook).toString().replaceAll('\r\n', '\n'),
  harmless,
  {},
);
for (const [name, bytes] of [
  ['random bytes', Buffer.from(Array.from({ length: 512 }, (_, i) => (i * 7919 + 13) % 256))],
  ['the start of a TLS handshake', Buffer.from('16030100f8010000f40303', 'hex')],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a request of HTTP/0.9', 'GET /\r\n\r\n'],
  ['a version of the future', 'GET / HTTP/9.9\r\nHost: a\r\n\r\n'],
  ['an answer', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
  ['a SOCKS greeting', Buffer.from([5, 1, 0])],
  ['nothing but line ends', '\r\n'.repeat(200)],
  ['zeros', Buffer.alloc(1_000)],
]) {
  await test(`garbage: ${name}`, async () => {
    const wire = await Wire.open(server.port);
    wire.send(bytes);
    wire.half();
    statusOrClose(400, 404, 426, 431, 501, 505)(await wire.answer());
    wire.drop();
  });
}

// ---- connections -------------------------------------------------------------------------------

await test('HTTP/1.0 is answered and closed', async () => {
  const wire = await Wire.open(server.port);
  wire.send(request('GET', kBook, { version: 'HTTP/1.0' }));
  const answer = await wire.answer();
  assert.equal(answer.json?.retCode, 0, answer.text);
  assert.ok(await wire.closed(), 'closed after the answer');
  wire.drop();
});
await test('Connection: close is obeyed', async () => {
  const wire = await Wire.open(server.port);
  wire.send(request('GET', kBook, { head: ['Connection: close'] }));
  assert.equal((await wire.answer()).json?.retCode, 0);
  assert.ok(await wire.closed(), 'closed after the answer');
  wire.drop();
});
await test('a request followed by a half close is answered', async () => {
  const wire = await Wire.open(server.port);
  wire.send(request('GET', kBook));
  wire.half();
  assert.equal((await wire.answer()).json?.retCode, 0);
  wire.drop();
});
await test('a request of one byte per packet is served', async () => {
  const wire = await Wire.open(server.port);
  for (const byte of request('GET', kBook)) {
    wire.send(Buffer.from([byte]));
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal((await wire.answer()).json?.retCode, 0);
  wire.drop();
});
await test('Expect: 100-continue is served', async () => {
  const wire = await Wire.open(server.port);
  const bad = '{';
  wire.send(
    `${raw(
      `POST ${kCreate} HTTP/1.1`,
      'Host: 127.0.0.1',
      json,
      ...lines(signed(keys, bad)),
      'Expect: 100-continue',
      'Content-Length: 1',
      '',
      '',
    )}${bad}`,
  );
  code(10001)(await wire.answer());
  wire.drop();
});
await test('two hundred pipelined requests are answered in order', async () => {
  const wire = await Wire.open(server.port);
  const kinds = [
    [request('GET', kBook), (answer) => answer.json?.result?.s === 'BTCUSDT'],
    [
      request('GET', '/bybit/v5/market/time'),
      (answer) => answer.json?.result?.timeSecond !== undefined,
    ],
    [request('GET', '/bybit/v5/nothing'), (answer) => answer.status === 404],
    [post('{'), (answer) => answer.json?.retCode === 10001],
    [
      request('GET', '/bybit/v5/market/tickers?category=linear&symbol=BTCUSDT'),
      (answer) => answer.json?.result?.list?.[0]?.symbol === 'BTCUSDT',
    ],
  ];
  const sequence = Array.from({ length: 200 }, (_, i) => kinds[(i * 3 + (i >> 3)) % kinds.length]);
  wire.send(Buffer.concat(sequence.map(([bytes]) => bytes)));
  for (const [i, [, expected]] of sequence.entries()) {
    const answer = await wire.answer();
    assert.ok(answer && expected(answer), `answer ${i} is the ${i}th request's: ${answer?.text}`);
  }
  wire.drop();
});
await test('an error leaves the connection usable', async () => {
  const wire = await Wire.open(server.port);
  for (const bytes of [
    post('{'),
    request('GET', '/bybit/v5/nothing'),
    post({ ...order, qty: '-1' }),
  ]) {
    wire.send(bytes);
    refused(await wire.answer());
    wire.send(request('GET', kBook));
    assert.equal((await wire.answer())?.json?.retCode, 0);
  }
  wire.drop();
});
await test('a thousand idle connections and one client', async () => {
  const idle = await Promise.all(Array.from({ length: 1_000 }, () => Wire.open(server.port)));
  const query = 'accountType=UNIFIED';
  for (let i = 0; i < 20; ++i) {
    code(0)(await send(get('/v5/account/wallet-balance', query)));
    code(10001)(await send(post({ ...order, qty: '-1' })));
  }
  assert.ok(
    idle.every((wire) => !wire.ended),
    "none of the idle was cut for the others' sake",
  );
  const [last] = idle.slice(-1);
  last.send(request('GET', kBook));
  code(0)(await last.answer());
  for (const wire of idle) wire.drop();
});
await test('clients that vanish in mid-request', async () => {
  const bytes = Buffer.concat([
    Buffer.from(orderHead(`Content-Length: ${body.length}`)),
    Buffer.from(body),
  ]);
  for (let keep = 0; keep < bytes.length; keep += 11) {
    const wire = await Wire.open(server.port);
    await new Promise((resolve) => wire.socket.write(bytes.subarray(0, keep), resolve));
    wire.reset();
  }
  code(0)(await send(request('GET', kBook)));
});
await test('a client that asks and never reads', async () => {
  const deaf = await Wire.open(server.port);
  deaf.socket.pause();
  const many = Buffer.concat(
    Array.from({ length: 1_000 }, () =>
      request('GET', '/bybit/v5/market/instruments-info?category=linear'),
    ),
  );
  for (let i = 0; i < 20; ++i) deaf.send(many);
  for (let i = 0; i < 50; ++i) code(0)(await send(request('GET', kBook)));
  deaf.reset();
  code(0)(await send(request('GET', kBook)));
});

// ---- the control API ---------------------------------------------------------------------------

const control = (method, path, content, head = []) =>
  request(method, `/_venuebox${path}`, {
    head: [json, ...head],
    body: content,
    host: `127.0.0.1:${server.port}`,
  });
const problem =
  (...statuses) =>
  (answer) => {
    status(...statuses)(answer);
    assert.match(
      answer.headers.get('content-type') ?? '',
      /application\/problem\+json/,
      'a problem document',
    );
  };
for (const content of [
  '',
  '{',
  '[]',
  'null',
  '{}',
  '{"bid":"x"}',
  '{"bid":"-1","ask":"2"}',
  '{"bid":"60010","ask":"60000"}',
  '{"bid":60000,"ask":{}}',
  `{"bid":"${kThirtyOneDigits}","ask":"1${kThirtyOneDigits}"}`,
  '{"bid":"60000.05","ask":"60001"}',
]) {
  await refuses(
    `control: quote ${content.slice(0, 50)}`,
    control('PUT', quote, content),
    problem(400, 422),
  );
}
await refuses(
  'control: quote of an unknown symbol',
  control('PUT', '/markets/bybit/NOSUCH/quote', '{"bid":"1","ask":"2"}'),
  problem(404, 400, 422),
);
await refuses(
  'control: quote of an unknown venue',
  control('PUT', '/markets/nosuch/BTCUSDT/quote', '{"bid":"1","ask":"2"}'),
  problem(404, 400, 422),
);
for (const content of [
  '{',
  '{}',
  '{"advance_ms":-1}',
  '{"advance_ms":"soon"}',
  '{"advance_ms":1e30}',
  '{"set_ms":0}',
  '{"mode":"sideways"}',
  '{"advance_ms":1.5}',
]) {
  await refuses(
    `control: clock ${content}`,
    control('POST', '/clock', content),
    problem(400, 409, 422),
  );
}
for (const name of ['', 'UPPER', 'a'.repeat(33), '../x', 'spot', 'default', 'a b', '🙂']) {
  await refuses(
    `control: a box named ${JSON.stringify(name).slice(0, 30)}`,
    control('POST', '/boxes', JSON.stringify({ name })),
    problem(400, 409, 422),
  );
}
await refuses(
  'control: DELETE of an unknown box',
  control('DELETE', '/boxes/nosuchbox'),
  problem(404),
);
await refuses('control: an unknown path', control('GET', '/nothing'), problem(404));
await refuses(
  'control: an account without a name',
  control('POST', '/accounts', '{"balances":{"USDT":"1"}}'),
  problem(400, 422),
);
await refuses(
  'control: an account with a negative balance',
  control('POST', '/accounts', '{"name":"dave","balances":{"USDT":"-1"}}'),
  problem(400, 422),
);
await refuses(
  'control: a foreign Host',
  request('GET', '/_venuebox/health', { host: 'example.com' }),
  status(400, 403, 421),
);
await refuses(
  'control: a foreign Origin',
  control('POST', '/reset', '{}', ['Origin: https://example.com']),
  status(400, 403),
);

// ---- what is accepted after all that -----------------------------------------------------------

// From here on requests succeed, so the state moves by what they do.
async function accepted(name, run) {
  await test(name, async () => {
    await run();
    hash = await stateHash();
  });
}
const openOrders = async () => {
  const answer = await send(get('/v5/order/realtime', 'category=linear&symbol=BTCUSDT&limit=50'));
  code(0)(answer);
  return answer.json.result.list;
};

await test('nothing has been ordered so far', async () => {
  assert.deepEqual(await openOrders(), []);
  const history = await send(get('/v5/order/history', 'category=linear&symbol=BTCUSDT'));
  code(0)(history);
  assert.deepEqual(history.json.result.list, [], 'not even a cancelled order');
});
await accepted('a chunked order is taken', async () => {
  const half = Math.floor(body.length / 2);
  const chunk = (part) => `${part.length.toString(16)}\r\n${part}\r\n`;
  const answer = await send(
    orderHead('Transfer-Encoding: chunked') +
      chunk(body.slice(0, half)) +
      chunk(body.slice(half)) +
      '0\r\n\r\n',
  );
  code(0)(answer);
  assert.deepEqual(
    (await openOrders()).map(({ orderId }) => orderId),
    [answer.json.result.orderId],
  );
  code(0)(
    await send(post({ category: 'linear', symbol: 'BTCUSDT' }, '/bybit/v5/order/cancel-all')),
  );
  assert.deepEqual(await openOrders(), []);
});
await accepted('unknown members and escaped text do no harm', async () => {
  const escaped = body.slice(0, -1).replace('BTCUSDT', '\\u0042TCUSDT');
  const odd = `${escaped},"somethingNew":{"a":[1,2,{"b":null}]}}`;
  code(0)(await send(post(odd)));
  code(0)(
    await send(post({ category: 'linear', symbol: 'BTCUSDT' }, '/bybit/v5/order/cancel-all')),
  );
});
await accepted('a client that vanishes after asking leaves a whole order or none', async () => {
  for (let i = 0; i < 20; ++i) {
    const wire = await Wire.open(server.port);
    const bytes = post({ ...order, orderLinkId: `vanished-${i}` });
    await new Promise((resolve) => wire.socket.write(bytes, resolve));
    wire.reset();
  }
  for (const row of await openOrders()) {
    assert.match(row.orderLinkId, /^vanished-\d+$/);
    assert.deepEqual(
      [row.orderStatus, row.qty, row.leavesQty, row.price].map((each) => Number(each) || each),
      ['New', 0.01, 0.01, 59900],
    );
  }
  code(0)(
    await send(post({ category: 'linear', symbol: 'BTCUSDT' }, '/bybit/v5/order/cancel-all')),
  );
  assert.deepEqual(await openOrders(), []);
});
await accepted('pipelined orders are taken in order', async () => {
  const wire = await Wire.open(server.port);
  const names = Array.from({ length: 40 }, (_, i) => `pipelined-${i}`);
  wire.send(Buffer.concat(names.map((orderLinkId) => post({ ...order, orderLinkId }))));
  const answers = [];
  for (const name of names) {
    const answer = await wire.answer();
    code(0)(answer);
    assert.equal(answer.json.result.orderLinkId, name);
    answers.push(answer.json.result.orderId);
  }
  wire.drop();
  const open = (await openOrders()).map(({ orderId }) => orderId);
  assert.deepEqual(open, answers.reverse(), 'newest first');
  code(0)(
    await send(post({ category: 'linear', symbol: 'BTCUSDT' }, '/bybit/v5/order/cancel-all')),
  );
});

const { code: exit, signal } = await server.stop();
if (exit === 0) {
  ++tally.passed;
  console.log('ok SIGTERM ends it with exit 0');
} else {
  ++tally.failed;
  console.log(
    `not ok SIGTERM ends it with exit 0\n    got ${signal ?? `exit ${exit}`}: ${server.tail}`,
  );
}
console.log(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
process.exit(tally.failed === 0 ? 0 : 1);
