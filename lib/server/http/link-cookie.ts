// The cookie by which a browser that opened a personal link goes on without the token in its address bar. It names the link and until when,
// sealed with a secret of this instance; it is sent to the pages of that one draft only, for an hour, and is no session: what it opens is what
// the link opens, asked of rows at every use. Nothing is written when it is set, so scanners that open links change nothing.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { refuse } from '#lib/core/errors.ts';
import type { DraftId } from '#lib/core/ids.ts';
import { findLinkById, type LinkActor } from '#lib/server/judge/personal-link.ts';
import { limits } from '#lib/server/limits.ts';
import { runtime } from '#lib/server/runtime.ts';

const isSecure = (): boolean => runtime().config.publicUrl.startsWith('https:');

/** Behind HTTPS its name makes the browser refuse it over plain HTTP. */
export const linkCookieName = (): string => `${isSecure() ? '__Secure-' : ''}countersign-link`;

/** Where the draft is seen by a personal link, and nothing else. */
export const linkedPath = (draft: DraftId | 'nothing'): string => `/for-you/${draft}`;

const seal = (text: string): string =>
  createHmac('sha256', runtime().secrets.session).update(`personal link ${text}`).digest('base64url');

/** The Set-Cookie header for a browser that opened this link now. `Lax`, since people come from their mail: `Strict` would not be sent on. */
export function setLinkCookie({ id, draft }: LinkActor): string {
  const until = runtime().clock.now().getTime() + limits.linkVisitMs;
  const named = `${id}.${until}`;
  const flags = `HttpOnly; SameSite=Lax${isSecure() ? '; Secure' : ''}`;
  return `${linkCookieName()}=${named}.${seal(named)}; Path=${linkedPath(draft)}; Max-Age=${limits.linkVisitMs / 1000}; ${flags}`;
}

/** The link of a Cookie header (hostile) for this draft. Two cookies of the name are none: one was planted. Refuses `link.lapsed`. */
export async function readLinkCookie(cookieHeader: string | undefined, draft: string): Promise<LinkActor> {
  const prefix = `${linkCookieName()}=`;
  const parts = (cookieHeader ?? '').split(';').map((part) => part.trim());
  const values = parts.filter((part) => part.startsWith(prefix)).map((part) => part.slice(prefix.length));
  const link = values.length === 1 ? await openSeal(values[0] ?? '') : null;
  if (link?.draft !== draft) throw refuse('link.lapsed', {});
  return link;
}

async function openSeal(value: string): Promise<LinkActor | null> {
  const [, id, until, sealed] = /^([0-9a-f-]{36})\.(\d{1,16})\.([\w-]{43})$/.exec(value) ?? [];
  if (id === undefined || until === undefined || sealed === undefined) return null;
  const expected = Buffer.from(seal(`${id}.${until}`));
  if (!timingSafeEqual(expected, Buffer.from(sealed))) return null;
  return Number(until) > runtime().clock.now().getTime() ? findLinkById(id) : null;
}
