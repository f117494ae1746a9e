// Declarations of owners from the page to the index, over the real hand-over: a yank and its unyank, the status of a project; what the client says
// of each; who is refused, and that nothing changes then.
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readDeclaration } from '#lib/core/declaration.ts';
import { dropDeclaration } from '#lib/server/commands/drop-declaration.ts';
import { changeFiles } from '#lib/server/commands/change-files.ts';
import { openDraft } from '#lib/server/commands/open-draft.ts';
import { prepareDeclaration, type Wish } from '#lib/server/commands/prepare-declaration.ts';
import { signDeclaration } from '#lib/server/commands/sign-declaration.ts';
import { indexFolder } from '#lib/server/handoff/index-folder.ts';
import { placeHandbacks } from '#lib/server/handoff/place.ts';
import { settleDraft } from '#lib/server/judge/settle-draft.ts';
import { change } from '#lib/server/change.ts';
import { readPageHtml, readPageJson } from '#lib/simple/parse.ts';
import { serveIndex } from '#web/serve-index.ts';
import { verifyOnce } from '../support/client.ts';
import {
  addDraftRows,
  addPolicyRow,
  addProject,
  draftId,
  following,
  startCountersigner,
  type Countersigner,
} from '../support/handoff-rows.ts';
import { expectRefusal } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { ada, bo, chi, demo, eve, firstPolicy, sign, type Signer } from '../support/scene.ts';
import { makeWheel, personActor, storeUpload } from '../support/story.ts';

let world: TestRuntime;
let countersigner: Countersigner;
beforeEach(async () => {
  world = await openTestRuntime({ at: '2026-11-22T12:00:00Z' });
  countersigner = await startCountersigner();
  await addProject();
});
afterEach(async () => {
  await countersigner.close();
  await world.close();
});

const actor = ({ name }: Signer) => personActor(name);
const reason = 'breaks on 3.14';
const yank = (more: Partial<Wish & { type: 'countersign/yank' }> = {}): Wish => ({
  ...{ type: 'countersign/yank', version: '1.0', action: 'yank', reason },
  ...more,
});
const status = (word: string, why = 'nobody works on it'): Wish => ({
  ...{ type: 'countersign/status', status: word, reason: why },
});
const prepare = (wish: Wish, by = ada) => prepareDeclaration(actor(by), { project: demo, wish });

/** Signs a prepared one, handed in by `hand`. */
async function signIt(declaration: string, by: Signer = ada, hand: Signer = by) {
  const row = await world.db.declaration.findUniqueOrThrow({ where: { sha256: declaration } });
  const signature = sign(by, row.bytes, world.clock.now().getTime() - 1000);
  return signDeclaration(actor(hand), { project: demo, declaration, signature, way: 'upload' });
}

/** One round and what follows from it. */
async function round() {
  const report = await countersigner.round();
  await placeHandbacks();
  return report;
}

async function publish(): Promise<void> {
  await addDraftRows([ada, bo]);
  expect((await round()).published).toEqual(['demo 1.0']);
}

async function declare(wish: Wish): Promise<string> {
  const { declaration } = await prepare(wish);
  await signIt(declaration);
  expect((await round()).declared).toHaveLength(1);
  return declaration;
}

const rowOf = (sha256: string) => world.db.declaration.findUniqueOrThrow({ where: { sha256 } });
const draftNow = () => world.db.draft.findUniqueOrThrow({ where: { id: draftId } });
const pageOf = (name: string): Buffer => readFileSync(path.join(indexFolder(), 'simple', 'demo', name));
const yanksOnPages = () => [
  readPageHtml(pageOf('index.html')).files.map((file) => file.yanked),
  readPageJson(pageOf('index.json')).files.map((file) => file.yanked),
];

let server: Server | null = null;
async function verify(): Promise<{ exit: number; out: string; err: string }> {
  const route = serveIndex(indexFolder());
  server = createServer((req, res) => void route(req, res));
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple/`;
  return verifyOnce({ what: ['demo==1.0'], index: url }, world.clock.now().getTime());
}
afterEach(() => void server?.close());

describe('a yank', () => {
  beforeEach(publish);

  test('that an owner prepared and signed is in rows, history, mail and index once the countersigner took it', async () => {
    const declaration = await declare(yank());
    expect(await rowOf(declaration)).toMatchObject({
      state: 'in-force',
      signedBy: 'ada',
      chainSlot: `yank:${draftId}#1`,
    });
    expect((await draftNow()).yankedReason).toBe(reason);
    expect(yanksOnPages()).toEqual(Array(2).fill(Array(2).fill(reason)));
    const entry = await world.db.historyEntry.findFirstOrThrow({ where: { kind: 'release.yanked' } });
    expect(entry).toMatchObject({ draftId, details: { reason, signedBy: ['ada'] } });
    const mails = await world.db.mail.findMany({ where: { event: 'release.yanked' }, orderBy: { toPerson: 'asc' } });
    expect(mails.map((mail) => mail.toPerson)).toEqual(['ada', 'bo', 'chi']);
    expect(mails[0]?.text).toContain(reason);
  });

  test('is told by the client with who declared it and why, and still verifies', async () => {
    await declare(yank());
    const said = await verify();
    expect(said.exit).toBe(0);
    expect(said.out).toContain(`It is yanked, as its owner ada declared: “${reason}”`);
  });

  test('is taken back by an unyank, which is the next number; then it can be yanked again', async () => {
    await declare(yank());
    await expectRefusal(() => prepare(yank()), 'declaration.changes-nothing');
    await declare(yank({ action: 'unyank', reason: 'it was the test' }));
    expect((await draftNow()).yankedReason).toBeNull();
    expect(yanksOnPages().flat(2)).toEqual(Array(4).fill(null));
    expect((await verify()).out).not.toContain('yanked');
    await expectRefusal(() => prepare(yank({ action: 'unyank' })), 'declaration.changes-nothing');
    const again = await declare(yank());
    expect(readDeclaration((await rowOf(again)).bytes).number).toBe(3);
  });

  test('waits visibly until the countersigner comes, and one waits at a time', async () => {
    const { declaration } = await prepare(yank());
    expect((await rowOf(declaration)).state).toBe('open');
    await expectRefusal(() => prepare(yank({ reason: 'another' })), 'declaration.already-open');
    await signIt(declaration);
    expect(await rowOf(declaration)).toMatchObject({ state: 'signed', inForceAt: null });
    expect((await draftNow()).yankedReason).toBeNull();
  });

  test('that is dropped is gone, and frees its place', async () => {
    const { declaration } = await prepare(yank());
    await signIt(declaration);
    await dropDeclaration(actor(ada), { project: demo, declaration });
    expect((await round()).declared).toEqual([]);
    await prepare(yank({ reason: 'another' }));
    await expectRefusal(() => dropDeclaration(actor(ada), { project: demo, declaration }), 'declaration.not-open');
  });

  test('that was dropped too late is in force all the same', async () => {
    const { declaration } = await prepare(yank());
    await signIt(declaration);
    await countersigner.round();
    await dropDeclaration(actor(ada), { project: demo, declaration });
    await placeHandbacks();
    expect(await rowOf(declaration)).toMatchObject({ state: 'in-force', openSlot: null });
    expect((await draftNow()).yankedReason).toBe(reason);
  });

  test('made under rules that are no longer in force is refused, with the sentence for its page', async () => {
    const { declaration } = await prepare(yank());
    await signIt(declaration);
    const { declaration: unsigned } = await prepare(status('archived'));
    await addPolicyRow(following(firstPolicy(), { threshold: 1 }), [ada, bo, chi]);
    await expectRefusal(() => signIt(unsigned), 'declaration.other-policy', 'declaration.signature-refused');
    expect((await round()).findings).toMatchObject([{ declaration, code: 'declaration.other-policy' }]);
    expect(await rowOf(declaration)).toMatchObject({ state: 'signed', countersignerCode: 'declaration.other-policy' });
    await dropDeclaration(actor(ada), { project: demo, declaration });
    await declare(yank());
    expect((await draftNow()).yankedReason).toBe(reason);
  });
});

describe('who may declare', () => {
  beforeEach(publish);

  test('is an owner with a recent sign-in; a maintainer and a stranger are refused', async () => {
    await expectRefusal(() => prepare(yank(), bo), 'person.may-not');
    await expectRefusal(() => prepare(yank(), eve), 'person.may-not');
    const stale = { kind: 'person', name: ada.name } as const;
    await expectRefusal(() => prepareDeclaration(stale, { project: demo, wish: yank() }), 'session.not-fresh');
    const { declaration } = await prepare(yank());
    await expectRefusal(() => signIt(declaration, bo), 'person.may-not');
    await expectRefusal(() => dropDeclaration(actor(bo), { project: demo, declaration }), 'person.may-not');
  });

  test.each([
    ['a maintainer', bo, 'only if an owner signs it'],
    ['a stranger', eve, 'not registered here'],
  ])('is decided by the signature: that of %s is refused, whoever hands it in', async (_, by, says) => {
    const { declaration } = await prepare(yank());
    await expectRefusal(() => signIt(declaration, by, ada), 'declaration.not-signed', 'declaration.signature-refused');
    const entry = await world.db.historyEntry.findFirstOrThrow({ where: { kind: 'declaration.signature-refused' } });
    expect(JSON.stringify(entry.details)).toContain(says);
  });

  test('a signature over another declaration is refused', async () => {
    const { declaration } = await prepare(yank());
    const { declaration: other } = await prepare(status('archived'));
    const bytes = (await rowOf(other)).bytes;
    const input = { project: demo, declaration, signature: sign(ada, bytes), way: 'upload' } as const;
    await expectRefusal(
      () => signDeclaration(actor(ada), input),
      'declaration.not-signed',
      'declaration.signature-refused',
    );
  });

  test('the same signature again is answered calmly; a row that was edited into “signed” is refused by the countersigner', async () => {
    const { declaration } = await prepare(yank());
    await signIt(declaration);
    expect((await signIt(declaration)).result).toBe('already-there');
    const forged = (await prepare(status('quarantined', 'for ransom'))).declaration;
    const packet = new Uint8Array(sign(eve, (await rowOf(forged)).bytes));
    const data = { state: 'signed', packet, key: eve.key, signedBy: 'ada', signedAt: world.clock.now() };
    await world.db.declaration.update({ where: { sha256: forged }, data });
    const report = await round();
    expect(report.declared).toEqual(['demo yank 1.0']);
    expect(report.findings).toMatchObject([{ declaration: forged, code: 'declaration.not-signed' }]);
  });

  test('nothing is declared of what is not published, and nothing without a reason', async () => {
    await expectRefusal(() => prepare(yank({ version: '9.9' })), 'declaration.no-release');
    await expectRefusal(() => prepare(yank({ version: '1.0+local' })), 'distribution.local-version');
    await expectRefusal(() => prepare(yank({ reason: ' ' })), 'input.missing');
    await expectRefusal(() => prepare(status('deprecated')), 'input.not-a');
    await expectRefusal(() => prepare(status('active')), 'declaration.changes-nothing');
  });

  test('any spelling of the version that PEP 440 calls the same is the one release', async () => {
    const { declaration } = await prepare(yank({ version: 'v1.0.0' }));
    expect(readDeclaration((await rowOf(declaration)).bytes)).toMatchObject({ version: '1.0' });
  });
});

describe('the status of a project', () => {
  test('archived: no new draft, no new files; a draft with enough signatures waits until it is active again', async () => {
    await addDraftRows([ada, bo]);
    await declare(status('archived'));
    expect(await world.db.project.findUniqueOrThrow({ where: { name: demo } })).toMatchObject({ status: 'archived' });
    expect((await draftNow()).state).toBe('draft');
    const uploads = [await storeUpload(makeWheel(demo, '2.0'))];
    const open = () => openDraft(actor(ada), { project: demo, uploads, signatures: [] });
    await expectRefusal(open, 'project.not-active', 'file.refused');
    const more = { draft: draftId, uploads: [await storeUpload(makeWheel(demo, '1.0', 'x = 2\n'))] };
    await expectRefusal(
      () => changeFiles(actor(ada), { ...more, remove: [], signatures: [] }),
      'project.not-active',
      'file.refused',
    );
    await declare(status('active', 'work goes on'));
    expect((await draftNow()).state).toBe('approved');
    expect((await round()).published).toEqual(['demo 1.0']);
    await open();
  });

  test('archived is told by the client, and what is published still verifies', async () => {
    await publish();
    await declare(status('archived'));
    const said = await verify();
    expect(said.exit).toBe(0);
    expect(said.out).toContain('The project is archived, as its owner ada declared: “nobody works on it”');
  });

  test('quarantined offers no file, and the client refuses with who declared it and why', async () => {
    await publish();
    await declare(status('quarantined', 'the account was stolen'));
    expect(yanksOnPages()).toEqual([[], []]);
    const said = await verify();
    expect(said.exit).toBe(1);
    expect(said.err).toContain('as its owner ada declared (“the account was stolen”)');
  });

  test('that only the database says is not countersigned away: what the countersigner knows decides', async () => {
    await declare(status('archived'));
    await world.db.project.update({ where: { name: demo }, data: { status: 'active' } });
    await addDraftRows([ada, bo]);
    await change({ kind: 'jobs' }, 'jobs', async (work) => {
      await settleDraft(work, draftId);
      await work.record('handback.placed');
    });
    expect((await round()).findings).toMatchObject([{ code: 'project.not-active' }]);
  });
});
