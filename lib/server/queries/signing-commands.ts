// Commands that run unmodified: the real file name, the reader's own signing key with `!` (gpg takes that very subkey). File names
// are ours (checked project and version), so nothing in them needs quoting. Tried with gpg 2.2 and sq 0.27.
import type { Fingerprint } from '#lib/core/ids.ts';

export type SigningCommand = { tool: 'gpg' | 'sq'; label: string; command: string };

/** How to make `FILE.asc`, a detached armored signature over `FILE`, with this signing key of this certificate. */
export function signingCommands(
  fileName: string,
  key: { fingerprint: Fingerprint; signing: Fingerprint },
): SigningCommand[] {
  return [
    {
      tool: 'gpg',
      label: 'GnuPG',
      command: `gpg --local-user '${key.signing}!' --armor --detach-sign --output ${fileName}.asc ${fileName}`,
    },
    {
      tool: 'sq',
      label: 'Sequoia 0.27, with your private key in a file',
      command: `sq sign --signer-key ${key.fingerprint}.private.asc --detached --output ${fileName}.asc ${fileName}`,
    },
  ];
}
