// Other ways to end: asked to, in the middle of a commit, on a full disk, while it is starting.
import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { Story, kMarkets } from './kill.mjs';
import { test } from './lib/report.mjs';
import { Server, binary, told } from './lib/server.mjs';

const kBlock = 1024; // bytes of one unit of `ulimit -f` in bash

export async function endings(random, isLong) {
  await askedTo(random.stream('asked'), isLong);
  await insideCommit(random.stream('commit'), isLong);
  await noRoom(random.stream('room'));
  await whileStarting(random.stream('starting'), isLong);
}

async function askedTo(random, isLong) {
  for (const [name, { args }] of Object.entries(kMarkets)) {
    const story = await Story.begin(`end-${name}`, random.stream(name), args);
    for (let i = 0; i < (isLong ? 6 : 2); ++i) {
      const signal = i % 2 === 0 ? 'SIGTERM' : 'SIGINT';
      const burst = i % 2 === 0 ? 60 : 0;
      const moment = { count: random.between(1, 120), of: 'answers', burst, deaf: false };
      const title = `${signal} under load, ${name} market, after ${moment.count} answers`;
      const passed = await test(title, async () => {
        const end = await story.loadUntil(moment, (server) => server.kill(signal));
        assert.equal(told(end), 'exit 0', story.server.tail);
        assert.ok(!existsSync(`${story.file}-wal`), 'a clean end leaves one file');
        await story.replay();
        await story.start();
        const note = await story.audit();
        assert.equal(story.kept, 0, 'whatever was done was answered');
        return note;
      });
      if (!passed) break;
    }
    await story.server.stop();
  }
}

// A server whose files may not grow beyond a size. Without `trap` the system ends it in the very
// write that would go beyond, which is the middle of a commit; with it the write fails.
function limited(kibibytes, trap) {
  const script = `ulimit -c 0; ulimit -f ${kibibytes}; ${trap} exec "$0" "$@"`;
  return { command: ['bash', '-c', script, binary] };
}

async function insideCommit(random, isLong) {
  for (const name of ['synthetic', 'pinned']) {
    const story = await Story.begin(`torn-${name}`, random.stream(name), kMarkets[name].args);
    await story.server.stop();
    for (let i = 0; i < (isLong ? 6 : 2); ++i) {
      const room = random.between(16, 200);
      const title = `killed in the middle of a commit, ${name} market, ${room} KiB on`;
      const passed = await test(title, async () => {
        await story.start();
        const begins = logSize(story);
        await story.server.stop();
        await story.start(limited(Math.ceil(begins / kBlock) + room, ''));
        const end = await story.loadUntil({ of: 'answers', count: 0, burst: 0 }, () => {});
        assert.equal(end.signal, 'SIGXFSZ', told(end));
        const { batches } = await story.replay();
        await story.start();
        const note = await story.audit();
        await story.server.stop();
        return `${batches} batches replayed, ${note}`;
      });
      if (!passed) break;
    }
    story.server.kill();
  }
}

// With nowhere to put the journal a server must stop before it promises anything.
async function noRoom(random) {
  const story = await Story.begin('full', random, ['--market', 'synthetic']);
  await story.server.stop();
  await test('no room for the journal: it stops, and what it told is there', async () => {
    // What a start writes before it is ready, and a little more.
    await story.start();
    const begins = logSize(story);
    await story.server.stop();
    await story.start(limited(Math.ceil(begins / kBlock) + 160, "trap '' XFSZ;"));
    const end = await story.loadUntil({ of: 'answers', count: 0, burst: 0 }, () => {});
    assert.equal(told(end), 'exit 1', story.server.tail);
    assert.match(story.server.tail, /journal cannot be written/);
    await story.replay();
    await story.start();
    return story.audit();
  });
  await story.server.stop();
}

// Killed again and again before it has said that it is ready, at a random turn of our own loop.
async function whileStarting(random, isLong) {
  const story = await Story.begin('start', random, ['--market', 'synthetic']);
  await test('killed while it starts, again and again', async () => {
    await story.loadUntil({ of: 'answers', count: 150, burst: 0 }, (server) => server.kill());
    let early = 0;
    for (let i = 0; i < (isLong ? 60 : 15); ++i) {
      const server = new Server(`sqlite:${story.file}`, [...story.args, '--rate-limits', 'off']);
      const ready = server.outcome().catch(() => {});
      for (let turns = random.between(0, 4_000); turns > 0 && !server.ready; --turns) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (!server.ready) ++early;
      server.kill();
      const end = await server.ended();
      assert.equal(end.signal, 'SIGKILL', told(end) + server.tail);
      await ready;
    }
    await story.replay();
    await story.start();
    return `${early} times before it was ready, ${await story.audit()}`;
  });
  await story.server.stop();
}

const logSize = (story) => statSync(`${story.file}-wal`).size;
