// Asks the people of a policy to sign a draft: one mail each, with the digest of the very revision. Files that come one by one, as twine and uv upload them,
// make a revision each; the mail waits for the last of them, and one that has not gone out yet makes place for one about the newer revision.
import type { AccountName } from '#lib/core/ids.ts';
import type { Change } from '#lib/server/change.ts';
import { after } from '#lib/server/clock.ts';
import { limits } from '#lib/server/limits.ts';
import { draftOpenedLetter } from '#lib/server/mail/letters/draft-opened.ts';
import { takeBackUnsent } from '#lib/server/mail/outbox.ts';
import { loadDraftFindings, tellFindings } from './draft-findings.ts';
import type { LoadedCase } from './load-case.ts';
import { loadSinceRelease } from './since-release.ts';
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
  const { draft, files, verdict } = loaded;
  const about = {
    ...{
      project: draft.project,
      version: draft.version,
      draft: draft.id,
      revision: draft.revision,
      deadline: draft.deadline,
    },
    ...{ openedBy: draft.openedBy, statement, required: verdict.required, signedSoFar: verdict.counted },
    files: files.map(({ name, sha256, row }) => ({ name, sha256, size: Number(row.size) })),
    since: await loadSinceRelease(work.tx, loaded),
    findings: tellFindings(await loadDraftFindings(work.tx, loaded)),
  };
  const notBefore = work.via === 'twine' ? after(work.now, limits.moreFilesMs) : undefined;
  await tellPeople(work, people, async (name) => ({
    ...draftOpenedLetter({ ...about, ways: await waysToSign(work, loaded, name) }),
    ...(notBefore && { notBefore }),
  }));
}
