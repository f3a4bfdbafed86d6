// Starts a server of its own for a test, on a free port and with nothing kept on disk, and speaks
// to its control API.
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
export const binary = process.env.VENUEBOX ?? join(root, 'build', 'release', 'venuebox');

// Only a server that hangs ever meets this limit; it leaves room for sanitizers on a busy machine.
const kPatienceMs = 60_000;
const kTailBytes = 4_000;

export class Server {
  static async start(args) {
    if (!existsSync(binary)) {
      throw new Error(`no server at ${binary}: build it, or name it in VENUEBOX`);
    }
    const server = new Server(args);
    server.ready = await server.#readyLine();
    return server;
  }

  constructor(args) {
    const all = ['serve', '--listen', '127.0.0.1:0', '--ready-json', '--store', 'memory', ...args];
    this.commandLine = [binary, ...all].join(' ');
    this.tail = '';
    this.process = spawn(binary, all, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.process.stderr.on('data', (bytes) => {
      this.tail = (this.tail + bytes).slice(-kTailBytes);
    });
    this.exit = new Promise((resolve) => {
      this.process.on('error', (error) => resolve({ code: null, signal: null, error }));
      this.process.on('exit', (code, signal) => resolve({ code, signal }));
    });
    this.stopped = false;
    this.exit.then(() => {
      this.stopped = true;
    });
  }

  get port() {
    return Number(new URL(this.ready.url).port);
  }

  async #readyLine() {
    let timer;
    const line = new Promise((resolve, reject) => {
      let text = '';
      this.process.stdout.on('data', (bytes) => {
        text += bytes;
        const end = text.indexOf('\n');
        if (end >= 0) resolve(text.slice(0, end));
      });
      this.exit.then(({ code, signal, error }) =>
        reject(
          new Error(
            `${this.commandLine} ended before it was ready ` +
              `(${error ?? signal ?? `exit ${code}`}): ${this.tail}`,
          ),
        ),
      );
      timer = setTimeout(
        () => reject(new Error(`${this.commandLine} never became ready`)),
        kPatienceMs,
      );
    });
    try {
      return JSON.parse(await line);
    } catch (error) {
      this.process.kill('SIGKILL');
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  // One control call; the answer's body is parsed when it is JSON. A refusal is an error here.
  async control(method, path, body) {
    const answer = await fetch(this.ready.control + path, {
      method,
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    }).catch(({ message, cause }) => {
      throw new Error(`control: ${method} ${path}: ${message}, ${cause?.stack ?? cause}`);
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`control: ${method} ${path} answered ${answer.status} ${text}`);
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }

  advance(milliseconds) {
    return this.control('POST', '/clock', { advance_ms: milliseconds });
  }

  async stop() {
    if (!this.stopped) this.process.kill('SIGTERM');
    const timer = setTimeout(() => this.process.kill('SIGKILL'), kPatienceMs);
    const exit = await this.exit;
    clearTimeout(timer);
    return exit;
  }
}

export async function credentials(venue, account) {
  const { stdout } = await promisify(execFile)(binary, [
    'credentials',
    venue,
    '--account',
    account,
    '--format',
    'json',
  ]);
  return JSON.parse(stdout);
}
