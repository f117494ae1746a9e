// The file store in a folder: what every store promises, and what is its own: where files lie, and what killed uploads left.
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { openFolderStore } from '#lib/server/files/folder-store.ts';
import { keepsItsPromises } from '../support/file-store-contract.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'countersign-files-'));
const incoming = (): string[] => readdirSync(path.join(folder, 'incoming'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the file store in a folder', () => {
  keepsItsPromises(async () => {
    const store = await openFolderStore(folder);
    return { store, again: () => openFolderStore(folder), incoming, close: async () => undefined };
  });

  it('keeps a file below the first letters of its digest', async () => {
    const store = await openFolderStore(folder);
    const { sha256 } = await store.receive(Readable.from([Buffer.from('x')]), { bytesMax: 1 });
    expect(await store.local(sha256)).toBe(path.join(folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256));
  });

  it('removes what killed uploads left a day ago, and leaves what may be running', async () => {
    const [old, fresh] = ['old', 'fresh'].map((name) => path.join(folder, 'incoming', name)) as [string, string];
    for (const file of [old, fresh]) writeFileSync(file, 'x');
    utimesSync(old, new Date(0), new Date(0));
    await openFolderStore(folder);
    expect(incoming()).toEqual(['fresh']);
    rmSync(fresh);
  });

  it('says why where this disk takes nothing', async () => {
    const store = await openFolderStore(folder);
    rmSync(path.join(folder, 'incoming'), { recursive: true });
    await expect(store.check()).rejects.toThrow(/ENOENT/);
  });
});
