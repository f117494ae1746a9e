// The personal link by which a browser opened a draft, from the cookie of that one place. It is no session, and beside an open session it stays
// what it is: nothing here mixes the two.

import 'server-only';
import { headers } from 'next/headers';
import { cache } from 'react';
import { isRefusal, refuse, type RefusalCode } from '#lib/core/errors.ts';
import { readLinkCookie } from '#lib/server/http/link-cookie.ts';
import type { LinkActor } from '#lib/server/judge/personal-link.ts';
import { linkedDraft, type LinkedDraft } from '#lib/server/queries/linked-draft.ts';

const currentLink = async (draft: string): Promise<LinkActor> =>
  readLinkCookie((await headers()).get('cookie') ?? undefined, draft);

/**
 * The link for something that is posted from a page that was shown for `person`: where another person's link was opened in this browser
 * since, nothing is done in their name. Refuses `link.lapsed`, `link.of-another`.
 */
export async function linkShownFor(draft: string, person: string): Promise<LinkActor> {
  const link = await currentLink(String(draft));
  if (link.name !== person) throw refuse('link.of-another', { shown: String(person).slice(0, 40), now: link.name });
  return link;
}

export type ShownByLink = { draft: LinkedDraft } | { refused: { code: RefusalCode; message: string } };

/** What the page of a link shows: the draft, or why it opens nothing. Throws what is no refusal. Asked once a request. */
export const shownByLink = cache(async (draft: string): Promise<ShownByLink> => {
  try {
    if (draft === 'nothing') throw refuse('link.not-found', {});
    return { draft: await linkedDraft(await currentLink(draft)) };
  } catch (fault) {
    if (isRefusal(fault)) return { refused: { code: fault.code, message: fault.message } };
    throw fault;
  }
});
