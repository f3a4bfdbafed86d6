// Reads what the parity table is made of: what the server routes, what the venue has, what a real
// client called, what was captured, and which unit tests there are. Judges nothing.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const server = process.env.VENUEBOX ?? join(root, 'build', 'release', 'venuebox');

export const pageOf = (venue) => join(root, 'docs', 'venues', `${venue}.md`);
const listOf = (venue) => join(root, 'docs', 'venues', 'rows', `${venue}.json`);
const conformance = join(root, 'tests', 'conformance', 'coverage');

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

// All venues of the build, as the server's own tables have them.
export function readRoutes() {
  const program = join(dirname(server), 'tests', 'venue_routes');
  if (!existsSync(program)) {
    throw new Error(`no ${program}: build the target venue_routes, or name the server in VENUEBOX`);
  }
  return JSON.parse(execFileSync(program, { encoding: 'utf8' }));
}

export async function readVenue({ name, title, routes, streams }) {
  for (const [what, path] of [
    ['list of what it has', listOf(name)],
    ['words for its messages', join(conformance, `${name}.mjs`)],
    ['record of what a client called', join(conformance, `${name}.json`)],
    ['page', pageOf(name)],
  ]) {
    if (!existsSync(path)) throw new Error(`${name} has no ${what}: ${path}`);
  }
  const { default: words } = await import(join(conformance, `${name}.mjs`));
  return {
    name,
    title,
    routes,
    // One that is served under any path has no path of its own.
    streams: streams.map(({ path }) => ({ path: path || words.streamPath })),
    list: readJson(listOf(name)),
    record: readJson(join(conformance, `${name}.json`)),
    captured: captured(join(root, 'src', 'venues', name, 'golden'), words),
    tests: unitTests(join(root, 'src')),
  };
}

// Captured requests by what they ask for, in the shape of the record.
function captured(folder, words) {
  const all = { endpoints: {}, streams: {} };
  for (const file of readdirSync(folder)
    .filter((each) => each.endsWith('.json'))
    .sort()) {
    for (const { method, path_and_query: target, body } of readJson(join(folder, file)).requests) {
      const path = target.split('?')[0];
      if (method !== undefined && method !== 'WS') {
        all.endpoints[`${method} ${words.route(path)}`] = [];
        continue;
      }
      const { operation, topics } = words.asked(JSON.parse(body));
      const stream = (all.streams[path] ??= { operations: {}, topics: {} });
      stream.operations[operation] = [];
      for (const topic of topics) {
        const { pattern, values } = words.channel(topic);
        stream.topics[pattern] = [...(stream.topics[pattern] ?? []), ...values];
      }
    }
  }
  return all;
}

// "Suite.Name" -> the text of the file that holds the test.
function unitTests(folder) {
  const tests = new Map();
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      for (const [name, text] of unitTests(path)) tests.set(name, text);
    } else if (entry.name.endsWith('_test.cpp')) {
      const text = readFileSync(path, 'utf8');
      for (const [, suite, name] of text.matchAll(/^TEST(?:_[FP])?\(\s*(\w+),\s*(\w+)\s*\)/gm))
        tests.set(`${suite}.${name}`, text);
    }
  }
  return tests;
}
