// What survives the death of a server, and what a server does with a store that it should not
// touch. Every case has a folder of its own; nothing here waits for a time to pass.
import { tally } from './lib/report.mjs';
import { killUnderLoad } from './kill.mjs';
import { nothingChanges } from './exact_resume.mjs';
import { endings } from './endings.mjs';
import { refusals } from './refusals.mjs';
import { damage } from './damage.mjs';
import { determinism } from './determinism.mjs';
import { Random } from './lib/random.mjs';
import { cleanUp } from './lib/folder.mjs';

const isLong = process.env.VENUEBOX_LONG === '1';
// The ordinary run repeats itself; the long one draws anew and says how to repeat it.
const seed = Number(process.env.CRASH_SEED ?? (isLong ? Date.now() % 1_000_000 : 1));
console.log(`CRASH_SEED=${seed} repeats this run`);

const suites = { killUnderLoad, nothingChanges, endings, refusals, damage, determinism };
const wanted = process.argv.slice(2);
for (const [name, run] of Object.entries(suites)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  await run(new Random(seed, name), isLong);
}
cleanUp();
console.log(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
process.exit(tally.failed === 0 ? 0 : 1);
