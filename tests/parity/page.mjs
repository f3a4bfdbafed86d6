// Writes the tables of a venue's page, padded so that they read well without being rendered.
import { rowsOf } from './rows.mjs';

const kBegin =
  '<!-- Written by script/parity: what stands from here to the end mark is not kept. -->';
const kEnd = '<!-- The end of what script/parity writes. -->';

// The page with new tables between its two marks.
export function pageWith(page, venue) {
  const [from, to] = [page.indexOf(kBegin), page.indexOf(kEnd)];
  if (from < 0 || to < from) {
    throw new Error(`the page of ${venue.name} needs these two lines:\n${kBegin}\n${kEnd}`);
  }
  return `${page.slice(0, from)}${kBegin}\n\n${tables(venue)}\n${page.slice(to)}`;
}

export function tables(venue) {
  const rows = rowsOf(venue);
  const client = venue.record.client;
  const section = (title, lines) => ['', `### ${title}`, '', ...lines];
  return [
    ...kKinds.flatMap((kind) => summary(rows, kind, client)),
    '',
    `${client}: what the unmodified client did in a full run of the conformance list; in brackets ` +
      'the values it asked for where there are several, or how many kinds of refusal it met. ' +
      'shared: it met the code, which stands for other causes as well. captured: a request of a real client, kept byte for byte and answered by a unit test. ' +
      `The list of rows, with the names of the unit tests, is \`rows/${venue.name}.json\`; it was ` +
      `made from ${venue.list.source}`,
    ...section('Endpoints', endpoints(rows.endpoints, client)),
    ...section('Channels', onStreams(rows.channels, 'topic', client)),
    ...section('Stream operations', onStreams(rows.operations, 'operation', client)),
    ...section('Errors', errors(rows.errors, venue.list.markets, client)),
    ...section('Stream errors', streamErrors(rows.stream_errors, client)),
    '',
  ].join('\n');
}

// ---- the lines at the top -----------------------------------------------------------------------

// Called, and not only to be refused.
const worked = ({ called }) => called?.includes('0') ?? false;
const wasTold = (row) => row.told.length === row.outcomes.length;
const tested = ['with a unit test', 'without a unit test', (row) => row.tested];
const captured = ['captured', undefined, (row) => row.captured !== undefined];

// What is counted of the rows that are built: in which words, and in which words those that lack it
// are named.
const kKinds = [
  ['endpoints', 'endpoints', [['called by CLIENT', 'not called', worked], captured]],
  [
    'channels',
    'channels',
    [
      ['subscribed by CLIENT', 'not subscribed', (row) => row.called !== undefined],
      captured,
      tested,
    ],
  ],
  ['operations', 'stream operations', [['sent by CLIENT', 'not sent', worked], captured, tested]],
  ['errors', 'errors', [['met by CLIENT', 'not met', wasTold], tested]],
  ['stream_errors', 'stream errors', [['met by CLIENT', 'not met', wasTold], tested]],
];

function summary(rows, [kind, words, counted], client) {
  const built = rows[kind].filter((row) => row.built);
  const counts = counted.map(
    ([has, , holds]) => `${built.filter(holds).length} ${has.replace('CLIENT', client)}`,
  );
  const named = (label, lacking) =>
    label && lacking.length > 0 ? [`  - ${label}: ${listed(lacking)}`] : [];
  return [
    `- **${built.length} of ${rows[kind].length} ${words}** built, ${counts.join(', ')}`,
    ...named(
      'not built',
      rows[kind].filter((row) => !row.built),
    ),
    ...counted.flatMap(([, lacks, holds]) =>
      named(
        lacks,
        built.filter((row) => !holds(row)),
      ),
    ),
  ];
}

// Names one after the other, those of a stream behind its address.
function listed(rows) {
  const groups = new Map();
  for (const row of rows) {
    const group = row.stream ? `${code(row.stream)} ` : '';
    groups.set(group, [
      ...(groups.get(group) ?? []),
      row.stream ? (row.topic ?? row.operation) : row.name,
    ]);
  }
  return [...groups].map(([group, names]) => group + names.join(', ')).join('; ');
}

// ---- the tables ---------------------------------------------------------------------------------

const tick = (holds) => (holds ? '✓' : '–');
const code = (text) => `\`${text.replaceAll('*', '…')}\``;
const codes = (texts = []) => texts.map(code).join(' ');

function remarks({ gap, note, never }) {
  const unused = never ? `never told: ${never.join(', ')}` : undefined;
  return [gap, note, unused].filter((each) => each !== undefined).join('; ');
}

function byClient({ built, called, values }) {
  if (called === undefined) return tick(false);
  if (values)
    return called.length === values.length
      ? '✓ (all)'
      : `✓ (${inOrder(called, values).join(', ')})`;
  const refusals = called.filter((outcome) => outcome !== '0').length;
  if (built && refusals > 0 && !called.includes('0')) return `refused (${refusals})`;
  return refusals > 0 ? `✓ (${refusals})` : '✓';
}

const inOrder = (some, all) => all.filter((each) => some.includes(each));

const endpoints = (rows, client) =>
  table(
    ['endpoint', 'operation', 'built', client, 'captured', 'remarks'],
    rows.map((row) => [
      code(row.name),
      row.operation ?? '',
      tick(row.built),
      byClient(row),
      tick(row.captured),
      remarks(row),
    ]),
  );

const onStreams = (rows, key, client) =>
  table(
    ['stream', key, 'built', client, 'captured', 'unit test', 'remarks'],
    rows.map((row) => [
      code(row.stream),
      code(row[key]),
      tick(row.built),
      byClient(row),
      tick(row.captured),
      tick(row.tested),
      remarks(row),
    ]),
  );

function told({ outcomes, told: met, shared }) {
  if (met.length > 0 && met.length === outcomes.length) return tick(true);
  if (met.length > 0) return `${met.length} of ${outcomes.length}`;
  return shared.length > 0 ? 'shared' : tick(false);
}

const errors = (rows, markets, client) =>
  table(
    ['cause', ...markets, 'built', client, 'unit test', 'remarks'],
    rows.map((row) => [
      row.cause,
      ...markets.map((market) => codes(row[market] ?? row.all)),
      tick(row.built),
      told(row),
      tick(row.tested),
      remarks(row),
    ]),
  );

const streamErrors = (rows, client) =>
  table(
    ['cause', 'streams', 'answer', 'built', client, 'unit test', 'remarks'],
    rows.map((row) => [
      row.cause,
      codes(row.streams),
      codes(row.all),
      tick(row.built),
      told(row),
      tick(row.tested),
      remarks(row),
    ]),
  );

function table(head, rows) {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  // The last column is words of any length, and stays as it is.
  const pad = (text, column) => (column + 1 < widths.length ? text.padEnd(widths[column]) : text);
  const line = (cells) => `| ${cells.map(pad).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => '-'.repeat(i + 1 < widths.length ? width + 2 : 3)).join('|')}|`;
  return [line(head), rule, ...rows.map(line)];
}
