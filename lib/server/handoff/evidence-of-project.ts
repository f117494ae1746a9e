// The policy chain of a project and the certificates that it names, as raw evidence from rows: bytes as they were signed, packets as they
// came. Nothing is judged here, so nothing has to be believed by the countersigner.
import { readFingerprint, type Fingerprint, type ProjectName } from '#lib/core/ids.ts';
import { readPolicy } from '#lib/core/policy.ts';
import type { SignedBytes } from '#lib/evidence/bundle.ts';
import { keysNamedIn } from '#lib/evidence/keyring.ts';
import { armorSignatures } from '#lib/pgp/merge-signatures.ts';
import { armorCertificate } from '#lib/pgp/read-certificate.ts';
import { runtime } from '#lib/server/runtime.ts';

export type ProjectEvidence = {
  policies: (SignedBytes & { version: number })[];
  certificates: Map<Fingerprint, Uint8Array>;
};

/** Packets of rows as one block; null where there are none. */
export function armorRows(rows: readonly { packet: Uint8Array; key: string }[]): Uint8Array | null {
  if (rows.length === 0) return null;
  return Buffer.from(armorSignatures(rows.map((row) => ({ bytes: row.packet, key: readFingerprint(row.key) }))));
}

/** A new chain whose founders have signed it. */
export const waitingChain = { state: 'open', waitsSince: { not: null } };

/** Every policy that is or was in force, version 1 first; `withWaiting`: a new chain too that waits for the countersigner's operator. */
export async function evidenceOfProject(
  project: ProjectName,
  { withWaiting }: { withWaiting: boolean },
): Promise<ProjectEvidence> {
  const { db } = runtime();
  const rows = await db.policy.findMany({
    where: { projectName: project, OR: [{ chainSlot: { not: null } }, ...(withWaiting ? [waitingChain] : [])] },
    include: { signatures: true },
    orderBy: { version: 'asc' },
  });
  const policies = rows.map(({ version, bytes, signatures }) => ({ version, bytes, signature: armorRows(signatures) }));
  const named = [...keysNamedIn(policies.map((entry) => readPolicy(entry.bytes)))];
  const keys = await db.key.findMany({ where: { fingerprint: { in: named } }, orderBy: { fingerprint: 'asc' } });
  const certificates = new Map(
    keys.map((key) => [readFingerprint(key.fingerprint), Buffer.from(armorCertificate(key.certificate))] as const),
  );
  return { policies, certificates };
}
