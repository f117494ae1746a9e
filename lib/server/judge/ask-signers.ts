// Asks the people of a policy to sign a draft: one mail each, with the digest of the very revision. Files that come one by one, as twine and uv upload them,
// make a revision each; the mail waits for the last of them, and one that has not gone out yet makes place for one about the newer revision.
import type { AccountName } from '#lib/core/ids.ts';
import type { Change } from '#lib/server/change.ts';
import { after } from '#lib/server/clock.ts';
import { limits } from '#lib/server/limits.ts';
import { draftOpenedLetter } from '#lib/server/mail/letters/draft-opened.ts';
import { takeBackUnsent } from '#lib/server/mail/outbox.ts';
import { loadAskedRevision } from './asked-revision.ts';
import type { LoadedCase } from './load-case.ts';
import { othersThan, tellPeople } from './tell-people.ts';
import { waysToSign } from './ways-to-sign.ts';
import type { WrittenStatement } from './write-revision.ts';

/** Asks everybody of the policy but whoever opens the draft. */
export async function askSigners(work: Change, loaded: LoadedCase, statement: WrittenStatement): Promise<void> {
  const people = loaded.policy.policy.people.map((person) => person.name);
  await ask(work, loaded, statement, othersThan(work, people));
}

/** Of a further revision: asks those whose mail about an earlier one has not gone out, instead of it. `told`: who heard of this one otherwise. */
export async function askAgain(
  work: Change,
  loaded: LoadedCase,
  statement: WrittenStatement,
  told: readonly AccountName[],
): Promise<void> {
  const unsent = await takeBackUnsent(work.tx, { event: 'draft.opened', thread: `draft-${loaded.draft.id}` });
  const people = unsent.filter((name) => !told.includes(name));
  if (people.length > 0) await ask(work, loaded, statement, people);
}

async function ask(
  work: Change,
  loaded: LoadedCase,
  statement: WrittenStatement,
  people: readonly AccountName[],
): Promise<void> {
  const { draft, verdict } = loaded;
  const about = {
    ...(await loadAskedRevision(work.tx, loaded, statement)),
    ...{ openedBy: draft.openedBy, required: verdict.required, signedSoFar: verdict.counted },
  };
  const notBefore = work.via === 'twine' ? after(work.now, limits.moreFilesMs) : undefined;
  await tellPeople(work, people, async (name) => ({
    ...draftOpenedLetter({ ...about, ways: await waysToSign(work, loaded, name) }),
    ...(notBefore && { notBefore }),
  }));
}
