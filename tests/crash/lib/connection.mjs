// One keep-alive connection on which several requests may be under way; answers come in order.
import net from 'node:net';
import { lines, request, signed } from '../../robustness/wire.mjs';
import { within } from './server.mjs';

// The server has gone: whether the request was carried out is not known.
export class Lost extends Error {}

export class Connection {
  static async open(port) {
    const connection = new Connection();
    connection.waiting = [];
    connection.chunks = Buffer.alloc(0);
    connection.socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    await new Promise((resolve, reject) => {
      connection.socket.once('connect', resolve);
      connection.socket.once('error', reject);
    });
    connection.socket.on('data', (bytes) => connection.#take(bytes));
    connection.closed = new Promise((resolve) => connection.socket.once('close', resolve));
    connection.socket.on('error', () => {});
    connection.socket.on('close', () => {
      connection.gone = true;
      for (const { reject } of connection.waiting.splice(0)) reject(new Lost('no answer'));
    });
    return connection;
  }

  send(bytes) {
    const answer = new Promise((resolve, reject) => {
      if (this.gone) return reject(new Lost('not sent'));
      this.waiting.push({ resolve, reject });
      this.socket.write(bytes);
    });
    return within(answer, 'an answer');
  }

  // No answer is read from here on.
  deafen() {
    this.socket.removeAllListeners('data');
    this.socket.on('data', () => {});
  }

  end() {
    this.socket.destroy();
  }

  #take(bytes) {
    this.chunks = this.chunks.length === 0 ? bytes : Buffer.concat([this.chunks, bytes]);
    for (;;) {
      const end = this.chunks.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = this.chunks.subarray(0, end).toString('latin1');
      const length = Number(/^content-length: *(\d+)$/im.exec(head)?.[1]);
      if (Number.isNaN(length)) throw new Error(`an answer without a length: ${head}`);
      const whole = end + 4 + length;
      if (this.chunks.length < whole) return;
      const text = this.chunks.subarray(end + 4, whole).toString();
      this.chunks = this.chunks.subarray(whole);
      const status = Number(head.slice(9, 12));
      this.waiting.shift()?.resolve({ status, head, text, json: jsonOf(text) });
    }
  }
}

function jsonOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// Bytes of signed requests; `at` is the client's clock.
export function post(keys, path, body, at = Date.now()) {
  const text = JSON.stringify(body);
  const headers = lines(signed(keys, text, { at, window: '60000' }));
  return request('POST', `/bybit${path}`, {
    head: ['Content-Type: application/json', ...headers],
    body: text,
  });
}

export function get(keys, path, query, at = Date.now()) {
  const text = new URLSearchParams(query).toString();
  return request('GET', `/bybit${path}?${text}`, {
    head: keys ? lines(signed(keys, text, { at, window: '60000' })) : [],
  });
}
