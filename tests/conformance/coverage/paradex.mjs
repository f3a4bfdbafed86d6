// How Paradex's answers and stream messages are read for the record of what a client called, and
// for the parity table. Knows the wire, not what a test expects of it.

// Codes that stand for several causes, which only the text tells apart.
const kOfManyCauses = ['VALIDATION_ERROR', 'UNAUTHORIZED_ERROR', -32600, 40111];

const outcome = (code, text) => (kOfManyCauses.includes(code) ? `${code} ${text}` : `${code}`);

// An order is acknowledged whatever becomes of it; why it ended against its owner's wish stands in
// its row.
function endings(rows) {
  const wished = [undefined, '', 'USER_CANCELED'];
  const reasons = rows.map(({ cancel_reason }) => cancel_reason);
  return reasons.filter((reason) => !wished.includes(reason));
}

// What stands before a name or an id in a path, and words in its place that are neither.
const kBeforeNames = [
  'account/margin',
  'algo/orders',
  'auth',
  'bbo',
  'instruments',
  'orderbook',
  'orders/by_client_id',
  'orders',
].join('|');
const kNoNames = '(?:batch|open)$|by_client_id/';
const kNamed = new RegExp(`^(/v1/(?:${kBeforeNames})/)(?!${kNoNames})[^/]+`);

// Names of channels, those of all markets before those of one; what stands in braces varies.
const kPatterns = [
  'order_book.{market}.{feed}@{depth}@{rate}@{tick}',
  'order_book.{market}.{feed}@{depth}@{rate}',
  'orderbook.{market}',
  'bbo.{market}',
  ...['trades', 'markets_summary', 'funding_data', 'orders', 'fills', 'funding_payments'].flatMap(
    (name) => [`${name}.ALL`, `${name}.{market}`],
  ),
].map((pattern) => {
  const names = [...pattern.matchAll(/{(\w+)}/g)].map(([, name]) => name);
  const text = pattern.replaceAll('.', '\\.').replace(/{\w+}/g, '([^.@]+)');
  return { pattern, names, shape: new RegExp(`^${text}$`) };
});

export default {
  // The venue's own path of its stream, which the server takes under any path.
  streamPath: '/v1',

  // The route of a request's path, as the server lists it.
  route: (path) => path.replace(kNamed, '$1{}'),

  // What an answer says, and what it says of each order in its list. "0": it was done, as on venues
  // that have a code for that.
  outcomes(body, status) {
    const done = status < 300 ? '0' : `HTTP ${status}`;
    let answer;
    try {
      answer = JSON.parse(body);
    } catch {
      return [done];
    }
    const rows = Array.isArray(answer.results) ? answer.results : [answer];
    const refusals = [answer, ...(answer.errors ?? [])]
      .filter(({ error }) => error)
      .map(({ error, message }) => outcome(error, message));
    return [...(answer.error ? [] : [done]), ...refusals, ...endings(rows)];
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
    if (error === undefined) return { key, outcomes: ['0'], isAgreed: true };
    // What REST refuses is told by REST's code.
    const { code, message, data } = error;
    return { key, outcomes: [code === 100 ? message : outcome(code, data)], isAgreed: false };
  },

  // A channel's pattern, and the words that stood in its braces. Markets are not kept.
  channel(topic) {
    for (const { pattern, names, shape } of kPatterns) {
      const words = shape.exec(topic)?.slice(1);
      if (words) return { pattern, values: words.filter((_, i) => names[i] !== 'market') };
    }
    return { pattern: topic, values: [] };
  },
};
