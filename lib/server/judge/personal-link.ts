// The link in a mail that opens one draft for one person without signing in. Made while the mail is queued, in the same transaction; only the
// hash of its token is kept. It lives as long as all of this holds, asked of rows at every use: not revoked, not past its time, its person is in
// the policy in force, the draft can still be signed or stopped. What it opens is core's table (people.ts); it never becomes a session.
import { randomUUID } from 'node:crypto';
import { refuse } from '#lib/core/errors.ts';
import { readAccountName, readDraftId, readProjectName, type AccountName, type ProjectName } from '#lib/core/ids.ts';
import type { Actor, Role } from '#lib/core/people.ts';
import { after } from '#lib/server/clock.ts';
import type { Change } from '#lib/server/change.ts';
import type { Draft as DraftRow, PersonalLink as LinkRow } from '#lib/server/db/generated/client.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { limits } from '#lib/server/limits.ts';
import { linkTo } from '#lib/server/mail/link.ts';
import { runtime } from '#lib/server/runtime.ts';
import { hashToken, makeToken } from '#lib/server/secrets.ts';
import type { DraftFacts } from './load-case.ts';
import { roleInForce } from './project-role.ts';

export type LinkActor = Actor & { kind: 'link' };
export type LiveLink = { link: LinkRow; row: DraftRow; role: Role };

/** Makes a new link of this person to this draft and answers its address, which stands nowhere but in the mail that is being queued. */
export async function makePersonalLink(
  { tx, now }: Pick<Change, 'tx' | 'now'>,
  draft: Pick<DraftFacts, 'id' | 'revision' | 'deadline'>,
  person: AccountName,
): Promise<string> {
  const token = makeToken();
  const latest = after(now, limits.personalLinkMs);
  // A draft that is past its deadline and still there waits for the countersigner, or is a release that can be signed again.
  const expiresAt = draft.deadline > now && draft.deadline < latest ? draft.deadline : latest;
  await tx.personalLink.create({
    data: {
      ...{ id: randomUUID(), tokenHash: hashToken(token), draftId: draft.id, personName: person },
      ...{ revision: draft.revision, createdAt: now, expiresAt },
    },
  });
  return linkTo(`/d/${token}`);
}

const asActor = ({ id, personName, draftId }: LinkRow): LinkActor => ({
  ...{ kind: 'link', id, name: readAccountName(personName), draft: readDraftId(draftId) },
});

/** Whose link a token is, whether it still opens anything or not. Hostile input. Refuses `link.not-found`. */
export async function findLinkByToken(token: string): Promise<LinkActor> {
  const row = await runtime().db.personalLink.findUnique({ where: { tokenHash: hashToken(token) } });
  if (!row) throw refuse('link.not-found', {});
  return asActor(row);
}

/** The same by the link's id, which only a cookie that we sealed names. */
export async function findLinkById(id: string): Promise<LinkActor> {
  const row = await runtime().db.personalLink.findUnique({ where: { id } });
  if (!row) throw refuse('link.not-found', {});
  return asActor(row);
}

/** The link with its draft and the role of its person, while it opens it. Refuses `link.not-found`, `link.ended` with the reason. */
export async function requireLiveLink(tx: Transaction, id: string, now: Date): Promise<LiveLink> {
  const found = await tx.personalLink.findUnique({ where: { id }, include: { draft: true } });
  if (!found) throw refuse('link.not-found', {});
  const { draft: row, ...link } = found;
  const role = await roleInForce(tx, readProjectName(row.projectName), readAccountName(link.personName));
  if (role === null) throw refuse('link.ended', { why: 'you are no longer one of the people of this project' });
  const why = endOf(link, row, now);
  if (why !== null) throw refuse('link.ended', { why });
  return { link, row, role };
}

/** States of a draft in which nothing more can be done by a link, with the reason. */
const endedStates: Partial<Record<string, string>> = {
  withdrawn: 'the draft was withdrawn, and there is nothing more to sign',
  expired: 'the draft reached its deadline without enough signatures, and there is nothing more to sign',
  published: 'the release is published, and there is nothing more to sign',
};

function endOf({ revokedAt, expiresAt }: LinkRow, { state }: DraftRow, now: Date): string | null {
  if (revokedAt !== null) return 'it was revoked. Sign in to see the draft';
  const old = 'it is older than it may be. Take the newest mail about this draft, or sign in';
  return endedStates[state] ?? (expiresAt <= now ? old : null);
}

/** What still opens something, as a condition on rows; the state of drafts and the membership come with it. */
export const liveLinks = (now: Date) => ({
  revokedAt: null,
  expiresAt: { gt: now },
  draft: { state: { notIn: Object.keys(endedStates) } },
});

/** Ends the links of people whose part in a project ended: they do not open again when somebody comes back. */
export async function endLinksOf(
  { tx, now }: Change,
  project: ProjectName,
  gone: readonly AccountName[],
): Promise<void> {
  if (gone.length === 0) return;
  await tx.personalLink.updateMany({
    where: { personName: { in: [...gone] }, revokedAt: null, draft: { projectName: project } },
    data: { revokedAt: now },
  });
}

/** Counts an upload that could not be verified: the only trace of it. */
export async function countUnverified({ id }: LinkActor): Promise<void> {
  await runtime().db.personalLink.update({ where: { id }, data: { unverified: { increment: 1 } } });
}
