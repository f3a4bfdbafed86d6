// One client with a script in manual clock: the same requests in every run, whatever happens to the
// server in between. What it is told is kept as a transcript, which must then be the same too.
import { strict as assert } from 'node:assert';
import { Connection, get, post } from './connection.mjs';

const kStartMs = Date.UTC(2025, 0, 1); // where a manual clock begins

export class Play {
  constructor(random, { pinned }) {
    Object.assign(this, { random, pinned });
    this.at = kStartMs;
    this.transcript = [];
    this.sent = [];
    this.mid = { linear: 60_000, spot: 60_000 };
  }

  async meet(server, keys) {
    this.server = server;
    this.keys ??= { ...keys };
    this.connection?.end();
    this.connection = await Connection.open(server.port);
  }

  async run(steps, { before = async () => {} } = {}) {
    for (let i = 0; i < steps; ++i) {
      await before(i);
      await this.#step(i);
    }
  }

  #step(i) {
    const { random } = this;
    if (i === 0 && this.pinned) return this.#quote();
    if (i === 7) return this.#newAccount();
    if (i === 9) {
      const deposit = { venue: 'bybit', asset: 'USDT', amount: '123.45' };
      return this.control('POST', '/accounts/dave/deposit', deposit);
    }
    if (i % 16 === 1) return this.#look();
    const account = random.pick(Object.keys(this.keys));
    const category = random.pick(['linear', 'linear', 'spot']);
    const draw = random.unit();
    if (draw < 0.12) return this.#advance(random.pick([0, 1, 40, 250, 1_000, 7_000, 61_000]));
    if (draw < 0.15 && this.pinned) return this.#quote();
    if (draw < 0.18) return this.#leverage(account);
    if (draw < 0.4 && this.sent.length > 0) return this.#cancel(random.pick(this.sent));
    if (draw < 0.42) return this.#cancelAll(account, category);
    return this.#place(account, category, i);
  }

  async ask(bytes) {
    const { status, head, text, json } = await this.connection.send(bytes);
    // The date is the wall's, and no run's own.
    this.transcript.push(`${head.replace(/\r\nDate: [^\r]*/i, '')}\n${text}`);
    assert.equal(status, 200, text);
    return json;
  }

  async control(method, path, body) {
    const answer = await this.server.control(method, path, body);
    this.transcript.push(`${method} ${path}\n${JSON.stringify(answer)}`);
    return answer;
  }

  post(account, path, body) {
    return this.ask(post(this.keys[account], path, body, this.at));
  }

  get(account, path, query) {
    return this.ask(get(account && this.keys[account], path, query, this.at));
  }

  async #newAccount() {
    const balances = { USDT: '50000', BTC: '1.5' };
    const made = await this.control('POST', '/accounts', { name: 'dave', balances });
    this.keys.dave = made.venues.bybit.credentials;
  }

  async #look() {
    for (const category of ['linear', 'spot']) {
      const answer = await this.get(null, '/v5/market/tickers', { category, symbol: 'BTCUSDT' });
      const row = answer.result.list[0];
      this.mid[category] = (Number(row.bid1Price) + Number(row.ask1Price)) / 2;
    }
  }

  async #advance(milliseconds) {
    await this.control('POST', '/clock', { advance_ms: milliseconds });
    this.at += milliseconds;
  }

  #quote() {
    const { random } = this;
    const bid = 60_000 + random.between(-400, 400);
    return this.control(
      'PUT',
      `/markets/bybit/BTCUSDT/quote?category=${random.pick(['linear', 'spot'])}`,
      {
        bid: `${bid}`,
        ask: `${bid + random.between(1, 30)}`,
        last: random.unit() < 0.5 ? `${bid}` : undefined,
        bid_size: `${random.between(1, 9)}`,
        ask_size: '2.5',
      },
    );
  }

  #leverage(account) {
    const leverage = `${this.random.between(1, 50)}`;
    const body = { category: 'linear', symbol: 'BTCUSDT' };
    return this.post(account, '/v5/position/set-leverage', {
      ...body,
      buyLeverage: leverage,
      sellLeverage: leverage,
    });
  }

  #cancel({ account, category, orderLinkId }) {
    const body = { category, symbol: 'BTCUSDT', orderLinkId };
    return this.post(account, '/v5/order/cancel', body);
  }

  #cancelAll(account, category) {
    return this.post(account, '/v5/order/cancel-all', { category, symbol: 'BTCUSDT' });
  }

  #place(account, category, i) {
    const { random } = this;
    const price = this.mid[category] * (1 + (random.unit() - 0.5) * random.pick([0.001, 0.02]));
    const market = random.unit() < 0.2;
    const body = {
      category,
      symbol: random.pick(['BTCUSDT', 'BTCUSDT', 'BTCUSDT', 'ETHUSDT']),
      side: random.pick(['Buy', 'Sell']),
      orderType: market ? 'Market' : 'Limit',
      qty: `${random.between(1, 40) / 1000}`,
      price: market ? undefined : price.toFixed(1),
      timeInForce: market ? undefined : random.pick(['GTC', 'GTC', 'PostOnly', 'IOC', 'FOK']),
      reduceOnly: category === 'linear' && random.unit() < 0.1,
      orderLinkId: `play-${i}`,
    };
    if (body.symbol === 'ETHUSDT') {
      body.qty = `${random.between(1, 40) / 100}`;
      if (!market) body.price = (price / 23).toFixed(2);
    }
    this.sent.push({ account, category, orderLinkId: body.orderLinkId });
    return this.post(account, '/v5/order/create', body);
  }

  // Everything that can be looked at, outside the transcript.
  async views() {
    const kept = this.transcript;
    this.transcript = [];
    for (const category of ['linear', 'spot']) {
      const query = { category, symbol: 'BTCUSDT' };
      await this.get(null, '/v5/market/tickers', { category });
      await this.get(null, '/v5/market/orderbook', { ...query, limit: '200' });
      await this.get(null, '/v5/market/recent-trade', query);
      for (const account of Object.keys(this.keys)) {
        await this.get(account, '/v5/order/realtime', { ...query, limit: '50' });
        await this.get(account, '/v5/order/history', { ...query, limit: '50' });
        await this.get(account, '/v5/execution/list', { ...query, limit: '100' });
      }
    }
    for (const account of Object.keys(this.keys)) {
      const query = { category: 'linear', settleCoin: 'USDT' };
      await this.get(account, '/v5/position/list', query);
      await this.get(account, '/v5/account/wallet-balance', { accountType: 'UNIFIED' });
    }
    for (const path of ['/state_hash', '/clock']) await this.control('GET', path);
    const accounts = await this.server.control('GET', '/accounts');
    const seen = [...this.transcript, JSON.stringify(accounts)];
    this.transcript = kept;
    return seen;
  }

  hashes() {
    return this.server.control('GET', '/state_hash');
  }
}

// The first place where two runs part, in words, or undefined.
export function difference(a, b) {
  for (let i = 0; i < Math.max(a.length, b.length); ++i) {
    if (a[i] === b[i]) continue;
    return `entry ${i} of ${a.length} and ${b.length}:\n${a[i]}\n${b[i]}`;
  }
  return undefined;
}
