// The numbered list, continued: what the client makes of a venue that is struck. What strikes, and
// which class it raises, stands in faults.json, from which docs/faults.md is made as well.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

export const groups = {
  faults: {
    serve: ['--market', 'pinned', '--clock', 'manual', '--rate-limits', 'headers'],
    fresh: true,
  },
};

export const steps = [];

const rows = JSON.parse(readFileSync(new URL('faults.json', import.meta.url), 'utf8'));
const calls = {
  orders: (t) => t.alice.fetchOpenOrders(t.perp),
  ticker: (t) => t.alice.fetchTicker(t.perp),
  place: (t) => t.alice.createOrder(t.perp, 'limit', 'buy', 0.01, 59000),
};

async function raised(t, { call, action }) {
  await t.server.control('POST', '/faults', { name: 'struck', action });
  try {
    await calls[call](t);
    return 'nothing';
  } catch (error) {
    return error.constructor.name;
  } finally {
    await t.server.control('DELETE', '/faults/struck');
  }
}

steps.push({
  number: 500,
  group: 'faults',
  name: 'errors that are told in the words of the venue',
  does: 'Strikes one call after the other with each fault that a venue has words for.',
  expects: 'The client raises the class that its users handle.',
  needs: [],
  async run(t) {
    const wrong = [];
    for (const row of rows.filter((each) => each[t.venue.id])) {
      const name = await raised(t, row);
      if (name !== row[t.venue.id]) {
        wrong.push(`${JSON.stringify(row.action)}: ${name}, not ${row[t.venue.id]}`);
      }
    }
    assert.deepEqual(wrong, []);
  },
});
