// Writes, or with --check compares, the parity tables of the venues named (all when none is).
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { findings } from './findings.mjs';
import { pageWith } from './page.mjs';
import { pageOf, readRoutes, readVenue, root } from './sources.mjs';

const args = process.argv.slice(2);
const isCheck = args.includes('--check');
const wanted = args.filter((each) => each !== '--check');
const tally = { passed: 0, failed: 0 };

function report(title, found) {
  ++tally[found.length === 0 ? 'passed' : 'failed'];
  console.log(`${found.length === 0 ? 'ok' : 'not ok'} ${title}`);
  for (const each of found) console.log(`    ${each.replaceAll('\n', '\n    ')}`);
}

function difference(path, now) {
  const folder = mkdtempSync(join(tmpdir(), 'parity-'));
  const fresh = join(folder, 'fresh.md');
  writeFileSync(fresh, now);
  const { stdout } = spawnSync('diff', ['-u', path, fresh], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  return stdout.split('\n').slice(2).join('\n').trimEnd();
}

function settlePage(venue) {
  const path = pageOf(venue.name);
  const page = readFileSync(path, 'utf8');
  const fresh = pageWith(page, venue);
  const name = relative(root, path);
  if (!isCheck) writeFileSync(path, fresh);
  const isStale = isCheck && page !== fresh;
  report(
    isCheck ? `${name} is as script/parity writes it` : `${name} is written`,
    isStale ? [`${name} is stale; script/parity writes it anew:\n${difference(path, fresh)}`] : [],
  );
}

function fail(problem) {
  console.error(`parity: ${problem}`);
  process.exit(2);
}

let venues = [];
try {
  venues = readRoutes();
} catch (error) {
  fail(error.message);
}
const unknown = wanted.filter((name) => !venues.some((venue) => venue.name === name));
if (unknown.length > 0) {
  const names = venues.map(({ name }) => name).join(' ');
  fail(
    `no such option or venue: ${unknown.join(' ')}; usage: parity [--check] [VENUE…], venues: ${names}`,
  );
}
for (const known of venues.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  try {
    const venue = await readVenue(known);
    for (const [title, found] of findings(venue)) report(`${title} (${venue.name})`, found);
    settlePage(venue);
  } catch (error) {
    report(`the parity of ${known.name}`, [error.message]);
  }
}
console.log(`${tally.passed} passed, ${tally.failed} failed, 0 skipped`);
process.exit(tally.failed === 0 ? 0 : 1);
