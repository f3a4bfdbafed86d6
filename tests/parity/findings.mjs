// What is wrong with a venue's list: where it and the server, the record of a client, the captures
// or the unit tests do not say the same. Each finding names the row and the mend.
import { nameOfRoute, matches, outcomesOf, rowsOf } from './rows.mjs';

const kKeys = {
  endpoints: ['endpoint'],
  channels: ['stream', 'topic', 'values', 'tests'],
  operations: ['stream', 'operation', 'tests'],
  errors: ['cause', 'tests', 'never', 'all'],
  stream_errors: ['cause', 'streams', 'operations', 'tests', 'never', 'all'],
};

// By check: its words and what it found.
export function findings(venue) {
  const rows = rowsOf(venue);
  return [
    ['every row says what its kind says, once', shapes(venue, rows)],
    ['every route has a row, and every row without a gap a route', routes(venue, rows)],
    ['every stream has a row, and every row without a gap a stream', streams(venue, rows)],
    ['whatever a client called or a capture holds has a row', foreign(venue, rows)],
    ['every error that a client was told has a row', unexplained(venue, rows)],
    ['every unit test that a row names is there, and knows its code', tests(venue, rows)],
  ];
}

function shapes({ list }, rows) {
  const found = [];
  for (const [kind, keys] of Object.entries(kKeys)) {
    const known = [...keys, ...(kind === 'errors' ? list.markets : []), 'gap', 'note'];
    const names = new Set();
    for (const row of list[kind]) {
      const strange = Object.keys(row).filter((key) => !known.includes(key));
      if (strange.length > 0)
        found.push(`${kind}: what is ${strange.join(', ')} in ${JSON.stringify(row)}?`);
    }
    for (const { name } of rows[kind]) {
      if (names.has(name)) found.push(`${kind}: ${name} stands there twice`);
      names.add(name);
    }
  }
  for (const { name, gap, outcomes } of [...rows.errors, ...rows.stream_errors]) {
    if (gap && outcomes.length > 0) {
      found.push(`${name} has a gap, so ${outcomes.join(', ')} belongs under "never"`);
    }
    if (!gap && outcomes.length === 0) found.push(`${name} has neither an answer nor a gap`);
  }
  return found;
}

function routes(venue, rows) {
  const listed = new Set(rows.endpoints.map(({ name }) => name));
  return [
    ...venue.routes
      .map(nameOfRoute)
      .filter((name) => !listed.has(name))
      .map((name) => `${name} is routed, and has no row`),
    ...rows.endpoints
      .filter(({ built, gap }) => !built && !gap)
      .map(({ name }) => `${name} is not built: its row needs a gap that says why`),
    ...rows.endpoints
      .filter(({ built, gap }) => built && gap)
      .map(({ name }) => `${name} is built: its row has a gap that is none`),
  ];
}

function streams(venue, rows) {
  const served = new Set(venue.streams.map(({ path }) => path));
  const named = [...rows.channels, ...rows.operations];
  const listed = new Set(named.map(({ stream }) => stream));
  const ofErrors = rows.stream_errors.flatMap((row) => row.streams);
  return [
    ...[...served]
      .filter((path) => !listed.has(path))
      .map((path) => `${path} is served, and has no row`),
    ...named
      .filter(({ stream, gap }) => !served.has(stream) && !gap)
      .map(({ name }) => `${name} is not served: its row needs a gap that says why`),
    ...ofErrors
      .filter((path) => !served.has(path))
      .map((path) => `stream_errors: ${path} is not served`),
  ];
}

function foreign({ record, captured }, rows) {
  const found = [];
  const known = (kind) => new Set(rows[kind].map(({ name }) => name));
  const [endpoints, channels, operations] = ['endpoints', 'channels', 'operations'].map(known);
  for (const [who, facts] of [
    ['the client called', record],
    ['a capture holds', captured],
  ]) {
    const look = (name, names) => {
      if (!names.has(name)) found.push(`${who} ${name}, which has no row`);
    };
    for (const name of Object.keys(facts.endpoints)) look(name, endpoints);
    for (const [path, stream] of Object.entries(facts.streams)) {
      for (const topic of Object.keys(stream.topics)) look(`${topic} of ${path}`, channels);
      for (const name of Object.keys(stream.operations)) look(`${name} of ${path}`, operations);
    }
  }
  return found;
}

// Order entry on a stream is refused as REST refuses it, so those rows explain a stream's errors too.
function unexplained({ record }, rows) {
  const ofRest = rows.errors.flatMap(({ outcomes }) => outcomes);
  const missing = (seen, known) =>
    seen.filter((each) => each !== '0' && !known.some((outcome) => matches(outcome, each)));
  const found = missing(outcomesOf(record.endpoints), ofRest).map(
    (each) => `${each}: no row of errors`,
  );
  for (const [path, { operations }] of Object.entries(record.streams)) {
    const own = rows.stream_errors.filter((row) => row.streams.includes(path));
    const known = [...ofRest, ...own.flatMap(({ outcomes }) => outcomes)];
    found.push(
      ...missing(outcomesOf(operations), known).map(
        (each) => `${each} on ${path}: no row of stream_errors`,
      ),
    );
  }
  return found;
}

function tests(venue, rows) {
  const found = [];
  for (const row of Object.values(rows).flat()) {
    const files = (row.tests ?? []).map((name) => {
      if (!venue.tests.has(name)) found.push(`${row.name}: there is no test ${name}`);
      return venue.tests.get(name) ?? '';
    });
    if (files.length === 0) continue;
    // A number or a reason can be looked for; words are the test's own business.
    const codes = (row.outcomes ?? []).map(
      (outcome) => /^(?:HTTP )?(-?\d+|[A-Z]+_\w+)/.exec(outcome)?.[1],
    );
    for (const code of codes.filter((each) => each !== undefined)) {
      if (!files.some((text) => text.includes(code)))
        found.push(`${row.name}: no file of ${row.tests.join(', ')} knows ${code}`);
    }
  }
  return found;
}
