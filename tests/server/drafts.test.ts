// Drafts from opening to their end: which files may be in one, revisions, withdrawal, deadline, and who hears of it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeFiles } from '#lib/server/commands/change-files.ts';
import { expireDrafts } from '#lib/server/commands/expire-drafts.ts';
import { openDraft } from '#lib/server/commands/open-draft.ts';
import { withdrawDraft } from '#lib/server/commands/withdraw-draft.ts';
import { readStatement } from '#lib/core/statement.ts';
import { draftPage } from '#lib/server/queries/draft-page.ts';
import { statementBytes } from '#lib/server/queries/statement-bytes.ts';
import { home } from '#lib/server/queries/home.ts';
import { historyOf } from '#lib/server/queries/history-of.ts';
import { expectRefusal } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import {
  makeDraft,
  makePerson,
  makeSdist,
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
const nextVersion = (): string => `3.${(count += 1)}.0`;
const day = 86_400_000;

beforeAll(async () => {
  runtime = await openTestRuntime();
  world = await makeWorld();
});
afterAll(() => runtime.close());

const openWith = async (...files: { name: string; bytes: Uint8Array }[]) => {
  const uploads = await Promise.all(files.map(storeUpload));
  return () => openDraft(world.ada.actor, { project: world.project, uploads, signatures: [] });
};
const mailsAbout = async (draft: string) =>
  (
    await runtime.db.mail.findMany({
      where: { headers: { path: ['References'], string_contains: draft } },
      orderBy: { toAddress: 'asc' },
    })
  ).map((mail) => [mail.event, mail.toPerson]);

describe('opening a draft', () => {
  it('writes the statement that people sign: index, project, version, draft, revision, opener and every file', async () => {
    const version = nextVersion();
    const { draft } = await makeDraft(world.bo, world.project, version);
    const { bytes, fileName } = await statementBytes(world.ada.actor, draft);
    const statement = readStatement(bytes);
    expect(statement).toMatchObject({
      index: 'sign.example.org',
      project: world.project,
      version,
      draft,
      revision: 1,
      openedBy: 'bo',
    });
    expect(statement.files.map((file) => file.name)).toEqual([
      makeWheel(world.project, version).name,
      makeSdist(world.project, version).name,
    ]);
    expect(fileName).toBe(`${world.project}-${version}.r1.SHA256SUMS`);
  });

  it('mails everybody else of the policy, once, with the digest of what they would sign', async () => {
    const { draft } = await makeDraft(world.ada, world.project, nextVersion());
    expect(await mailsAbout(draft)).toEqual([
      ['draft.opened', 'bo'],
      ['draft.opened', 'chi'],
    ]);
    const mail = await runtime.db.mail.findFirstOrThrow({
      where: { toPerson: 'bo', event: 'draft.opened' },
      orderBy: { createdAt: 'desc' },
    });
    const letters = await runtime.db.mail.findMany({ where: { toPerson: 'bo', event: 'draft.opened' } });
    const { statement } = await draftPage(world.ada.actor, draft);
    expect(letters.some((letter) => letter.text.includes(statement.sha256))).toBe(true);
    expect(mail.subject).toMatch(/needs your signature \(0 of 2\)$/);
  });

  it('counts a signature that came along, for its file', async () => {
    const version = nextVersion();
    const wheel = makeWheel(world.project, version);
    const uploads = [await storeUpload(wheel)];
    const signatures = [await signBytes(world.ada.key, wheel.bytes)];
    const { draft, outcomes } = await openDraft(world.ada.actor, { project: world.project, uploads, signatures });
    expect(outcomes).toMatchObject([{ result: 'counted', person: 'ada', over: wheel.name }]);
    expect((await draftPage(world.ada.actor, draft)).verdict.counted).toEqual(['ada']);
  });

  it('leads to the draft that is open, whatever the spelling of the version', async () => {
    const { draft } = await makeDraft(world.ada, world.project, '8.0');
    const again = await openWith(makeWheel(world.project, '8.0.0'));
    await expectRefusal(again, 'draft.already-open', 'file.refused');
    await expect(again()).rejects.toMatchObject({ details: { path: `/drafts/${draft}` } });
  });

  it('is refused for a version that is published, and for a name that was published with other bytes', async () => {
    const version = nextVersion();
    const { draft } = await makeDraft(world.ada, world.project, version);
    await runtime.db.draft.update({
      where: { id: draft },
      data: { state: 'published', publishedAt: runtime.clock.now() },
    });
    await expectRefusal(await openWith(makeWheel(world.project, version)), 'release.already-published', 'file.refused');
    const other = makeWheel(world.project, nextVersion());
    const row = {
      name: other.name,
      projectName: world.project,
      version: '0',
      sha256: '0'.repeat(64),
      publishedAt: runtime.clock.now(),
    };
    await runtime.db.publishedFile.create({ data: row });
    await expectRefusal(await openWith(other), 'file.name-taken', 'file.refused');
  });

  it('holds files of one project and one version only', async () => {
    const version = nextVersion();
    await expectRefusal(await openWith(makeWheel('moonrise', version)), 'draft.other-project', 'file.refused');
    await expectRefusal(
      await openWith(makeWheel(world.project, version), makeSdist(world.project, '99.0')),
      'draft.other-version',
      'file.refused',
    );
    await expectRefusal(
      await openWith(makeWheel(world.project, version), makeWheel(world.project, version)),
      'draft.same-name-twice',
      'file.refused',
    );
    await expectRefusal(await openWith(), 'draft.no-files', 'file.refused');
  });

  it('holds one sdist, and one wheel for each build and Python, however they are spelled and whenever they come', async () => {
    const version = nextVersion();
    const other = makeSdist(world.project, `${version}.0`);
    await expectRefusal(await openWith(makeSdist(world.project, version), other), 'draft.two-alike', 'file.refused');
    const { draft } = await makeDraft(world.ada, world.project, version);
    const uploads = [await storeUpload(other)];
    await expectRefusal(
      () => changeFiles(world.ada.actor, { draft, uploads, remove: [], signatures: [] }),
      'draft.two-alike',
      'file.refused',
    );
  });

  it('refuses an archive that is not what its name says', async () => {
    const lies = { name: makeWheel(world.project, nextVersion()).name, bytes: makeWheel(world.project, '77.0').bytes };
    await expectRefusal(await openWith(lies), 'distribution.mismatch', 'file.refused');
  });
});

describe('changing files', () => {
  it('makes the next revision, keeps the earlier statement, and mails who had signed', async () => {
    const version = nextVersion();
    const { draft } = await makeDraft(world.ada, world.project, version);
    await signDraft(world.bo, draft);
    const uploads = [await storeUpload(makeWheel(world.project, version, 'x = 5\n'))];
    const changed = await changeFiles(world.ada.actor, {
      draft,
      uploads,
      remove: [makeSdist(world.project, version).name],
      signatures: [],
    });
    expect(changed.revision).toBe(2);
    const page = await draftPage(world.bo.actor, draft);
    expect([page.revision, page.files.length, page.verdict.counted]).toEqual([2, 1, []]);
    expect(page.earlier).toMatchObject([
      {
        number: 1,
        signedBy: ['bo'],
        changes: [expect.stringMatching(/^replaced .*whl$/), expect.stringMatching(/^removed .*gz$/)],
      },
    ]);
    expect(await mailsAbout(draft)).toContainEqual(['draft.revised', 'bo']);
    expect(readStatement((await statementBytes(world.bo.actor, draft, 1)).bytes).revision).toBe(1);
  });

  it('that changes nothing, empties the draft or names a stranger is refused', async () => {
    const version = nextVersion();
    const { draft } = await makeDraft(world.ada, world.project, version);
    const wish = { draft, uploads: [], remove: [] as string[], signatures: [] };
    const same = [await storeUpload(makeWheel(world.project, version))];
    await expectRefusal(
      () => changeFiles(world.ada.actor, { ...wish, uploads: same }),
      'draft.nothing-changed',
      'file.refused',
    );
    const all = (await draftPage(world.ada.actor, draft)).files.map((file) => file.name);
    await expectRefusal(() => changeFiles(world.ada.actor, { ...wish, remove: all }), 'draft.no-files', 'file.refused');
    await expectRefusal(
      () => changeFiles(world.ada.actor, { ...wish, remove: ['x'] }),
      'file.not-found',
      'file.refused',
    );
  });

  it('ends with the approval', async () => {
    const { draft } = await makeDraft(world.ada, world.project, nextVersion());
    await signDraft(world.ada, draft);
    await signDraft(world.bo, draft);
    await expectRefusal(
      () => changeFiles(world.ada.actor, { draft, uploads: [], remove: ['x'], signatures: [] }),
      'draft.not-now',
    );
  });
});

describe('a draft ends', () => {
  it('when whoever opened it, or an owner, withdraws it; its version is free again', async () => {
    const version = nextVersion();
    const { draft } = await makeDraft(world.bo, world.project, version);
    await expectRefusal(() => withdrawDraft(world.chi.actor, { draft, reason: 'a mistake' }), 'person.may-not');
    await withdrawDraft(world.bo.actor, { draft, reason: 'a mistake' });
    expect(await mailsAbout(draft)).toContainEqual(['draft.withdrawn', 'ada']);
    await expectRefusal(() => withdrawDraft(world.ada.actor, { draft, reason: 'a mistake' }), 'draft.not-now');
    const again = await makeDraft(world.bo, world.project, version);
    await withdrawDraft(world.ada.actor, { draft: again.draft, reason: 'a mistake' });
  });

  it('when its deadline passes: once, with mail to everybody, and not a second before', async () => {
    const version = nextVersion();
    await expireDrafts();
    const { draft } = await makeDraft(world.ada, world.project, version);
    const before = (await draftPage(world.ada.actor, draft)).deadline.getTime() - runtime.clock.now().getTime();
    runtime.advance(before - 1000);
    const others = await runtime.db.draft.count({ where: { state: 'draft', deadline: { lte: runtime.clock.now() } } });
    expect(others).toBe(0);
    runtime.advance(1000);
    expect((await expireDrafts()).expired).toBeGreaterThan(0);
    expect(await expireDrafts()).toEqual({ expired: 0 });
    expect((await draftPage(world.ada.actor, draft)).state).toBe('expired');
    expect(await mailsAbout(draft)).toContainEqual(['draft.expired', 'ada']);
    runtime.advance(-30 * day);
    await makeDraft(world.ada, world.project, version);
  });
});

describe('what people see', () => {
  it('needs me until I signed, then waits for others', async () => {
    const { draft } = await makeDraft(world.ada, world.project, nextVersion());
    const has = (rows: { id: string }[]) => rows.some((row) => row.id === draft);
    expect(has((await home(world.chi.actor)).needsMe.drafts)).toBe(true);
    await signDraft(world.chi, draft);
    const after = await home(world.chi.actor);
    expect([has(after.needsMe.drafts), has(after.waitingForOthers.drafts)]).toEqual([false, true]);
  });

  it('says what a signature will do, with commands that name the file and the own signing key', async () => {
    const { draft } = await makeDraft(world.ada, world.project, nextVersion());
    const first = (await draftPage(world.bo.actor, draft)).panel;
    expect(first?.will).toMatch(/^Your signature will be number 1 of 2; 1 more is needed\./);
    await signDraft(world.ada, draft);
    const last = (await draftPage(world.bo.actor, draft)).panel;
    expect(last?.will).toMatch(/^Your signature is the last one needed/);
    expect(last?.commands[0]?.command).toContain(
      `--local-user '${last?.keys[0]?.signing[0]}!' --armor --detach-sign --output ${last?.fileName}.asc`,
    );
    expect((await draftPage(world.ada.actor, draft)).lines.map((line) => line.state)).toEqual(['signed', 'open']);
  });

  it('hides drafts, their files and their history from strangers: the answer of a draft that does not exist', async () => {
    const eve = await makePerson('eve');
    const { draft } = await makeDraft(world.ada, world.project, nextVersion());
    for (const id of [draft, 'ffffffffffff', 'x']) {
      await expectRefusal(() => draftPage(eve.actor, id), 'draft.not-found');
      await expectRefusal(() => historyOf(eve.actor, { draft: id }), 'draft.not-found');
      await expectRefusal(() => statementBytes(eve.actor, id), 'draft.not-found');
    }
    const kinds = (await historyOf(eve.actor, { project: world.project })).lines.map((line) => line.kind);
    expect([...new Set(kinds)].sort()).toEqual(['policy.in-force', 'project.created']);
  });
});
