// Everything that the index has published, out of one hand-back that holds all of it (countersigner/hand-over-all.ts). The index key has signed its list; here it is doubted all the same: its log must go on
// from ours, every document that the log tells must be there as it was told, and each project must be decided by core as a client would decide it. Trusts no row; writes none.
import { refuse } from '#lib/core/errors.ts';
import type { IndexName, ProjectName, Sha256 } from '#lib/core/ids.ts';
import { noteCheck } from '#lib/digest/ed25519.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { checkLog } from '#lib/evidence/check-log.ts';
import type { IndexKey } from '#lib/evidence/index-signature.ts';
import { indexKeyPath, listJsonPath } from '#lib/evidence/index-tree.ts';
import { projectOf, readLogEntry } from '#lib/evidence/log-tree.ts';
import type { ReadPath } from '#lib/evidence/served-log.ts';
import { timestampPath } from '#lib/evidence/tuf-tree.ts';
import { readAllEntries } from '#lib/evidence/whole-log.ts';

export type Published = {
  read: ReadPath;
  index: IndexName;
  indexKey: IndexKey;
  /** In the order of their names; with how many policies the log tells of each. */
  projects: { project: ProjectName; policies: number }[];
};

/**
 * Establishes that the files are a whole index, whose log goes on from the checkpoint that we have (null: none). Refuses `catch-up.incomplete`, `log.went-back`,
 * `log.forked` and whatever else checkLog refuses.
 */
export async function readPublished(
  files: ReadonlyMap<string, Uint8Array>,
  given: { index: IndexName; indexKey: IndexKey; seen: Uint8Array | null },
): Promise<Published> {
  const read: ReadPath = (path) => Promise.resolve(files.get(path) ?? null);
  const { note } = await checkLog(read, given, { hashing, note: noteCheck });
  const told = new Map<string, Sha256>();
  await readAllEntries(read, note.checkpoint, noteCheck.hash, (bytes) => {
    const { path, sha256 } = readLogEntry(bytes);
    told.set(path, sha256);
  });
  for (const path of [indexKeyPath, listJsonPath, timestampPath])
    if (!files.has(path)) throw refuse('catch-up.incomplete', { path });
  for (const [path, sha256] of told) {
    const bytes = files.get(path);
    if (!bytes || hashing.sha256(bytes) !== sha256) throw refuse('catch-up.incomplete', { path });
  }
  return { read, index: given.index, indexKey: given.indexKey, projects: projectsIn([...told.keys()]) };
}

const policyPattern = /^evidence\/[^/]+\/policy\/[0-9]+\.json$/;

function projectsIn(paths: readonly string[]): Published['projects'] {
  const policies = new Map<ProjectName, number>();
  for (const path of paths) {
    const project = projectOf(path);
    if (project !== null) policies.set(project, (policies.get(project) ?? 0) + (policyPattern.test(path) ? 1 : 0));
  }
  return [...policies]
    .map(([project, count]) => ({ project, policies: count }))
    .sort((a, b) => (a.project < b.project ? -1 : 1));
}
