// The index, and the people of a project, without a release: what `countersign trust` pins. The same steps as for a release, less what only a release has.
import { refuse } from '#lib/core/errors.ts';
import { readIndexName, type IndexName, type ProjectName } from '#lib/core/ids.ts';
import { readReleaseList } from '#lib/core/release-list.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { collectPeople, type CollectedRelease } from '#lib/evidence/collect-release.ts';
import { requireIndexSignature } from '#lib/evidence/index-signature.ts';
import { indexKeyPath, policyPath, releasesPath } from '#lib/evidence/index-tree.ts';
import { logKeyPath } from '#lib/evidence/log-tree.ts';
import type { Judging } from './by-pins.ts';
import { requireIndexKey, type MetIndex } from './index-key.ts';
import { requireNotOlder } from './newest.ts';
import { withIndex, withProject } from './next-pin.ts';
import { requirePeople, type People } from './people.ts';
import { requireSameByPeople } from './since-declared.ts';
import { requireSameSincePin } from './since-pin.ts';
import type { SeenLog, Source } from './source.ts';

export type SeenProject = { project: ProjectName; list: CollectedRelease['list']; people: People };
export type Met = { met: MetIndex; log: SeenLog; projects: SeenProject[] };

/** Meets the index and these projects of it, and keeps all of it. Refuses what verifying a release refuses about them. */
export async function judgePeople(judging: Judging, projects: readonly ProjectName[]): Promise<Met> {
  const { source, pin, heldFor, commit } = judging;
  const held = heldFor(null);
  const certificate = await readThere(source, indexKeyPath);
  const presented = { address: source.from, name: await nameOf(source), certificate, read: source.read };
  const met = await requireIndexKey(presented, held);
  const seen: SeenProject[] = [];
  for (const project of projects) seen.push(await seeProject(judging, project, met));
  const fresh = seen.flatMap(({ project, people }) =>
    people.fresh.map(({ policy, sha256 }) => ({ path: policyPath(project, policy.version), sha256 })),
  );
  const before = pin?.log ? new TextEncoder().encode(pin.log.checkpoint) : null;
  const log = await source.requireLogged({ index: met.name, indexKey: met.key, seen: before }, fresh);
  const index = withIndex(pin, { address: source.from, met, log, now: held.now });
  commit(seen.reduce(withProject, index));
  return { met, log, projects: seen };
}

/** The name of the index as the key of its log claims it; that the index key signed that one is checked with the log. */
async function nameOf(source: Source): Promise<IndexName> {
  const key = new TextDecoder().decode(await readThere(source, logKeyPath));
  return readIndexName(/^(.{1,300}?)\/log\+/.exec(key)?.[1]);
}

async function seeProject(
  { source, pin, heldFor }: Judging,
  project: ProjectName,
  met: MetIndex,
): Promise<SeenProject> {
  const bytes = await source.read(releasesPath(project));
  if (!bytes) throw refuse('verify.no-such-project', { project, index: source.from });
  const document = { bytes, signature: await source.read(`${releasesPath(project)}.asc`) };
  await requireIndexSignature({ what: 'The release list', ...document }, met.key, hashing);
  const list = readReleaseList(bytes);
  if (list.project !== project || list.index !== met.name)
    throw refuse('evidence.record-differs', { what: 'the release list is of another project or index' });
  const known = pin?.projects[project] ?? null;
  requireNotOlder({ document, list }, known);
  const since = await requireSameSincePin(source, list, known);
  const evidence = await collectPeople(source.read, project, list.policy);
  const held = heldFor(project);
  const people = await requirePeople({ project, evidence, isCurrent: true }, held);
  if (since) await requireSameByPeople(source, { list, since }, { ...people, now: held.now });
  return { project, list: { document, list }, people };
}

async function readThere({ read }: Source, path: string): Promise<Uint8Array> {
  const bytes = await read(path);
  if (!bytes) throw refuse('evidence.missing', { what: path });
  return bytes;
}
