// The client's end of a raw socket: bytes go out exactly as written, answers are read just well
// enough to tell them apart.
import { createHmac } from 'node:crypto';
import net from 'node:net';

// Only a server that neither answers nor closes ever meets this limit.
const kPatienceMs = 30_000;

export class Wire {
  static async open(port) {
    const wire = new Wire();
    wire.socket = net.connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    wire.received = Buffer.alloc(0);
    wire.ended = false;
    wire.wake = () => {};
    wire.socket.on('data', (bytes) => {
      wire.received = Buffer.concat([wire.received, bytes]);
      wire.wake();
    });
    for (const event of ['end', 'close', 'error']) {
      wire.socket.on(event, () => {
        wire.ended = true;
        wire.wake();
      });
    }
    await new Promise((resolve, reject) => {
      wire.socket.once('connect', resolve);
      wire.socket.once('error', reject);
    });
    return wire;
  }

  send(bytes) {
    if (!this.socket.destroyed && this.socket.writable) this.socket.write(bytes);
  }

  half() {
    this.socket.end();
  }
  reset() {
    this.socket.resetAndDestroy();
  }
  drop() {
    this.socket.destroy();
  }

  // The next whole answer, or undefined once the server has closed without one.
  async answer({ head = false } = {}) {
    const deadline = Date.now() + kPatienceMs;
    for (;;) {
      const parsed = parse(this.received, this.ended, head);
      if (parsed) {
        this.received = this.received.subarray(parsed.length);
        if (parsed.status === 100) continue; // an interim answer; the real one follows
        return parsed;
      }
      if (this.ended) return undefined;
      await this.#more(deadline, 'an answer');
    }
  }

  // Waits until the server has closed; true when it sent nothing more.
  async closed() {
    const deadline = Date.now() + kPatienceMs;
    while (!this.ended) await this.#more(deadline, 'the close');
    return this.received.length === 0;
  }

  async #more(deadline, what) {
    let timer;
    await new Promise((resolve, reject) => {
      this.wake = resolve;
      timer = setTimeout(
        () => reject(new Error(`waited in vain for ${what}`)),
        deadline - Date.now(),
      );
    }).finally(() => clearTimeout(timer));
  }
}

function parse(bytes, ended, head) {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [line, ...fields] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const match = /^HTTP\/1\.[01] (\d{3})/.exec(line);
  if (!match) throw new Error(`not an HTTP answer: ${line}`);
  const status = Number(match[1]);
  const headers = new Map(
    fields.map((field) => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
    }),
  );
  const start = end + 4;
  let length = Number(headers.get('content-length') ?? (ended ? bytes.length - start : NaN));
  if (head || status === 100 || status === 204 || status === 304) length = 0;
  if (Number.isNaN(length) || bytes.length < start + length) return undefined;
  const text = bytes.subarray(start, start + length).toString();
  let json;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status, headers, text, json, length: start + length };
}

export const hmac = (secret, text) => createHmac('sha256', secret).update(text).digest('hex');

// Bytes of a request; `head` lines are written as they are, a Content-Length is added for a body.
export function request(
  method,
  target,
  { head = [], body, host = '127.0.0.1', version = 'HTTP/1.1' } = {},
) {
  const lines = [
    Buffer.concat([Buffer.from(`${method} `), Buffer.from(target), Buffer.from(` ${version}`)]),
  ];
  if (host !== undefined) lines.push(Buffer.from(`Host: ${host}`));
  for (const line of head) lines.push(Buffer.from(line));
  const content = body === undefined ? Buffer.alloc(0) : Buffer.from(body);
  if (body !== undefined) lines.push(Buffer.from(`Content-Length: ${content.length}`));
  return Buffer.concat([
    ...lines.flatMap((line) => [line, Buffer.from('\r\n')]),
    Buffer.from('\r\n'),
    content,
  ]);
}

// The authentication headers of a Bybit request, over the body or the query string.
export function signed({ apiKey, secret }, payload, { at = Date.now(), window = '5000' } = {}) {
  const text = Buffer.concat([Buffer.from(`${at}${apiKey}${window}`), Buffer.from(payload)]);
  return {
    'X-BAPI-API-KEY': apiKey,
    'X-BAPI-TIMESTAMP': `${at}`,
    'X-BAPI-RECV-WINDOW': window,
    'X-BAPI-SIGN': hmac(secret, text),
  };
}

export const lines = (headers) =>
  Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
