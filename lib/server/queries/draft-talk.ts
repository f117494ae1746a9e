// What people say about a draft besides signing it: comments with the revision that they are about, what they got when they rebuilt it, and the
// address at which it can be tried. Only for queries that found the draft for its reader.
import { readAccountName, type AccountName } from '#lib/core/ids.ts';
import { may, type Actor } from '#lib/core/people.ts';
import { canBeTried, takesWords } from '#lib/core/release.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import type { FoundDraft } from '#lib/server/judge/find-draft.ts';
import type { DraftFacts } from '#lib/server/judge/load-case.ts';
import { liveAddress } from '#lib/server/judge/preview.ts';
import { loadRebuilds, type RebuildLine } from './rebuilds.ts';

export type CommentLine = {
  id: string;
  name: AccountName;
  revision: number;
  at: Date;
  /** Hostile text of several lines. */
  text: string;
  takenBackAt: Date | null;
  isMine: boolean;
};

/** Where the draft can be installed from, while it is none of the index; null: there is no address now. */
export type PreviewLine = {
  address: string | null;
  /** Who ended the last one; null: nobody did. */
  endedBy: string | null;
  /** The reader may renew and end it. */
  mayManage: boolean;
};

export type DraftTalk = {
  /** Oldest first. */
  comments: CommentLine[];
  /** Of the newest revision. */
  rebuilds: (RebuildLine & { isMine: boolean })[];
  /** null: its files are not offered before the index any more. */
  preview: PreviewLine | null;
  may: { comment: boolean; rebuild: boolean };
};

/** All of it, as this reader sees it. By a personal link it is read; nothing is said. */
export async function loadTalk(
  tx: Transaction,
  actor: Actor,
  draft: DraftFacts,
  found: Pick<FoundDraft, 'role' | 'name'>,
): Promise<DraftTalk> {
  const { role } = found;
  const isSpeaker = actor.kind === 'person' && takesWords(draft.state);
  return {
    comments: await loadComments(tx, draft, found.name),
    rebuilds: (await loadRebuilds(tx, draft)).map((one) => ({ ...one, isMine: one.name === found.name })),
    preview: canBeTried(draft.state) ? await loadPreview(tx, actor, draft, found) : null,
    may: { comment: isSpeaker && may(role, 'draft.comment'), rebuild: isSpeaker && may(role, 'draft.rebuild') },
  };
}

async function loadComments(tx: Transaction, { id }: DraftFacts, reader: AccountName): Promise<CommentLine[]> {
  const rows = await tx.comment.findMany({ where: { draftId: id }, orderBy: [{ writtenAt: 'asc' }, { id: 'asc' }] });
  return rows.map(({ id: comment, personName, revision, writtenAt, text, takenBackAt }) => ({
    ...{ id: comment, name: readAccountName(personName), revision, at: writtenAt, text, takenBackAt },
    isMine: personName === reader,
  }));
}

async function loadPreview(
  tx: Transaction,
  actor: Actor,
  draft: DraftFacts,
  { role, name }: Pick<FoundDraft, 'role' | 'name'>,
): Promise<PreviewLine> {
  const address = await liveAddress(tx, draft);
  const where = { draftId: draft.id, endedBy: { not: null } };
  const ended = address ? null : await tx.preview.findFirst({ where, orderBy: [{ endedAt: 'desc' }, { id: 'asc' }] });
  return {
    address,
    endedBy: ended?.endedBy ?? null,
    mayManage: actor.kind === 'person' && (name === draft.openedBy || may(role, 'draft.preview')),
  };
}
