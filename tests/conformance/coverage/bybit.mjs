// How Bybit's answers and stream messages are read for the record of what a client called, and for
// the parity table. Knows the wire, not what a test expects of it.

// Codes that stand for several causes, which only the text tells apart.
const kOfManyCauses = [10001, 10004];

// What one answer says, as a text. Brackets hold what differs from call to call.
function outcome(code, text) {
  if (!kOfManyCauses.includes(Number(code))) return `${code}`;
  return `${code} ${text.replace(/\[.*/, '')}`;
}

function ofEntries(list) {
  return (list ?? []).map(({ code, msg }) => outcome(code, msg));
}

// An order is acknowledged whatever becomes of it; why it ended against its owner's wish stands in
// its row.
function endings(list) {
  const wished = [undefined, '', 'EC_NoError', 'EC_PerCancelRequest'];
  const reasons = (list ?? []).map(({ rejectReason }) => rejectReason);
  return reasons.filter((reason) => !wished.includes(reason));
}

// Names of topics, the more exact before the less; what stands in braces varies.
const kPatterns = [
  'orderbook.{depth}.{symbol}',
  'publicTrade.{symbol}',
  'tickers.{symbol}',
  'kline.{interval}.{symbol}',
  'allLiquidation.{symbol}',
  'execution.fast',
  'execution.fast.{category}',
  'execution.{category}',
  'order.{category}',
  'position.{category}',
  'dcp.{product}',
].map((pattern) => {
  const names = [...pattern.matchAll(/{(\w+)}/g)].map(([, name]) => name);
  const text = pattern.replaceAll('.', '\\.').replace(/{\w+}/g, '([^.]+)');
  return { pattern, names, shape: new RegExp(`^${text}$`) };
});

export default {
  // The route of a request's path: names and ids stand in queries and bodies alone.
  route: (path) => path,

  // What an answer says, and what it says of each entry of a batch and of orders in its list.
  outcomes(body, status) {
    let answer;
    try {
      answer = JSON.parse(body);
    } catch {
      return [`HTTP ${status}`];
    }
    return [
      outcome(answer.retCode, answer.retMsg),
      ...ofEntries(answer.retExtInfo?.list),
      ...endings(answer.result?.list),
    ];
  },

  // A client's message: `key` is what its answer repeats. The harness's own pings begin with
  // "settle-" and are not the client's.
  asked({ op, req_id, reqId, args }) {
    const id = req_id ?? reqId;
    if (`${id}`.startsWith('settle-')) return undefined;
    const isAboutTopics = op === 'subscribe' || op === 'unsubscribe';
    return { operation: op, key: `${id ?? op}`, topics: op === 'subscribe' ? args : [] };
  },

  // The answer to one; undefined for news of a topic.
  answered({ topic, op, req_id, reqId, success, retCode, retMsg, ret_msg, retExtInfo }) {
    if (topic !== undefined) return undefined;
    const key = `${req_id || reqId || (op === 'pong' ? 'ping' : op)}`;
    if (retCode !== undefined) {
      const outcomes = [outcome(retCode, retMsg ?? ret_msg), ...ofEntries(retExtInfo?.list)];
      return { key, outcomes, isAgreed: retCode === 0 };
    }
    const isAgreed = success !== false;
    return { key, outcomes: [isAgreed ? '0' : ret_msg.replace(/topic:.*/, 'topic:…')], isAgreed };
  },

  // A topic's pattern, and the words that stood in its braces. Symbols are not kept.
  channel(topic) {
    for (const { pattern, names, shape } of kPatterns) {
      const words = shape.exec(topic)?.slice(1);
      if (words) return { pattern, values: words.filter((_, i) => names[i] !== 'symbol') };
    }
    return { pattern: topic, values: [] };
  },
};
