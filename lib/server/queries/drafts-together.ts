// Several drafts on one page, to be signed with one unlocking of a key: each as its own page shows it, decided by the same query. What was chosen
// is hostile: one that is not there, or not the reader's to see, is counted and not told apart from one that never was.
import { isRefusal } from '#lib/core/errors.ts';
import { requirePerson, type Actor } from '#lib/core/people.ts';
import { limits } from '#lib/server/limits.ts';
import { draftPage, type DraftPage } from './draft-page.ts';

export type DraftsTogether = {
  /** Those that the reader can sign now, in the order in which they were chosen. */
  open: DraftPage[];
  /** Those that the reader cannot or need not sign, each with the sentence that says why. */
  closed: { draft: DraftPage; why: string }[];
  /** How many of the chosen ones are not there. */
  missing: number;
  /** How many are left out, because more were chosen than go onto one page. */
  leftOut: number;
  most: number;
};

/** Refuses `person.sign-in-first`. */
export async function draftsTogether(actor: Actor, chosen: readonly string[]): Promise<DraftsTogether> {
  requirePerson(actor);
  const most = limits.draftsAtOnceMax;
  const ids = [...new Set(chosen)];
  const found: DraftsTogether = { open: [], closed: [], missing: 0, leftOut: Math.max(0, ids.length - most), most };
  for (const id of ids.slice(0, most)) {
    const draft = await pageOrNull(actor, id);
    if (draft === null) found.missing += 1;
    else if (whyNot(draft) === null) found.open.push(draft);
    else found.closed.push({ draft, why: whyNot(draft) ?? '' });
  }
  return found;
}

async function pageOrNull(actor: Actor, id: string): Promise<DraftPage | null> {
  try {
    return await draftPage(actor, id);
  } catch (fault) {
    if (isRefusal(fault) && fault.code === 'draft.not-found') return null;
    throw fault;
  }
}

const hasEnough: readonly DraftPage['state'][] = ['approved', 'published'];

/** Why nothing of the reader's is wanted on it; null: it can be signed. */
function whyNot({ panel, state }: DraftPage): string | null {
  if (panel === null)
    return hasEnough.includes(state) ? 'Enough people have signed it.' : 'It is no longer open for signatures.';
  return panel.signedAt === null ? panel.cannotSign : 'You signed this revision.';
}
