// Servers that keep their state in a file, and may end in any way.
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
export const binary = process.env.VENUEBOX ?? join(root, 'build', 'release', 'venuebox');
if (!existsSync(binary)) {
  throw new Error(`no server at ${binary}: build it, or name it in VENUEBOX`);
}

// Only a server that hangs ever meets this limit; it leaves room for sanitizers on a busy machine.
export const kPatienceMs = 90_000;
const kTailBytes = 4_000;

// Every flag of the server is also an environment variable, and none of them is meant here.
export const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('VENUEBOX')),
);

const running = new Set();
process.on('exit', () => {
  for (const server of running) server.process.kill('SIGKILL');
});

export class Server {
  // `command` may put something in front of the binary's arguments, `spawning` goes to spawn().
  constructor(store, args, { command = [binary], spawning = {} } = {}) {
    const [program, ...before] = command;
    const all = [...before, 'serve', '--listen', '127.0.0.1:0', '--ready-json', '--store', store];
    this.commandLine = [program, ...all, ...args].join(' ');
    this.tail = '';
    this.stopped = false;
    this.process = spawn(program, [...all, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environment,
      ...spawning,
    });
    running.add(this);
    this.process.stderr.on('data', (bytes) => {
      this.tail = (this.tail + bytes).slice(-kTailBytes);
    });
    // 'close' comes after the last byte of standard error.
    this.exit = new Promise((resolve) => {
      this.process.on('error', (error) => resolve({ code: null, signal: null, error }));
      this.process.on('close', (code, signal) => resolve({ code, signal }));
    });
    this.exit.then(() => {
      this.stopped = true;
      running.delete(this);
    });
    this.readyLine = new Promise((resolve) => {
      let text = '';
      this.process.stdout.on('data', (bytes) => {
        text += bytes;
        const end = text.indexOf('\n');
        if (end >= 0) resolve(text.slice(0, end));
      });
    });
  }

  // A server that must become ready.
  static async start(store, args, options) {
    const server = new Server(store, args, options);
    const outcome = await server.outcome();
    if (!server.ready) {
      throw new Error(
        `${server.commandLine} ended before it was ready (${told(outcome)}): ${server.tail}`,
      );
    }
    return server;
  }

  // How a start went: undefined when it is ready, how it ended otherwise.
  async outcome() {
    const line = await within(
      Promise.race([this.readyLine, this.exit]),
      `${this.commandLine} to become ready`,
    ).catch((error) => {
      this.kill();
      throw error;
    });
    if (typeof line !== 'string') return line;
    this.ready = JSON.parse(line);
    this.port = Number(new URL(this.ready.url).port);
    return undefined;
  }

  kill(signal = 'SIGKILL') {
    if (!this.stopped) this.process.kill(signal);
  }

  ended() {
    return within(this.exit, `${this.commandLine} to end`);
  }

  async stop() {
    this.kill('SIGTERM');
    return this.ended();
  }

  // One control call; a refusal is an error here.
  async control(method, path, body) {
    const answer = await fetch(this.ready.control + path, {
      method,
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`control: ${method} ${path} answered ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }
}

export const told = ({ code, signal, error }) => `${error ?? signal ?? `exit ${code}`}`;

export async function within(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), kPatienceMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

// Runs the program to its end.
export function runToEnd(args, { program = binary, ...options } = {}) {
  return new Promise((resolve) => {
    execFile(
      program,
      args,
      { env: environment, timeout: kPatienceMs, ...options },
      (error, stdout, stderr) =>
        resolve({ code: error ? (error.code ?? null) : 0, signal: error?.signal, stdout, stderr }),
    );
  });
}

export async function credentials(account) {
  const { stdout } = await runToEnd(['credentials', 'bybit', '--account', account]);
  return JSON.parse(stdout);
}

export const replayed = (file) => runToEnd(['replay', '--journal', file, '--json']);
