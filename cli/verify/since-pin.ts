// What an index with all its keys could still do to somebody who knows the project, were list and signatures all that is looked at: publish a new
// version under the rules of long ago, by a key that left since; let a version become another one in its next record; or drop what an owner declared. The
// pins say what was before (docs/decisions/048). Every version that the list added or changed since is looked at, not only the one that was asked for: what is
// pinned afterwards was seen, and would never be doubted again.
import { refuse } from '#lib/core/errors.ts';
import { readVersion, type ProjectName, type Version } from '#lib/core/ids.ts';
import type { ReleaseList } from '#lib/core/release-list.ts';
import { readRecord, type ReleaseRecord } from '#lib/core/release.ts';
import { byName } from '#lib/core/statement.ts';
import { hashing } from '#lib/digest/hashing.ts';
import type { AcceptedPolicy } from '#lib/evidence/check-policies.ts';
import { recordPath } from '#lib/simple/page.ts';
import type { ProjectPin } from '#cli/trust/pin.ts';
import type { Source } from './source.ts';

/** What the list says differently than the pin: versions that it did not have, and known ones with a later record. */
export type SincePin = {
  pin: ProjectPin;
  added: readonly ReleaseRecord[];
  changed: readonly { before: ReleaseRecord; now: ReleaseRecord }[];
};

type Reads = Pick<Source, 'read'>;

/**
 * What came since the pin; null: there is none. Refuses `trust.older-rules` (a version that is new since the pin, under rules that the pinned policy had ended
 * by then), `trust.release-replaced` (a version of the pin with another statement, other files or another policy now), and records that are not there.
 */
export async function requireSameSincePin(
  source: Reads,
  list: ReleaseList,
  pin: ProjectPin | null,
): Promise<SincePin | null> {
  if (!pin) return null;
  const added: ReleaseRecord[] = [];
  const changed: SincePin['changed'][number][] = [];
  for (const [version, listed] of Object.entries(list.versions)) {
    const seen = pin.versions[version];
    if (seen && seen.serial >= listed.serial) continue; // the same record: newest.ts
    const now = await readListed(source, list.project, { version: readVersion(version), ...listed });
    if (seen) changed.push({ before: await readSeen(source, now, seen), now });
    else added.push(now);
  }
  for (const record of added) requireRulesOfThen(record, pin.policies.length);
  return { pin, added, changed };
}

type Listed = { version: Version; serial: number; sha256: string };

async function readListed({ read }: Reads, project: ProjectName, listed: Listed): Promise<ReleaseRecord> {
  const { version, serial, sha256 } = listed;
  const bytes = await read(recordPath(project, version, serial));
  if (!bytes) throw refuse('evidence.missing', { what: `record ${serial} of ${project} ${version}` });
  const record = readRecord(bytes);
  const isIt = hashing.sha256(bytes) === sha256 && record.project === project && record.version === version;
  if (!isIt) throw refuse('evidence.record-differs', { what: 'the release list names another record' });
  return record;
}

function requireRulesOfThen({ project, version, policy }: ReleaseRecord, known: number): void {
  if (policy < known) throw refuse('trust.older-rules', { project, version, policy, known });
}

/** The record of then, of which `now` is a later one. */
async function readSeen(
  { read }: Reads,
  now: ReleaseRecord,
  seen: { serial: number; sha256: string },
): Promise<ReleaseRecord> {
  const { project, version } = now;
  const bytes = await read(recordPath(project, version, seen.serial));
  if (!bytes) throw refuse('evidence.missing', { what: `record ${seen.serial} of ${project} ${version}` });
  const before = readRecord(bytes);
  if (hashing.sha256(bytes) !== seen.sha256 || whatItIs(before) !== whatItIs(now))
    throw refuse('trust.release-replaced', { project, version, seen: seen.serial, served: now.serial });
  return before;
}

/** What no later record of a release may say differently. */
const whatItIs = ({ statementSha256, policy, policySha256, files }: ReleaseRecord): string =>
  JSON.stringify([statementSha256, policy, policySha256, [...files].sort(byName)]);

/**
 * Refuses (`trust.signed-after-leaving`) a version that is new since the pin and counts a key that the pinned policy had retired already: a retired key
 * counts for what it signed before, and before there was no such version.
 */
export function requireNobodyCameBack({ pin, added }: SincePin, chain: readonly AcceptedPolicy[]): void {
  const since = chain.filter(({ policy }) => policy.version >= pin.policies.length).map(({ policy }) => policy);
  const inForceSince = new Set(since.flatMap(({ people }) => people.flatMap(({ keys }) => keys)));
  for (const { project, version, signatures } of added) {
    const counted = new Set(signatures.map(({ key }) => key));
    const left = since[0]?.retired.find(({ keys }) => keys.some((key) => counted.has(key) && !inForceSince.has(key)));
    if (left) throw refuse('trust.signed-after-leaving', { project, version, name: left.name, since: left.since });
  }
}
