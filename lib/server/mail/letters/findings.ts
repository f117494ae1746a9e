// "What the checks found": in the mails that ask for a signature, the worst first. Nothing found, nothing said.
import type { MailPart } from '#lib/server/mail/compose.ts';

/** `counts`: `2 warnings, 1 note`; null: nothing was found. The lines carry hostile text, made visible. */
export type ToldFindings = { counts: string | null; lines: readonly string[] };

export const findingParts = ({ counts, lines }: ToldFindings): MailPart[] =>
  counts === null ? [] : [{ says: `What the checks of the files found: ${counts}`, list: [...lines] }];
