// How Paradex's answers and stream messages are read for the record of what a client called, and
// for the parity table. Knows the wire, not what a test expects of it.

// An order is acknowledged whatever becomes of it; why it ended against its owner's wish stands in
// its row.
function endings(rows) {
  const wished = [undefined, '', 'USER_CANCELED'];
  const reasons = rows.map(({ cancel_reason }) => cancel_reason);
  return reasons.filter((reason) => !wished.includes(reason));
}

// Names of channels; what stands in braces varies.
const kPatterns = [
  'order_book.{symbol}.{feed}@{depth}@{rate}',
  'trades.{symbol}',
  'orders.{symbol}',
  'fills.{symbol}',
].map((pattern) => {
  const names = [...pattern.matchAll(/{(\w+)}/g)].map(([, name]) => name);
  const text = pattern.replaceAll('.', '\\.').replace(/{\w+}/g, '([^.@]+)');
  return { pattern, names, shape: new RegExp(`^${text}$`) };
});

export default {
  // What an answer says, and what it says of each order in its list.
  outcomes(body, status) {
    let answer;
    try {
      answer = JSON.parse(body);
    } catch {
      return [`HTTP ${status}`];
    }
    const rows = Array.isArray(answer.results) ? answer.results : [answer];
    return [answer.error ?? `HTTP ${status}`, ...endings(rows)];
  },

  // A client's message: `key` is what its answer repeats. Subscriptions go out without an id and
  // are known by their channel.
  asked({ id, method, params }) {
    const { channel } = params;
    return { operation: method, key: channel ?? `${id}`, topics: channel ? [channel] : [] };
  },

  // The answer to one; undefined for news of a channel.
  answered({ id, method, result, error }) {
    if (method === 'subscription') return undefined;
    const key = result?.channel ?? `${id}`;
    return { key, outcomes: [`${error?.code ?? 0}`], isAgreed: error === undefined };
  },

  // A channel's pattern, and the words that stood in its braces. Symbols are not kept.
  channel(topic) {
    for (const { pattern, names, shape } of kPatterns) {
      const words = shape.exec(topic)?.slice(1);
      if (words) return { pattern, values: words.filter((_, i) => names[i] !== 'symbol') };
    }
    return { pattern: topic, values: [] };
  },
};
