// A project: what everybody may know (policy in force, people, releases) and, for its people, the open drafts.
// A project without a policy in force exists only for its founder.
import { readDraftId, readSha256, readVersion } from '#lib/core/ids.ts';
import type { AccountName, DraftId, ProjectName, Sha256, Version } from '#lib/core/ids.ts';
import { may, type Actor, type Role } from '#lib/core/people.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { loadPolicyInForce } from '#lib/server/judge/load-policy.ts';
import { seesDrafts, standingIn } from '#lib/server/judge/project-role.ts';
import { runtime } from '#lib/server/runtime.ts';
import { loadDraftRows, type DraftRow } from './draft-rows.ts';
import { loadPolicyFacts, type PolicyFacts } from './policy-facts.ts';
import { loadPolicyRow, type PolicyRow } from './policy-rows.ts';

export type ReleaseRow = {
  version: Version;
  publishedAt: Date;
  state: 'published' | 'quarantined';
  /** Since when it has fewer signatures that count than it needs; null: it has enough. */
  belowSince: Date | null;
  files: { name: string; sha256: Sha256; size: number }[];
  /** Only for people of the project. */
  draft: DraftId | null;
};

export type ProjectPage = {
  name: ProjectName;
  createdBy: AccountName;
  createdAt: Date;
  role: Role;
  policy: PolicyFacts | null;
  /** For people of the project: the change that waits for signatures. */
  openPolicy: PolicyRow | null;
  /** For people of the project, newest first; published ones are under `releases`. null for everybody else. */
  drafts: DraftRow[] | null;
  releases: ReleaseRow[];
  may: { openDraft: boolean; invite: boolean; propose: boolean };
};

/** Refuses `project.not-found`. Another spelling of the name is a redirect's business: compare `name` with the address. */
export async function projectPage(actor: Actor, name: string): Promise<ProjectPage> {
  const { db, clock } = runtime();
  const now = clock.now();
  const { project, role } = await standingIn(db, actor, name);
  const inForce = await loadPolicyInForce(db, project.name);
  const reader = actor.kind === 'person' ? actor.name : null;
  const isInside = seesDrafts(role);
  const wanted = {
    projects: [project.name],
    states: ['draft', 'approved', 'withdrawn', 'expired'] as const,
    reader,
    now,
  };
  const openPolicy = isInside ? await loadPolicyRow(db, project.name, reader, now) : null;
  return {
    ...{ name: project.name, createdBy: project.createdBy, createdAt: project.createdAt, role, openPolicy },
    policy: inForce && (await loadPolicyFacts(db, inForce, now)),
    drafts: isInside && inForce ? (await loadDraftRows(db, wanted)).reverse() : isInside ? [] : null,
    releases: await loadReleases(db, project.name, isInside),
    may: {
      openDraft: inForce !== null && may(role, 'draft.open'),
      invite: may(role, 'person.invite'),
      propose: inForce !== null && openPolicy === null && may(role, 'policy.propose'),
    },
  };
}

async function loadReleases(tx: Transaction, project: ProjectName, isInside: boolean): Promise<ReleaseRow[]> {
  const where = { projectName: project, state: { in: ['published', 'quarantined'] } };
  const files = { where: { until: null }, orderBy: { name: 'asc' } } as const;
  const rows = await tx.draft.findMany({ where, include: { files }, orderBy: { publishedAt: 'desc' } });
  return rows.map((row) => ({
    version: readVersion(row.version),
    publishedAt: row.publishedAt ?? row.openedAt,
    state: row.state === 'quarantined' ? 'quarantined' : 'published',
    belowSince: row.belowSince,
    files: row.files.map((file) => ({ name: file.name, sha256: readSha256(file.sha256), size: Number(file.size) })),
    draft: isInside ? readDraftId(row.id) : null,
  }));
}
