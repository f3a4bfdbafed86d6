// Folders for stores, gone at the end unless something failed.
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tally } from './report.mjs';

const made = [];

export function folder() {
  const path = mkdtempSync(join(tmpdir(), 'venuebox-crash-'));
  made.push(path);
  return path;
}

// What a killed server leaves is the file and its log.
export function copyStore(from, to) {
  for (const tail of ['', '-wal']) {
    rmSync(to + tail, { force: true });
    if (existsSync(from + tail)) copyFileSync(from + tail, to + tail);
  }
}

export function cleanUp() {
  if (tally.failed > 0) return console.log(`the stores are kept: ${made.join(' ')}`);
  for (const path of made) rmSync(path, { recursive: true, force: true });
}
