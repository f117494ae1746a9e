// Loaded before everything in the workers of the tests (vitest.config.ts) and, by NODE_OPTIONS, in every Node process that they start: `fsync` returns at
// once. What the programs write is read back through the same kernel, also after `kill -9`, so no test can tell the difference; only
// a machine that loses power could, and none of the tests does that to one. PostgreSQL is started without it too (scripts/postgres.mjs).
import fs from 'node:fs';
import { open } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const done = (_descriptor, callback) => void process.nextTick(callback, null);
Object.assign(fs, { fsync: done, fdatasync: done, fsyncSync: () => undefined, fdatasyncSync: () => undefined });
syncBuiltinESMExports();

const handle = await open(process.execPath);
Object.assign(Object.getPrototypeOf(handle), { sync: async () => undefined, datasync: async () => undefined });
await handle.close();

const own = `--import=${import.meta.url}`;
const given = process.env['NODE_OPTIONS'] ?? '';
if (!given.includes(own)) process.env['NODE_OPTIONS'] = `${given} ${own}`.trim();
