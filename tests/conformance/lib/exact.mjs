// Exact arithmetic on decimal texts: a Fraction of two BigInts, so that "to the last digit"
// means it.

const gcd = (a, b) => {
  while (b !== 0n) [a, b] = [b, a % b];
  return a < 0n ? -a : a;
};

export class Fraction {
  constructor(numerator, denominator = 1n) {
    const sign = denominator < 0n ? -1n : 1n;
    const common = gcd(numerator, denominator) || 1n;
    this.numerator = (sign * numerator) / common;
    this.denominator = (sign * denominator) / common;
  }

  plus(other) {
    const b = exact(other);
    return new Fraction(
      this.numerator * b.denominator + b.numerator * this.denominator,
      this.denominator * b.denominator,
    );
  }
  minus(other) {
    return this.plus(exact(other).negated());
  }
  times(other) {
    const b = exact(other);
    return new Fraction(this.numerator * b.numerator, this.denominator * b.denominator);
  }
  over(other) {
    const b = exact(other);
    return new Fraction(this.numerator * b.denominator, this.denominator * b.numerator);
  }
  negated() {
    return new Fraction(-this.numerator, this.denominator);
  }
  abs() {
    return this.numerator < 0n ? this.negated() : this;
  }

  compare(other) {
    const difference = this.minus(other).numerator;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }
  equals(other) {
    return this.compare(other) === 0;
  }
  isZero() {
    return this.numerator === 0n;
  }
  isMultipleOf(step) {
    return this.over(step).denominator === 1n;
  }
  sign() {
    return this.numerator < 0n ? -1 : this.numerator > 0n ? 1 : 0;
  }

  // The largest multiple of step that is not above this (this must not be negative).
  floorTo(step) {
    const steps = this.over(step);
    return exact(step).times(new Fraction(steps.numerator / steps.denominator));
  }

  // True when the value can be written with at most that many decimals.
  fits(decimals) {
    return (this.numerator * 10n ** BigInt(decimals)) % this.denominator === 0n;
  }

  // Decimal text: exact when it ends within 18 decimals, cut there otherwise.
  toString() {
    let digits = 0;
    while (digits < 18 && !this.fits(digits)) ++digits;
    const scaled = (this.abs().numerator * 10n ** BigInt(digits)) / this.denominator;
    const text = scaled.toString().padStart(digits + 1, '0');
    const whole = text.slice(0, text.length - digits);
    const sign = this.numerator < 0n ? '-' : '';
    const shown = digits ? `${whole}.${text.slice(-digits)}` : whole;
    return sign + shown + (this.fits(18) ? '' : '…');
  }
}

export function exact(value) {
  if (value instanceof Fraction) return value;
  if (typeof value === 'bigint') return new Fraction(value);
  const match = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(String(value));
  if (!match) throw new Error(`not a decimal number: ${value}`);
  const [, sign, whole, fraction = '', exponent = '0'] = match;
  const power = BigInt(exponent) - BigInt(fraction.length);
  const digits = BigInt(`${sign === '-' ? '-' : ''}${whole}${fraction}`);
  return power >= 0n ? new Fraction(digits * 10n ** power) : new Fraction(digits, 10n ** -power);
}

export const sum = (values) => values.reduce((total, value) => total.plus(value), exact('0'));
