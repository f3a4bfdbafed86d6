// Runs the numbered list against the venues named (all that have a table when none is): groups run
// beside each other, each with a server of its own; lines come out in the list's order.
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssertionError } from 'node:assert';
import ccxt from 'ccxt';
import { groups as faultGroups, steps as faultSteps } from './faults.mjs';
import { groups as clockGroups, steps as clockSteps } from './clock.mjs';
import { groups as instrumentGroups, steps as instrumentSteps } from './instruments.mjs';
import { groups as recordedGroups, steps as recordedSteps } from './recorded.mjs';
import { groups as ordinaryGroups, steps as ordinarySteps } from './steps.mjs';
import { groups as sessionGroups, steps as sessionSteps } from './sessions.mjs';
import { groups as riskGroups, steps as riskSteps } from './risk.mjs';
import { groups as streamGroups, steps as streamSteps } from './streams.mjs';
import { groups as wireGroups, steps as wireSteps } from './wire.mjs';
import { Coverage } from './lib/coverage.mjs';
import { Server } from './lib/server.mjs';
import { Stage } from './lib/stage.mjs';

// In the order in which they open; reading a recording comes before anything is timed.
const groups = {
  ...recordedGroups,
  ...ordinaryGroups,
  ...riskGroups,
  ...streamGroups,
  ...wireGroups,
  ...clockGroups,
  ...faultGroups,
  ...instrumentGroups,
  ...sessionGroups,
};
const steps = [...ordinarySteps, ...recordedSteps, ...riskSteps, ...streamSteps, ...wireSteps,
  ...clockSteps, ...faultSteps, ...instrumentSteps, ...sessionSteps];
// Only a step that waits for what never comes meets this limit.
const kPatienceMs = 120_000;
const here = dirname(fileURLToPath(import.meta.url));
const known = readdirSync(join(here, 'venues'))
  .filter((name) => name.endsWith('.mjs'))
  .map((name) => name.replace('.mjs', ''))
  .sort();

function usage(problem) {
  console.error(
    `${problem}; usage: run [--list] [--record] [--only N,N…] [VENUE…], venues: ${known.join(' ')}`,
  );
  process.exit(2);
}

function options(args) {
  const wanted = { venues: [], only: undefined, list: false, record: false };
  for (let i = 0; i < args.length; ++i) {
    if (args[i] === '--list') wanted.list = true;
    else if (args[i] === '--record') wanted.record = true;
    else if (args[i] === '--only') {
      wanted.only = (args[++i] ?? '').split(',').map(Number);
      if (!wanted.only.every((number) => steps.some((step) => step.number === number))) {
        usage('--only names a step that is not on the list');
      }
    } else if (known.includes(args[i])) wanted.venues.push(args[i]);
    else usage(`no such option or venue: ${args[i]}`);
  }
  if (wanted.record && wanted.only) usage('--record takes a full run, not --only');
  if (wanted.venues.length === 0) wanted.venues = known;
  return wanted;
}

function reason(step, group, venue, has) {
  if (groups[group].skip) return groups[group].skip;
  if (venue.skip[step.number]) return venue.skip[step.number];
  const lacking = step.needs.filter((capability) => !has[capability]);
  return lacking.length ? `the client has no ${lacking.join(', ')} for this venue` : undefined;
}

function explain(error) {
  if (!(error instanceof AssertionError)) {
    return error?.message?.startsWith('not tried')
      ? error.message
      : (error?.stack ?? String(error));
  }
  const at = /\(?(?:file:\/\/)?[^\s(]*\/((?:clock|faults|instruments|recorded|risk|sessions|steps|streams|wire)\.mjs:\d+):\d+\)?/.exec(
    error.stack,
  );
  const lines = [error.message];
  if (!error.generatedMessage && error.operator !== 'fail' && error.operator !== '==') {
    lines.push(
      `expected: ${JSON.stringify(error.expected)}`,
      `got:      ${JSON.stringify(error.actual)}`,
    );
  }
  if (at) lines.push(`at ${at[1]}`);
  return lines.join('\n');
}

// The step, or an error when it is still not done after all patience.
async function inTime(step, stage) {
  let timer;
  const late = new Promise((resolve, reject) => {
    const seconds = kPatienceMs / 1000;
    timer = setTimeout(() => reject(new Error(`given up after ${seconds} s`)), kPatienceMs);
  });
  try {
    await Promise.race([step.run(stage), late]);
  } finally {
    clearTimeout(timer);
  }
}

// Groups open one after the other: clients take long to make, and what another group has signed
// must not grow stale in the meantime.
let opened = Promise.resolve();
function inTurn(open) {
  const mine = opened.then(open);
  opened = mine.catch(() => {});
  return mine;
}

async function runGroup(venue, group, mine) {
  const results = [];
  let server;
  let stage;
  let broken = groups[group].skip;
  let opening;
  if (!broken) {
    try {
      if (groups[group].fail) throw new Error(groups[group].fail);
      await inTurn(async () => {
        server = await Server.start(groups[group].serve);
        stage = await Stage.open(server, venue);
        await stage.alice.loadMarkets();
        await groups[group].open?.(stage);
      });
    } catch (error) {
      opening = error;
    }
  }
  for (const step of mine) {
    const result = { number: step.number, title: `${step.number} ${step.name} (${venue.id})` };
    results.push(result);
    result.skipped = broken ?? (stage && reason(step, group, venue, stage.has));
    if (result.skipped) continue;
    try {
      if (opening)
        throw results.length === 1 ? opening : new Error(`not tried, as step ${mine[0].number}`);
      if (groups[group].fresh) await stage.fresh();
      await inTime(step, stage);
    } catch (error) {
      result.failed = `${step.does} ${step.expects}\n${explain(error)}`;
      if (server?.stopped) result.failed += `\nthe server is gone: ${server.tail}`;
    }
    await stage?.hangUp();
  }
  if (server) {
    const { code, signal } = await server.stop();
    if (code !== 0 && results.length > 0 && !results.at(-1).failed) {
      results.at(-1).failed =
        `the server ended with ${signal ?? `exit ${code}`} on SIGTERM: ${server.tail}`;
    }
  }
  return results;
}

// A client may leave a promise of its own to itself, as that of a login on a stream, which fails when
// the stream ends; what a step waits for it hears of by itself.
process.on('unhandledRejection', (error) => {
  const isOfAnEnd = error instanceof ccxt.NetworkError || error instanceof ccxt.ExchangeClosedByUser;
  if (!isOfAnEnd) throw error;
});

const wanted = options(process.argv.slice(2));
if (wanted.list) {
  for (const { number, name, does, expects } of [...steps].sort((a, b) => a.number - b.number)) {
    console.log(`${number} ${name}: ${does} ${expects}`);
  }
  process.exit(0);
}

const tally = { passed: 0, failed: 0, skipped: 0 };
for (const name of wanted.venues) {
  const { default: venue } = await import(`./venues/${name}.mjs`);
  const chosen = steps.filter(({ number }) => wanted.only?.includes(number) ?? true);
  const coverage = await Coverage.listen(venue);
  const groupResults = await Promise.all(
    Object.keys(groups)
      .map((group) => [group, chosen.filter((step) => step.group === group)])
      .filter(([, mine]) => mine.length > 0)
      .map(([group, mine]) => runGroup(venue, group, mine)),
  );
  coverage.end();
  const results = groupResults.flat().sort((a, b) => a.number - b.number);
  // A part of the list calls only a part of what is on record.
  if (!wanted.only) results.push(coverage.result(results, { write: wanted.record }));
  for (const { title, failed, skipped } of results) {
    if (skipped) {
      ++tally.skipped;
      console.log(`skip ${title}: ${skipped}`);
    } else if (failed) {
      ++tally.failed;
      console.log(`not ok ${title}\n${failed.replace(/^/gm, '    ')}`);
    } else {
      ++tally.passed;
      console.log(`ok ${title}`);
    }
  }
}
console.log(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
process.exit(tally.failed === 0 ? 0 : 1);
