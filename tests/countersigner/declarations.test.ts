// What the countersigner does with an owner's declaration: the next record, list and pages follow it, the document stands in the evidence,
// and nothing else moves. tests/attacks has those that it refuses.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readReleaseList } from '#lib/core/release-list.ts';
import { readRecord } from '#lib/core/release.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { readPageHtml, readPageJson } from '#lib/simple/parse.ts';
import { makeZip, metadataText, wheelFiles } from '../support/archives.ts';
import {
  ada,
  addDeclaration,
  addDraft,
  addPolicy,
  bo,
  minute,
  openScene,
  signedSoFar,
  type Scene,
} from '../support/scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
  addPolicy(scene);
  addDraft(scene, [ada, bo]);
  await scene.round();
});
afterEach(() => scene.close());

/** A wheel of demo 2.0. */
const nextFiles = (): Record<string, Buffer> => ({
  'demo-2.0-py3-none-any.whl': makeZip(
    wheelFiles({ info: 'demo-2.0.dist-info', metadata: metadataText({ version: '2.0' }) }),
  ),
});

const need = async (place: string): Promise<Uint8Array> => {
  const bytes = (await scene.tree()).get(place);
  if (!bytes) throw new Error(`${place} was not posted`);
  return bytes;
};
const record = async (serial: number) => readRecord(await need(`evidence/demo/releases/1.0/${serial}.json`));
const list = async () => readReleaseList(await need('evidence/demo/releases.json'));
const pages = async () => [
  readPageHtml(await need('simple/demo/index.html')),
  readPageJson(await need('simple/demo/index.json')),
];

describe('a yank that an owner signed', () => {
  test('makes the next record say so, in the list and in both pages, and stands in the evidence as it was signed', async () => {
    const before = await record(1);
    const yank = addDeclaration(scene);
    const report = await scene.round();
    expect(report).toMatchObject({ declared: ['demo yank 1.0'], findings: [] });
    const yanked = { reason: 'breaks on 3.14', by: 'ada', sha256: sha256Hex(yank.bytes) };
    expect(await record(2)).toEqual({ ...before, serial: 2, yanked, date: (await record(2)).date });
    expect((await list()).versions).toMatchObject({ '1.0': { serial: 2 } });
    for (const page of await pages())
      expect(page.files.map((file) => file.yanked)).toEqual(Array(2).fill('breaks on 3.14'));
    expect(Buffer.from(await need('evidence/demo/releases/1.0/yank/1.json'))).toEqual(yank.bytes);
  });

  test('is checked by gpg with nothing but what the index serves', async () => {
    addDeclaration(scene);
    await scene.round();
    const folder = mkdtempSync(path.join(tmpdir(), 'yank-'));
    const put = async (name: string, place: string): Promise<string> => {
      writeFileSync(path.join(folder, name), await need(place));
      return path.join(folder, name);
    };
    const document = await put('1.json', 'evidence/demo/releases/1.0/yank/1.json');
    const signature = await put('1.json.asc', 'evidence/demo/releases/1.0/yank/1.json.asc');
    const keyring = await put('ada.asc', `keys/${ada.key}.asc`);
    const good = execFileSync('sqv', ['--keyring', keyring, signature, document]).toString().trim();
    expect(good).toBe(ada.key);
    rmSync(folder, { recursive: true });
  });

  test('is taken once: the next rounds post nothing more', async () => {
    addDeclaration(scene);
    await scene.round();
    const posts = scene.posts.length;
    scene.now += minute;
    expect(await scene.round()).toMatchObject({ declared: [], findings: [] });
    expect(scene.posts).toHaveLength(posts);
  });

  test('is taken back by the next one, an unyank; what was published stays as it was', async () => {
    addDeclaration(scene);
    await scene.round();
    addDeclaration(scene, { action: 'unyank', number: 2, reason: 'it was the test' });
    expect((await scene.round()).declared).toEqual(['demo yank 1.0']);
    expect((await record(3)).yanked).toBeNull();
    for (const page of await pages()) expect(page.files.every((file) => file.yanked === null)).toBe(true);
    expect((await scene.tree()).has('evidence/demo/releases/1.0/yank/2.json')).toBe(true);
  });

  test('may say another reason by its next number', async () => {
    addDeclaration(scene);
    addDeclaration(scene, { number: 2, reason: 'loses data' });
    await scene.round();
    expect((await record(3)).yanked?.reason).toBe('loses data');
  });

  test('posts the very same bytes again after it was killed between commit and post', async () => {
    addDeclaration(scene);
    const { postResults } = scene.web;
    let lost: Uint8Array | null = null;
    scene.web.postResults = async (handback) => {
      lost = handback;
      throw new Error('killed');
    };
    await expect(scene.round()).rejects.toThrow('killed');
    scene.web.postResults = postResults;
    await scene.round();
    expect(scene.posts.at(-1)).toEqual(lost);
    expect((await record(2)).yanked?.by).toBe('ada');
  });

  test('that is refused holds up none after it', async () => {
    addDeclaration(scene, {}, [bo]);
    addDeclaration(scene);
    const report = await scene.round();
    expect(report.declared).toEqual(['demo yank 1.0']);
    expect(report.findings).toMatchObject([{ code: 'declaration.not-signed' }]);
    expect(scene.findings.some((finding) => 'declaration' in finding)).toBe(true);
  });
});

const status = { type: 'countersign/status' } as const;

describe('the status of a project', () => {
  test('stands in the signed list and in both pages (PEP 792), and in the evidence', async () => {
    const document = addDeclaration(scene, { ...status });
    expect((await scene.round()).declared).toEqual(['demo status']);
    const said = { status: 'archived', reason: 'nobody works on it' };
    expect((await list()).status).toEqual({ ...said, by: 'ada', sha256: sha256Hex(document.bytes) });
    for (const page of await pages()) {
      expect(page.status).toEqual(said);
      expect(page.files).toHaveLength(2);
    }
    expect(Buffer.from(await need('evidence/demo/status/1.json'))).toEqual(document.bytes);
  });

  test('archived: a release with enough signatures is not countersigned until the project is active again', async () => {
    addDeclaration(scene, { ...status });
    await scene.round();
    const draft = { id: 'cccccccccccc', statement: { version: '2.0' as never }, files: nextFiles() };
    addDraft(scene, [ada, bo], draft);
    const before = await signedSoFar(scene);
    expect((await scene.round()).findings).toMatchObject([{ code: 'project.not-active' }]);
    expect(await signedSoFar(scene)).toEqual(before);
    addDeclaration(scene, { ...status, number: 2, status: 'active', reason: 'work goes on' });
    expect((await scene.round()).published).toEqual(['demo 2.0']);
  });

  test('quarantined: no file is offered, the versions and their evidence stay', async () => {
    addDeclaration(scene, { ...status, status: 'quarantined', reason: 'the account was stolen' });
    await scene.round();
    const [html, json] = await pages();
    expect([html?.files, json?.files]).toEqual([[], []]);
    expect((await list()).versions).toMatchObject({ '1.0': { serial: 1 } });
    addDeclaration(scene, { ...status, number: 2, status: 'active', reason: 'all is well' });
    await scene.round();
    expect((await pages()).map((page) => page.files.length)).toEqual([2, 2]);
  });
});

describe('a declined draft', () => {
  test('is not countersigned while the web program says that somebody declines, though it is approved and met', async () => {
    const draft = addDraft(scene, [ada, bo], {
      ...{ id: 'cccccccccccc', statement: { version: '2.0' as never }, files: nextFiles() },
    });
    draft.declinedBy = [bo.name];
    const before = await signedSoFar(scene);
    expect((await scene.round()).findings).toMatchObject([{ code: 'release.declined' }]);
    expect(await signedSoFar(scene)).toEqual(before);
    draft.declinedBy = [];
    expect((await scene.round()).published).toEqual(['demo 2.0']);
  });
});
