// What the countersigner does with honest evidence: it publishes, says the same thing twice, survives being killed, and never speaks
// for another index or from a restored state.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readRecord } from '#lib/core/release.ts';
import { readReleaseList } from '#lib/core/release-list.ts';
import { readPageHtml, readPageJson } from '#lib/simple/parse.ts';
import { copyFolder } from '../support/copy-folder.ts';
import { openKeys } from '../../countersigner/keys.ts';
import { openStore } from '../../countersigner/store.ts';
import { makeZip, wheelFiles } from '../support/archives.ts';
import { forgeCertificate, overKey, sub } from '../support/forge.ts';
import { refusalOf } from '../support/pgp.ts';
import {
  ada,
  addDraft,
  addPolicy,
  bo,
  chi,
  demo,
  firstPolicy,
  index,
  minute,
  nextPolicy,
  noon,
  openScene,
  sdistName,
  sign,
  signer,
  wheel,
  wheelName,
  type Scene,
} from '../support/scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();
const need = async (place: string): Promise<Uint8Array> => {
  const bytes = (await scene.tree()).get(place);
  if (!bytes) throw new Error(`${place} was not posted`);
  return bytes;
};

describe('a release with enough people behind it', () => {
  test('is countersigned: record, list, statement, certificates and pages are posted, files are not', async () => {
    addPolicy(scene);
    addDraft(scene, [ada, bo]);
    const report = await scene.round();
    expect(report).toMatchObject({ policies: ['demo'], published: ['demo 1.0'], findings: [] });
    const record = readRecord(await need('evidence/demo/releases/1.0/1.json'));
    expect(record).toMatchObject({ index, project: 'demo', version: '1.0', serial: 1, state: 'published', policy: 1 });
    expect(record.signatures.map(({ person, over }) => [person, over])).toEqual([
      ['ada', 'statement'],
      ['bo', 'statement'],
    ]);
    expect(record.files.map((file) => [file.name, file.requiresPython])).toEqual([
      [wheelName, '>=3.9'],
      [sdistName, '>=3.9'],
    ]);
    expect(readReleaseList(await need('evidence/demo/releases.json'))).toMatchObject({ serial: 2, policy: 1 });
    const paths = [...(await scene.tree()).keys()];
    expect(paths.filter((place) => place.startsWith('files/')).map((place) => place.split('/').at(-1))).toEqual([
      `${wheelName}.metadata`,
    ]);
    expect(text(await need('simple/index.html'))).toContain('<a href="demo/">demo</a>');
    expect(text(await need(`keys/${ada.key}.asc`))).toContain('BEGIN PGP PUBLIC KEY BLOCK');
  });

  test('has the same files in the HTML and the JSON page (PEP 503, PEP 691)', async () => {
    addPolicy(scene);
    const draft = addDraft(scene, [ada, bo]);
    draft.filePackets.set(wheelName, [sign(chi, wheel())]);
    await scene.round();
    const json = readPageJson(await need('simple/demo/index.json'));
    const html = readPageHtml(await need('simple/demo/index.html'));
    expect(json.files.map(({ size: _, ...file }) => file)).toEqual(html.files);
    expect(json.files.map((file) => file.signed)).toEqual([true, false]);
    expect(json.records.get('1.0' as never)?.url).toBe('../../evidence/demo/releases/1.0/1.json');
  });

  test('gpg and sqv accept the served statement and record with the served certificates', async () => {
    addPolicy(scene);
    addDraft(scene, [ada, bo]);
    await scene.round();
    const folder = mkdtempSync(path.join(tmpdir(), 'served-'));
    const put = async (name: string, place: string): Promise<string> => {
      const file = path.join(folder, name);
      writeFileSync(file, await need(place));
      return file;
    };
    const keyrings = [await put('ada.asc', `keys/${ada.key}.asc`), await put('bo.asc', `keys/${bo.key}.asc`)];
    const data = await put('SHA256SUMS', 'evidence/demo/releases/1.0/SHA256SUMS');
    const signature = await put('SHA256SUMS.asc', 'evidence/demo/releases/1.0/SHA256SUMS.asc');
    const rings = keyrings.flatMap((file) => ['--keyring', file]);
    const good = execFileSync('sqv', ['-n', '2', ...rings, signature, data])
      .toString()
      .trim()
      .split('\n')
      .sort();
    expect(good).toEqual([ada.key, bo.key].sort());
    const record = [
      await put('1.json.asc', 'evidence/demo/releases/1.0/1.json.asc'),
      await put('1.json', 'evidence/demo/releases/1.0/1.json'),
    ];
    const indexKey = await put('index.asc', 'keys/index.asc');
    expect(
      execFileSync('sqv', ['--keyring', indexKey, ...record])
        .toString()
        .trim(),
    ).toBe(scene.keys.key.fingerprint);
    const home = mkdtempSync(path.join(tmpdir(), 'gnupg-'));
    execFileSync('gpg', ['--homedir', home, '--batch', '--quiet', '--import', ...keyrings, indexKey], {
      stdio: 'pipe',
    });
    execFileSync('gpg', ['--homedir', home, '--batch', '--verify', signature, data], { stdio: 'pipe' });
    rmSync(folder, { recursive: true });
    rmSync(home, { recursive: true, force: true });
  });

  test('is published once: the next rounds post nothing more', async () => {
    addPolicy(scene);
    addDraft(scene, [ada, bo]);
    await scene.round();
    const posts = scene.posts.length;
    scene.now += minute;
    expect(await scene.round()).toMatchObject({ published: [], findings: [] });
    expect(scene.posts).toHaveLength(posts);
  });

  test('waits for its waiting time, which runs from our own first met verdict', async () => {
    addPolicy(scene, firstPolicy({ waitHours: 2 }));
    addDraft(scene, [ada, bo], { approved: false });
    await scene.round();
    const draft = [...scene.drafts.values()][0];
    if (draft) draft.approved = true;
    scene.now += 119 * minute;
    expect((await scene.round()).findings).toMatchObject([{ code: 'release.waiting' }]);
    scene.now += minute;
    expect((await scene.round()).published).toEqual(['demo 1.0']);
  });

  test('waits anew when too few had signed in between, and for another statement', async () => {
    addPolicy(scene, firstPolicy({ waitHours: 2 }));
    const draft = addDraft(scene, [ada, bo], { approved: false });
    await scene.round();
    scene.now += 90 * minute;
    draft.packets = [sign(ada, draft.statement)];
    await scene.round();
    scene.now += minute;
    draft.packets.push(sign(chi, draft.statement));
    draft.approved = true;
    expect((await scene.round()).findings).toMatchObject([{ code: 'release.waiting' }]);
    scene.now += 119 * minute;
    expect((await scene.round()).published).toEqual([]);
    addDraft(scene, [ada, chi], { statement: { revision: 2 } });
    scene.now += minute;
    expect((await scene.round()).findings).toMatchObject([{ code: 'release.waiting' }]);
    scene.now += 120 * minute;
    expect((await scene.round()).published).toEqual(['demo 1.0']);
  });
});

describe('a release that is not ready', () => {
  test('with one signature of two is not countersigned', async () => {
    addPolicy(scene);
    addDraft(scene, [ada]);
    expect((await scene.round()).findings).toMatchObject([{ code: 'release.below-threshold' }]);
    expect([...(await scene.tree()).keys()].filter((place) => place.includes('releases/'))).toEqual([]);
  });

  test('is not published while the web program says that it is open, though the verdict is met', async () => {
    addPolicy(scene);
    addDraft(scene, [ada, bo], { approved: false });
    expect((await scene.round()).published).toEqual([]);
  });

  test('does not hold up another one', async () => {
    addPolicy(scene);
    addDraft(scene, [ada, bo], { id: 'aaaaaaaaaaaa', files: { [wheelName]: Buffer.from('no wheel') } });
    const metadata = 'Metadata-Version: 2.1\nName: other\nVersion: 1.0\n\n';
    const other = { ...firstPolicy(), project: 'other' as never };
    addPolicy(scene, other);
    addDraft(scene, [ada, bo], {
      id: 'bbbbbbbbbbbb',
      statement: { project: 'other' as never },
      files: { 'other-1.0-py3-none-any.whl': otherWheel(metadata) },
    });
    const report = await scene.round();
    expect(report.published).toEqual(['other 1.0']);
    expect(report.findings).toMatchObject([{ draft: 'aaaaaaaaaaaa', code: 'release.file-differs' }]);
  });
});

function otherWheel(metadata: string): Buffer {
  return makeZip(wheelFiles({ info: 'other-1.0.dist-info', files: { 'other/__init__.py': '' }, metadata }));
}

describe('the countersigner', () => {
  test('publishes a project without a release: policies and an empty list, but no page', async () => {
    addPolicy(scene);
    await scene.round();
    const tree = await scene.tree();
    expect(tree.has('evidence/demo/policy/1.json.asc')).toBe(true);
    expect(readReleaseList(await need('evidence/demo/releases.json')).versions).toEqual({});
    expect(tree.has('simple/demo/index.html')).toBe(false);
  });

  test('posts the very same bytes again after it was killed between commit and post', async () => {
    addPolicy(scene);
    addDraft(scene, [ada, bo]);
    const { postResults } = scene.web;
    let lost: Uint8Array | null = null;
    scene.web.postResults = async (handback, sha256) => {
      if (scene.posts.length === 2) {
        lost = handback;
        throw new Error('killed');
      }
      return postResults(handback, sha256);
    };
    await expect(scene.round()).rejects.toThrow('killed');
    scene.web.postResults = postResults;
    scene.now += minute;
    await scene.round();
    expect(lost).not.toBeNull();
    expect(scene.posts[2]).toEqual(lost);
  });

  test('finishes a commit that was cut off, and without a whole journal knows nothing of it', () => {
    const store = openStore(scene.folder);
    store.commit(
      new Map([
        ['a', Buffer.from('1')],
        ['b', Buffer.from('1')],
      ]),
    );
    const journal = Buffer.from('[{"place":"a","length":1},{"place":"b","length":1}]\n22');
    writeFileSync(store.at('a'), '2');
    writeFileSync(store.at('commit.journal'), journal);
    const again = openStore(scene.folder);
    expect([again.read('a'), again.read('b')].map((bytes) => text(bytes ?? undefined))).toEqual(['2', '2']);
    expect(again.read('commit.journal')).toBeNull();
  });

  test('refuses a state that was put back: the web program holds a newer hand-back', async () => {
    addPolicy(scene);
    await scene.round();
    const backup = mkdtempSync(path.join(tmpdir(), 'backup-'));
    copyFolder(scene.folder, backup);
    addDraft(scene, [ada, bo]);
    await scene.round();
    rmSync(scene.folder, { recursive: true });
    copyFolder(backup, scene.folder);
    const before = scene.picture();
    expect(await refusalOf(() => scene.round())).toBe('countersigner.went-back');
    expect(scene.picture()).toEqual(before);
    rmSync(backup, { recursive: true });
  });

  test('refuses to sign for another index', async () => {
    await scene.round();
    const { queue } = scene.web;
    scene.web.queue = async () => ({ ...(await queue()), index: 'evil.example.org' as never });
    expect(await refusalOf(() => scene.round())).toBe('countersigner.other-index');
  });

  test('refuses an index key that others can read', async () => {
    const store = openStore(scene.folder);
    chmodSync(store.at('index-private.asc'), 0o644);
    expect(await refusalOf(() => openKeys(store, noon))).toBe('countersigner.loose-mode');
  });

  test('keeps a revocation once seen, whatever certificate comes later', async () => {
    addPolicy(scene);
    addDraft(scene, [ada, bo], { approved: false });
    const clean = scene.certificates.get(bo.key) ?? Buffer.alloc(0);
    scene.certificates.set(
      bo.key,
      forgeCertificate(bo.forged, {
        direct: [overKey(bo.forged, bo.forged, { type: 0x20, made: noon - minute, more: [sub.reason(2)] })],
      }),
    );
    await scene.round();
    scene.certificates.set(bo.key, clean);
    const draft = [...scene.drafts.values()][0];
    if (draft) draft.approved = true;
    expect((await scene.round()).findings).toMatchObject([{ code: 'release.below-threshold' }]);
  });

  test('takes a stricter policy that its owner signed, and then demands more', async () => {
    addPolicy(scene);
    await scene.round();
    addPolicy(scene, nextPolicy(scene, { threshold: 3 }), [ada], noon - minute);
    addDraft(scene, [ada, bo]);
    expect((await scene.round()).findings).toMatchObject([{ code: 'release.below-threshold' }]);
    const draft = [...scene.drafts.values()][0];
    draft?.packets.push(sign(chi, draft.statement));
    expect((await scene.round()).published).toEqual([`${demo} 1.0`]);
  });
});

test('more people than one upload may bring can sign one statement', async () => {
  const crowd = Array.from({ length: 20 }, (_, at) => signer(`person-${at}`));
  const people = crowd.map(({ name, key }) => ({ name, role: 'maintainer' as const, keys: [key] }));
  for (const { key, certificate } of crowd) scene.certificates.set(key, certificate);
  addPolicy(scene, firstPolicy({ threshold: 20, people: [...firstPolicy().people, ...people] }));
  addDraft(scene, crowd);
  expect((await scene.round()).published).toEqual(['demo 1.0']);
});
