// What is true of each row of a venue's list: built, called by a real client, captured, shown by a
// unit test. The one place where the list meets what was read beside it.

// All rows, by kind, each with `name` and what is true of it. A row that says its `gap` is not built.
export function rowsOf({ routes, streams, list, record, captured }) {
  const served = new Set(streams.map(({ path }) => path));
  const onStream = (kind, row, key) => ({
    ...row,
    name: `${row[key]} of ${row.stream}`,
    built: served.has(row.stream) && !row.gap,
    tested: row.tests !== undefined,
    called: record.streams[row.stream]?.[kind][row[key]],
    captured: captured.streams[row.stream]?.[kind][row[key]],
  });
  const answers = (row) => ({
    ...row,
    name: row.cause,
    built: !row.gap,
    tested: row.tests !== undefined,
    outcomes: outcomesOfRow(row, list.markets),
  });
  return {
    endpoints: list.endpoints.map((row) => {
      const route = routes.find((each) => nameOfRoute(each) === row.endpoint);
      return {
        ...row,
        name: row.endpoint,
        operation: route?.operation,
        built: route?.built ?? false,
        called: record.endpoints[row.endpoint],
        captured: captured.endpoints[row.endpoint],
      };
    }),
    channels: list.channels.map((row) => onStream('topics', row, 'topic')),
    operations: list.operations.map((row) => onStream('operations', row, 'operation')),
    errors: list.errors
      .map(answers)
      .map((row, _, rows) => ({ ...row, ...met(row, rows, outcomesOf(record.endpoints)) })),
    stream_errors: list.stream_errors.map(answers).map((row, _, rows) => {
      const rivals = rows.filter(
        (other) => overlap(row.streams, other.streams) && isAsked(row, other),
      );
      return { ...row, ...met(row, rivals, seenOnStreams(row, record)) };
    }),
  };
}

// Of a row's outcomes, those that the client met: `told` where only this row has them, else `shared`,
// for then the other cause may have been the one. Where a row has the very words, one with * in the
// place of some does not.
function met(row, rivals, seen) {
  const claims = (other, each) =>
    other.outcomes.find((outcome) => outcome === each) ??
    other.outcomes.find((outcome) => matches(outcome, each));
  const told = new Set();
  const shared = new Set();
  for (const each of seen) {
    const mine = claims(row, each);
    const others = rivals.filter((other) => other.cause !== row.cause);
    if (mine === undefined) continue;
    if (mine !== each && others.some((other) => claims(other, each) === each)) continue;
    const isShared = others.some((other) => claims(other, each) === mine);
    (isShared ? shared : told).add(mine);
  }
  return { told: [...told], shared: [...shared] };
}

const overlap = (some, others) => some.some((each) => others.includes(each));
// Whether two errors can be the answer to the same operation; without operations: to any.
const isAsked = (row, { operations }) =>
  !row.operations || !operations || overlap(row.operations, operations);

const seenOnStreams = ({ streams, operations }, record) =>
  streams.flatMap((path) =>
    Object.entries(record.streams[path]?.operations ?? {})
      .filter(([name]) => operations?.includes(name) ?? true)
      .flatMap(([, outcomes]) => outcomes),
  );

export const nameOfRoute = ({ method, path }) => `${method} ${path}`;

// What the box answers in this case, in any market.
const outcomesOfRow = (row, markets) => [
  ...new Set(['all', ...markets].flatMap((market) => row[market] ?? [])),
];

// All that was answered, to whatever was asked.
export const outcomesOf = (facts = {}) => [...new Set(Object.values(facts).flat())];

// Whether an outcome of the list, in which * stands for any text, is one that was seen.
export function matches(outcome, seen) {
  const [first, ...rest] = outcome.split('*');
  if (rest.length === 0) return outcome === seen;
  const last = rest.at(-1);
  return seen.length >= first.length + last.length && seen.startsWith(first) && seen.endsWith(last);
}
