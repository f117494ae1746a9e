// Creates a project with the actor as its only owner, and policy 1, open for their signature. Until it is signed, the project
// exists for nobody else. The name is taken in its normal form (PEP 503), so every spelling of it is.
import { refuse } from '#lib/core/errors.ts';
import { renderInstant, type ProjectName } from '#lib/core/ids.ts';
import { requireOwn, type Actor } from '#lib/core/people.ts';
import type { Policy } from '#lib/core/policy.ts';
import { normaliseProjectName } from '#lib/python/names.ts';
import { change, viaOf } from '#lib/server/change.ts';
import { orTaken } from '#lib/server/db/faults.ts';
import { requireActiveKey } from '#lib/server/judge/own-key.ts';
import { storeProposal } from '#lib/server/judge/store-proposal.ts';

export type CreateProjectInput = {
  name: string;
  threshold: number;
  /** One of the actor's own active keys. */ key: string;
};

/** @throws `person.sign-in-first`, `distribution.project-name`, `project.name-reserved`, `input.not-a`, `key.not-found`, `key.not-active`, `project.name-taken` */
export async function createProject(
  actor: Actor,
  input: CreateProjectInput,
): Promise<{ project: ProjectName; version: 1 }> {
  const name = requireOwn(actor, 'manage');
  const project = normaliseProjectName(input.name);
  if (takenAddresses.includes(project)) throw refuse('project.name-reserved', { project });
  return change(actor, viaOf(actor), async (work) => {
    const { tx, now } = work;
    const key = await requireActiveKey(tx, name, input.key, now);
    const row = { name: project, createdBy: name, createdAt: now };
    await orTaken(tx.project.create({ data: row }), () => refuse('project.name-taken', { project }));
    const policy = firstPolicy(project, input.threshold, now);
    await work.record('project.created', { project, person: name });
    await storeProposal(work, null, { ...policy, people: [{ name, role: 'owner', keys: [key.fingerprint] }] });
    return { project, version: 1 };
  });
}

/** Names whose page would stand where another page of ours stands: /projects/new. */
const takenAddresses: readonly string[] = ['new'];

function firstPolicy(project: ProjectName, threshold: number, now: Date): Omit<Policy, 'people'> {
  return {
    type: 'countersign/policy',
    format: 1,
    project,
    version: 1,
    previous: null,
    threshold,
    ownerThreshold: 1,
    openerCounts: true,
    waitHours: 0,
    fileSignatures: true,
    retired: [],
    struck: [],
    date: renderInstant(now.getTime()),
  };
}
