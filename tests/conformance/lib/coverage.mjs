// What the real clients asked for in a full run, and what came back: the record that a venue's page
// calls "tested with a real client". Clients are listened to at the library's own seams, where
// requests and messages pass unchanged; bare connections of the harness do not count.
import ccxt from 'ccxt';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, '..', 'coverage');
// As installed: the number that the library tells of itself lags behind.
const manifest = join(here, '..', 'node_modules', 'ccxt', 'package.json');
const client = `ccxt ${JSON.parse(readFileSync(manifest, 'utf8')).version}`;
export const recordOf = (venue) => join(folder, `${venue}.json`);

export class Coverage {
  // Listens to all clients until `end`.
  static async listen(venue) {
    const { default: words } = await import(join(folder, `${venue.id}.mjs`));
    return new Coverage(venue.id, words);
  }

  constructor(venue, words) {
    this.venue = venue;
    this.words = words;
    this.endpoints = new Map(); // "GET /route/{}" -> outcomes
    this.streams = new Map(); // path -> {operations: name -> outcomes, topics: pattern -> values}
    this.unread = []; // errors of our own, which are no business of the client's
    this.#listenTo(ccxt.Exchange.prototype);
  }

  #note(act) {
    try {
      act();
    } catch (error) {
      this.unread.push(error.stack);
    }
  }

  #listenTo(prototype) {
    const coverage = this;
    const { onRestResponse, client: connect } = prototype;
    prototype.onRestResponse = function (status, text, url, method, headers, body, ...rest) {
      coverage.#note(() => coverage.#answered(method, url, status, body));
      return onRestResponse.call(this, status, text, url, method, headers, body, ...rest);
    };
    prototype.client = function (url) {
      const isNew = this.clients?.[url] === undefined;
      const connection = connect.call(this, url);
      if (isNew) coverage.#listenToConnection(connection);
      return connection;
    };
    this.end = () => Object.assign(prototype, { onRestResponse, client: connect });
  }

  #listenToConnection(connection) {
    const coverage = this;
    const { url, send, onMessageCallback } = connection;
    const asked = new Map(); // what has no answer yet, by what its answer will say
    connection.send = function (message) {
      coverage.#note(() => coverage.#sent(asked, message));
      return send.call(this, message);
    };
    connection.onMessageCallback = function (self, message) {
      coverage.#note(() => coverage.#told(asked, url, message));
      return onMessageCallback.call(this, self, message);
    };
  }

  #answered(method, url, status, body) {
    const route = this.words.route(this.#path(url));
    add(this.endpoints, `${method} ${route}`, this.words.outcomes(body, status));
  }

  #sent(asked, message) {
    const request = this.words.asked(typeof message === 'string' ? JSON.parse(message) : message);
    if (request) asked.set(request.key, request);
  }

  // Topics count once the venue has agreed to them.
  #told(asked, url, message) {
    const answer = this.words.answered(message);
    const request = answer && asked.get(answer.key);
    if (!request) return;
    asked.delete(answer.key);
    const path = this.#path(url);
    if (!this.streams.has(path)) {
      this.streams.set(path, { operations: new Map(), topics: new Map() });
    }
    const { operations, topics } = this.streams.get(path);
    add(operations, request.operation, answer.outcomes);
    if (!answer.isAgreed) return;
    for (const topic of request.topics) {
      const { pattern, values } = this.words.channel(topic);
      add(topics, pattern, values);
    }
  }

  #path(url) {
    return new URL(url).pathname.replace(`/${this.venue}/`, '/');
  }

  get record() {
    return {
      client,
      endpoints: sorted(this.endpoints, sortedSet),
      streams: sorted(this.streams, ({ operations, topics }) => ({
        operations: sorted(operations, sortedSet),
        topics: sorted(topics, sortedSet),
      })),
    };
  }

  // One more result beside those of the steps: whether the record that is kept is this run's.
  result(steps, { write }) {
    const title = `the calls of ${client} are those on record (${this.venue})`;
    const failed = steps.filter((step) => step.failed).length;
    if (this.unread.length > 0) return { title, failed: `cannot be read: ${this.unread[0]}` };
    const path = recordOf(this.venue);
    if (write) writeFileSync(path, `${JSON.stringify(this.record, null, 2)}\n`);
    if (failed > 0) return { title, skipped: `${failed} steps failed, so calls may be missing` };
    const kept = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
    const changes = differences(factsOf(kept), factsOf(this.record));
    if (changes.length === 0) return { title };
    const mend = `${path} is stale; run --record ${this.venue} writes it anew:`;
    return { title, failed: [mend, ...changes].join('\n') };
  }
}

function add(map, key, values) {
  if (!map.has(key)) map.set(key, new Set());
  for (const value of values) map.get(key).add(value);
}

const sortedSet = (set) => [...set].sort();
const sorted = (map, value) =>
  Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => [k, value(v)]));

// A record as one line per fact, so that what differs between two can be named.
function factsOf({ client, endpoints = {}, streams = {} }) {
  const facts = (name, rows) =>
    Object.entries(rows).flatMap(([row, values]) => [
      `${name}${row}`,
      ...values.map((value) => `${name}${row}: ${value}`),
    ]);
  return [
    `client: ${client}`,
    ...facts('', endpoints),
    ...Object.entries(streams).flatMap(([path, { operations, topics }]) => [
      ...facts(`${path} sends `, operations),
      ...facts(`${path} hears `, topics),
    ]),
  ];
}

const differences = (kept, seen) => [
  ...kept.filter((line) => !seen.includes(line)).map((line) => `- ${line}`),
  ...seen.filter((line) => !kept.includes(line)).map((line) => `+ ${line}`),
];
