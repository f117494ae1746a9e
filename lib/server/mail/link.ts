// Addresses in mails: always on the fixed public address of the settings, never on what a request says it was sent to.
import { runtime } from '#lib/server/runtime.ts';

/** The full address of a page of ours; `path` starts with a slash. */
export const linkTo = (path: string): string => `${runtime().config.publicUrl}${path}`;

/** `21 December 2026, 12:00 UTC` */
export function renderMoment(at: Date): string {
  const day = at.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
  return `${day}, ${at.toISOString().slice(11, 16)} UTC`;
}
