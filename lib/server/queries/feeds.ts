// The two feeds: what a project published, yanked or quarantined, for everybody; and what waits for a person's signature, for whoever has the
// secret address that the person made. The first is the public history of the project, the second the same list as the front page of the
// person, asked with their rights of now. Links are made from the settings, never from a request.
import { refuse } from '#lib/core/errors.ts';
import { readAccountName, type ProjectName } from '#lib/core/ids.ts';
import { requirePerson, type Actor } from '#lib/core/people.ts';
import type { AtomEntry, AtomFeed } from '#lib/server/feeds/atom.ts';
import type { HistoryKind } from '#lib/server/history/kinds.ts';
import { saySentence, type HistoryLine } from '#lib/server/history/line.ts';
import { standingIn } from '#lib/server/judge/project-role.ts';
import { limits } from '#lib/server/limits.ts';
import { linkTo } from '#lib/server/mail/link.ts';
import { runtime } from '#lib/server/runtime.ts';
import { hashToken } from '#lib/server/secrets.ts';
import type { DraftRow } from './draft-rows.ts';
import { asLines } from './history-lines.ts';
import { needsOfPerson } from './needs.ts';
import type { PolicyRow } from './policy-rows.ts';

/** What the public feed of a project tells. Each is for everybody in kinds.ts. */
const told = {
  'release.published': 'published',
  'release.published-again': 'published again',
  'release.quarantined': 'quarantined',
  'release.yanked': 'yanked',
  'release.unyanked': 'no longer yanked',
} as const satisfies Partial<Record<HistoryKind, string>>;

/** What others said about a draft before the reader signs it; their words stand behind the sign-in. */
const said = ['comment.written', 'rebuild.stated'] as const satisfies readonly HistoryKind[];

/** RFC 4151: stays the same should the instance move to another address; the host is that of the index's fixed name. */
function tag(at: Date, name: string): string {
  const [host = 'localhost'] = runtime().indexName.split(':');
  return `tag:${host},${at.toISOString().slice(0, 10)}:${name}`;
}

const page = (path: string) => ({ rel: 'alternate', href: linkTo(path), type: 'text/html' }) as const;
const self = (path: string) => ({ rel: 'self', href: linkTo(path), type: 'application/atom+xml' }) as const;

/** Where a project's feed is. */
export const projectFeedPath = (project: ProjectName): string => `/projects/${project}/feed.atom`;

/** What everybody may know. Refuses `project.not-found`. */
export async function projectFeed(claimed: string): Promise<AtomFeed> {
  const { db, indexName } = runtime();
  const { project } = await standingIn(db, { kind: 'visitor' }, claimed);
  const rows = await db.historyEntry.findMany({
    where: { projectName: project.name, kind: { in: Object.keys(told) } },
    orderBy: { id: 'desc' },
    take: limits.feedEntriesMax,
  });
  const lines = await asLines(db, rows, { isInside: () => false, place: 'project' });
  return {
    id: tag(project.createdAt, `project/${project.name}`),
    title: `Releases of ${project.name}`,
    subtitle: `What ${project.name} published, yanked or quarantined on ${indexName}`,
    since: project.createdAt,
    author: indexName,
    links: [self(projectFeedPath(project.name)), page(`/projects/${project.name}`)],
    entries: lines.map((line) => ofLine(line, project.name)),
  };
}

function ofLine(line: HistoryLine, project: ProjectName): AtomEntry {
  const { id, at, kind, actor, release, reason, evidence, permalink } = line;
  const related = evidence.map(({ what, href }) => ({ rel: 'related', href: linkTo(href), title: what }) as const);
  return {
    id: tag(at, `history/${id}`),
    title: `${project} ${release ?? ''} is ${told[kind as keyof typeof told]}`,
    updated: at,
    author: actor,
    links: [page(permalink), ...related],
    content: reason === null ? `${saySentence(line)}.` : `${saySentence(line)}. Reason: ${reason}`,
  };
}

/** What waits for whoever made this address (hostile). Refuses `feed.not-found`. */
export async function personFeed(token: string): Promise<AtomFeed> {
  const { db, indexName } = runtime();
  const row = await db.personFeed.findUnique({ where: { tokenHash: hashToken(token) } });
  if (row === null) throw refuse('feed.not-found', {});
  const name = readAccountName(row.personName);
  const { needsMe } = await needsOfPerson({ kind: 'person', name });
  const since = await loadRevisionTimes(needsMe.drafts);
  const entries = [
    ...needsMe.drafts.map((draft) => ofDraft(draft, since.get(draft.id) ?? draft.openedAt)),
    ...needsMe.policies.map(ofPolicy),
    ...(await loadSaid(needsMe.drafts, name)),
  ];
  return {
    id: tag(row.createdAt, `person/${name}`),
    title: `Needs the signature of ${name}`,
    subtitle: `Drafts and policy changes on ${indexName} that wait for ${name}, and what others said about them`,
    since: row.createdAt,
    author: indexName,
    links: [page('/')],
    entries: entries.sort((a, b) => b.updated.getTime() - a.updated.getTime() || (a.id < b.id ? -1 : 1)),
  };
}

/** When the revision that is to be signed was made. */
async function loadRevisionTimes(drafts: readonly DraftRow[]): Promise<Map<string, Date>> {
  const current = drafts.map(({ id, revision }) => ({ draftId: id, number: revision }));
  if (current.length === 0) return new Map();
  const where = { OR: current };
  const rows = await runtime().db.revision.findMany({ where, select: { draftId: true, createdAt: true } });
  return new Map(rows.map(({ draftId, createdAt }) => [draftId, createdAt]));
}

function ofDraft(
  { id, project, version, revision, openedBy, openedAt, deadline, signed, required }: DraftRow,
  updated: Date,
): AtomEntry {
  const until = `${deadline.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return {
    id: tag(openedAt, `draft/${id}/revision/${revision}`),
    title: `${project} ${version} needs your signature (${signed} of ${required})`,
    updated,
    author: openedBy,
    links: [page(`/drafts/${id}`)],
    content: `${openedBy} opened the draft; revision ${revision} waits for your signature until ${until}.`,
  };
}

async function loadSaid(drafts: readonly DraftRow[], reader: string): Promise<AtomEntry[]> {
  const { db } = runtime();
  const where = { draftId: { in: drafts.map(({ id }) => id) }, kind: { in: [...said] }, actor: { not: reader } };
  const rows = await db.historyEntry.findMany({ where, orderBy: { id: 'desc' }, take: limits.feedEntriesMax });
  const lines = await asLines(db, rows, { isInside: () => true, place: 'project' });
  return lines.map((line) => ({
    id: tag(line.at, `history/${line.id}`),
    title: saySentence(line),
    ...{ updated: line.at, author: line.actor, links: [page(`/drafts/${line.draft ?? ''}`)] },
    content: `${saySentence(line)}. What they wrote stands on the page of the draft.`,
  }));
}

function ofPolicy({ project, version, proposedBy, proposedAt }: PolicyRow): AtomEntry {
  return {
    id: tag(proposedAt, `policy/${project}/${version}/${proposedAt.getTime()}`),
    title: `Policy ${version} of ${project} needs your signature`,
    updated: proposedAt,
    author: proposedBy,
    links: [page(`/projects/${project}/policy/${version}`)],
    content: `${proposedBy} proposed policy ${version} of ${project}.`,
  };
}

/** When the reader made the address of their feed; null: there is none. Refuses `person.sign-in-first`. */
export async function feedOfReader(actor: Actor): Promise<{ createdAt: Date } | null> {
  const personName = requirePerson(actor);
  return runtime().db.personFeed.findUnique({ where: { personName }, select: { createdAt: true } });
}
