// Where releases of a project go besides this index, and what became of each file: for its people; owners see the whole address and what they may do.
// The secret is shown to nobody. What the other index said is hostile text.
import type { ProjectName } from '#lib/core/ids.ts';
import { isFresh, may, type Actor } from '#lib/core/people.ts';
import type { OtherUpload } from '#lib/server/db/generated/client.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';
import { runtime } from '#lib/server/runtime.ts';

export type ElsewhereState = 'waiting' | 'done' | 'failed' | 'stopped';
export type ElsewhereFile = { name: string; state: ElsewhereState; at: Date; says: string | null; tries: number };
export type ElsewhereRelease = { version: string; host: string; files: ElsewhereFile[] };

export type ElsewherePage = {
  project: ProjectName;
  /** null: nowhere else. */
  index: { host: string; url: string; simple: string | null; username: string; setBy: string; setAt: Date } | null;
  releases: ElsewhereRelease[];
  /** Published ones of which nothing was ever queued for it, newest first. */
  notSent: string[];
  mayManage: boolean;
  isFresh: boolean;
};

const releasesMost = 50;

/** Refuses `person.…`, `project.not-found`. */
export async function elsewherePage(actor: Actor, claimed: string): Promise<ElsewherePage> {
  const { db, clock } = runtime();
  const { project, role } = await requireRight(db, actor, 'project.see-drafts', claimed);
  const { name } = project;
  const index = await db.otherIndex.findUnique({ where: { projectName: name } });
  const drafts = await db.draft.findMany({
    where: { projectName: name, state: 'published' },
    include: { elsewhere: { orderBy: { fileName: 'asc' } } },
    orderBy: [{ publishedAt: 'desc' }, { id: 'asc' }],
    take: releasesMost,
  });
  const sent = drafts.filter(({ elsewhere }) => elsewhere.length > 0);
  return {
    project: name,
    index: index && {
      ...{ host: new URL(index.url).host, url: index.url, simple: index.simple, username: index.username },
      ...{ setBy: index.setBy, setAt: index.setAt },
    },
    releases: sent.flatMap(({ version, elsewhere }) => asRelease(version, elsewhere) ?? []),
    notSent: drafts.filter(({ elsewhere }) => elsewhere.length === 0).map(({ version }) => version),
    mayManage: may(role, 'elsewhere.manage'),
    isFresh: isFresh(actor, clock.now().getTime()),
  };
}

/** What became of one release elsewhere; null: nothing was queued. For those who have found the release already. */
export async function loadElsewhere(draftId: string, version: string): Promise<ElsewhereRelease | null> {
  const rows = await runtime().db.otherUpload.findMany({ where: { draftId }, orderBy: { fileName: 'asc' } });
  return asRelease(version, rows);
}

function asRelease(version: string, rows: readonly OtherUpload[]): ElsewhereRelease | null {
  const [first] = rows;
  if (first === undefined) return null;
  const files = rows.map(({ fileName: name, state, endedAt, nextAt, says, tries }) => ({
    ...{ name, state: state as ElsewhereState, at: endedAt ?? nextAt, says, tries },
  }));
  return { version, host: new URL(first.url).host, files };
}
