// Orders and cancellations on several connections at once, as alice and bob: some rest, some trade
// with the market, some with each other.
import { Connection, Lost, get, post } from './connection.mjs';

const kConnections = 6;
const kLanesPerConnection = 3; // requests under way on one connection
const kRestingMax = 120; // per account and category, well below the venue's limit

const kInstruments = {
  linear: { priceDecimals: 1, quantityDecimals: 3, quantities: [0.001, 0.02] },
  spot: { priceDecimals: 1, quantityDecimals: 6, quantities: [0.0002, 0.01] },
};

// Refusals of an order that are the exchange's word and not a fault: not enough money or margin.
const kRefusalsExpected = new Set([110007, 110004, 110012, 170131, 110014, 110045, 170124]);
const kUnknownOrder = new Set([110001, 170213, 170142, 170139]);

const accountOf = (connection) => (connection % 2 === 0 ? 'alice' : 'bob');

function ifLost(error) {
  if (!(error instanceof Lost)) throw error;
}

export class Traffic {
  constructor({ server, keys, promises, random, prefix }) {
    Object.assign(this, { server, keys, promises, random, prefix });
    this.count = 0;
    this.stopping = false;
  }

  async open() {
    this.quotes = {};
    this.connections = [];
    for (let i = 0; i < kConnections; ++i) {
      this.connections.push(await Connection.open(this.server.port));
    }
    for (const category of Object.keys(kInstruments)) {
      const query = { category, symbol: 'BTCUSDT' };
      const { json } = await this.connections[0].send(get(null, '/v5/market/tickers', query));
      const row = json.result.list[0];
      this.quotes[category] = { bid: Number(row.bid1Price), ask: Number(row.ask1Price) };
      if (!(this.quotes[category].bid > 0)) throw new Error(`no quote: ${JSON.stringify(json)}`);
    }
  }

  // Runs until the server is gone or stop() is called.
  async run() {
    const lanes = this.connections.flatMap((connection, i) =>
      Array.from({ length: kLanesPerConnection }, (_, k) =>
        this.#lane(connection, accountOf(i), this.random.stream(`${i}.${k}`)),
      ),
    );
    await Promise.all(lanes);
    for (const connection of this.connections) connection.end();
  }

  stop() {
    this.stopping = true;
  }

  // All at once: signed before anything is sent, so that the server is never short of work and may
  // be met in the middle of it. With `deaf` every third connection never reads an answer: what it
  // asked for may be done or not.
  async burst(requestsPerConnection, deaf) {
    const bursts = this.connections.map((connection, i) => {
      const account = accountOf(i);
      const random = this.random.stream(`burst ${i}`);
      const own = [];
      return Array.from({ length: requestsPerConnection }, () =>
        this.#request(account, random, own),
      );
    });
    await Promise.all(
      this.connections.flatMap((connection, i) => {
        if (deaf && i % 3 === 2) connection.deafen();
        connection.socket.cork();
        const answered = bursts[i].map((each) => this.#exchange(connection, each).catch(ifLost));
        connection.socket.uncork();
        return answered;
      }),
    );
    for (const connection of this.connections) connection.end();
  }

  stop() {
    this.stopping = true;
  }

  async #lane(connection, account, random) {
    while (!this.stopping && !connection.gone) {
      await this.#exchange(connection, this.#request(account, random)).catch(ifLost);
    }
  }

  async #exchange(connection, { bytes, judge }) {
    judge(await connection.send(bytes));
  }

  // The next request and what its answer means. `own` are orders that were sent before on the same
  // connection, whose answers need not be there yet.
  #request(account, random, own = []) {
    const category = random.pick(['linear', 'linear', 'spot']);
    const resting = this.promises.resting(account, category);
    const known = [...resting, ...own.filter((order) => order.category === category)];
    const draw = random.unit();
    if (resting.length > kRestingMax || (draw < 0.25 && known.length > 0)) {
      return this.#cancel(account, random, random.pick(known));
    }
    if (draw < 0.27) return this.#cancelAll(account, category);
    if (draw < 0.33) return this.#placeBatch(account, random, category);
    const order = this.order(account, category, random);
    own.push(order);
    return this.#place(order);
  }

  // A new order, remembered as sent.
  order(account, category, random) {
    const { priceDecimals, quantityDecimals, quantities } = kInstruments[category];
    const { bid, ask } = this.quotes[category];
    const side = random.pick(['Buy', 'Sell']);
    const away = (share) => (side === 'Buy' ? bid * (1 - share) : ask * (1 + share));
    const manner = random.pick(['rest', 'rest', 'rest', 'inside', 'inside', 'cross', 'market']);
    const body = { category, symbol: 'BTCUSDT', side };
    const quantity = quantities[0] + random.unit() * (quantities[1] - quantities[0]);
    body.qty = quantity.toFixed(quantityDecimals);
    body.orderType = manner === 'market' ? 'Market' : 'Limit';
    if (manner === 'rest') body.price = away(0.005 + random.unit() * 0.03);
    if (manner === 'inside') body.price = bid + random.unit() * (ask - bid);
    if (manner === 'cross') body.price = away(-0.001);
    if (body.price) body.price = body.price.toFixed(priceDecimals);
    if (manner === 'cross') body.timeInForce = random.pick(['GTC', 'IOC']);
    if (manner === 'rest') body.timeInForce = random.pick(['GTC', 'PostOnly']);
    if (manner === 'market' && category === 'spot') body.marketUnit = 'baseCoin';
    body.orderLinkId = `${this.prefix}-${++this.count}`;
    const order = { account, category, orderLinkId: body.orderLinkId, body };
    this.promises.sent(order);
    return order;
  }

  #place({ account, orderLinkId, body }) {
    return {
      bytes: post(this.keys[account], '/v5/order/create', body),
      judge: (answer) => this.judge(orderLinkId, answer.json?.retCode, answer.json?.result, answer),
    };
  }

  judge(orderLinkId, code, result, answer) {
    if (code === 0) return this.promises.accepted(orderLinkId, result.orderId);
    if (kRefusalsExpected.has(code)) return this.promises.refused(orderLinkId);
    this.#surprise(answer);
  }

  #placeBatch(account, random, category) {
    const orders = [1, 2, 3].map(() => this.order(account, category, random));
    const body = { category, request: orders.map((order) => order.body) };
    return {
      bytes: post(this.keys[account], '/v5/order/create-batch', body),
      judge: (answer) => {
        if (answer.json?.retCode !== 0) return this.#surprise(answer);
        orders.forEach(({ orderLinkId }, i) => {
          const { code } = answer.json.retExtInfo.list[i];
          this.judge(orderLinkId, code, answer.json.result.list[i], answer);
        });
      },
    };
  }

  #cancel(account, random, { category, orderLinkId, orderId }) {
    const name = orderId ? random.pick([{ orderLinkId }, { orderId }]) : { orderLinkId };
    const body = { category, symbol: 'BTCUSDT', ...name };
    return {
      bytes: post(this.keys[account], '/v5/order/cancel', body),
      judge: (answer) => {
        const code = answer.json?.retCode;
        if (code === 0) this.promises.cancelled(orderLinkId);
        else if (!kUnknownOrder.has(code)) this.#surprise(answer);
      },
    };
  }

  #cancelAll(account, category) {
    const body = { category, symbol: 'BTCUSDT' };
    return {
      bytes: post(this.keys[account], '/v5/order/cancel-all', body),
      judge: (answer) => {
        if (answer.json?.retCode !== 0) return this.#surprise(answer);
        for (const { orderLinkId } of answer.json.result.list) this.promises.cancelled(orderLinkId);
      },
    };
  }

  #surprise(answer) {
    this.promises.surprises.push(`${answer.status} ${answer.text}`);
  }
}
