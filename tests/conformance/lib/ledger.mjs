// What an account must hold after its fills, worked out from the fills alone: the second opinion
// that positions, fees and balances are compared with.
import { exact } from './exact.mjs';

// A one-way position in a linear contract. Like the house's books it keeps the sum of what was
// paid to enter, never an average.
export class Position {
  constructor() {
    this.size = exact('0'); // signed, in base units
    this.entry = exact('0'); // signed value paid to enter what is still open
    this.realised = exact('0'); // profit taken, before fees
    this.fees = exact('0');
    this.divides = true; // every share of the entry came out even so far
  }

  // Takes unified trades in any order; the venue's ids and times put them right.
  static after(trades) {
    const position = new Position();
    for (const trade of inOrder(trades)) position.add(trade);
    return position;
  }

  add({ side, price, amount, fee }) {
    const signed = side === 'buy' ? exact(amount) : exact(amount).negated();
    this.fees = this.fees.plus(fee.cost);
    let opening = signed;
    if (this.size.sign() * signed.sign() < 0) {
      const closing = signed.abs().compare(this.size.abs()) <= 0 ? signed : this.size.negated();
      const share = this.entry.times(closing.abs()).over(this.size.abs());
      this.divides &&= share.fits(8);
      this.realised = this.realised.minus(closing.times(price)).minus(share);
      this.entry = this.entry.minus(share);
      this.size = this.size.plus(closing);
      opening = signed.minus(closing);
    }
    this.size = this.size.plus(opening);
    this.entry = this.entry.plus(opening.times(price));
  }

  get entryPrice() {
    return this.entry.over(this.size);
  }
  get walletChange() {
    return this.realised.minus(this.fees);
  }
}

// What spot fills did to the two assets; each fee is taken from the asset it names.
export function spotChange(trades, base, quote) {
  const change = { [base]: exact('0'), [quote]: exact('0') };
  for (const { side, price, amount, fee } of trades) {
    const sign = side === 'buy' ? exact('1') : exact('-1');
    change[base] = change[base].plus(sign.times(amount));
    change[quote] = change[quote].minus(sign.times(amount).times(price));
    change[fee.currency] = change[fee.currency].minus(fee.cost);
  }
  return change;
}

export function inOrder(trades) {
  return [...trades].sort(
    (a, b) => a.timestamp - b.timestamp || (a.sequence ?? 0) - (b.sequence ?? 0),
  );
}

export const quantity = (trades) =>
  trades.reduce((total, trade) => total.plus(trade.amount), exact('0'));

// Fills as price -> quantity, since one level may be several resting orders.
export function byPrice(trades) {
  const levels = new Map();
  for (const { price, amount } of trades) {
    const key = exact(price).toString();
    levels.set(
      key,
      exact(levels.get(key) ?? '0')
        .plus(amount)
        .toString(),
    );
  }
  return levels;
}
