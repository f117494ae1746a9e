// A project: what everybody may know (policy in force, people, releases) and, for its people, the open drafts.
// A project without a policy in force exists only for its founder.
import type { AccountName, ProjectName } from '#lib/core/ids.ts';
import { may, type Actor, type Role } from '#lib/core/people.ts';
import { readProjectStatus, type ProjectStatus } from '#lib/core/release.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { loadPolicyInForce } from '#lib/server/judge/load-policy.ts';
import { seesDrafts, standingIn } from '#lib/server/judge/project-role.ts';
import { runtime } from '#lib/server/runtime.ts';
import { loadDraftRows, type DraftRow } from './draft-rows.ts';
import { loadPolicyFacts, type PolicyFacts } from './policy-facts.ts';
import { loadPolicyRow, type PolicyRow } from './policy-rows.ts';
import { loadReleases, type ReleaseRow } from './releases.ts';

export type ProjectPage = {
  name: ProjectName;
  createdBy: AccountName;
  createdAt: Date;
  role: Role;
  /** What the index says of it (PEP 792), with the reason that its owners gave. */
  status: { is: ProjectStatus; reason: string | null };
  policy: PolicyFacts | null;
  /** For people of the project: the change that waits for signatures. */
  openPolicy: PolicyRow | null;
  /** For people of the project, newest first; published ones are under `releases`. null for everybody else. */
  drafts: DraftRow[] | null;
  releases: ReleaseRow[];
  may: { openDraft: boolean; invite: boolean; propose: boolean; declare: boolean };
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
  const status = await loadStatus(db, project.name);
  const openPolicy = isInside ? await loadPolicyRow(db, project.name, reader, now) : null;
  return {
    ...{ name: project.name, createdBy: project.createdBy, createdAt: project.createdAt, role, openPolicy },
    status,
    policy: inForce && (await loadPolicyFacts(db, inForce, now)),
    drafts: isInside && inForce ? (await loadDraftRows(db, wanted)).reverse() : isInside ? [] : null,
    releases: await loadReleases(db, project.name, isInside),
    may: inForce
      ? mayNow(role, { isActive: status.is === 'active', isChanging: openPolicy !== null })
      : mayNothingYet(role),
  };
}

function mayNow(role: Role, { isActive, isChanging }: { isActive: boolean; isChanging: boolean }): ProjectPage['may'] {
  return {
    openDraft: isActive && may(role, 'draft.open'),
    invite: may(role, 'person.invite'),
    propose: !isChanging && may(role, 'policy.propose'),
    declare: may(role, 'project.set-status'),
  };
}

/** Before the first policy is in force. */
const mayNothingYet = (role: Role): ProjectPage['may'] => ({
  ...{ openDraft: false, invite: may(role, 'person.invite'), propose: false, declare: false },
});

async function loadStatus(tx: Transaction, name: ProjectName): Promise<ProjectPage['status']> {
  const { status, statusReason } = await tx.project.findUniqueOrThrow({ where: { name } });
  return { is: readProjectStatus(status), reason: statusReason };
}
