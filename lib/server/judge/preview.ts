// The address at which one revision of a draft can be installed before it is published. Whoever has it reads the files and nothing else, so it is a
// capability: 256 bits that nobody guesses, of which only the hash is stored. They are derived from a random id and a secret of the instance, so
// that its people can be shown the address again and a copy of the database opens nothing. It ends with its revision and with the draft, asked of
// rows at every use, and when somebody who may know it leaves.
import { createHmac, randomBytes } from 'node:crypto';
import { refuse } from '#lib/core/errors.ts';
import type { DraftId, ProjectName } from '#lib/core/ids.ts';
import { canBeTried, type DraftState } from '#lib/core/release.ts';
import { actorName, type Change } from '#lib/server/change.ts';
import type { Draft as DraftRow, Preview as PreviewRow } from '#lib/server/db/generated/client.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { linkTo } from '#lib/server/mail/link.ts';
import { runtime } from '#lib/server/runtime.ts';
import { hashToken } from '#lib/server/secrets.ts';

const tokenOf = (id: string): string =>
  createHmac('sha256', runtime().secrets.session).update(`countersign preview 1\n${id}\n`).digest('base64url');

/** Makes a new address for this revision; the one before ends. The caller holds the lock on the draft, or makes it. */
export async function makePreview(
  { tx, now, actor }: Change,
  { id: draftId, revision }: { id: DraftId; revision: number },
): Promise<void> {
  await endLive(tx, { draftId, now, by: null });
  const id = randomBytes(16).toString('hex');
  const made = { madeBy: actorName(actor), madeAt: now };
  await tx.preview.create({
    data: { id, tokenHash: hashToken(tokenOf(id)), draftId, revision, ...made, liveSlot: draftId },
  });
}

/** Ends the address of a draft, by this person or because a newer one takes its place; says whether there was one. */
export async function endLive(
  tx: Transaction,
  { draftId, now, by }: { draftId: DraftId; now: Date; by: string | null },
): Promise<boolean> {
  const written = await tx.preview.updateMany({
    where: { liveSlot: draftId },
    data: { endedAt: now, endedBy: by, liveSlot: null },
  });
  return written.count > 0;
}

/** New addresses for the open drafts of a project: somebody who may know the ones so far is of it no more. Those that were ended stay so. */
export async function renewPreviews(work: Change, project: ProjectName): Promise<void> {
  const where = { liveSlot: { not: null }, draft: { projectName: project, state: { in: ['draft', 'approved'] } } };
  const live = await work.tx.preview.findMany({ where, include: { draft: true } });
  for (const { draft } of live) await makePreview(work, { id: draft.id as DraftId, revision: draft.revision });
}

/** The address of a row for a pip; null: it was made with another secret than this program has. */
function addressOf({ id, tokenHash }: PreviewRow): string | null {
  const token = tokenOf(id);
  return hashToken(token) === tokenHash ? linkTo(`/preview/${token}/simple/`) : null;
}

/** Where a draft can be tried now; null: nowhere. */
export async function liveAddress(
  tx: Transaction,
  { id, state }: { id: DraftId; state: DraftState },
): Promise<string | null> {
  const live = canBeTried(state) ? await tx.preview.findUnique({ where: { liveSlot: id } }) : null;
  return live && addressOf(live);
}

/** The draft that a token opens, while it does. Hostile input. Refuses `preview.not-found`, `preview.ended` with the reason. */
export async function requireLivePreview(tx: Transaction, token: string): Promise<DraftRow> {
  const found = await tx.preview.findUnique({ where: { tokenHash: hashToken(token) }, include: { draft: true } });
  if (!found) throw refuse('preview.not-found', {});
  const { draft, ...preview } = found;
  const why = endOf(preview, draft);
  if (why !== null) throw refuse('preview.ended', { why });
  return draft;
}

const ends: Partial<Record<DraftState, string>> = {
  published: 'the release is published, and is installed from the index',
  withdrawn: 'the draft was withdrawn',
  expired: 'the draft expired',
};

function endOf({ endedAt, revision }: PreviewRow, draft: DraftRow): string | null {
  const state = draft.state as DraftState;
  if (!canBeTried(state)) return ends[state] ?? 'the release is not offered now';
  if (draft.revision !== revision) return 'the files have changed since. The page of the draft has the newest address';
  return endedAt === null
    ? null
    : 'it was ended, or a newer one took its place. The page of the draft shows the one that is good';
}
