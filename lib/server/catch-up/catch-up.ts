// Brings a restored web database to what the index has published since the backup (docs/guide/backup.md): from one hand-back that holds everything, signed by the index key and then doubted (read-published.ts, published-project.ts). Where
// the rows say otherwise than what is signed, everything stops. Project by project, each in changes of its own that find done what is done; the hand-back itself is kept last: until then the
// countersigner goes on refusing this web program. Killed at any moment, it is called again. Nobody is mailed: who had to hear of it did.
import { refuse } from '#lib/core/errors.ts';
import type { ProjectName, Version } from '#lib/core/ids.ts';
import type { RecordFile } from '#lib/core/release.ts';
import { hashing } from '#lib/digest/hashing.ts';
import type { Handback } from '#lib/evidence/handback.ts';
import { readHandbackBy } from '#lib/evidence/handback-keys.ts';
import { checkpointPath } from '#lib/evidence/log-tree.ts';
import { change } from '#lib/server/change.ts';
import { keepHandback, newestHandback } from '#lib/server/handoff/accept-results.ts';
import { requireHeldRoots } from '#lib/server/handoff/held-root.ts';
import { readServed } from '#lib/server/handoff/index-folder.ts';
import { loadIndexKeys } from '#lib/server/handoff/index-key.ts';
import { placeHandbacks } from '#lib/server/handoff/place.ts';
import { settleDrafts } from '#lib/server/judge/settle-draft.ts';
import { runtime } from '#lib/server/runtime.ts';
import { keepDeclarations, missingDeclarations } from './keep-declarations.ts';
import { keepStored } from './keep-files.ts';
import { keepPeople, peopleWithoutAddress, type Addresses } from './keep-people.ts';
import { keepPolicies } from './keep-policies.ts';
import { isKept, keepRelease } from './keep-release.ts';
import { readProject, recordsOf, type PublishedProject } from './published-project.ts';
import { readPublished, type Published } from './read-published.ts';

const jobs = { kind: 'jobs' } as const;

export type CatchUpInput = { handback: Uint8Array; folders: readonly string[]; addresses: Addresses };

export type CaughtUp = {
  sequence: number;
  files: number;
  projects: { project: ProjectName; policies: number[]; releases: Version[]; declarations: number }[];
};

/**
 * Does it all. Refuses `handback.not-signed`, `evidence.other-release` (another index), `catch-up.not-ahead`, `catch-up.incomplete`, `catch-up.files-missing`, `catch-up.people-unknown`,
 * `catch-up.disagrees`, `catch-up.address-taken`, `evidence.policy-rewritten`, `log.went-back`, `log.forked` and what core refuses of a release or policy.
 */
export async function catchUp({ handback: bytes, folders, addresses }: CatchUpInput): Promise<CaughtUp> {
  const { db, clock } = runtime();
  const sha256 = hashing.sha256(bytes);
  const { handback, published } = await readOne(bytes);
  const { sequence } = handback.manifest;
  const caughtUp: CaughtUp = { sequence, files: 0, projects: [] };
  if ((await db.handback.count({ where: { sha256 } })) === 0) {
    caughtUp.files = await keepStored(await filesOf(published), folders);
    const projects: PublishedProject[] = [];
    for (const one of published.projects) projects.push(await readProject(published, one, clock.now().getTime()));
    const names = await peopleWithoutAddress(projects, addresses);
    if (names.length > 0) throw refuse('catch-up.people-unknown', { names });
    for (const project of projects) caughtUp.projects.push(await keepProject(project, addresses));
    await change(jobs, 'jobs', (work) => keepHandback(work, handback, { sha256, bytes }));
  }
  await placeHandbacks();
  return caughtUp;
}

async function readOne(bytes: Uint8Array): Promise<{ handback: Handback; published: Published }> {
  const { clock, indexName: index, config } = runtime();
  const at = clock.now().getTime();
  const known = (await loadIndexKeys()).all;
  const { handback, keys } = await readHandbackBy(bytes, { keys: known, at, hashing });
  const { index: found, sequence } = handback.manifest;
  if (found !== index)
    throw refuse('evidence.other-release', { what: 'index in the manifest', expected: index, found });
  requireHeldRoots(config.publicUrl, handback.files);
  const before = await newestHandback(keys, at);
  if (sequence < before.sequence) throw refuse('catch-up.not-ahead', { own: before.sequence, given: sequence });
  const indexKey = keys.at(-1);
  if (!indexKey) throw refuse('handback.not-signed', { why: 'no key of the index is known' });
  const seen = await readServed(checkpointPath);
  return { handback, published: await readPublished(handback.files, { index, indexKey, seen }) };
}

async function filesOf(published: Published): Promise<RecordFile[]> {
  const files: RecordFile[] = [];
  for (const { project } of published.projects)
    for (const [, [first]] of (await recordsOf(published, project)).releases) files.push(...first.files);
  return files;
}

async function keepProject(published: PublishedProject, addresses: Addresses): Promise<CaughtUp['projects'][number]> {
  const { project } = published.list;
  const policies = await change(jobs, 'jobs', async (work) => {
    await keepPeople(work, published, addresses);
    const versions = await keepPolicies(work, published);
    await work.record('project.put-back', { project, details: { policies: versions.map(String) } });
    return versions;
  });
  await runtime().hold?.('catch-up.policies');
  const releases: Version[] = [];
  for (const release of published.releases) {
    if (await isKept(release)) continue;
    await change(jobs, 'jobs', (work) => keepRelease(work, release));
    releases.push(release.version);
    await runtime().hold?.('catch-up.release');
  }
  const missing = await missingDeclarations(published);
  await change(jobs, 'jobs', async (work) => {
    await keepDeclarations(work, published, missing);
    // Drafts that were open then are judged by the rules of now.
    await settleDrafts(work, project);
    await work.record('project.put-back', { project, details: { releases, declarations: missing.length } });
  });
  return { project, policies, releases, declarations: missing.length };
}
