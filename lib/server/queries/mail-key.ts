// The public half of the key that signs mail, as everybody may know it.
import { refuse } from '#lib/core/errors.ts';
import type { Fingerprint } from '#lib/core/ids.ts';
import { runtime } from '#lib/server/runtime.ts';

/** `sender`: as it stands in the mails. `path`: where its certificate is served. */
export type MailKeyPage = { fingerprint: Fingerprint; sender: string; path: string };

/** Whether mail from here is signed. */
export const isMailSigned = (): boolean => runtime().mailKey !== null;

/** @throws `mail-key.not-found` where mail is not signed */
export function mailKeyPage(): MailKeyPage {
  const { mailKey, config } = runtime();
  if (mailKey === null) throw refuse('mail-key.not-found', {});
  const { fingerprint } = mailKey;
  return { fingerprint, sender: config.mailFrom, path: `/vks/v1/by-fingerprint/${fingerprint}` };
}
