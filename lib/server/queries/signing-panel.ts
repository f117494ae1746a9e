// What a person needs to sign one document, the same for a release, a policy change and any later kind: the bytes, their
// digest, own usable keys, commands with the real names, and what the signature will do.
import type { Fingerprint, Sha256 } from '#lib/core/ids.ts';
import type { MyKey } from '#lib/server/judge/my-keys.ts';
import { signingCommands, type SigningCommand } from './signing-commands.ts';

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

export type PanelParts = {
  fileName: string;
  downloadPath: string;
  bytes: Uint8Array;
  sha256: Sha256;
  /** Own keys that are usable now. */
  usable: MyKey[];
  /** Those that the rules name for the reader. */
  named: readonly Fingerprint[];
  will: string;
  cannotSign: string | null;
  signedAt: Date | null;
};

/** Puts the panel together; says why nothing can be signed where no named key is usable. */
export function makePanel(parts: PanelParts): SigningPanel {
  const { fileName, downloadPath, bytes, sha256, will, signedAt } = parts;
  const keys = parts.usable.filter((key) => parts.named.includes(key.fingerprint));
  const [first] = keys;
  const signing = first?.signing[0];
  const noKey =
    'None of your keys that are usable now is named by the policy. Renew your key, or ask an owner to name another one.';
  return {
    ...{ fileName, downloadPath, sha256, keys, will, signedAt },
    text: new TextDecoder().decode(bytes),
    size: bytes.length,
    commands: first && signing ? signingCommands(fileName, { fingerprint: first.fingerprint, signing }) : [],
    cannotSign: parts.cannotSign ?? (keys.length === 0 && !signedAt ? noKey : null),
  };
}
