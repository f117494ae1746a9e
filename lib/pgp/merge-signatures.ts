// The one form in which signatures are served (formats.md): one armored block that holds all packets, ordered by primary
// fingerprint, which gpg, sqv and OpenPGP.js all read in full. Judges nothing; takes packets that counted.
import { concatBytes } from '#lib/core/bytes.ts';
import type { Fingerprint } from '#lib/core/ids.ts';
import { renderArmor } from './armor.ts';
import { renderHex } from './packets.ts';

/** The `.asc` of a document. The same packets give the same text, in whatever order they came. */
export function armorSignatures(packets: readonly { bytes: Uint8Array; key: Fingerprint }[]): string {
  const ordered = packets
    .map(({ bytes, key }) => ({ bytes, order: `${key} ${renderHex(bytes)}` }))
    .sort((one, other) => (one.order < other.order ? -1 : 1));
  return renderArmor('SIGNATURE', concatBytes(ordered.map(({ bytes }) => bytes)));
}
