// The personal links that still open something: of a draft for its owners (and each person's own), and of an account for itself. Tokens are
// nowhere; what is shown is whose, until when, and how much came by them that could not be verified.
import { readAccountName, type AccountName } from '#lib/core/ids.ts';
import { may, requirePerson, type Actor } from '#lib/core/people.ts';
import { findDraft } from '#lib/server/judge/find-draft.ts';
import { liveLinks } from '#lib/server/judge/personal-link.ts';
import { runtime } from '#lib/server/runtime.ts';

export type LinksOfPerson = { name: AccountName; isMe: boolean; count: number; until: Date; unverified: number };

/** Live links to a draft, by person: all of them for owners, else one's own. Refuses `draft.not-found`, `person.sign-in-first`. */
export async function linksOfDraft(actor: Actor, id: string): Promise<LinksOfPerson[]> {
  const { db, clock } = runtime();
  const { row, role, name } = await findDraft(db, actor, 'project.see-drafts', id);
  const whose = may(role, 'link.revoke') ? {} : { personName: name };
  const rows = await db.personalLink.findMany({
    where: { ...liveLinks(clock.now()), draftId: row.id, ...whose },
    orderBy: [{ personName: 'asc' }, { id: 'asc' }],
  });
  const members = await db.membership.findMany({ where: { projectName: row.projectName } });
  const named = members.map(({ personName }) => personName);
  const names = [...new Set(rows.map(({ personName }) => personName))].filter((person) => named.includes(person));
  return names.map((person) => {
    const theirs = rows.filter(({ personName }) => personName === person);
    return {
      ...{ name: readAccountName(person), isMe: person === name, count: theirs.length },
      until: new Date(Math.max(...theirs.map(({ expiresAt }) => expiresAt.getTime()))),
      unverified: theirs.reduce((sum, { unverified }) => sum + unverified, 0),
    };
  });
}

/** How many links in mails to the reader still open something. Refuses `person.sign-in-first`. */
export async function countOwnLinks(actor: Actor): Promise<number> {
  const { db, clock } = runtime();
  const personName = requirePerson(actor);
  return db.personalLink.count({ where: { ...liveLinks(clock.now()), personName } });
}
