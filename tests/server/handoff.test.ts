// The hand-over between web program and countersigner, over real HTTP and on real rows: what is published reaches index, rows and people
// once; what an intruder writes into the database is never countersigned; what is posted without the index key is never placed.
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { packHandback, renderManifest, type Manifest } from '#lib/evidence/handback.ts';
import { readCertificate } from '#lib/pgp/read-certificate.ts';
import { readPageJson } from '#lib/simple/parse.ts';
import { acceptResults } from '#lib/server/handoff/accept-results.ts';
import { indexFolder } from '#lib/server/handoff/index-folder.ts';
import { placeHandbacks } from '#lib/server/handoff/place.ts';
import { withdrawDraft } from '#lib/server/commands/withdraw-draft.ts';
import { verifyOnce } from '../support/client.ts';
import { serveIndex } from '#web/serve-index.ts';
import { forgeCertificate, overKey, sub } from '../support/forge.ts';
import {
  addDraftRows,
  addPolicyRow,
  addProject,
  addSignatureRow,
  draftId,
  following,
  startCountersigner,
  type Countersigner,
} from '../support/handoff-rows.ts';
import { refusalOf } from '../support/pgp.ts';
import { expectRefusal, takePicture } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { ada, bo, chi, eve, firstPolicy, index, policyBytes, sdistName, sign, wheelName } from '../support/scene.ts';

let world: TestRuntime;
let countersigner: Countersigner;
beforeEach(async () => {
  world = await openTestRuntime({ at: '2026-11-22T12:00:00Z' });
  countersigner = await startCountersigner();
});
afterEach(async () => {
  await countersigner.close();
  await world.close();
});

const draftNow = () => world.db.draft.findUniqueOrThrow({ where: { id: draftId } });
const treeNow = (): string[] =>
  existsSync(indexFolder())
    ? readdirSync(indexFolder(), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(indexFolder(), path.join(entry.parentPath, entry.name)))
        .sort()
    : [];
const stateNow = async () => JSON.stringify({ rows: await takePicture(), tree: treeNow() });

/** Nothing was countersigned: no release in the tree, the draft as approved as before. */
async function expectNotCountersigned(code: string): Promise<void> {
  const report = await countersigner.round();
  await placeHandbacks();
  expect(report.published).toEqual([]);
  expect(report.findings).toMatchObject([{ draft: draftId, code }]);
  expect(treeNow().filter((place) => place.includes('releases/') || place.startsWith('files/'))).toEqual([]);
  expect(await draftNow()).toMatchObject({ state: 'approved', countersignerCode: code, publishedAt: null });
  expect(await world.db.publishedFile.count()).toBe(0);
}

describe('a release that enough people signed', () => {
  beforeEach(async () => {
    await addProject();
    await addDraftRows([ada, bo]);
  });

  test('ends in index, rows, history and mail, each once', async () => {
    expect((await countersigner.round()).published).toEqual(['demo 1.0']);
    await placeHandbacks();
    expect(await draftNow()).toMatchObject({ state: 'published', versionSlot: 'demo@1' });
    const page = readPageJson(readFileSync(path.join(indexFolder(), 'simple', 'demo', 'index.json')));
    for (const file of page.files) {
      const bytes = readFileSync(path.join(indexFolder(), 'simple', 'demo', file.url));
      expect(sha256Hex(bytes)).toBe(file.sha256);
      expect(bytes.length).toBe(file.size);
    }
    expect((await world.db.publishedFile.findMany({ orderBy: { name: 'asc' } })).map((row) => row.name)).toEqual([
      wheelName,
      sdistName,
    ]);
    const mails = await world.db.mail.findMany({
      where: { event: 'release.published' },
      orderBy: { toAddress: 'asc' },
    });
    expect(mails.map((mail) => mail.toPerson)).toEqual(['ada', 'bo', 'chi']);
    const before = await stateNow();
    await countersigner.round();
    await placeHandbacks();
    expect(await world.db.mail.count({ where: { event: 'release.published' } })).toBe(3);
    expect(JSON.parse(await stateNow()).tree).toEqual(JSON.parse(before).tree);
    expect(await world.db.historyEntry.count({ where: { kind: 'release.published' } })).toBe(1);
    expect(await world.db.countersignerContact.findFirst()).toMatchObject({ seenAt: world.clock.now() });
  });

  test('can be read in the tree by every account of the machine, as a web server beside ours needs', async () => {
    await countersigner.round();
    await placeHandbacks();
    const modes = readdirSync(indexFolder(), { recursive: true, withFileTypes: true }).map(
      (entry) => statSync(path.join(entry.parentPath, entry.name)).mode & (entry.isFile() ? 0o004 : 0o005),
    );
    expect(new Set(modes)).toEqual(new Set([0o004, 0o005]));
  });

  test('is put in place in the end, wherever the jobs program is killed', async () => {
    await countersigner.round();
    for (const point of ['place.staged', 'place.files', 'place.moved']) {
      world.hold = async (reached) => {
        if (reached === point) throw new Error('killed');
      };
      await expect(placeHandbacks()).rejects.toThrow('killed');
      delete world.hold;
    }
    await placeHandbacks();
    expect((await draftNow()).state).toBe('published');
    expect(await world.db.handback.count({ where: { state: 'placed' } })).toBe(await world.db.handback.count());
    expect(readdirSync(path.join(world.config.dataFolder, 'index-staging'))).toEqual([]);
  });

  test('shows its page only when everything that the page names is there', async () => {
    await countersigner.round();
    world.hold = async (reached) => {
      if (reached === 'place.files') throw new Error('killed');
    };
    for (let tried = 0; tried < 3; tried += 1) await placeHandbacks().catch(() => undefined);
    expect(treeNow().filter((place) => place.startsWith('simple/demo'))).toEqual([]);
    delete world.hold;
  });

  test('stays approved and visible while the countersigner is away', async () => {
    await placeHandbacks();
    expect(await draftNow()).toMatchObject({ state: 'approved', countersignerCode: null });
    expect(treeNow()).toEqual([]);
  });

  test('can be verified by the client from what is served, and no longer after one byte of a file or record changed', async () => {
    await countersigner.round();
    await placeHandbacks();
    const route = serveIndex(indexFolder());
    const server = createServer((req, res) => void route(req, res));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple/`;
    const now = world.clock.now().getTime();
    const ask = (more: object = {}) => verifyOnce({ what: ['Demo==1.0'], index: url, ...more }, now);
    const good = await ask();
    expect(good).toMatchObject({ exit: 0, err: '' });
    expect(good.out).toContain('2 of 2 needed people');
    expect(JSON.parse((await ask({ json: true })).out)).toMatchObject({
      accepted: true,
      people: ['ada', 'bo'],
      threshold: 2,
    });
    expect(await ask({ indexKey: ada.key })).toMatchObject({ exit: 1 });
    expect(await ask({ what: ['demo==9.9'] })).toMatchObject({ exit: 2 });
    expect(await ask({ what: ['demo'] })).toMatchObject({ exit: 2 });
    expect(await ask({ index: 'http://127.0.0.1:1/' })).toMatchObject({ exit: 3 });
    const wheelPath = treeNow().find((place) => place.endsWith('.whl')) ?? '';
    for (const place of [
      wheelPath,
      'evidence/demo/releases/1.0/1.json',
      'evidence/demo/policy/1.json',
      'evidence/demo/releases/1.0/SHA256SUMS',
    ])
      await changeOneByte(place, async () => expect((await ask()).exit, place).not.toBe(0));
    expect((await ask()).exit).toBe(0);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  test('is asked for once more by the client where documents of two moments were served, and refused if they stay so', async () => {
    await countersigner.round();
    await placeHandbacks();
    const route = serveIndex(indexFolder());
    let stale = 1;
    const server = createServer((req, res) => {
      if (req.url?.endsWith('.whl') !== true || stale <= 0) return void route(req, res);
      stale -= 1;
      res.end('what stood here a moment ago');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple/`;
    const ask = () => verifyOnce({ what: ['demo==1.0'], index: url }, world.clock.now().getTime());
    expect(await ask()).toMatchObject({ exit: 0 });
    stale = 2;
    expect(await ask()).toMatchObject({ exit: 1, err: expect.stringContaining('evidence.record-differs') });
    expect(stale).toBe(0);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  test('is published though it was withdrawn after the countersigner had signed', async () => {
    await countersigner.round();
    await withdrawDraft({ kind: 'person', name: ada.name }, { draft: draftId, reason: 'a mistake' });
    expect((await draftNow()).state).toBe('withdrawn');
    await placeHandbacks();
    expect((await draftNow()).state).toBe('published');
  });
});

async function changeOneByte(place: string, work: () => Promise<void>): Promise<void> {
  const file = path.join(indexFolder(), place);
  const bytes = readFileSync(file);
  const changed = Buffer.from(bytes);
  changed.writeUInt8(changed.readUInt8(changed.length - 3) ^ 1, changed.length - 3);
  rmSync(file); // the file may be a hard link into the store
  writeFileSync(file, changed);
  await work();
  rmSync(file);
  writeFileSync(file, bytes);
}

describe('an intruder in the database', () => {
  test('cannot have a draft published by setting it to approved', async () => {
    await addProject();
    await addDraftRows([ada]);
    await expectNotCountersigned('release.below-threshold');
  });

  test('cannot add a signature row of somebody who did not sign', async () => {
    await addProject();
    const statement = await addDraftRows([ada]);
    await addSignatureRow(eve, statement, { personName: 'bo' });
    await expectNotCountersigned('release.below-threshold');
  });

  test('cannot count one person twice under another name', async () => {
    await addProject();
    const statement = await addDraftRows([]);
    await addSignatureRow(ada, statement);
    await world.db.signature.updateMany({ data: { countedSlot: null } });
    const row = await world.db.signature.findFirstOrThrow();
    await world.db.signature.create({
      data: { ...row, id: 'again', packetSha256: '0'.repeat(64), personName: 'bo', key: bo.key },
    });
    await expectNotCountersigned('release.below-threshold');
  });

  test('cannot lower the threshold in the policy row', async () => {
    await addProject();
    await addDraftRows([ada]);
    await countersigner.round();
    const forged = firstPolicy({ threshold: 1 });
    const bytes = new Uint8Array(policyBytes(forged));
    await world.db.policy.updateMany({ data: { bytes, sha256: sha256Hex(bytes), threshold: 1 } });
    await expectNotCountersigned('evidence.policy-rewritten');
  });

  test('cannot put a policy in force that nobody signed', async () => {
    await addProject();
    await addDraftRows([ada]);
    await addPolicyRow(following(firstPolicy(), { threshold: 1 }), []);
    await expectNotCountersigned('evidence.policy-not-signed');
  });

  test('cannot back-date the receipt of a signature', async () => {
    await addProject();
    const statement = await addDraftRows([ada]);
    const now = world.clock.now().getTime();
    const revoked = forgeCertificate(bo.forged, {
      direct: [overKey(bo.forged, bo.forged, { type: 0x20, made: now - 3_600_000, more: [sub.reason(1)] })],
    });
    const { bytes } = await readCertificate(revoked, now);
    await world.db.key.update({ where: { fingerprint: bo.key }, data: { certificate: new Uint8Array(bytes) } });
    await addSignatureRow(bo, statement, { received: new Date(now - 86_400_000) });
    await expectNotCountersigned('release.below-threshold');
  });

  test('cannot exchange the statement for one that fewer people signed', async () => {
    await addProject();
    await addDraftRows([ada, bo]);
    const row = await world.db.revision.findFirstOrThrow();
    const other = Buffer.from(Buffer.from(row.statement).toString().replace('# revision: 1', '# revision: 2'));
    await world.db.revision.updateMany({ data: { statement: new Uint8Array(other) } });
    await expectNotCountersigned('release.below-threshold');
  });

  test('cannot edit a hand-back that waits to be placed', async () => {
    await addProject();
    await countersigner.round();
    const row = await world.db.handback.findFirstOrThrow({ where: { state: 'posted' } });
    await world.db.handback.update({
      where: { id: row.id },
      data: { bytes: new Uint8Array(Buffer.from(row.bytes).reverse()) },
    });
    await expect(placeHandbacks()).rejects.toThrow();
    expect(treeNow()).toEqual([]);
  });
});

describe('the hand-over address', () => {
  test('opens only with the token, and says nothing without it', async () => {
    await addProject();
    await addDraftRows([ada, bo]);
    for (const authorization of [
      undefined,
      'Bearer wrong',
      `Basic ${world.secrets.handoff}`,
      `Bearer ${world.secrets.handoff}x`,
    ])
      for (const place of ['queue', 'projects/demo', `drafts/${draftId}`, `files/${'0'.repeat(64)}`]) {
        const answer = await fetch(`${countersigner.url}/handoff/${place}`, {
          headers: authorization ? { authorization } : {},
        });
        expect([answer.status, (await answer.text()).includes('demo')]).toEqual([401, false]);
      }
    expect(await world.db.countersignerContact.count()).toBe(0);
  });

  test('hands over only files of open and approved drafts', async () => {
    await addProject();
    await addDraftRows([ada]);
    const file = await world.db.draftFile.findFirstOrThrow();
    const headers = { authorization: `Bearer ${world.secrets.handoff}` };
    const ask = async (sha256: string) =>
      (await fetch(`${countersigner.url}/handoff/files/${sha256}`, { headers })).status;
    expect(await ask(file.sha256)).toBe(200);
    await world.db.draft.updateMany({ data: { state: 'withdrawn', versionSlot: null } });
    expect(await ask(file.sha256)).toBe(404);
  });

  const manifest = (change: Partial<Manifest> = {}): Uint8Array =>
    Buffer.from(
      renderManifest({
        ...{ type: 'countersign/handback', format: 1, index, sequence: 1, previous: null },
        files: [{ path: 'simple/index.html', sha256: sha256Hex('evil') }],
        date: '2026-11-22T12:00:00Z' as Manifest['date'],
        ...change,
      }),
    );

  test('takes no hand-back without the index signature: recorded, nothing kept, nothing placed', async () => {
    const bytes = manifest();
    const forged = packHandback(bytes, sign(ada, bytes), new Map([['simple/index.html', Buffer.from('evil')]]));
    await expectRefusal(() => acceptResults(forged), 'handback.not-signed', 'handback.refused');
    await placeHandbacks();
    expect(treeNow()).toEqual([]);
  });

  test('takes the same hand-back twice as once, and refuses one out of turn', async () => {
    await addProject();
    await countersigner.round();
    const [first, second] = await world.db.handback.findMany({ orderBy: { id: 'asc' } });
    if (!first || !second) throw new Error('two hand-backs were expected');
    expect(await acceptResults(first.bytes)).toEqual({ sha256: first.sha256, sequence: 1 });
    expect(await world.db.handback.count()).toBe(2);
    await world.db.handback.deleteMany();
    await expectRefusal(() => acceptResults(second.bytes), 'handback.out-of-order', 'handback.refused');
  });

  test('keeps a finding once, and none about a draft that is published', async () => {
    await addProject();
    await addDraftRows([ada]);
    await countersigner.round();
    await countersigner.round();
    expect(await world.db.historyEntry.count({ where: { kind: 'release.refused' } })).toBe(1);
    await world.db.draft.updateMany({
      data: { state: 'published', publishedAt: world.clock.now(), countersignerCode: null },
    });
    await countersigner.web.postFindings([{ draft: draftId, code: 'internal', says: 'x' }]);
    expect((await draftNow()).countersignerCode).toBeNull();
  });

  test('is not believed by a countersigner with a wrong token: it signs nothing', async () => {
    await countersigner.close();
    countersigner = await startCountersigner('x'.repeat(40));
    expect(await refusalOf(() => countersigner.round())).toBe('countersigner.web-away');
    expect(existsSync(path.join(world.config.dataFolder, 'countersigner', 'instance.json'))).toBe(false);
  });
});

test('three people may sign where two are needed, and all of them are in the record', async () => {
  await addProject();
  await addDraftRows([ada, bo, chi]);
  await countersigner.round();
  await placeHandbacks();
  const record = JSON.parse(readFileSync(path.join(indexFolder(), 'evidence/demo/releases/1.0/1.json'), 'utf8')) as {
    signatures: { person: string }[];
  };
  expect(record.signatures.map((entry) => entry.person)).toEqual(['ada', 'bo', 'chi']);
});
