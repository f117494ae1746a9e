// Detached signatures that came along with files (`.asc` beside a wheel): read and checked before the change, over the files' own
// bytes. One upload that is no signature refuses the whole, so that nothing is silently lost.
import type { AccountName, Sha256 } from '#lib/core/ids.ts';
import { readSignatures, type SignaturePacket } from '#lib/pgp/read-signatures.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { checkPackets, fileTarget, type CheckedPacket } from './check-packets.ts';
import { loadKeyRing, loadKeysOfPeople } from './key-ring.ts';
import type { LoadedPolicy } from './load-policy.ts';

/** Reads and checks them by the keys of the project's people and of the one who sends them. Refuses `signature.…`. */
export async function checkPacketsOfFiles(
  tx: Transaction,
  about: { policy: LoadedPolicy; name: AccountName; files: readonly Sha256[] },
  uploads: readonly Uint8Array[],
): Promise<CheckedPacket[]> {
  const packets = new Map<Sha256, SignaturePacket>();
  for (const upload of uploads) for (const packet of await readSignatures(upload)) packets.set(packet.sha256, packet);
  if (packets.size === 0) return [];
  const people = about.policy.policy.people;
  const owned = await loadKeysOfPeople(tx, [...people.map((person) => person.name), about.name]);
  const ring = await loadKeyRing(tx, [...owned, ...people.flatMap((person) => person.keys)]);
  const targets = [...new Set(about.files)].map(fileTarget);
  return checkPackets([...packets.values()], ring.certificates, targets);
}
