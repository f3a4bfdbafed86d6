// What came in on streams, and how to know that no more is on its way. Nothing here waits for time
// to pass: a ping that is answered shows that all the server had said before it has been heard.
import assert from 'node:assert/strict';
import WebSocket from 'ws';

// Is back when a frame of ours that asks for an answer has it, for venues without words for that.
function echo(socket) {
  return new Promise((resolve) => {
    socket.once('pong', resolve);
    socket.ping('settle');
  });
}

// Messages in the order they came, and those who wait for one.
class Ears {
  constructor() {
    this.heard = [];
    this.waiting = [];
    this.pings = 0;
  }

  hear(message, url) {
    const entry = { message, url };
    this.heard.push(entry);
    for (const one of this.waiting.filter(({ is }) => is(entry))) {
      this.waiting.splice(this.waiting.indexOf(one), 1);
      one.resolve(entry);
    }
  }

  // The first message from a place on that is what is looked for, when it comes.
  first(is, from = this.heard.length) {
    const found = this.heard.slice(from).find(is);
    return found ?? new Promise((resolve) => this.waiting.push({ is, resolve }));
  }

  get mark() {
    return this.heard.length;
  }

  since(mark) {
    return this.heard.slice(mark).map(({ message }) => message);
  }
}

// A real client that is listened in on: every message is noted once the client has dealt with it.
export class Listener extends Ears {
  constructor(client, streams) {
    super();
    this.client = client;
    this.streams = streams; // the venue's words, from its table
    client.streaming.keepAlive = 0; // its own pings would be answered between ours
    const deal = client.handleMessage;
    client.handleMessage = (connection, message) => {
      try {
        deal.call(client, connection, message);
      } finally {
        this.hear(message, connection.url);
      }
    };
  }

  // Starts to watch, and is back when the venue has agreed and its first words are in. What the
  // watch itself comes to is in `first`; it stays open where nothing is told at the start.
  async watch(watch) {
    const from = this.mark;
    const first = watch(this.client);
    first.catch(() => {});
    const refused = first.then(() => new Promise(() => {}));
    const agreed = this.first(({ message }) => this.streams.isAgreed(message), from);
    await Promise.race([agreed, refused]);
    await this.settle();
    return { first };
  }

  // Every connection's answer to a ping, and then what the client's own promises make of it.
  async settle() {
    const from = this.mark;
    for (const connection of Object.values(this.client.clients ?? {})) {
      if (!connection.isConnected || !connection.isOpen()) continue;
      if (!this.streams.ping) {
        await echo(connection.connection);
        continue;
      }
      const id = `settle-${++this.pings}`;
      const answer = this.first(
        ({ message, url }) => url === connection.url && this.streams.isPong(message, id),
        from,
      );
      await connection.send(this.streams.ping(id));
      await answer;
    }
    await new Promise(setImmediate);
  }

  // What the client says because of `act`. The watch is open before, so that nothing is missed;
  // when all there was to hear is in and the client has said nothing, that is a failure.
  async after(watch, act, what = 'the watch') {
    const said = await this.maybe(watch, act);
    if (said === undefined) assert.fail(`${what}: the client was told nothing`);
    return said.value;
  }

  // As above, where nothing may come: {value}, or undefined.
  async maybe(watch, act) {
    await this.settle();
    let said;
    const next = watch(this.client).then(
      (value) => (said = { value }),
      (error) => (said = { error }),
    );
    next.catch(() => {});
    await act();
    await this.settle();
    if (said?.error) throw said.error;
    return said;
  }

  // The messages that `act` brought.
  async during(act) {
    await this.settle();
    const from = this.mark;
    await act();
    await this.settle();
    return this.since(from).filter((message) => !this.streams.isPong?.(message));
  }

  async close() {
    await this.client.close();
  }
}

// A bare connection that says and hears exactly what is on the wire.
export class Wire extends Ears {
  static async open(url, streams) {
    const wire = new Wire();
    wire.streams = streams;
    wire.socket = new WebSocket(url);
    wire.closed = new Promise((resolve) => {
      wire.socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    wire.socket.on('message', (bytes, isBinary) => {
      wire.hear(isBinary ? { binary: bytes.length } : JSON.parse(bytes.toString()), url);
    });
    await new Promise((resolve, reject) => {
      wire.socket.on('open', resolve);
      wire.socket.on('error', reject);
    });
    return wire;
  }

  send(message) {
    const isText = typeof message === 'string' || Buffer.isBuffer(message);
    this.socket.send(isText ? message : JSON.stringify(message));
  }

  // The next message that is not a push of a topic.
  async ask(message) {
    const from = this.mark;
    this.send(message);
    return (await this.first(({ message }) => !this.streams.isPush(message), from)).message;
  }

  async settle() {
    if (!this.streams.ping) return echo(this.socket);
    const id = `settle-${++this.pings}`;
    const answer = this.first(({ message }) => this.streams.isPong(message, id), this.mark);
    this.send(this.streams.ping(id));
    await answer;
  }

  // The pushes that `act` brought.
  async during(act) {
    await this.settle();
    const from = this.mark;
    await act();
    await this.settle();
    return this.since(from).filter((message) => this.streams.isPush(message));
  }

  // Subscribes to topics and hands back what is told of them at the start.
  async subscribe(...topics) {
    const from = this.mark;
    const { one, subscribe, isAgreed } = this.streams;
    for (const some of one ? topics.map((topic) => [topic]) : [topics]) {
      const answer = await this.ask(subscribe(some));
      assert.ok(isAgreed(answer), JSON.stringify(answer));
    }
    await this.settle();
    return this.since(from).filter((message) => this.streams.isPush(message));
  }

  async close() {
    this.socket.close();
    await this.closed;
  }
}
