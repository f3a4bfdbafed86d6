// One line per case, and the closing line.
import assert from 'node:assert/strict';

export const tally = { passed: 0, failed: 0, skipped: 0 };

// True when it passed. `name` may be a function of what the case gave back.
export async function test(name, run) {
  const began = performance.now();
  try {
    const note = await run();
    ++tally.passed;
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(`ok ${name}${note ? `: ${note}` : ''} (${seconds} s)`);
    return true;
  } catch (error) {
    ++tally.failed;
    const cause = error instanceof assert.AssertionError ? error.message : error.stack;
    console.log(`not ok ${name}\n${cause}`.replace(/\n/g, '\n    '));
    return false;
  }
}

export function skip(name, why) {
  ++tally.skipped;
  console.log(`skip ${name}: ${why}`);
}
