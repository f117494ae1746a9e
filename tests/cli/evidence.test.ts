// `countersign evidence`: one file with everything that proves a release, fetched from a real HTTP server over the tree of a real countersigner; the
// same file that the tree itself gives.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { evidenceCommand, type EvidenceOptions } from '../../cli/commands/evidence.ts';
import { publishedScene, zipOf } from '../support/evidence.ts';
import type { Scene } from '../support/scene.ts';

let scene: Scene;
let base: string;
let folder: string;
/** Paths that are answered as if they were not there. */
let hidden: string[] = [];
let tree: Map<string, Uint8Array>;

const server = createServer((req, res) => {
  const place = (req.url ?? '').slice(1);
  const bytes = hidden.includes(place) ? undefined : tree.get(place);
  res.writeHead(bytes ? 200 : 404).end(bytes);
});

beforeAll(async () => {
  scene = await publishedScene();
  tree = await scene.tree();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = mkdtempSync(path.join(tmpdir(), 'evidence-command-'));
});
afterAll(async () => {
  scene.close();
  rmSync(folder, { recursive: true });
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});
beforeEach(() => {
  hidden = [];
});

const output = () => path.join(folder, 'demo.evidence.zip');
const ask = (options: Partial<EvidenceOptions> = {}) =>
  evidenceCommand({ nameAndVersion: 'Demo==v1.0', index: `${base}/simple/`, output: output(), ...options }, scene.now);

describe('countersign evidence', () => {
  test('writes the bundle that the tree of the index gives, byte for byte', async () => {
    expect(await ask()).toEqual({ exit: 0, out: `${output()}\n`, err: '' });
    expect(readFileSync(output()).equals(Buffer.from(await zipOf(scene)))).toBe(true);
    expect(readdirSync(folder)).toEqual(['demo.evidence.zip']);
  });

  test('says with --json which file it is, its size and digest', async () => {
    const { exit, out } = await ask({ json: true });
    const bytes = readFileSync(output());
    const said = { project: 'demo', version: '1.0', file: output(), bytes: bytes.length, sha256: sha256Hex(bytes) };
    expect([exit, JSON.parse(out)]).toEqual([0, said]);
  });

  test.each([
    ['a release that the index does not have', { nameAndVersion: 'demo==9.9' }, 2, 'verify.no-such-release'],
    ['no version', { nameAndVersion: 'demo' }, 2, 'input.not-a'],
    ['no address', { index: 'demo' }, 2, 'input.not-a'],
    ['an index that does not answer', { index: 'http://127.0.0.1:1/' }, 3, 'verify.unreachable'],
    ['a place where nothing can be written', { output: '/nonexistent/demo.zip' }, 3, 'evidence.not-written'],
  ])('ends, for %s, with a code and a sentence, and writes nothing', async (_, options, exit, code) => {
    writeFileSync(output(), 'what was there');
    const answer = await ask(options);
    expect([answer.exit, answer.err]).toEqual([exit, expect.stringContaining(`(${code})`)]);
    expect(readdirSync(folder)).toEqual(['demo.evidence.zip']);
    expect(readFileSync(output(), 'utf8')).toBe('what was there');
  });

  test.each([
    ['the statement', 'evidence/demo/releases/1.0/SHA256SUMS', 'evidence.missing'],
    ['a policy', 'evidence/demo/policy/1.json', 'evidence.missing'],
    ['the log', 'log/checkpoint', 'log.missing'],
    ['the number of an entry', 'log/number/evidence/demo/releases/1.0/1.json', 'log.not-in-log'],
  ])('refuses an index that does not serve %s', async (_, place, code) => {
    hidden = [place];
    expect(await ask()).toMatchObject({ exit: 1, err: expect.stringContaining(`(${code})`) });
  });
});
