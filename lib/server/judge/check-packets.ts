// What does each packet of an upload fit? It is tried over the current statement, then over each file's own bytes, then over
// what the draft had before, so that a mistake gets its own sentence. Certificates decide whose it is, never the packet.
// Nothing here counts anything: core judges what comes out (enter-packets.ts).
import type { Sha256 } from '#lib/core/ids.ts';
import type { SignatureFacts, Subject } from '#lib/core/verdict.ts';
import { digestBytes } from '#lib/digest/digest-bytes.ts';
import { digestFile } from '#lib/digest/digest-file.ts';
import type { DigestRequest, Digester } from '#lib/core/digest.ts';
import { checkSignatures } from '#lib/pgp/check-signatures.ts';
import type { SignaturePacket } from '#lib/pgp/read-signatures.ts';
import { runtime } from '#lib/server/runtime.ts';

/** Something that a packet may be over, and how to digest it for OpenPGP. */
export type Target = { subject: Subject; digest: Digester };

export type CheckedPacket = {
  packet: SignaturePacket;
  facts: SignatureFacts;
  /** What it is genuinely over; null: over none of the targets, and `facts.defect` says why. */
  subject: Subject | null;
};

/** The statement of a revision. */
export function statementTarget(revision: number, bytes: Uint8Array): Target {
  return {
    subject: { over: 'statement', revision },
    digest: (requests) => Promise.resolve(digestBytes(bytes, requests)),
  };
}

/** A stored file: read once for all packets, in a worker thread. */
export function fileTarget(sha256: Sha256): Target {
  const digest = async (requests: readonly DigestRequest[]): Promise<Uint8Array[]> =>
    (await digestFile(await runtime().files.local(sha256), { plain: [], tails: requests })).tails;
  return { subject: { over: 'file', sha256 }, digest };
}

/** Tries every packet over the targets in their order; the first that it fits is its subject. */
export async function checkPackets(
  packets: readonly SignaturePacket[],
  certificates: Uint8Array[],
  targets: readonly Target[],
): Promise<CheckedPacket[]> {
  const checked = new Map<Sha256, CheckedPacket>();
  let open = [...packets];
  for (const target of targets) {
    if (open.length === 0) break;
    const facts = await checkSignatures({ packets: open, certificates, digest: target.digest });
    open.forEach((packet, at) => {
      const found = facts[at];
      if (found) checked.set(packet.sha256, { packet, facts: found, subject: found.defect ? null : target.subject });
    });
    open = open.filter((packet) => checked.get(packet.sha256)?.facts.defect?.code === 'wrong-bytes');
  }
  return packets.flatMap((packet) => checked.get(packet.sha256) ?? []);
}
