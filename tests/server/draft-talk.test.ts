// What is said about a draft without signing it: comments that are about a revision, what people got when they rebuilt it, and the address at which it
// can be tried. None of it moves the draft or counts; all of it is shown to its people, and what is hostile stays text.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeFiles } from '#lib/server/commands/change-files.ts';
import { commentDraft } from '#lib/server/commands/comment-draft.ts';
import { endPreview, renewPreview } from '#lib/server/commands/renew-preview.ts';
import { stateRebuild } from '#lib/server/commands/state-rebuild.ts';
import { takeBackComment } from '#lib/server/commands/take-back-comment.ts';
import { takeBackRebuild } from '#lib/server/commands/take-back-rebuild.ts';
import { withdrawDraft } from '#lib/server/commands/withdraw-draft.ts';
import { findLinkByToken } from '#lib/server/judge/personal-link.ts';
import { requireLivePreview } from '#lib/server/judge/preview.ts';
import { draftPage, type DraftPage } from '#lib/server/queries/draft-page.ts';
import { historyStream } from '#lib/server/queries/history-of.ts';
import { limits } from '#lib/server/limits.ts';
import { readFilter } from '#lib/server/history/filter.ts';
import { expectRefusal } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import {
  changePolicy,
  makeAccount,
  makeDraft,
  makeWheel,
  makeWorld,
  storeUpload,
  type TestPerson,
  type World,
} from '../support/story.ts';

let runtime: TestRuntime;
let world: World;
let versions = 0;
beforeAll(async () => {
  runtime = await openTestRuntime();
  world = await makeWorld();
});
afterAll(() => runtime.close());

const opened = async (): Promise<string> => (await makeDraft(world.ada, world.project, `2.${(versions += 1)}.0`)).draft;

const talkOf = async ({ actor }: TestPerson, draft: string): Promise<DraftPage['talk']> =>
  (await draftPage(actor, draft)).talk;

async function revise(draft: string): Promise<void> {
  const { version } = await draftPage(world.ada.actor, draft);
  const uploads = [await storeUpload(makeWheel(world.project, version, `x = ${Math.random()}\n`))];
  await changeFiles(world.ada.actor, { draft, uploads, remove: [], signatures: [] });
}

async function linkOf({ actor }: TestPerson, draft: string) {
  const where = {
    toPerson: actor.name,
    event: 'draft.opened',
    headers: { path: ['References'], string_contains: draft },
  };
  const { text } = await runtime.db.mail.findFirstOrThrow({ where });
  return findLinkByToken(/\/d\/([\w-]{43})$/m.exec(text)?.[1] ?? '');
}

/** What `sha256sum` prints for the files of a draft, with one of them changed on wish. */
async function sums(draft: string, changed?: string): Promise<string> {
  const { files } = await draftPage(world.ada.actor, draft);
  return files.map(({ name, sha256 }) => `${changed === name ? '0'.repeat(64) : sha256}  dist/${name}`).join('\n');
}

const mailsOf = (event: string, draft: string) =>
  runtime.db.mail.findMany({
    where: { event, headers: { path: ['References'], string_contains: draft } },
    orderBy: { toPerson: 'asc' },
  });

describe('a comment', () => {
  it('stands with the revision that was looked at, also when a newer one came meanwhile', async () => {
    const draft = await opened();
    await commentDraft(world.bo.actor, { draft, text: 'Why is setup.py gone?\r\n\r\nSee https://ci.example/7' });
    await revise(draft);
    runtime.advance(1000);
    await commentDraft(world.chi.actor, { draft, text: 'About the first one.', revision: 1 });
    runtime.advance(1000);
    await commentDraft(world.ada.actor, { draft, text: 'It is back.' });
    const { comments, may } = await talkOf(world.bo, draft);
    expect(comments.map(({ name, revision, text, isMine }) => [name, revision, text, isMine])).toEqual([
      ['bo', 1, 'Why is setup.py gone?\n\nSee https://ci.example/7', true],
      ['chi', 1, 'About the first one.', false],
      ['ada', 2, 'It is back.', false],
    ]);
    expect(may).toEqual({ comment: true, rebuild: true });
  });

  it('is mailed to the other people of the project, as text, and named in history and its download', async () => {
    const draft = await opened();
    const text = '<b>Bold</b>\nBcc: eve@evil.example';
    await commentDraft(world.bo.actor, { draft, text });
    const mails = await mailsOf('draft.commented', draft);
    expect(mails.map(({ toPerson }) => toPerson)).toEqual(['ada', 'chi']);
    expect(mails[0]?.text).toContain('> <b>Bold</b>\n> Bcc: eve@evil.example');
    expect(mails[0]?.html).toContain('&lt;b&gt;Bold&lt;/b&gt;<br>Bcc');
    const told = [];
    for await (const lines of await historyStream(world.ada.actor, { draft }, readFilter({}))) told.push(...lines);
    expect(told.at(-1)).toMatchObject({
      ...{ actor: 'bo', says: 'commented on revision 1', reason: '<b>Bold</b> Bcc: (address)' },
    });
  });

  it('that is taken back stays where it was, struck, and only its writer takes it back, once', async () => {
    const draft = await opened();
    const { comment } = await commentDraft(world.bo.actor, { draft, text: 'Nonsense.' });
    await expectRefusal(() => takeBackComment(world.ada.actor, { draft, comment }), 'comment.not-found');
    await takeBackComment(world.bo.actor, { draft, comment });
    await expectRefusal(() => takeBackComment(world.bo.actor, { draft, comment }), 'comment.not-found');
    const { comments } = await talkOf(world.chi, draft);
    expect(comments).toMatchObject([{ id: comment, text: 'Nonsense.', takenBackAt: runtime.clock.now() }]);
    const other = await opened();
    await expectRefusal(() => takeBackComment(world.bo.actor, { draft: other, comment }), 'comment.not-found');
  });

  it('is refused from strangers, by a link, empty, over a revision that is not there, and when the draft is over', async () => {
    const draft = await opened();
    const { actor: eve } = await makeAccount(`eve-${versions}`);
    await expectRefusal(() => commentDraft(eve, { draft, text: 'Hello.' }), 'draft.not-found');
    const link = await linkOf(world.bo, draft);
    await expectRefusal(() => commentDraft(link, { draft, text: 'Hello.' }), 'person.sign-in-first');
    await expectRefusal(() => commentDraft(world.bo.actor, { draft, text: ' \n ' }), 'input.missing');
    await expectRefusal(() => commentDraft(world.bo.actor, { draft, text: 'Hello.', revision: 2 }), 'draft.moved-on');
    await withdrawDraft(world.ada.actor, { draft, reason: 'wrong branch' });
    await expectRefusal(() => commentDraft(world.bo.actor, { draft, text: 'Hello.' }), 'draft.ended');
  });

  it('is read by the link of a mail, which says nothing', async () => {
    const draft = await opened();
    await commentDraft(world.ada.actor, { draft, text: 'Look at METADATA.' });
    const { talk } = await draftPage(await linkOf(world.bo, draft), draft);
    expect(talk.comments.map(({ text }) => text)).toEqual(['Look at METADATA.']);
    expect(talk.may).toEqual({ comment: false, rebuild: false });
    expect(talk.preview).toMatchObject({ mayManage: false });
  });

  it('has a limit of its own for each draft', async () => {
    const draft = await opened();
    const row = { draftId: draft, revision: 1, personName: 'bo', text: 'More.', writtenAt: runtime.clock.now() };
    const data = Array.from({ length: limits.commentsPerDraftMax }, (_, at) => ({ ...row, id: `${draft}-${at}` }));
    await runtime.db.comment.createMany({ data });
    await expectRefusal(() => commentDraft(world.bo.actor, { draft, text: 'One more.' }), 'comment.too-many');
  });
});

describe('a rebuild', () => {
  const recipe = 'python -m build in debian:12\nhttps://ci.example/build/7';

  it('with the same digests is shown with its recipe, mailed to nobody, and counts nothing', async () => {
    const draft = await opened();
    const before = (await draftPage(world.bo.actor, draft)).verdict;
    const stated = await stateRebuild(world.bo.actor, { draft, digests: await sums(draft), recipe });
    expect(stated).toMatchObject({
      outcome: 'rebuilt all 2 files and got the same digests',
      isSame: true,
      revision: 1,
    });
    const { verdict, talk } = await draftPage(world.chi.actor, draft);
    expect(verdict).toEqual(before);
    expect(talk.rebuilds).toMatchObject([{ name: 'bo', recipe, isSame: true, revision: 1 }]);
    expect(await mailsOf('draft.rebuilt-otherwise', draft)).toEqual([]);
  });

  it('with another digest is shown as well, with both digests, and mailed to everybody else', async () => {
    const draft = await opened();
    const [file] = (await draftPage(world.ada.actor, draft)).files;
    const name = file?.name ?? '';
    const stated = await stateRebuild(world.bo.actor, { draft, digests: await sums(draft, name), recipe });
    expect(stated).toMatchObject({ isSame: false });
    const [line] = (await talkOf(world.chi, draft)).rebuilds;
    expect(line?.outcome).toBe(`rebuilt all 2 files and got another digest for ${name}, and the same for 1 of them`);
    expect(line?.files[0]).toEqual({ name, sha256: '0'.repeat(64), expected: file?.sha256, isSame: false });
    const mails = await mailsOf('draft.rebuilt-otherwise', draft);
    expect(mails.map(({ toPerson }) => toPerson)).toEqual(['ada', 'chi']);
    expect(mails[0]?.text).toContain(file?.sha256);
  });

  it('of the same person replaces the one before, and can be taken back by nobody else', async () => {
    const draft = await opened();
    await stateRebuild(world.bo.actor, { draft, digests: await sums(draft), recipe });
    const { rebuild } = await stateRebuild(world.bo.actor, { draft, digests: await sums(draft), recipe: 'nix build' });
    expect((await talkOf(world.chi, draft)).rebuilds).toMatchObject([{ id: rebuild, recipe: 'nix build' }]);
    await expectRefusal(() => takeBackRebuild(world.chi.actor, { draft, rebuild }), 'rebuild.not-found');
    await takeBackRebuild(world.bo.actor, { draft, rebuild });
    expect((await talkOf(world.chi, draft)).rebuilds).toEqual([]);
    expect(await runtime.db.rebuild.count({ where: { draftId: draft } })).toBe(2);
  });

  it('is bound to its revision: other files begin without one', async () => {
    const draft = await opened();
    const digests = await sums(draft);
    await stateRebuild(world.bo.actor, { draft, digests, recipe });
    await revise(draft);
    expect((await talkOf(world.chi, draft)).rebuilds).toEqual([]);
    const late = { draft, digests, recipe, expectedRevision: 1 };
    await expectRefusal(() => stateRebuild(world.bo.actor, late), 'draft.moved-on');
  });

  it('is refused without a recipe, over files that are not there, by a link, and when the draft is over', async () => {
    const draft = await opened();
    const digests = await sums(draft);
    await expectRefusal(() => stateRebuild(world.bo.actor, { draft, digests, recipe: '' }), 'input.missing');
    const other = `${'0'.repeat(64)}  other-1.0.tar.gz`;
    await expectRefusal(() => stateRebuild(world.bo.actor, { draft, digests: other, recipe }), 'rebuild.other-file');
    const link = await linkOf(world.bo, draft);
    await expectRefusal(() => stateRebuild(link, { draft, digests, recipe }), 'person.sign-in-first');
    await withdrawDraft(world.ada.actor, { draft, reason: 'wrong branch' });
    await expectRefusal(() => stateRebuild(world.bo.actor, { draft, digests, recipe }), 'draft.ended');
  });
});

describe('the address to try a draft', () => {
  const tokenOf = async (person: TestPerson, draft: string): Promise<string> => {
    const { preview } = await talkOf(person, draft);
    return /^https:\/\/sign\.example\.org\/preview\/([\w-]{43})\/simple\/$/.exec(preview?.address ?? '')?.[1] ?? '';
  };
  const shut = async (token: string, why: RegExp) =>
    expect(requireLivePreview(runtime.db, token)).rejects.toMatchObject({ message: expect.stringMatching(why) });

  it('is there from the first revision on, the same for all its people, and in no row', async () => {
    const draft = await opened();
    const token = await tokenOf(world.bo, draft);
    expect(await tokenOf(world.ada, draft)).toBe(token);
    expect((await requireLivePreview(runtime.db, token)).id).toBe(draft);
    expect(JSON.stringify(await runtime.db.preview.findMany())).not.toContain(token);
  });

  it('ends with its revision, and the next one has another', async () => {
    const draft = await opened();
    const first = await tokenOf(world.bo, draft);
    await revise(draft);
    await shut(first, /files have changed/);
    expect((await requireLivePreview(runtime.db, await tokenOf(world.bo, draft))).revision).toBe(2);
  });

  it('is renewed and ended by an owner or whoever opened the draft, and by nobody else', async () => {
    const { draft } = await makeDraft(world.bo, world.project, `2.${(versions += 1)}.0`);
    const first = await tokenOf(world.bo, draft);
    await expectRefusal(() => renewPreview(world.chi.actor, { draft }), 'person.may-not');
    await expectRefusal(() => endPreview(world.chi.actor, { draft }), 'person.may-not');
    await renewPreview(world.bo.actor, { draft });
    await shut(first, /newer one took its place/);
    const second = await tokenOf(world.chi, draft);
    await endPreview(world.ada.actor, { draft });
    await shut(second, /was ended/);
    expect((await talkOf(world.bo, draft)).preview).toEqual({ address: null, endedBy: 'ada', mayManage: true });
    await expectRefusal(() => endPreview(world.ada.actor, { draft }), 'preview.none-live');
  });

  it('ends with the draft, and comes for none that is over', async () => {
    const draft = await opened();
    const token = await tokenOf(world.bo, draft);
    await withdrawDraft(world.ada.actor, { draft, reason: 'wrong branch' });
    await shut(token, /withdrawn/);
    expect((await talkOf(world.bo, draft)).preview).toBeNull();
    await expectRefusal(() => renewPreview(world.ada.actor, { draft }), 'preview.not-now');
  });

  it('opens nothing where it was guessed', () => shut('A'.repeat(43), /opens nothing/));

  it('is another one as soon as somebody who may know it leaves', async () => {
    const other = await makeWorld('-two');
    const { draft } = await makeDraft(other.ada, other.project);
    const token = await tokenOf(other.chi, draft);
    await changePolicy(other.ada, { project: other.project, remove: [{ name: 'chi-two', how: 'retire' }] }, other.ada);
    await shut(token, /newer one took its place/);
    expect((await requireLivePreview(runtime.db, await tokenOf(other.bo, draft))).id).toBe(draft);
  });
});
