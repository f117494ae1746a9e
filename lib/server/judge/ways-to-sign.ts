// What one person needs to sign a draft from a mail: a personal link, made now, and their keys that would count. For every letter that asks for
// a signature, called while it is queued.
import type { AccountName } from '#lib/core/ids.ts';
import type { Change } from '#lib/server/change.ts';
import type { WaysToSign } from '#lib/server/mail/letters/ways-to-sign.ts';
import type { LoadedCase } from './load-case.ts';
import { loadUsableKeys } from './my-keys.ts';
import { makePersonalLink } from './personal-link.ts';

const keysMost = 3;

/** The keys are those that the rules name and that could sign now; with none of them the link remains. */
export async function waysToSign(
  { tx, now }: Pick<Change, 'tx' | 'now'>,
  { draft, signers }: LoadedCase,
  person: AccountName,
): Promise<WaysToSign> {
  const named = signers.find(({ name }) => name === person)?.keys ?? [];
  const usable = (await loadUsableKeys(tx, person, now)).filter(({ fingerprint }) => named.includes(fingerprint));
  const keys = usable.flatMap(({ signing }) => signing.slice(0, 1)).slice(0, keysMost);
  return { link: await makePersonalLink({ tx, now }, draft, person), keys };
}
