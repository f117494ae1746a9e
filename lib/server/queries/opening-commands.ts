// How to open an encrypted challenge with one's own tools: commands that run unmodified in the folder with the file. Tried with gpg 2.2
// and sq 0.27; the page and the mail show the same ones.
import type { Fingerprint } from '#lib/core/ids.ts';
import type { AttachmentName } from '#lib/server/mail/compose.ts';

export type OpeningCommand = { tool: 'gpg' | 'sq'; label: string; command: string };

/** Under this name the encrypted message is attached and downloaded. */
export const challengeFileName = 'countersign-challenge.asc' satisfies AttachmentName;

/** One line each; what they print is the text with the token. */
export const openingCommands = (key: Fingerprint): OpeningCommand[] => [
  { tool: 'gpg', label: 'GnuPG', command: `gpg --decrypt ${challengeFileName}` },
  {
    tool: 'sq',
    label: 'Sequoia 0.27, with your private key in a file',
    command: `sq decrypt --recipient-key ${key}.private.asc ${challengeFileName}`,
  },
];
