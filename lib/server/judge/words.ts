// What commands that only say something about a draft have in common: who may, how often, as long as the draft is or may become a release, and
// which revision was looked at.
import { refuse } from '#lib/core/errors.ts';
import { requireAsking, type Actor, type Verb } from '#lib/core/people.ts';
import { takesWords } from '#lib/core/release.ts';
import type { Change } from '#lib/server/change.ts';
import { requireRate } from '#lib/server/rate-limits.ts';
import { lockDraft } from './find-draft.ts';
import { draftFacts, type DraftFacts } from './load-case.ts';
import { requirePolicyInForce } from './load-policy.ts';
import { othersThan } from './tell-people.ts';
import type { AccountName } from '#lib/core/ids.ts';

/** In whose name; refuses whoever says too much at once (`request.too-many`), `person.sign-in-first`, `token.not-for-this`. */
export async function requireSaying(actor: Actor, verb: Verb): Promise<AccountName> {
  const name = requireAsking(actor, verb);
  await requireRate('words-by-person', name);
  return name;
}

/** The draft, locked, where something may be said about it. Refuses as `lockDraft` does, and `draft.ended`. */
export async function lockDiscussed(
  { tx, actor }: Change,
  verb: Verb,
  claimed: string,
): Promise<{ draft: DraftFacts; name: AccountName }> {
  const { row, name } = await lockDraft(tx, actor, verb, claimed);
  const draft = draftFacts(row);
  if (!takesWords(draft.state)) throw refuse('draft.ended', { state: draft.state });
  return { draft, name };
}

/** Everybody of the project but the one who speaks. */
export async function listenersOf(work: Change, { project }: DraftFacts): Promise<AccountName[]> {
  const { policy } = await requirePolicyInForce(work.tx, project);
  return othersThan(
    work,
    policy.people.map((person) => person.name),
  );
}
