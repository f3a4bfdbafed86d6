// Holds everything a server shows of alice and bob against what was promised and against itself.
// The box's clock must stand, so that the pages of one list belong together.
import assert from 'node:assert/strict';
import { exact, sum } from '../../conformance/lib/exact.mjs';
import { get, post } from './connection.mjs';

const kCategories = ['linear', 'spot'];
const kStart = { USDT: '1000000', BTC: '100' }; // the demo balances
const kDuplicate = new Set([110072, 170141]);

export class Audit {
  constructor(connection, keys, promises) {
    Object.assign(this, { connection, keys, promises });
  }

  async run() {
    const { promises } = this;
    assert.deepEqual(promises.surprises, [], 'no answer is a surprise');
    this.found = new Map(); // by orderLinkId
    this.byId = new Map();
    const fills = new Map(); // execId -> rows of all accounts
    for (const account of Object.keys(this.keys)) {
      const rows = await this.#orders(account);
      const executions = await this.#executions(account);
      checkFills(rows, executions);
      await this.#balances(account, rows, executions);
      for (const row of executions) fills.set(row.execId, [...(fills.get(row.execId) ?? []), row]);
    }
    checkTwoSides(fills);
    this.#promises();
    return `${this.found.size} orders, ${fills.size} fills`;
  }

  async page(account, path, query) {
    const rows = [];
    let cursor = '';
    do {
      const asked = { ...query, limit: path.includes('execution') ? '100' : '50' };
      if (cursor) asked.cursor = cursor;
      const answer = await this.connection.send(get(this.keys[account], path, asked));
      assert.equal(answer.json?.retCode, 0, answer.text);
      rows.push(...answer.json.result.list);
      cursor = answer.json.result.nextPageCursor;
    } while (cursor);
    return rows;
  }

  async #orders(account) {
    const all = [];
    for (const category of kCategories) {
      const query = category === 'linear' ? { category, settleCoin: 'USDT' } : { category };
      const live = await this.page(account, '/v5/order/realtime', query);
      const closed = await this.page(account, '/v5/order/history', { category });
      for (const row of live) assert.match(row.orderStatus, /^(New|PartiallyFilled)$/);
      for (const row of closed) {
        assert.match(row.orderStatus, /^(Filled|Cancelled|PartiallyFilledCanceled)$/);
      }
      for (const row of [...live, ...closed]) {
        const isLive = live.includes(row);
        assert.ok(!this.byId.has(row.orderId), `order ${row.orderId} is there twice`);
        assert.ok(!this.found.has(row.orderLinkId), `${row.orderLinkId} is there twice`);
        const entry = { ...row, account, category, isLive };
        this.byId.set(row.orderId, entry);
        this.found.set(row.orderLinkId, entry);
        all.push(entry);
      }
    }
    return all;
  }

  async #executions(account) {
    const all = [];
    const keys = new Set();
    for (const category of kCategories) {
      for (const row of await this.page(account, '/v5/execution/list', { category })) {
        // An account that trades with itself has both halves of the fill.
        const key = `${row.execId} ${row.isMaker}`;
        assert.ok(!keys.has(key), `execution ${key} is there twice`);
        keys.add(key);
        const before = this.promises.executionRows.get(`${account} ${key}`);
        if (before) assert.deepEqual(row, before, 'an execution once seen stays as it is');
        this.promises.executionRows.set(`${account} ${key}`, row);
        all.push({ ...row, account, category });
      }
    }
    for (const key of this.promises.executionRows.keys()) {
      if (!key.startsWith(`${account} `)) continue;
      assert.ok(keys.has(key.slice(account.length + 1)), `execution ${key} is gone`);
    }
    return all;
  }

  // What an account holds is what it began with and what its executions did to it, to the digit.
  async #balances(account, rows, executions) {
    const wallet = await this.#one(account, '/v5/account/wallet-balance', {
      accountType: 'UNIFIED',
    });
    const positions = await this.page(account, '/v5/position/list', {
      category: 'linear',
      settleCoin: 'USDT',
    });
    const linear = executions.filter((row) => row.category === 'linear');
    const spot = executions.filter((row) => row.category === 'spot');
    const signed = (row, amount) => (row.side === 'Buy' ? exact(amount) : exact(amount).negated());

    const size = sum(linear.map((row) => signed(row, row.execQty)));
    const open = positions.filter((row) => exact(row.size).sign() !== 0);
    const shown = sum(open.map((row) => signed(row, row.size)));
    assert.equal(`${shown}`, `${size}`, `${account}: the position is what the executions made`);

    // Profit taken is what entered for what is still open, less all that was paid.
    const entry = sum(open.map((row) => signed(row, row.positionValue)));
    const linearChange = entry
      .minus(sum(linear.map((row) => signed(row, row.execValue))))
      .minus(sum(linear.map((row) => row.execFee)));
    const fees = (coin) =>
      sum(spot.filter((row) => row.feeCurrency === coin).map((row) => row.execFee));
    const expected = {
      USDT: exact(kStart.USDT)
        .plus(linearChange)
        .minus(sum(spot.map((row) => signed(row, row.execValue))))
        .minus(fees('USDT')),
      BTC: exact(kStart.BTC)
        .plus(sum(spot.map((row) => signed(row, row.execQty))))
        .minus(fees('BTC')),
    };
    const liveSpot = rows.filter((row) => row.isLive && row.category === 'spot');
    const held = {
      USDT: sum(
        liveSpot
          .filter((row) => row.side === 'Buy')
          .map((row) => exact(row.leavesQty).times(row.price)),
      ),
      BTC: sum(liveSpot.filter((row) => row.side === 'Sell').map((row) => row.leavesQty)),
    };
    for (const coin of ['USDT', 'BTC']) {
      const row = wallet.coin.find((each) => each.coin === coin);
      assert.equal(`${exact(row.walletBalance)}`, `${expected[coin]}`, `${account}: ${coin}`);
      assert.equal(`${exact(row.locked)}`, `${held[coin]}`, `${account}: ${coin} held`);
    }
  }

  async #one(account, path, query) {
    const answer = await this.connection.send(get(this.keys[account], path, query));
    assert.equal(answer.json?.retCode, 0, answer.text);
    return answer.json.result.list[0];
  }

  #promises() {
    for (const [orderLinkId, order] of this.promises.orders) {
      const row = this.found.get(orderLinkId);
      if (order.state === 'refused') {
        assert.equal(row, undefined, `${orderLinkId} was refused and is there`);
      }
      if (order.state === 'accepted') {
        assert.ok(row, `${orderLinkId} was acknowledged as ${order.orderId} and is gone`);
        assert.equal(row.orderId, order.orderId, `${orderLinkId} has another id`);
      }
      if (order.cancelled) {
        assert.ok(!row.isLive, `${orderLinkId} was cancelled and lives`);
        assert.match(row.orderStatus, /Cancell?ed$/, `${orderLinkId} was cancelled`);
        assert.equal(row.cancelType, 'CancelByUser');
      }
      const before = this.promises.closedRows.get(orderLinkId);
      if (before) assert.deepEqual(row, before, 'an order once seen closed stays as it is');
    }
    for (const [orderLinkId, row] of this.found) {
      const order = this.promises.orders.get(orderLinkId);
      assert.ok(order, `${orderLinkId} (${row.orderId}) was never sent`);
      const { body } = order;
      assert.deepEqual(
        [row.account, row.category, row.symbol, row.side, row.orderType],
        [order.account, body.category, body.symbol, body.side, body.orderType],
      );
      assert.ok(exact(row.qty).equals(body.qty), `${orderLinkId}: quantity ${row.qty}`);
      if (body.price) assert.ok(exact(row.price).equals(body.price), `${orderLinkId}: price`);
      if (!row.isLive) this.promises.closedRows.set(orderLinkId, row);
    }
  }

  // Sends orders again that may or may not have been carried out: what is there is refused as a
  // duplicate, what is not is placed. `traffic` judges the answers to the latter.
  async sendAgain(traffic, random) {
    const all = [...this.promises.orders.values()];
    const open = all.filter((order) => order.state === 'sent');
    const accepted = all.filter((order) => order.state === 'accepted');
    const sample = Array.from({ length: Math.min(25, accepted.length) }, () =>
      random.pick(accepted),
    );
    let placed = 0;
    for (const { account, body, orderLinkId } of [...sample, ...open, ...sample.slice(0, 3)]) {
      const bytes = post(this.keys[account], '/v5/order/create', body);
      const answer = await this.connection.send(bytes);
      const code = answer.json?.retCode;
      const row = this.found.get(orderLinkId);
      if (row) {
        assert.ok(kDuplicate.has(code), `${orderLinkId} is there; again: ${answer.text}`);
        if (this.promises.orders.get(orderLinkId).state === 'sent') {
          this.promises.accepted(orderLinkId, row.orderId);
        }
      } else {
        traffic.judge(orderLinkId, code, answer.json?.result, answer);
        ++placed;
      }
    }
    return { lost: placed, kept: open.length - placed };
  }
}

// An order's progress is the sum of its executions.
function checkFills(orders, executions) {
  const byOrder = Map.groupBy
    ? Map.groupBy(executions, (row) => row.orderId)
    : executions.reduce(
        (map, row) => map.set(row.orderId, [...(map.get(row.orderId) ?? []), row]),
        new Map(),
      );
  for (const order of orders) {
    const fills = byOrder.get(order.orderId) ?? [];
    byOrder.delete(order.orderId);
    for (const [shown, column] of [
      ['cumExecQty', 'execQty'],
      ['cumExecValue', 'execValue'],
      ['cumExecFee', 'execFee'],
    ]) {
      const total = sum(fills.map((row) => row[column]));
      assert.equal(`${exact(order[shown])}`, `${total}`, `${order.orderLinkId}: ${shown}`);
    }
    const left = order.isLive ? exact(order.qty).minus(order.cumExecQty) : exact('0');
    assert.equal(`${exact(order.leavesQty)}`, `${left}`, `${order.orderLinkId}: leavesQty`);
    for (const row of fills) assert.equal(row.orderLinkId, order.orderLinkId);
  }
  assert.deepEqual([...byOrder.keys()], [], 'every execution belongs to an order');
}

// Where both sides of a fill are ours they must agree.
function checkTwoSides(fills) {
  for (const [execId, rows] of fills) {
    assert.ok(rows.length <= 2, `${execId} has ${rows.length} sides`);
    if (rows.length < 2) continue;
    const [a, b] = rows;
    assert.deepEqual(
      [a.execPrice, a.execQty, a.execTime, a.isMaker, a.side === b.side],
      [b.execPrice, b.execQty, b.execTime, !b.isMaker, false],
      `both sides of ${execId}`,
    );
  }
}
