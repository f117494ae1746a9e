// What is trusted after a release was accepted: everything that was seen of its index and project, never less than before.
import { renderInstant, type ProjectName } from '#lib/core/ids.ts';
import { hashing } from '#lib/digest/hashing.ts';
import type { CollectedRelease } from '#lib/evidence/collect-release.ts';
import { armorCertificate } from '#lib/pgp/read-certificate.ts';
import type { IndexPin, ProjectPin } from '#cli/trust/pin.ts';
import type { MetIndex } from './index-key.ts';
import type { People } from './people.ts';
import type { SeenLog } from './source.ts';

export type Seen = {
  address: string;
  met: MetIndex;
  log: SeenLog | null;
  now: number;
};

const nothing = { address: null, log: null, projects: {}, certificates: {}, pinnedAt: null };

/** The pin of the index, less what TUF says, as it stands after `seen`. */
export function withIndex(pin: IndexPin | null, { address, met, log, now }: Seen): Omit<IndexPin, 'tuf'> {
  const { primary } = met.key.facts;
  const known = pin ?? nothing;
  return {
    ...{ type: 'countersign/pin', format: 1, address: known.address ?? address, index: met.name, indexKey: primary },
    log: log ?? known.log,
    projects: known.projects,
    certificates: { ...known.certificates, [primary]: armorCertificate(met.key.bytes) },
    pinnedAt: known.pinnedAt ?? renderInstant(now),
    checkedAt: renderInstant(now),
  };
}

/** The pin with what was seen of a project. `people` null: only the countersignature was asked for; its policies stay as they were. */
export function withProject(
  pin: Omit<IndexPin, 'tuf'>,
  { project, list, people }: { project: ProjectName; list: CollectedRelease['list']; people: People | null },
): Omit<IndexPin, 'tuf'> {
  const known = pin.projects[project];
  const entry: ProjectPin = {
    policies: people ? people.chain.map(({ sha256 }) => sha256) : (known?.policies ?? []),
    list: { serial: list.list.serial, sha256: hashing.sha256(list.document.bytes) },
    status: list.list.status?.sha256 ?? null,
    versions: list.list.versions,
  };
  const certificates = [...(people?.keyring.certificates ?? [])].map(([key, bytes]) => [key, armorCertificate(bytes)]);
  return {
    ...pin,
    projects: { ...pin.projects, [project]: entry },
    certificates: { ...pin.certificates, ...Object.fromEntries(certificates) },
  };
}
