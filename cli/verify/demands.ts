// Is the release signed by enough for whoever installs it? The rules of the project have been met already; here the user's own demands are, which may be
// stricter and never weaker. They are met file by file, by signatures that count.
import { refuse } from '#lib/core/errors.ts';
import type { Fingerprint } from '#lib/core/ids.ts';
import type { ReleaseCheck } from '#lib/evidence/check-release.ts';
import type { Demand } from '#cli/trust/demand.ts';

/** Refuses `demand.threshold`, `demand.people`, `demand.keys`. */
export function requireDemands(check: ReleaseCheck, demands: readonly Demand[]): void {
  for (const demand of demands) {
    requireCount(check, demand);
    requireNamed(check, demand);
    requireKeys(check, demand);
  }
}

const about = ({ statement: { project, version } }: ReleaseCheck) => ({ project, version });

function requireCount(check: ReleaseCheck, { threshold }: Demand): void {
  const counted = Math.min(...check.verdict.perFile.map((file) => file.counted.length));
  if (threshold !== null && counted < threshold)
    throw refuse('demand.threshold', { ...about(check), counted, demanded: threshold });
}

function requireNamed(check: ReleaseCheck, { people }: Demand): void {
  const missing = people.filter((name) => !check.verdict.perFile.every((file) => file.counted.includes(name)));
  if (missing.length > 0) throw refuse('demand.people', { ...about(check), missing });
}

/** Lines, not keys: two keys of one line are one person's. */
function requireKeys(check: ReleaseCheck, { keys }: Demand): void {
  if (keys === null) return;
  const counted = Math.min(
    ...check.statement.files.map(({ sha256 }) => {
      const by = keysOver(check, sha256);
      return keys.people.filter((line) => line.some((key) => by.has(key))).length;
    }),
  );
  if (counted < keys.needed) throw refuse('demand.keys', { ...about(check), counted, demanded: keys.needed });
}

function keysOver({ verdict }: ReleaseCheck, sha256: string): Set<Fingerprint> {
  const counting = verdict.findings.filter(({ counts, subject }) => {
    return counts && (subject.over === 'statement' || subject.sha256 === sha256);
  });
  return new Set(counting.flatMap(({ facts }) => facts.key ?? []));
}
