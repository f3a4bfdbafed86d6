// Whether the checks find what they are for: a venue of a few rows, sound at first, then wrong in
// one way at a time; and whether its tables say what is true of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings } from './findings.mjs';
import { pageWith, tables } from './page.mjs';
import { matches, rowsOf } from './rows.mjs';

function acme() {
  return {
    name: 'acme',
    title: 'Acme',
    routes: [
      { method: 'GET', path: '/time', operation: 'fetch_time', built: true },
      { method: 'POST', path: '/order', operation: 'place_order', built: true },
      { method: 'GET', path: '/ledger', operation: 'fetch_ledger', built: false },
    ],
    streams: [{ path: '/ws' }],
    list: {
      source: 'a book.',
      markets: ['perp', 'spot'],
      endpoints: [
        { endpoint: 'GET /time' },
        { endpoint: 'POST /order' },
        { endpoint: 'GET /ledger', gap: 'nothing is written down' },
        { endpoint: 'GET /loans', gap: 'nobody lends' },
      ],
      channels: [
        { stream: '/ws', topic: 'book.{depth}', values: ['1', '50'], tests: ['Acme.Tells'] },
      ],
      operations: [{ stream: '/ws', operation: 'subscribe', tests: ['Acme.Tells'] }],
      errors: [
        { cause: 'no such order', perp: ['7'], spot: ['8'], tests: ['Acme.Refuses'] },
        { cause: 'bad price', all: ['9 price'], tests: ['Acme.Refuses'] },
        { cause: 'bad member', all: ['9 *'], tests: ['Acme.Refuses'] },
        { cause: 'banned', never: ['11'], gap: 'nobody is banned' },
      ],
      stream_errors: [{ cause: 'no such topic', streams: ['/ws'], all: ['no topic'] }],
    },
    record: {
      client: 'client 1',
      endpoints: { 'GET /time': ['0'], 'POST /order': ['0', '7', '9 price'] },
      streams: { '/ws': { operations: { subscribe: ['0'] }, topics: { 'book.{depth}': ['50'] } } },
    },
    captured: { endpoints: { 'POST /order': [] }, streams: {} },
    tests: new Map([
      ['Acme.Tells', ''],
      ['Acme.Refuses', '"7", "8", "9 price"'],
    ]),
  };
}

const found = (venue) => findings(venue).flatMap(([, each]) => each);

test('a sound venue has no findings', () => assert.deepEqual(found(acme()), []));

for (const [what, spoil, expected] of [
  [
    'a route without a row',
    (v) => v.routes.push({ method: 'GET', path: '/x', built: true }),
    /GET \/x is routed, and has no row/,
  ],
  ['a row that is not built', (v) => delete v.list.endpoints[2].gap, /GET \/ledger is not built/],
  ['a gap that is none', (v) => (v.routes[2].built = true), /GET \/ledger is built/],
  [
    'a stream without a row',
    (v) => v.streams.push({ path: '/private' }),
    /\/private is served, and has no row/,
  ],
  [
    'a stream that is not served',
    (v) => (v.list.channels[0].stream = '/x'),
    /book.\{depth\} of \/x is not served/,
  ],
  [
    'a call of nothing on the list',
    (v) => (v.record.endpoints['GET /x'] = ['0']),
    /the client called GET \/x/,
  ],
  [
    'a topic that is not on the list',
    (v) => (v.record.streams['/ws'].topics.trades = []),
    /called trades of \/ws/,
  ],
  [
    'a capture of nothing on the list',
    (v) => (v.captured.endpoints['GET /x'] = []),
    /a capture holds GET \/x/,
  ],
  [
    'an error that no row has',
    (v) => v.record.endpoints['GET /time'].push('12'),
    /12: no row of errors/,
  ],
  [
    'a stream error that no row has',
    (v) => v.record.streams['/ws'].operations.subscribe.push('13'),
    /13 on \/ws/,
  ],
  ['a test that is not there', (v) => v.tests.delete('Acme.Tells'), /there is no test Acme.Tells/],
  [
    'a test that does not know the code',
    (v) => v.tests.set('Acme.Refuses', '"7", "9"'),
    /no file of Acme.Refuses knows 8/,
  ],
  [
    'a test that does not know the code in capitals',
    (v) => (v.list.errors[0].spot = ['NO_ORDER']),
    /no file of Acme.Refuses knows NO_ORDER/,
  ],
  ['a member that no row has', (v) => (v.list.errors[0].test = 'Acme.Refuses'), /what is test in/],
  [
    'a row that stands there twice',
    (v) => v.list.endpoints.push({ endpoint: 'GET /time' }),
    /GET \/time stands there twice/,
  ],
  [
    'an error without an answer',
    (v) => delete v.list.errors[1].all,
    /bad price has neither an answer nor a gap/,
  ],
  ['answers beside a gap', (v) => (v.list.errors[3].all = ['11']), /11 belongs under "never"/],
]) {
  test(`finds ${what}`, () => {
    const venue = acme();
    spoil(venue);
    assert.match(found(venue).join('\n'), expected);
  });
}

test('an error counts as met by the very words, and not where causes share a code', () => {
  const venue = acme();
  const of = (cause) => {
    const { told, shared } = rowsOf(venue).errors.find((row) => row.cause === cause);
    return { told, shared };
  };
  assert.deepEqual(of('no such order'), { told: ['7'], shared: [] });
  assert.deepEqual(of('bad price'), { told: ['9 price'], shared: [] });
  assert.deepEqual(of('bad member'), { told: [], shared: [] });
  venue.list.errors.push({ cause: 'order is gone', perp: ['7'] });
  assert.deepEqual(of('no such order'), { told: [], shared: ['7'] });
});

test('a star stands for any text', () => {
  assert.ok(matches('9 * invalid', '9 price invalid'));
  assert.ok(!matches('9 * invalid', '9 invalid'));
  assert.ok(!matches('9', '9 price'));
});

test('the tables say what is there and name what is not', () => {
  const lines = tables(acme()).split('\n');
  for (const line of [
    '- **2 of 4 endpoints** built, 2 called by client 1, 1 captured',
    '  - not built: GET /ledger, GET /loans',
    '| `POST /order` | place_order  | ✓     | ✓ (2)    | ✓        |  |',
    '| `GET /loans`  |              | –     | –        | –        | nobody lends |',
    '| `/ws`  | `book.{depth}` | ✓     | ✓ (50)   | –        | ✓         |  |',
    '| no such order | `7`       | `8`       | ✓     | 1 of 2   | ✓         |  |',
  ]) {
    assert.ok(lines.includes(line), `${line}\nis not in\n${lines.join('\n')}`);
  }
});

test('a page keeps what stands around its tables', () => {
  const marks = [
    '<!-- Written by script/parity: what stands from here to the end mark is not kept. -->',
    '<!-- The end of what script/parity writes. -->',
  ];
  const page = `before\n${marks[0]}\nold\n${marks[1]}\nafter\n`;
  const written = pageWith(page, acme());
  assert.ok(
    written.startsWith(`before\n${marks[0]}\n`) && written.endsWith(`${marks[1]}\nafter\n`),
  );
  assert.ok(!written.includes('\nold\n'));
  assert.equal(pageWith(written, acme()), written, 'twice is once');
  assert.throws(() => pageWith('no marks', acme()), /needs these two lines/);
});
