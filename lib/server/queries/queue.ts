// What waits for somebody's signature, for programs that show their token: the same list as on their front page, less what their token does not
// reach. Policies are signed on their page, so only its address is told.
import { requireQueue, type Actor } from '#lib/core/people.ts';
import type { ProjectName } from '#lib/core/ids.ts';
import { runtime } from '#lib/server/runtime.ts';
import type { DraftRow } from './draft-rows.ts';
import { needsOfPerson } from './needs.ts';
import type { PolicyRow } from './policy-rows.ts';

export type Queue = {
  index: string;
  person: string;
  drafts: ReturnType<typeof asDraft>[];
  policies: ReturnType<typeof asPolicy>[];
};

/** Refuses `person.sign-in-first`, `token.not-for-this`. */
export async function queueOf(actor: Actor): Promise<Queue> {
  const person = requireQueue(actor);
  const { needsMe } = await needsOfPerson(actor);
  const reaches = ({ project }: { project: ProjectName }): boolean =>
    actor.kind !== 'token' || actor.project === null || actor.project === project;
  return {
    ...{ index: runtime().indexName, person },
    drafts: needsMe.drafts.filter(reaches).map(asDraft),
    policies: needsMe.policies.filter(reaches).map(asPolicy),
  };
}

const page = (path: string): string => `${runtime().config.publicUrl}${path}`;

const asDraft = (row: DraftRow) => ({
  ...{ draft: row.id, project: row.project, version: row.version, revision: row.revision, state: row.state },
  ...{ openedBy: row.openedBy, openedAt: row.openedAt.toISOString(), deadline: row.deadline.toISOString() },
  ...{ files: row.files, bytes: row.bytes, counted: row.counted, required: row.required, declinedBy: row.declinedBy },
  page: page(`/drafts/${row.id}`),
});

const asPolicy = ({ project, version, proposedBy, proposedAt }: PolicyRow) => ({
  ...{ project, version, proposedBy, proposedAt: proposedAt.toISOString() },
  page: page(`/projects/${project}/policy/${version}`),
});
