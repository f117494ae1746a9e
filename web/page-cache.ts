// Small files kept in memory with everything an answer needs: body, gzipped body, ETags. Made once a version of the file.
// Trusts the folder (only the jobs program writes there, by rename). Inode, size and time of the file are compared again when the last
// look is older than `freshMs`, so that a page that was put in place is served that much later at most. A file that is not there is
// `null`, and never remembered.

import { createHash } from 'node:crypto';
import { statSync, type Stats } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

export type CachedPage = {
  body: Buffer;
  etag: string;
  /** Null where packing does not pay. */
  gzipped: Buffer | null;
  gzippedEtag: string;
  /** The answer's headers by representation, filled by whoever answers. */
  headers: Map<string, string[]>;
};

export type PageCache = {
  /** The page at `path`, null if there is no such file, 'large' if it is over the limit and has to be streamed. */
  find(path: string): CachedPage | null | 'large' | Promise<CachedPage | null>;
};

type Kept = { version: string; page: CachedPage; lookedAt: number };

const gzipAsync = promisify(gzip);
const pageBytesMax = 4 * 1024 * 1024;
const keptBytesMax = 64 * 1024 * 1024;
const gzipBytesMin = 600;

/** A cache of its own; the oldest pages leave when `keptBytesMax` is reached. `freshMs` 0: every use looks at the file. */
export function createPageCache(freshMs: number): PageCache {
  const kept = new Map<string, Kept>();
  const loading = new Map<string, Promise<CachedPage | null>>();
  let keptBytes = 0;

  function keep(path: string, entry: Kept): void {
    forget(path);
    kept.set(path, entry);
    keptBytes += weightOf(entry.page);
    for (const oldest of kept.keys()) {
      if (keptBytes <= keptBytesMax) break;
      forget(oldest);
    }
  }

  function forget(path: string): void {
    const entry = kept.get(path);
    if (entry === undefined) return;
    kept.delete(path);
    keptBytes -= weightOf(entry.page);
  }

  async function load(path: string, version: string): Promise<CachedPage | null> {
    const page = await readPage(path);
    if (page !== null) keep(path, { version, page, lookedAt: performance.now() });
    return page;
  }

  function find(path: string): ReturnType<PageCache['find']> {
    const now = performance.now();
    const entry = kept.get(path);
    if (entry !== undefined && now - entry.lookedAt < freshMs) return entry.page;
    // Synchronous on purpose: a page in memory is answered without waiting for the thread pool. docs/decisions/010-index-pages-in-memory.md
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined || !stats.isFile()) {
      forget(path);
      return null;
    }
    if (stats.size > pageBytesMax) return 'large';
    const version = versionOf(stats);
    if (entry !== undefined && entry.version === version) {
      entry.lookedAt = now;
      return entry.page;
    }
    const key = `${version} ${path}`;
    const running = loading.get(key) ?? load(path, version).finally(() => loading.delete(key));
    loading.set(key, running);
    return running;
  }

  return { find };
}

async function readPage(path: string): Promise<CachedPage | null> {
  const body = await readFile(path).catch((fault: NodeJS.ErrnoException) => {
    if (fault.code === 'ENOENT') return null; // renamed away between stat and read
    throw fault;
  });
  if (body === null) return null;
  const digest = createHash('sha256').update(body).digest('base64url').slice(0, 27);
  const packed = body.length >= gzipBytesMin ? await gzipAsync(body) : null;
  const gzipped = packed !== null && packed.length < body.length ? packed : null;
  return { body, etag: `"${digest}"`, gzipped, gzippedEtag: `"${digest}-gz"`, headers: new Map() };
}

function weightOf(page: CachedPage): number {
  return page.body.length + (page.gzipped?.length ?? 0);
}

/** Changes whenever other bytes stand under the name: a rename brings another inode. */
export function versionOf(stats: Stats): string {
  return `${stats.ino}-${stats.size}-${stats.mtimeMs}`;
}

/** True if `If-None-Match` names this entity tag (RFC 9110, 13.1.2: weak comparison). */
export function isUnchanged(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch === etag || ifNoneMatch === '*') return true;
  return ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
