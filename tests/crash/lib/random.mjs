// Numbers that repeat: every place that draws has a stream of its own, named by what it is for.
export class Random {
  constructor(seed, purpose = '') {
    this.seed = seed;
    this.purpose = purpose;
    let hash = 2166136261 ^ seed;
    for (const letter of purpose) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619);
    this.state = hash >>> 0;
  }

  stream(purpose) {
    return new Random(this.seed, `${this.purpose}/${purpose}`);
  }

  // In [0, 1).
  unit() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let value = this.state;
    value = Math.imul(value ^ (value >>> 15), value | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  }

  between(lowest, highest) {
    return lowest + Math.floor(this.unit() * (highest - lowest + 1));
  }

  pick(list) {
    return list[this.between(0, list.length - 1)];
  }
}
