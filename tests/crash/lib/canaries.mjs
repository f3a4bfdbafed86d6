// The secrets that tests use, from the one file that has them, and where a suite keeps what the
// programs under test have printed, so that script/test can search it all for them.
import { appendFileSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const source = readFileSync(join(root, 'src', 'base', 'test_canaries.h'), 'utf8');
export const canaries = [...source.matchAll(/ = "(canary[^"]+)";/g)].map(([, value]) => value);
if (canaries.length === 0) throw new Error('src/base/test_canaries.h names no secrets');

// Without VENUEBOX_LOGS, which script/test sets, nothing is kept.
export function keep(suite, text) {
  if (process.env.VENUEBOX_LOGS)
    appendFileSync(join(process.env.VENUEBOX_LOGS, `${suite}-printed.log`), text);
}
