// What a person needs to sign one document, the same for a release, a policy change and any later kind: the bytes, their
// digest, own usable keys, commands with the real names, and what the signature will do.
import type { Fingerprint } from '#lib/core/ids.ts';

export type MyKey = {
  /** Primary fingerprint: the identity. */
  fingerprint: Fingerprint;
  /** Signing (sub)keys that could sign now; the first one stands in the commands as `FPR!`. */
  signing: Fingerprint[];
  userId: string;
  expires: Date | null;
};

export type SigningCommand = { tool: 'gpg' | 'sq'; label: string; command: string };

export type SigningPanel = {
  /** `requests-9.1.0.r3.SHA256SUMS`: what the document is saved as; also the name in the commands. */
  fileName: string;
  /** Where these very bytes are downloaded. */
  downloadPath: string;
  text: string;
  sha256: string;
  size: number;
  /** Own keys that would count now. */
  keys: MyKey[];
  commands: SigningCommand[];
  /** "Your signature is the last one needed: …" */
  will: string;
  /** null: the reader can sign now. Otherwise the sentence that says why not. */
  cannotSign: string | null;
  /** When the reader signed these very bytes. */
  signedAt: Date | null;
};

/** Same shape as components/draft/signature-lines.tsx, with what more there is to say. */
export type SignatureLine =
  | {
      state: 'signed';
      id: string;
      name: string;
      fingerprint: Fingerprint;
      issuer: Fingerprint;
      at: Date;
      way: string;
      /** `statement`, or names of the files that it covers. */
      over: string;
      /** The reader can take it back. */
      mine: boolean;
    }
  | { state: 'open'; couldSign: string[] }
  | { state: 'struck'; id: string; name: string; fingerprint: Fingerprint; at: Date; reason: string };
