// The numbered list, continued: instruments that come and go while a client is connected.
import assert from 'node:assert/strict';

// Each lists the same instrument, which can be done once in a box.
const serve = ['--market', 'synthetic', '--clock', 'manual', '--rate-limits', 'headers'];
export const groups = { listing: { serve }, delisting: { serve } };

export const steps = [];

function step(number, group, name, { does, expects }, run) {
  steps.push({ number, group, name, does, expects, needs: [], run });
}

step(
  312,
  'listing',
  'a new listing',
  {
    does: 'Lists an instrument beside a connected client, which loads its markets again.',
    expects: 'It is active, has a book and a ticker, and an order on it fills.',
  },
  async (t) => {
    const { symbol, terms } = t.venue.listing;
    await t.alice.loadMarkets();
    assert.equal(t.alice.markets[symbol], undefined);
    await t.server.control('POST', '/instruments', terms);
    await t.alice.loadMarkets(true);
    const market = t.alice.market(symbol);
    if (t.tells('market.active')) assert.equal(market.active, true);
    assert.equal(market.precision.price, 0.001);
    const book = await t.alice.fetchOrderBook(symbol);
    assert.ok(book.bids.length > 0 && book.asks.length > 0, 'it is quoted at once');
    assert.ok(Math.abs(book.bids[0][0] / Number(terms.price) - 1) < 0.01, 'near its price');
    const { id } = await t.alice.createOrder(symbol, 'market', 'buy', 2);
    const fills = await t.alice.fetchMyTrades(symbol);
    assert.equal(fills.filter(({ order }) => order === id).length > 0, true);
    await t.server.advance(60_000);
    assert.ok((await t.alice.fetchTicker(symbol)).last > 0);
    const position = (await t.alice.fetchPositions([symbol]))[0];
    assert.equal(position.contracts, 2);
  },
);

step(
  313,
  'delisting',
  'a delisting',
  {
    does: 'Delists an instrument on which a client has a position and a resting order.',
    expects: "Both end, it is no market any more, and an order is refused with the venue's error.",
  },
  async (t) => {
    const { symbol, terms, path, closed } = t.venue.listing;
    await t.server.control('POST', '/instruments', terms);
    await t.alice.loadMarkets(true);
    await t.alice.createOrder(symbol, 'market', 'buy', 2);
    await t.alice.createOrder(symbol, 'limit', 'buy', 2, Number(terms.price) / 2);
    await t.server.control('PATCH', path, { phase: 'delisted', price: terms.price });
    assert.deepEqual(await t.alice.fetchOpenOrders(symbol), []);
    for (const position of await t.alice.fetchPositions([symbol])) assert.equal(position.contracts, 0);
    await t.refused(() => t.alice.createOrder(symbol, 'market', 'buy', 2), closed, symbol);
    await t.alice.loadMarkets(true);
    assert.equal(t.alice.markets[symbol], undefined);
    assert.equal((await t.alice.fetchTickers())[symbol], undefined);
  },
);
