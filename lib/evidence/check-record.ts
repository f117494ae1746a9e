// Does the countersigned record say what the evidence shows? The client decides the release itself first (check-release.ts) and then
// demands that every digest, name and person of the record is in its own findings: "metadata that differs from the
// countersigned record" is refused (rules.md, "The client"). The record is hostile until its signature is checked, and doubted after.
import { refuse } from '#lib/core/errors.ts';
import { instantMs } from '#lib/core/ids.ts';
import { byName } from '#lib/core/statement.ts';
import type { ReleaseRecord } from '#lib/core/release.ts';
import type { AcceptedPolicy } from './check-policies.ts';
import type { ReleaseCheck } from './check-release.ts';
import type { CustodyOf } from './custody.ts';

/**
 * First sightings as the countersigner states them. A packet that is not in the record was not counted by it: it was, for all the
 * client knows, first seen elsewhere. `received` is trusted because the record is signed by the index.
 */
export function custodyFromRecord(record: ReleaseRecord): CustodyOf {
  const received = new Map(record.signatures.map((signature) => [signature.sha256, instantMs(signature.received)]));
  return (facts) => {
    const at = received.get(facts.packetSha256);
    return { received: at ?? instantMs(record.date), firstSeenHere: at !== undefined, takenBack: false };
  };
}

/** Refuses (`evidence.record-differs`) a record that states something else than the release that was checked. */
export function requireRecordFits(record: ReleaseRecord, check: ReleaseCheck, judging: AcceptedPolicy): void {
  const { statement } = check;
  const wanted: [found: unknown, expected: unknown, what: string][] = [
    [record.index, statement.index, 'it is of another index'],
    [record.project, statement.project, 'it is of another project'],
    [record.version, statement.version, 'it is of another version'],
    [record.statementSha256, check.statementSha256, 'it names another statement'],
    [record.policy, judging.policy.version, 'it names another policy'],
    [record.policySha256, judging.sha256, 'it names another policy'],
    [sumsOf(record.files), sumsOf(statement.files), 'it names other files'],
  ];
  for (const [found, expected, what] of wanted)
    if (found !== expected) throw refuse('evidence.record-differs', { what });
  requireCounted(record, check);
}

const sumsOf = (files: readonly { name: string; sha256: string }[]): string =>
  [...files]
    .sort(byName)
    .map((file) => `${file.sha256} ${file.name}`)
    .join('\n');

/** Everybody whom the record counts must count here too, with the same packet and key. */
function requireCounted(record: ReleaseRecord, check: ReleaseCheck): void {
  const counting = new Map(check.verdict.findings.map((finding) => [finding.facts.packetSha256, finding]));
  for (const signature of record.signatures) {
    const finding = counting.get(signature.sha256);
    if (!finding?.counts || finding.person !== signature.person || finding.facts.key !== signature.key)
      throw refuse('evidence.record-differs', {
        what: `it counts a signature of ${signature.person} that does not count`,
      });
  }
}
