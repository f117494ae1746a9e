// A key ends itself: the revocation that its private half signs, for one of three reasons. Two of them are soft (what came before keeps
// counting), one is hard (nothing by it counts any more). Only the revocation comes out; the secret stays in this call.
import { enums } from 'openpgp';
import { refuse } from '#lib/core/errors.ts';
import { readFingerprint, type Fingerprint } from '#lib/core/ids.ts';
import type { RevocationReason } from '#lib/core/key-end.ts';
import { renderArmor } from './armor.ts';
import { openLocked, readLocked } from './locked-key.ts';
import { framePacket, tags } from './packets.ts';

export type MadeRevocation = {
  fingerprint: Fingerprint;
  /** As `gpg --gen-revoke` writes it: the bare signature in a PUBLIC KEY BLOCK. */
  armored: string;
};

const flags = {
  compromised: enums.reasonForRevocation.keyCompromised,
  retired: enums.reasonForRevocation.keyRetired,
  superseded: enums.reasonForRevocation.keySuperseded,
} as const;

/** The reason as it stands in a revocation: RFC 9580, 5.2.3.31. */
export function wordsOf(reason: RevocationReason) {
  return { flag: flags[reason.kind], words: reason.kind === 'superseded' ? `superseded by ${reason.by}` : '' };
}

/**
 * Makes the revocation of a whole key at the moment `at` (RFC 9580, 5.2.3.31). Refuses as unlockPrivateKey does (`private-key.…`), and
 * `private-key.no-primary` where the secret of the primary key is not in the file: a signing subkey cannot end its key.
 */
export async function makeRevocation(
  foreignBytes: Uint8Array,
  passphrase: string,
  { reason, at }: { reason: RevocationReason; at: number },
): Promise<MadeRevocation> {
  const locked = await readLocked(foreignBytes);
  const fingerprint = readFingerprint(locked.getFingerprint().toUpperCase());
  if ('isMissingSecretKeyMaterial' in locked.keyPacket && locked.keyPacket.isMissingSecretKeyMaterial())
    throw refuse('private-key.no-primary', { key: fingerprint });
  const secret = await openLocked(locked, passphrase);
  const { flag, words } = wordsOf(reason);
  const revoked = await secret.revoke({ flag, string: words }, new Date(at));
  const packet = revoked.revocationSignatures.at(-1);
  if (!packet) throw new Error('A revoked key carries its revocation.');
  return { fingerprint, armored: renderArmor('PUBLIC KEY BLOCK', framePacket(tags.signature, packet.write())) };
}
