// The numbered list, continued: what backs positions, what funding and liquidations do to them, and
// contracts that are margined in coin. A step speaks the client's unified words; where the client
// has none, it sends the venue's own call, which stands in the venue's table.
import assert from 'node:assert/strict';
import { exact } from './lib/exact.mjs';
import { kQuote, same } from './lib/stage.mjs';

const still = ['--market', 'pinned', '--clock', 'manual', '--rate-limits', 'headers'];
export const groups = {
  margin: { serve: still, fresh: true },
  inverse: { serve: still, fresh: true },
};

export const steps = [];

function step(number, group, name, { does, expects, needs = [] }, run) {
  steps.push({ number, group, name, does, expects, needs, run });
}

const kHour = 3_600_000;
const open = (positions) => positions.filter(({ contracts }) => contracts > 0);

// ---- modes --------------------------------------------------------------------------------------

step(
  400,
  'margin',
  'setPositionMode',
  {
    does: 'Switches to hedge mode, opens both sides, closes one, and tries to switch back.',
    expects: 'Both stand side by side; the mode changes only without positions, and only once.',
    needs: ['setPositionMode'],
  },
  async (t) => {
    const { long, short } = t.venue.risk.sides;
    await t.alice.setPositionMode(true, t.perp);
    await t.alice.createOrder(t.perp, 'market', 'buy', 0.03, undefined, long);
    await t.alice.createOrder(t.perp, 'market', 'sell', 0.01, undefined, short);
    const sides = async () =>
      open(await t.alice.fetchPositions([t.perp])).map(({ side, contracts, hedged }) => ({
        side,
        contracts,
        hedged,
      }));
    assert.deepEqual(await sides(), [
      { side: 'long', contracts: 0.03, hedged: true },
      { side: 'short', contracts: 0.01, hedged: true },
    ]);
    const { positionOpen, modeUnchanged, noSuchSide } = t.venue.risk.refusals;
    await t.refused(() => t.alice.setPositionMode(false, t.perp), positionOpen, 'with positions');
    await t.refused(
      () => t.alice.createOrder(t.perp, 'market', 'buy', 0.01),
      noSuchSide,
      'an order of neither side',
    );
    const reduce = { reduceOnly: true };
    await t.alice.createOrder(t.perp, 'market', 'sell', 0.03, undefined, { ...long, ...reduce });
    assert.deepEqual(await sides(), [{ side: 'short', contracts: 0.01, hedged: true }]);
    await t.alice.createOrder(t.perp, 'market', 'buy', 0.01, undefined, { ...short, ...reduce });
    await t.alice.setPositionMode(false, t.perp);
    await t.refused(() => t.alice.setPositionMode(false, t.perp), modeUnchanged, 'twice');
    await t.alice.setPositionMode(true); // of all that settle in the quote asset
    await t.alice.setPositionMode(false);
  },
);

step(
  401,
  'margin',
  'setMarginMode',
  {
    does: 'Switches to isolated margin and back, with a position and then with an order.',
    expects: 'The position gets a margin of its own and gives it back; an order keeps the mode.',
    needs: ['setMarginMode'],
  },
  async (t) => {
    await t.alice.createOrder(t.perp, 'market', 'buy', 0.1);
    await t.alice.setMarginMode('isolated', t.perp);
    same((await t.position()).collateral, '600.001', 'a tenth of 0.1 at 60000.1');
    await t.alice.setMarginMode('cross', t.perp);
    await t.alice.createOrder(t.perp, 'limit', 'buy', 0.01, 59900);
    await t.refused(
      () => t.alice.setMarginMode('isolated', t.perp),
      t.venue.risk.refusals.marginMode,
      'with an order',
    );
  },
);

step(
  402,
  'margin',
  'add and reduce margin',
  {
    does: 'Adds margin to an isolated position and takes it away again, then too much of it.',
    expects: 'The margin follows; what the position needs cannot be taken.',
    needs: ['setMarginMode'],
  },
  async (t) => {
    const { changeMargin, refusals } = t.venue.risk;
    await t.refused(() => changeMargin(t.alice, '10'), refusals.crossMargin, 'in cross margin');
    await t.alice.setMarginMode('isolated', t.perp);
    await t.alice.createOrder(t.perp, 'market', 'buy', 0.1);
    const before = await t.position();
    await changeMargin(t.alice, '100');
    const added = await t.position();
    same(added.collateral, '700.001', 'with 100 more');
    assert.ok(
      Number(added.liquidationPrice) < Number(before.liquidationPrice),
      'its end is further away',
    );
    await changeMargin(t.alice, '-100');
    same((await t.position()).collateral, '600.001', 'as before');
    await t.refused(() => changeMargin(t.alice, '-500'), refusals.marginTooLow, 'too much');
    await t.refused(() => changeMargin(t.alice, '1000000'), refusals.cannotAdd, 'what is not there');
  },
);

step(
  403,
  'margin',
  'setLeverage and tiers',
  {
    does: 'Opens a position of more than the first tier, with too much leverage and with less.',
    expects: 'The tier bounds the leverage: refused, then taken, and refused to be raised.',
    needs: ['setLeverage', 'fetchMarketLeverageTiers'],
  },
  async (t) => {
    const deep = { ...kQuote, bid_size: '100', ask_size: '100' };
    await t.quote(deep, ['perp']);
    const [tier] = await t.alice.fetchMarketLeverageTiers(t.perp);
    const amount = Math.ceil(tier.maxNotional / 60_000) + 1;
    const { aboveTier, leverageTooHigh } = t.venue.risk.refusals;
    await t.alice.setLeverage(tier.maxLeverage, t.perp);
    await t.refused(
      () => t.alice.createOrder(t.perp, 'market', 'buy', amount),
      aboveTier,
      'more than the tier',
    );
    await t.alice.setLeverage(20, t.perp);
    await t.alice.createOrder(t.perp, 'market', 'buy', amount);
    await t.refused(
      () => t.alice.setLeverage(tier.maxLeverage, t.perp),
      leverageTooHigh,
      'raised above the tier',
    );
  },
);

// ---- funding ------------------------------------------------------------------------------------

step(
  410,
  'margin',
  'fetchFundingRate and its history',
  {
    does: 'Fetches the funding rate, lets two intervals pass, and fetches the history.',
    expects: 'The announced time comes; both rates stand in the history.',
    needs: ['fetchFundingRate', 'fetchFundingRateHistory'],
  },
  async (t) => {
    const announced = await t.alice.fetchFundingRate(t.perp);
    assert.equal(announced.interval, '8h');
    assert.equal(announced.fundingRate, 0.0001, 'without an index interest alone');
    assert.equal(announced.fundingTimestamp % (8 * kHour), 0);
    assert.deepEqual(await t.alice.fetchFundingRateHistory(t.perp), []);
    await t.server.advance(16 * kHour);
    const history = await t.alice.fetchFundingRateHistory(t.perp);
    assert.deepEqual(
      history.map(({ symbol, timestamp, fundingRate }) => [symbol, timestamp, fundingRate]),
      [0, 1].map((i) => [t.perp, announced.fundingTimestamp + i * 8 * kHour, 0.0001]),
    );
    const since = announced.fundingTimestamp + 1;
    assert.equal((await t.alice.fetchFundingRateHistory(t.perp, since)).length, 1);
    assert.equal((await t.alice.fetchFundingRateHistory(t.perp, undefined, 1)).length, 1);
  },
);

step(
  411,
  'margin',
  'fetchFundingHistory',
  {
    does: 'Alice is long and Bob short over a funding time.',
    expects: 'She pays what he receives, 0.01 % of the value at mark; the ledgers and wallets agree.',
    needs: ['fetchFundingHistory', 'fetchLedger'],
  },
  async (t) => {
    await t.alice.createOrder(t.perp, 'market', 'buy', 0.3);
    await t.bob.createOrder(t.perp, 'market', 'sell', 0.3);
    const before = await t.balance(t.venue.quote);
    await t.server.advance(8 * kHour);
    // The mark is the median of bid, ask and last, which is where Bob sold.
    for (const [who, paid] of [
      ['alice', '1.8'],
      ['bob', '-1.8'],
    ]) {
      const rows = await t.exact[who].fetchFundingHistory(t.perp);
      assert.equal(rows.length, 1);
      same(rows[0].amount, paid, `what ${who} paid`);
      same(rows[0].rate, '0.0001', 'the rate');
      const entries = await t.exact[who].fetchLedger(t.venue.quote);
      const settled = entries.filter(({ info }) => info.type === t.venue.risk.settlement);
      assert.equal(settled.length, 1);
      same(settled[0].info.change, exact('0').minus(paid), 'the ledger has the other sign');
    }
    const after = await t.balance(t.venue.quote);
    same(after.total.minus(before.total), '-1.8', "Alice's wallet");
  },
);

step(
  412,
  'margin',
  'fetchOpenInterest',
  {
    does: 'Fetches the open interest before and after a position is opened.',
    expects: 'It grows by the position.',
    needs: ['fetchOpenInterest'],
  },
  async (t) => {
    const interest = async () => {
      const { openInterestAmount } = await t.exact.alice.fetchOpenInterest(t.perp);
      return exact(openInterestAmount);
    };
    const before = await interest(); // the market's own participants have positions too
    await t.alice.createOrder(t.perp, 'market', 'buy', 0.3);
    same((await interest()).minus(before), '0.3', 'what came to it');
  },
);

step(
  413,
  'margin',
  'funding that runs up',
  {
    does: 'Alice is long and Bob short for eight hours, in which nobody trades; then both close.',
    expects:
      'The rate is told and observed; the wallet moves when the position does, by what the fill ' +
      'says, 0.01 % of the value at mark, and a payment of that size is on record.',
    needs: ['fetchFundingRate', 'fetchFundingRateHistory', 'fetchFundingHistory'],
  },
  async (t) => {
    await t.quote({ ...kQuote, index: '60000' }, ['perp']); // of which the rate is a share
    const announced = await t.alice.fetchFundingRate(t.perp);
    assert.deepEqual([announced.interval, announced.fundingRate], ['8h', 0.0001]);
    await t.alice.createOrder(t.perp, 'market', 'buy', 0.3);
    await t.bob.createOrder(t.perp, 'market', 'sell', 0.3);
    const before = await t.balance(t.venue.quote);
    const bobs = await t.balance(t.venue.quote, 'bob');
    await t.server.advance(8 * kHour);
    same((await t.balance(t.venue.quote)).total, before.total, 'nothing moves by itself');
    await t.alice.createOrder(t.perp, 'market', 'sell', 0.3);
    await t.bob.createOrder(t.perp, 'market', 'buy', 0.3);
    // The mark is the median of bid, ask and last, which is where Bob sold.
    for (const [who, start, expected] of [
      ['alice', before, '-1.8'],
      ['bob', bobs, '1.8'],
    ]) {
      const [opened, closed] = await t.fills(t.perp, { who });
      const got = exact(t.venue.fundingOf(closed));
      const off = got.minus(expected).abs(); // each second is rounded, to the last digit of a lot
      assert.ok(off.compare('0.00001') < 0, `what funding gave ${who}: ${got}`);
      const worth = ({ side, price, amount }) =>
        exact(price).times(amount).times(side === 'sell' ? '1' : '-1');
      const profit = worth(opened).plus(worth(closed)).minus(closed.fee.cost);
      const { total } = await t.balance(t.venue.quote, who);
      same(total.minus(start.total), profit.plus(got), `the wallet of ${who}`);
      const [paid, ...others] = await t.exact[who].fetchFundingHistory(t.perp);
      assert.deepEqual(others, []);
      same(paid.amount, got, 'on record');
    }
    const rates = await t.alice.fetchFundingRateHistory(t.perp, undefined, 10);
    assert.ok(rates.length > 0 && rates.every(({ fundingRate }) => fundingRate === 0.0001));
  },
);

// ---- liquidation --------------------------------------------------------------------------------

// 0.3 at 60000.1 and leverage 100 have 180.0003 behind them, and nothing left at 59400.1.
async function liquidate(t) {
  await t.alice.setMarginMode('isolated', t.perp);
  await t.alice.setLeverage(100, t.perp);
  await t.alice.createOrder(t.perp, 'market', 'buy', 0.3);
  await t.alice.createOrder(t.perp, 'limit', 'buy', 0.01, 59000);
  const position = await t.position();
  await t.quote({ ...kQuote, bid: '59600', ask: '59600.1', last: '59600' }, ['perp']);
  return position;
}

step(
  420,
  'margin',
  'liquidation',
  {
    does: 'Alice is long with a leverage of 100; the price falls by 0.7 %.',
    expects:
      'The position is gone at a price between its liquidation and its bankruptcy, her order is ' +
      'cancelled, and the executions, the closed profit, the ledger and the wallet tell the same.',
    needs: ['setMarginMode', 'setLeverage', 'fetchMyLiquidations', 'fetchPositionsHistory'],
  },
  async (t) => {
    const position = await liquidate(t);
    assert.ok(
      Number(position.liquidationPrice) > 59600 && Number(position.liquidationPrice) < 59700,
      `announced at ${position.liquidationPrice}`,
    );
    assert.deepEqual(open(await t.alice.fetchPositions()), []);
    assert.deepEqual(open(await t.alice.fetchPositions([t.perp])), []);
    assert.deepEqual(await t.openIds(t.perp), []);
    const [taken, ...others] = await t.exact.alice.fetchMyLiquidations(t.perp);
    assert.deepEqual(others, []);
    same(taken.contracts, '0.3', 'all of it');
    assert.ok(
      Number(taken.price) >= 59400.1 && Number(taken.price) < Number(position.liquidationPrice),
      `taken over at ${taken.price}`,
    );
    const loss = exact(taken.price)
      .minus('60000.1')
      .times('0.3')
      .minus(t.venue.risk.feeOf(taken)); // which the insurance fund got
    const [closed] = await t.exact.alice.fetchPositionsHistory([t.perp]);
    same(closed.realizedPnl, loss, 'the closed profit');
    const entries = await t.exact.alice.fetchLedger(t.venue.quote);
    const [entry] = entries.filter(({ info }) => info.type === t.venue.risk.liquidation);
    same(entry.info.change, loss, 'the ledger');
    const fee = exact('60000.1').times('0.3').times(t.venue.fees.perp.taker);
    const { total, used } = await t.balance(t.venue.quote);
    same(total, exact(t.venue.start[t.venue.quote]).plus(loss).minus(fee), 'the wallet');
    same(used, '0', 'nothing is held');
    const orders = await t.alice.fetchCanceledOrders(t.perp);
    assert.deepEqual(
      orders.map(({ info }) => info.cancelType),
      [t.venue.risk.cancelledBefore],
    );
  },
);

step(
  421,
  'margin',
  'watchMyTrades over a liquidation',
  {
    does: 'Listens to executions while the position is opened and then liquidated.',
    expects: 'Both are told, the second as a take-over.',
    needs: ['watchMyTrades', 'setMarginMode', 'setLeverage'],
  },
  async (t) => {
    const listener = await t.listener();
    const watchMyTrades = (client) => client.watchMyTrades(t.perp);
    await t.alice.setMarginMode('isolated', t.perp);
    await t.alice.setLeverage(100, t.perp);
    await listener.watch(watchMyTrades);
    await listener.after(watchMyTrades, () =>
      t.alice.createOrder(t.perp, 'market', 'buy', 0.3),
    );
    const told = await listener.after(watchMyTrades, () =>
      t.quote({ ...kQuote, bid: '59600', ask: '59600.1', last: '59600' }, ['perp']),
    );
    assert.ok(
      told.some(({ info }) => info.execType === t.venue.risk.takenOver),
      JSON.stringify(told.map(({ info }) => info.execType)),
    );
  },
);

// ---- contracts in coin --------------------------------------------------------------------------

const kCoinQuote = { ...kQuote, bid_size: '1000000', ask_size: '1000000' };

step(
  430,
  'inverse',
  'inverse market order and position',
  {
    does: 'Buys 6000 dollars of the coin-margined perpetual and sells them higher.',
    expects: 'Value, fees and profit are in coin, to the last digit.',
    needs: ['fetchPositionsHistory'],
  },
  async (t) => {
    const { symbol, start } = t.venue.risk.inverse;
    await t.quote({ ...kCoinQuote, bid: '59999.9', ask: '60000', last: '60000' }, ['inverse']);
    const market = t.alice.market(symbol);
    assert.deepEqual(
      [market.inverse, market.linear, market.settle, market.contractSize],
      [true, false, t.venue.base, 1],
    );
    const bought = await t.place(symbol, 'market', 'buy', 6000);
    assert.deepEqual(
      { status: bought.status, filled: bought.filled, average: bought.average },
      { status: 'closed', filled: 6000, average: 60000 },
    );
    const [position] = await t.exact.alice.fetchPositions([symbol]);
    assert.equal(position.side, 'long');
    same(position.contracts, '6000', 'in dollars');
    same(position.entryPrice, '60000', 'entry');
    same(position.initialMargin, '0.01', 'a tenth of 0.1 coins');
    await t.quote({ ...kCoinQuote, bid: '62500', ask: '62500.1', last: '62500' }, ['inverse']);
    await t.alice.createOrder(symbol, 'market', 'sell', 6000, undefined, { reduceOnly: true });
    const [closed] = await t.exact.alice.fetchPositionsHistory([symbol]);
    same(closed.realizedPnl, '0.0039472', '0.004 less the fee of closing');
    const { total } = await t.balance(t.venue.base);
    same(total, exact(start).plus('0.0038922'), 'with the fee of opening');
    assert.deepEqual(open(await t.alice.fetchPositions([symbol])), []);
  },
);

step(
  431,
  'inverse',
  'inverse public data',
  {
    does: 'Fetches ticker, book, trades, candles and tiers of the coin-margined perpetual.',
    expects: 'Quantities are dollars and turnover is coin; none is taken for another market.',
    needs: ['fetchFundingRate', 'fetchMarketLeverageTiers'],
  },
  async (t) => {
    const { symbol } = t.venue.risk.inverse;
    await t.quote({ ...kCoinQuote, bid: '59999.9', ask: '60000', last: '60000' }, ['inverse']);
    await t.alice.createOrder(symbol, 'market', 'buy', 6000);
    const ticker = await t.alice.fetchTicker(symbol);
    assert.deepEqual([ticker.symbol, ticker.last, ticker.bid], [symbol, 60000, 59999.9]);
    const trades = await t.alice.fetchTrades(symbol);
    assert.ok(
      trades.some(({ amount, price }) => amount === 6000 && price === 60000),
      `the trade among ${JSON.stringify(trades.map(({ amount }) => amount))}`,
    );
    assert.deepEqual((await t.alice.fetchOrderBook(symbol, 1)).bids, [[59999.9, 1000000]]);
    const candles = await t.alice.fetchOHLCV(symbol, '1m');
    const volume = candles.at(-1)[5]; // of which the client takes the one in coin
    assert.ok(volume >= 0.1 && volume < 0.101, `volume of ${volume}`);
    assert.equal((await t.alice.fetchFundingRate(symbol)).symbol, symbol);
    const [tier] = await t.alice.fetchMarketLeverageTiers(symbol);
    assert.deepEqual([tier.maxNotional, tier.maxLeverage], [t.venue.risk.inverse.firstTier, 100]);
  },
);

step(
  432,
  'inverse',
  'transfer',
  {
    does: 'Transfers to an account that a box has not got.',
    expects: "The venue's own error; nothing moves.",
    needs: ['transfer'],
  },
  async (t) => {
    const before = await t.balance(t.venue.quote);
    await t.refused(
      () => t.alice.transfer(t.venue.quote, 10, 'unified', 'funding'),
      t.venue.risk.refusals.noSuchAccount,
      'to the funding account',
    );
    same((await t.balance(t.venue.quote)).total, before.total, 'the wallet');
  },
);
