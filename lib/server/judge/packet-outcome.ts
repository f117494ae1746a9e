// What became of each signature packet of an upload: none is lost silently (threats.md, 21).
import type { AccountName, Fingerprint, Sha256 } from '#lib/core/ids.ts';

export type PacketOutcome = {
  packetSha256: Sha256;
  result: 'counted' | 'already-there' | 'refused';
  /** The person by the policy; null where nobody of the project made it. */
  person: AccountName | null;
  key: Fingerprint | null;
  /** `statement`, a file name, or `policy`; null where it fits nothing. */
  over: string | null;
  /** A whole sentence for the page. */
  says: string;
  /** A reason code of core (`wrong-bytes`, …) where refused. */
  reason: string | null;
};
