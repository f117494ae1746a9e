// How a try ends: tried again later with growing waits, or for good, which stands in the history of the project; the owners are mailed of what failed,
// because somebody waits for it there. Does nothing where the row was queued anew, or taken over by another program, in between.
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { readAccountName, readDraftId, readProjectName, readVersion } from '#lib/core/ids.ts';
import { change, type Change } from '#lib/server/change.ts';
import { after } from '#lib/server/clock.ts';
import { plainText } from '#lib/server/history/details.ts';
import { tellPeople } from '#lib/server/judge/tell-people.ts';
import { limits } from '#lib/server/limits.ts';
import { elsewhereFailedLetter } from '#lib/server/mail/letters/elsewhere-failed.ts';
import { runtime } from '#lib/server/runtime.ts';

export type ClaimedUpload = {
  id: string;
  projectName: string;
  draftId: string;
  fileName: string;
  url: string;
  tries: number;
  claimedAt: Date;
};

const kinds = { done: 'elsewhere.uploaded', failed: 'elsewhere.failed', stopped: 'elsewhere.stopped' } as const;
export type UploadEnd = keyof typeof kinds;

/** Ends it. */
export async function endUpload(row: ClaimedUpload, state: UploadEnd, says: string): Promise<void> {
  try {
    await change({ kind: 'jobs' }, 'jobs', (work) => end(work, row, state, plainText(says, 900)));
  } catch (fault) {
    if (!isRefusal(fault)) throw fault; // it was queued anew, or ended, in between
  }
}

/** The next wait, or the end after the last one. */
export async function tryLater(row: ClaimedUpload, says: string): Promise<void> {
  const wait = limits.webhookRetriesMs[row.tries - 1];
  if (wait === undefined) return endUpload(row, 'failed', `Given up after ${row.tries} tries. ${says}`);
  const { db, clock } = runtime();
  await db.otherUpload.updateMany({
    where: { id: row.id, claimedAt: row.claimedAt },
    data: { claimedAt: null, nextAt: after(clock.now(), wait), says: plainText(says, 900) },
  });
}

async function end(work: Change, row: ClaimedUpload, state: UploadEnd, says: string): Promise<void> {
  const { tx, now } = work;
  const { id, claimedAt, fileName: file } = row;
  const ended = { state, endedAt: now, claimedAt: null, says };
  const written = await tx.otherUpload.updateMany({ where: { id, claimedAt, state: 'waiting' }, data: ended });
  if (written.count === 0) throw refuse('elsewhere.not-found', {});
  const project = readProjectName(row.projectName);
  const { host } = new URL(row.url);
  const about = { project, draft: readDraftId(row.draftId) };
  await work.record(kinds[state], { ...about, details: { name: file, host, says } });
  if (state !== 'failed') return;
  const draft = await tx.draft.findUniqueOrThrow({ where: { id: row.draftId } });
  const owners = await tx.membership.findMany({ where: { projectName: project, role: 'owner' } });
  const letter = elsewhereFailedLetter({ project, version: readVersion(draft.version), file, host, says });
  await tellPeople(
    work,
    owners.map(({ personName }) => readAccountName(personName)),
    () => letter,
  );
}
