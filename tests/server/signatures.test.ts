// Signatures on a draft: what counts, what is refused with which sentence, and that a threshold approves exactly once.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addSignature } from '#lib/server/commands/add-signature.ts';
import { changeFiles } from '#lib/server/commands/change-files.ts';
import { takeBackSignature } from '#lib/server/commands/take-back-signature.ts';
import { withdrawDraft } from '#lib/server/commands/withdraw-draft.ts';
import { draftPage } from '#lib/server/queries/draft-page.ts';
import { statementBytes } from '#lib/server/queries/statement-bytes.ts';
import { expectRefusal } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import {
  makeDraft,
  makeKey,
  makePerson,
  makeProvenKey,
  makeWheel,
  makeWorld,
  signBytes,
  signDraft,
  storeUpload,
  type World,
} from '../support/story.ts';

let runtime: TestRuntime;
let world: World;
let count = 0;
const nextVersion = (): string => `1.${(count += 1)}.0`;

beforeAll(async () => {
  runtime = await openTestRuntime();
  world = await makeWorld();
});
afterAll(() => runtime.close());

const kindsOf = async (draft: string): Promise<string[]> =>
  (await runtime.db.historyEntry.findMany({ where: { draftId: draft }, orderBy: { id: 'asc' } })).map(
    (entry) => entry.kind,
  );

describe('a signature over the statement', () => {
  it('counts for the person whose key made it, and the second one approves the draft', async () => {
    const { draft } = await makeDraft(world.ada, world.project, nextVersion());
    const first = await signDraft(world.ada, draft);
    expect(first).toMatchObject({
      state: 'draft',
      signed: 1,
      required: 2,
      outcomes: [{ result: 'counted', person: 'ada' }],
    });
    const second = await signDraft(world.bo, draft);
    expect(second).toMatchObject({ state: 'approved', signed: 2, outcomes: [{ result: 'counted', person: 'bo' }] });
    expect(await kindsOf(draft)).toEqual(['draft.opened', 'signature.added', 'signature.added', 'draft.approved']);
  });

  it('counts once, however often it is handed in, and says so', async () => {
    const { draft } = await makeDraft(world.ada, world.project, nextVersion());
    await signDraft(world.ada, draft);
    const again = await signDraft(world.ada, draft);
    expect(again.signed).toBe(1);
    expect(again.outcomes[0]).toMatchObject({ result: 'already-there', person: 'ada' });
    expect(again.outcomes[0]?.says).toMatch(/^You signed revision 1 on 2026-11-22 09:00 UTC; nothing to do\.$/);
  });

  it('that completed the draft is answered calmly when the browser sends it again', async () => {
    const { draft } = await makeDraft(world.ada, world.project, nextVersion());
    await signDraft(world.ada, draft);
    const { bytes } = await statementBytes(world.bo.actor, draft);
    const signature = await signBytes(world.bo.key, bytes);
    await addSignature(world.bo.actor, { draft, signature, way: 'browser' });
    const retried = await addSignature(world.bo.actor, { draft, signature, way: 'browser' });
    expect(retried).toMatchObject({ state: 'approved', outcomes: [{ result: 'already-there' }] });
  });

  it('counts for its key’s owner when somebody else of the project hands it in', async () => {
    const { draft } = await makeDraft(world.ada, world.project, nextVersion());
    const { bytes } = await statementBytes(world.ada.actor, draft);
    const added = await addSignature(world.ada.actor, {
      draft,
      signature: await signBytes(world.bo.key, bytes),
      way: 'upload',
    });
    expect(added.outcomes).toMatchObject([{ result: 'counted', person: 'bo' }]);
  });

  it('by a second key of the same person adds nobody', async () => {
    const { draft } = await makeDraft(world.ada, world.project, nextVersion());
    const second = await makeProvenKey(world.ada.actor, await makeKey('ada-second'));
    await signDraft(world.ada, draft);
    const { bytes } = await statementBytes(world.ada.actor, draft);
    const added = await addSignature(world.ada.actor, {
      draft,
      signature: await signBytes(second, bytes),
      way: 'upload',
    });
    expect(added).toMatchObject({ signed: 1, outcomes: [{ result: 'refused', reason: 'not-in-policy' }] });
  });

  it('by a key that nobody registered is refused with the key’s own name, and leaves no row', async () => {
    const { draft } = await makeDraft(world.ada, world.project, nextVersion());
    const { bytes } = await statementBytes(world.ada.actor, draft);
    const added = await addSignature(world.ada.actor, {
      draft,
      signature: await signBytes(await makeKey('eve'), bytes),
      way: 'upload',
    });
    expect(added.outcomes).toMatchObject([{ result: 'refused', reason: 'unknown-key', person: null }]);
    expect(await runtime.db.signature.count({ where: { draftId: draft } })).toBe(0);
    expect(await kindsOf(draft)).toEqual(['draft.opened', 'signature.refused']);
  });

  it('over other bytes is refused and says that it is genuine for the key', async () => {
    const { draft } = await makeDraft(world.ada, world.project, nextVersion());
    const signature = await signBytes(world.ada.key, Buffer.from('something else'));
    const { outcomes } = await addSignature(world.ada.actor, { draft, signature, way: 'upload' });
    expect(outcomes).toMatchObject([{ result: 'refused', reason: 'wrong-bytes', over: null }]);
  });

  it('good and bad ones in one upload each get their answer', async () => {
    const { draft } = await makeDraft(world.ada, world.project, nextVersion());
    const { bytes } = await statementBytes(world.ada.actor, draft);
    const signature = Buffer.concat([
      await signBytes(world.ada.key, bytes),
      await signBytes(world.bo.key, Buffer.from('other')),
    ]);
    const { outcomes, signed } = await addSignature(world.ada.actor, { draft, signature, way: 'upload' });
    expect(outcomes.map((outcome) => outcome.result)).toEqual(['counted', 'refused']);
    expect(signed).toBe(1);
  });

  it('that is no signature is refused, and only history remembers it', async () => {
    const { draft } = await makeDraft(world.ada, world.project, nextVersion());
    const attempt = () => addSignature(world.ada.actor, { draft, signature: world.ada.key.certificate, way: 'paste' });
    await expectRefusal(attempt, 'signature.is-public-key', 'signature.refused');
  });
});

describe('a signature over one file', () => {
  it('counts for that file only, and both files together make the person count', async () => {
    const version = nextVersion();
    const { draft } = await makeDraft(world.ada, world.project, version);
    const page = await draftPage(world.ada.actor, draft);
    const [one, two] = await Promise.all(
      page.files.map(async (file) => signBytes(world.bo.key, await runtime.files.read(file.sha256))),
    );
    const first = await addSignature(world.bo.actor, { draft, signature: one ?? new Uint8Array(), way: 'upload' });
    expect(first).toMatchObject({ signed: 0, outcomes: [{ result: 'counted', over: page.files[0]?.name }] });
    const second = await addSignature(world.bo.actor, { draft, signature: two ?? new Uint8Array(), way: 'upload' });
    expect(second.signed).toBe(1);
  });

  it('stays valid through a revision that keeps the file, where the statement’s does not', async () => {
    const version = nextVersion();
    const { draft } = await makeDraft(world.ada, world.project, version);
    const [file] = (await draftPage(world.ada.actor, draft)).files.filter((entry) => entry.kind === 'sdist');
    const signature = await signBytes(world.bo.key, await runtime.files.read(file?.sha256 ?? ('' as never)));
    await addSignature(world.bo.actor, { draft, signature, way: 'upload' });
    await signDraft(world.ada, draft);
    const uploads = [await storeUpload(makeWheel(world.project, version, 'x = 2\n'))];
    await changeFiles(world.ada.actor, { draft, uploads, remove: [], signatures: [] });
    const { perFile } = (await draftPage(world.ada.actor, draft)).verdict;
    expect(Object.fromEntries(perFile.map((entry) => [entry.file.slice(-3), entry.counted]))).toEqual({
      whl: [],
      '.gz': ['bo'],
    });
  });
});

describe('a packet', () => {
  it('of an earlier revision is refused as such after the files changed', async () => {
    const version = nextVersion();
    const { draft } = await makeDraft(world.ada, world.project, version);
    const { bytes } = await statementBytes(world.ada.actor, draft);
    const uploads = [await storeUpload(makeWheel(world.project, version, 'x = 3\n'))];
    await changeFiles(world.ada.actor, { draft, uploads, remove: [], signatures: [] });
    const signature = await signBytes(world.bo.key, bytes);
    const { outcomes } = await addSignature(world.bo.actor, { draft, signature, way: 'upload' });
    expect(outcomes).toMatchObject([{ result: 'refused', reason: 'other-revision' }]);
    expect(outcomes[0]?.says).toContain('revision 1');
  });

  it('that was taken back never enters again', async () => {
    const { draft } = await makeDraft(world.ada, world.project, nextVersion());
    const { bytes } = await statementBytes(world.bo.actor, draft);
    const signature = await signBytes(world.bo.key, bytes);
    await addSignature(world.bo.actor, { draft, signature, way: 'upload' });
    const line = (await draftPage(world.bo.actor, draft)).lines.find((entry) => entry.state === 'signed');
    await takeBackSignature(world.bo.actor, { draft, signature: line?.state === 'signed' ? line.id : '' });
    const again = await addSignature(world.bo.actor, { draft, signature, way: 'upload' });
    expect(again).toMatchObject({ signed: 0, outcomes: [{ result: 'refused', reason: 'taken-back' }] });
    const anew = await addSignature(world.bo.actor, {
      draft,
      signature: await signBytes(world.bo.key, bytes, new Date(runtime.clock.now().getTime() - 5000)),
      way: 'upload',
    });
    expect(anew.signed).toBe(1);
  });

  it('that was first seen in a withdrawn draft does not enter its successor', async () => {
    const version = nextVersion();
    const { draft } = await makeDraft(world.ada, world.project, version);
    const wheel = (await draftPage(world.ada.actor, draft)).files.find((file) => file.kind === 'wheel');
    const signature = await signBytes(world.bo.key, await runtime.files.read(wheel?.sha256 ?? ('' as never)));
    await addSignature(world.bo.actor, { draft, signature, way: 'upload' });
    await withdrawDraft(world.ada.actor, { draft, reason: 'a mistake' });
    const next = await makeDraft(world.ada, world.project, version);
    const { outcomes } = await addSignature(world.bo.actor, { draft: next.draft, signature, way: 'upload' });
    expect(outcomes).toMatchObject([{ result: 'refused', reason: 'first-seen-elsewhere' }]);
  });
});

describe('what the person looked at', () => {
  it('must be the current revision: otherwise they are told to look again, and nothing enters', async () => {
    const version = nextVersion();
    const { draft } = await makeDraft(world.ada, world.project, version);
    const { bytes } = await statementBytes(world.bo.actor, draft);
    const uploads = [await storeUpload(makeWheel(world.project, version, 'x = 4\n'))];
    await changeFiles(world.ada.actor, { draft, uploads, remove: [], signatures: [] });
    const signature = await signBytes(world.bo.key, bytes);
    const attempt = () => addSignature(world.bo.actor, { draft, signature, way: 'browser', expectedRevision: 1 });
    await expectRefusal(attempt, 'draft.moved-on', 'signature.refused');
  });
});

describe('taking a signature back', () => {
  it('is for one’s own alone', async () => {
    const { draft } = await makeDraft(world.ada, world.project, nextVersion());
    await signDraft(world.ada, draft);
    const { id } = await runtime.db.signature.findFirstOrThrow({ where: { draftId: draft } });
    await expectRefusal(() => takeBackSignature(world.bo.actor, { draft, signature: id }), 'signature.not-found');
  });

  it('ends with the approval', async () => {
    const { draft } = await makeDraft(world.ada, world.project, nextVersion());
    await signDraft(world.ada, draft);
    await signDraft(world.bo, draft);
    const { id } = await runtime.db.signature.findFirstOrThrow({ where: { draftId: draft, personName: 'bo' } });
    await expectRefusal(() => takeBackSignature(world.bo.actor, { draft, signature: id }), 'draft.not-now');
  });
});

describe('an approved draft', () => {
  it('takes no further signature', async () => {
    const { draft } = await makeDraft(world.ada, world.project, nextVersion());
    await signDraft(world.ada, draft);
    await signDraft(world.bo, draft);
    await expectRefusal(() => signDraft(world.chi, draft), 'draft.not-now', 'signature.refused');
  });

  it('does not exist for a stranger, whatever they hand in', async () => {
    const eve = await makePerson('eve');
    const { draft } = await makeDraft(world.ada, world.project, nextVersion());
    const signature = await signBytes(eve.key, Buffer.from('x'));
    await expectRefusal(() => addSignature(eve.actor, { draft, signature, way: 'upload' }), 'draft.not-found');
    await expectRefusal(
      () => addSignature(eve.actor, { draft: 'ffffffffffff', signature, way: 'upload' }),
      'draft.not-found',
    );
  });
});
