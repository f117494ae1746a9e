// The personal link as an actor: what it opens, what it never opens, and when it ends. The HTTP side is in tests/web/personal-links.test.ts.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rights, type Actor, type Verb } from '#lib/core/people.ts';
import { addSignature } from '#lib/server/commands/add-signature.ts';
import { changeFiles } from '#lib/server/commands/change-files.ts';
import { declineDraft } from '#lib/server/commands/decline-draft.ts';
import { expireDrafts } from '#lib/server/commands/expire-drafts.ts';
import { revokeDraftLinks, revokeMyLinks } from '#lib/server/commands/revoke-links.ts';
import { silenceDraft } from '#lib/server/commands/silence-draft.ts';
import { withdrawDraft } from '#lib/server/commands/withdraw-draft.ts';
import { findDraft } from '#lib/server/judge/find-draft.ts';
import { findLinkByToken, type LinkActor } from '#lib/server/judge/personal-link.ts';
import { linkedDraft } from '#lib/server/queries/linked-draft.ts';
import { countOwnLinks, linksOfDraft } from '#lib/server/queries/personal-links.ts';
import { expectRefusal, takePicture } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import {
  changePolicy,
  inviteAndAccept,
  makeDraft,
  makeKey,
  makeWheel,
  makeWorld,
  signBytes,
  signDraft,
  storeUpload,
  type TestPerson,
  type World,
} from '../support/story.ts';

const day = 86_400_000;
let runtime: TestRuntime;
let worlds = 0;
beforeAll(async () => (runtime = await openTestRuntime()));
afterAll(() => runtime.close());

type Linked = World & { draft: string; bosLink: LinkActor };

/** A draft of ada's with the link in the mail to bo. */
async function linked(): Promise<Linked> {
  const world = await makeWorld(`-${(worlds += 1)}`);
  const { draft } = await makeDraft(world.ada, world.project);
  return { ...world, draft, bosLink: await newestLink(world.bo) };
}

async function newestLink({ actor }: TestPerson, event = 'draft.opened'): Promise<LinkActor> {
  const where = { toPerson: actor.name, event };
  const { text } = await runtime.db.mail.findFirstOrThrow({ where, orderBy: { createdAt: 'desc' } });
  return findLinkByToken(/\/d\/([\w-]{43})$/m.exec(text)?.[1] ?? '');
}

const statementOf = async (draftId: string): Promise<Uint8Array> =>
  (await runtime.db.revision.findFirstOrThrow({ where: { draftId }, orderBy: { number: 'desc' } })).statement;

const handIn = (link: Actor, draft: string, signature: Uint8Array) =>
  addSignature(link, { draft, signature, way: 'link' });

const shut = async (link: LinkActor, why: RegExp): Promise<void> => {
  await expect(linkedDraft(link)).rejects.toMatchObject({ code: 'link.ended', message: expect.stringMatching(why) });
  const signature = await signBytes(await makeKey('somebody'), await statementOf(link.draft));
  await expectRefusal(() => handIn(link, link.draft, signature), 'link.ended');
  await expectRefusal(() => declineDraft(link, { draft: link.draft, reason: 'no' }), 'link.ended');
  await expectRefusal(() => silenceDraft(link, { draft: link.draft, wish: 'mute' }), 'link.ended');
};

describe('a personal link', () => {
  it('is in each mail that asks for a signature, another one for each person and mail', async () => {
    const { ada, bo, chi, draft, project, bosLink } = await linked();
    await signDraft(bo, draft);
    const uploads = [await storeUpload(makeWheel(project, '1.2.0', 'x = 2\n'))];
    runtime.advance(1000);
    await changeFiles(ada.actor, { draft, uploads, remove: [], signatures: [] });
    const again = await newestLink(bo, 'draft.revised');
    const chis = await newestLink(chi);
    expect(new Set([bosLink.id, again.id, chis.id]).size).toBe(3);
    expect([again.name, chis.name]).toEqual([bo.actor.name, chi.actor.name]);
    expect(await linkedDraft(again)).toMatchObject({ mailedRevision: 2, revision: 2, person: bo.actor.name });
    expect(await linkedDraft(bosLink)).toMatchObject({ mailedRevision: 1, revision: 2 });
  });

  it('shows the draft with the addresses of its own place', async () => {
    const { draft, bosLink } = await linked();
    const page = await linkedDraft(bosLink);
    expect(page.statement.path).toBe(`/for-you/${draft}/SHA256SUMS`);
    expect(page.files.map((file) => file.path)).toEqual(
      page.files.map(({ name }) => `/for-you/${draft}/files/${name}`),
    );
    expect(page.panel?.cannotSign).toBeNull();
  });

  it('takes a signature, which is its own proof, and completes the release by it', async () => {
    const { ada, bo, draft, bosLink } = await linked();
    await signDraft(ada, draft);
    const added = await handIn(bosLink, draft, await signBytes(bo.key, await statementOf(draft)));
    expect(added).toMatchObject({ state: 'approved', standing: '2 of 2, publishing' });
  });

  it('declines in the name of its person, who is not mailed about it', async () => {
    const { bo, draft, bosLink } = await linked();
    await declineDraft(bosLink, { draft, reason: 'Not on a Friday.' });
    const told = await runtime.db.mail.findMany({ where: { event: 'draft.declined', toPerson: bo.actor.name } });
    expect(told).toEqual([]);
    const decline = await runtime.db.decline.findFirstOrThrow({ where: { draftId: draft } });
    expect(decline).toMatchObject({ personName: bo.actor.name, reason: 'Not on a Friday.' });
    const entry = await runtime.db.historyEntry.findFirstOrThrow({ where: { draftId: draft, kind: 'draft.declined' } });
    expect(entry).toMatchObject({ actor: bo.actor.name, via: 'link' });
  });

  it('mutes the draft for its person', async () => {
    const { bo, draft, bosLink } = await linked();
    await silenceDraft(bosLink, { draft, wish: 'mute' });
    expect((await linkedDraft(bosLink)).reminders.mine).toEqual({ until: 'for-good' });
    expect(await runtime.db.draftSilence.findMany({ where: { draftId: draft } })).toMatchObject([
      { personName: bo.actor.name, until: null },
    ]);
  });
});

describe('what cannot be verified', () => {
  it.each([
    ['no signature at all', async () => new TextEncoder().encode('hello')],
    ['a private key', async () => (await makeKey('eve')).private.write()],
    [
      'a signature by nobody who is known',
      async ({ draft }: Linked) => signBytes(await makeKey('eve'), await statementOf(draft)),
    ],
    ['a signature over something else', async ({ bo }: Linked) => signBytes(bo.key, new TextEncoder().encode('other'))],
  ])('leaves no trace by a link but a count: %s', async (_, signature) => {
    const all = await linked();
    const bytes = await signature(all);
    const before = await takePicture();
    const answer = await handIn(all.bosLink, all.draft, bytes).catch((fault: unknown) => fault);
    expect(JSON.stringify(answer)).not.toContain('"counted"');
    const after = await takePicture();
    expect({ ...after, PersonalLink: [] }).toEqual({ ...before, PersonalLink: [] });
    const row = await runtime.db.personalLink.findUniqueOrThrow({ where: { id: all.bosLink.id } });
    expect(row.unverified).toBe(1);
  });

  it('does not take a good signature down that came beside it', async () => {
    const all = await linked();
    const statement = await statementOf(all.draft);
    const [good, foreign] = [await signBytes(all.bo.key, statement), await signBytes(await makeKey('eve'), statement)];
    const { outcomes } = await handIn(all.bosLink, all.draft, Buffer.concat([good, foreign]));
    expect(outcomes.map(({ result }) => result)).toEqual(['counted', 'refused']);
    const refused = await runtime.db.historyEntry.count({ where: { draftId: all.draft, kind: 'signature.refused' } });
    expect(refused).toBe(0);
  });

  it('is history where it is genuine and still does not count: somebody who is known made it', async () => {
    const all = await linked();
    const old = await signBytes(all.bo.key, await statementOf(all.draft));
    const uploads = [await storeUpload(makeWheel(all.project, '1.2.0', 'x = 2\n'))];
    await changeFiles(all.ada.actor, { draft: all.draft, uploads, remove: [], signatures: [] });
    const { outcomes } = await handIn(all.bosLink, all.draft, old);
    expect(outcomes).toMatchObject([{ result: 'refused', reason: 'other-revision' }]);
    const entry = await runtime.db.historyEntry.findFirstOrThrow({
      where: { draftId: all.draft, kind: 'signature.refused' },
    });
    expect(entry).toMatchObject({ actor: all.bo.actor.name, via: 'link' });
  });
});

describe('a link opens nothing more', () => {
  it('of another draft, though its person is in that project too', async () => {
    const { ada, project, bosLink } = await linked();
    const { draft } = await makeDraft(ada, project, '2.0');
    const signature = await signBytes(await makeKey('x'), await statementOf(draft));
    await expectRefusal(() => handIn(bosLink, draft, signature), 'draft.not-found');
    await expectRefusal(() => declineDraft(bosLink, { draft, reason: 'no' }), 'draft.not-found');
    await expectRefusal(() => silenceDraft(bosLink, { draft, wish: 'mute' }), 'draft.not-found');
    await expectRefusal(() => revokeDraftLinks(bosLink, { draft, person: bosLink.name }), 'draft.not-found');
  });

  it('than four verbs of its draft, even where its person owns the project', async () => {
    const { ada, bo, project } = await linked();
    const { draft } = await makeDraft(bo, project, '2.0');
    const owners = await newestLink(ada);
    const open: Verb[] = [];
    for (const verb of Object.keys(rights) as Verb[])
      await findDraft(runtime.db, owners, verb, draft).then(
        () => open.push(verb),
        (fault: unknown) => expect(fault).toMatchObject({ code: 'person.sign-in-first' }),
      );
    expect(open.sort()).toEqual(['draft.decline', 'draft.silence', 'project.see-drafts', 'signature.add']);
  });

  it('in any other command or query: each asks for a signed-in person, or finds its draft by these verbs', async () => {
    const folders = ['lib/server/commands', 'lib/server/queries'];
    const naming = folders.flatMap((folder) =>
      readdirSync(folder).filter((name) =>
        /kind === 'link'|LinkActor/.test(readFileSync(path.join(folder, name), 'utf8')),
      ),
    );
    expect(naming.sort()).toEqual(['add-signature.ts', 'linked-draft.ts']);
  });

  it('by changing files, withdrawing or taking back, whatever its person may do when signed in', async () => {
    const { ada, bo, project } = await linked();
    const { draft } = await makeDraft(bo, project, '2.0');
    const owners = await newestLink(ada);
    await expectRefusal(() => withdrawDraft(owners, { draft, reason: 'no' }), 'person.sign-in-first');
    await expectRefusal(
      () => changeFiles(owners, { draft, uploads: [], remove: ['x'], signatures: [] }),
      'person.sign-in-first',
    );
    await expectRefusal(() => revokeMyLinks(owners), 'person.sign-in-first');
    await expectRefusal(() => revokeDraftLinks(owners, { draft, person: 'chi' }), 'person.may-not');
  });
});

describe('a link ends', () => {
  it.each([
    ['retired', { how: 'retire' }],
    ['struck', { how: 'strike', since: null, reason: 'went rogue' }],
  ] as const)('when its person is %s, and stays shut when they come back', async (_, how) => {
    const { ada, bo, chi, project, bosLink } = await linked();
    await changePolicy(ada, { project, threshold: 1, remove: [{ name: bo.actor.name, ...how }] }, ada, chi);
    await shut(bosLink, /no longer one of the people/);
    if (how.how === 'strike') return; // nobody comes back from that
    runtime.advance(1000); // the newest invitation is the one that counts
    await changePolicy(ada, { project, admit: [await inviteAndAccept(ada, project, bo)] }, ada);
    await shut(bosLink, /it was revoked/);
  });

  it('when the draft is withdrawn', async () => {
    const { ada, draft, bosLink } = await linked();
    await withdrawDraft(ada.actor, { draft, reason: 'Built from the wrong branch.' });
    await shut(bosLink, /the draft was withdrawn/);
  });

  it('when the draft expires', async () => {
    const { draft, bosLink } = await linked();
    await runtime.db.draft.update({ where: { id: draft }, data: { deadline: runtime.clock.now() } });
    await expireDrafts();
    await shut(bosLink, /reached its deadline/);
  });

  it('when the release is published', async () => {
    const { draft, bosLink } = await linked();
    const publishedAt = runtime.clock.now();
    await runtime.db.draft.update({
      where: { id: draft },
      data: { state: 'published', publishedAt, recordSerial: 1, recordPolicy: 2 },
    });
    await shut(bosLink, /the release is published/);
  });

  it('at the deadline of the draft, and after thirty days at the latest', async () => {
    const { draft, bosLink } = await linked();
    const row = await runtime.db.personalLink.findUniqueOrThrow({ where: { id: bosLink.id } });
    const { deadline } = await runtime.db.draft.findUniqueOrThrow({ where: { id: draft } });
    expect(row.expiresAt).toEqual(deadline);
    expect(row.expiresAt.getTime() - row.createdAt.getTime()).toBeLessThanOrEqual(30 * day);
    await runtime.db.draft.update({
      where: { id: draft },
      data: { deadline: new Date(deadline.getTime() + 60 * day) },
    });
    runtime.advance(30 * day);
    await shut(bosLink, /older than it may be/);
    runtime.advance(-30 * day);
  });

  it('when its person ends it, by the link or signed in; the account page counts what is left', async () => {
    const { bo, chi, draft, bosLink } = await linked();
    expect(await countOwnLinks(bo.actor)).toBe(1);
    await revokeDraftLinks(bosLink, { draft, person: bosLink.name });
    await shut(bosLink, /it was revoked/);
    expect(await countOwnLinks(bo.actor)).toBe(0);
    await expectRefusal(() => revokeMyLinks(bo.actor), 'link.none-live');
    const chis = await newestLink(chi);
    await revokeMyLinks(chi.actor);
    await shut(chis, /it was revoked/);
  });

  it('when an owner ends it; a maintainer sees and ends only their own', async () => {
    const { ada, bo, chi, draft, bosLink } = await linked();
    expect((await linksOfDraft(ada.actor, draft)).map(({ name, isMe, count }) => [name, isMe, count])).toEqual([
      [bo.actor.name, false, 1],
      [chi.actor.name, false, 1],
    ]);
    expect((await linksOfDraft(chi.actor, draft)).map(({ name }) => name)).toEqual([chi.actor.name]);
    await expectRefusal(() => revokeDraftLinks(chi.actor, { draft, person: bo.actor.name }), 'person.may-not');
    await revokeDraftLinks(ada.actor, { draft, person: bo.actor.name });
    await shut(bosLink, /it was revoked/);
    expect((await linksOfDraft(ada.actor, draft)).map(({ name }) => name)).toEqual([chi.actor.name]);
  });
});
