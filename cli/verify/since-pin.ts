// What an index with all its keys could still do to somebody who knows the project, were list and signatures all that is looked at: publish a new
// version under the rules of long ago, by a key that left since; or let a version become another one in its next record. The pins say what was before:
// a version that was not listed then was published after it, by the rules of then or later ones (docs/decisions/048).
import { refuse } from '#lib/core/errors.ts';
import { readRecord, type ReleaseRecord } from '#lib/core/release.ts';
import { byName } from '#lib/core/statement.ts';
import { hashing } from '#lib/digest/hashing.ts';
import type { AcceptedPolicy } from '#lib/evidence/check-policies.ts';
import type { ReleaseCheck } from '#lib/evidence/check-release.ts';
import { recordPath } from '#lib/simple/page.ts';
import type { ProjectPin } from '#cli/trust/pin.ts';
import type { Source } from './source.ts';

/**
 * Refuses `trust.older-rules` (a version that is new since the pin, under rules that the pinned policy had ended by then) and `trust.release-replaced` (a
 * version of the pin with another statement, other files or another policy now).
 */
export async function requireSameSincePin(
  { read }: Pick<Source, 'read'>,
  record: ReleaseRecord,
  pin: ProjectPin | null,
): Promise<void> {
  if (!pin) return;
  const { project, version, policy } = record;
  const seen = pin.versions[version];
  const known = pin.policies.length;
  if (!seen) {
    if (policy < known) throw refuse('trust.older-rules', { project, version, policy, known });
    return;
  }
  if (seen.serial >= record.serial) return; // the same record: newest.ts
  const bytes = await read(recordPath(project, version, seen.serial));
  if (!bytes) throw refuse('evidence.missing', { what: `record ${seen.serial} of ${project} ${version}` });
  const isIt = hashing.sha256(bytes) === seen.sha256;
  if (!isIt || whatItIs(readRecord(bytes)) !== whatItIs(record))
    throw refuse('trust.release-replaced', { project, version, seen: seen.serial, served: record.serial });
}

/** What no later record of a release may say differently. */
const whatItIs = ({ statementSha256, policy, policySha256, files }: ReleaseRecord): string =>
  JSON.stringify([statementSha256, policy, policySha256, [...files].sort(byName)]);

/**
 * Refuses (`trust.signed-after-leaving`) a version that is new since the pin and counts a key that the pinned policy had retired already: a retired key
 * counts for what it signed before, and before there was no such version.
 */
export function requireNobodyCameBack(
  { project, version }: ReleaseRecord,
  { verdict }: ReleaseCheck,
  { pin, chain }: { pin: ProjectPin | null; chain: readonly AcceptedPolicy[] },
): void {
  if (!pin || pin.versions[version]) return;
  const since = chain.filter(({ policy }) => policy.version >= pin.policies.length).map(({ policy }) => policy);
  const inForceSince = new Set(since.flatMap(({ people }) => people.flatMap(({ keys }) => keys)));
  const counted = new Set(verdict.findings.flatMap(({ counts, facts }) => (counts && facts.key ? [facts.key] : [])));
  const left = since[0]?.retired.find(({ keys }) => keys.some((key) => counted.has(key) && !inForceSince.has(key)));
  if (left) throw refuse('trust.signed-after-leaving', { project, version, name: left.name, since: left.since });
}
