// A draft as a program needs it to sign or fill it: its status, what is signed, the files with their digests, and which keys of the reader would
// count. Every number comes from the one verdict; what a signature is made over is the statement itself, which is fetched and read apart.
import { personOf, type Actor } from '#lib/core/people.ts';
import type { LoadedCase } from '#lib/server/judge/load-case.ts';
import { loadUsableKeys } from '#lib/server/judge/my-keys.ts';
import { liveAddress } from '#lib/server/judge/preview.ts';
import { loadSinceRelease } from '#lib/server/judge/since-release.ts';
import { runtime } from '#lib/server/runtime.ts';
import { loadStatus, type DraftStatus, type StatusSubject } from './draft-status.ts';
import { loadRebuilds, type RebuildLine } from './rebuilds.ts';
import { loadStatement, statementFileName } from './statement-bytes.ts';

export type DraftForPrograms = DraftStatus & {
  openedBy: string;
  openedAt: string;
  statement: { name: string; sha256: string; size: number };
  files: { name: string; size: number; sha256: string }[];
  /** Where it can be tried (an index for pip); null: not now. */
  preview: string | null;
  /** What people say they got who rebuilt this revision; it counts for nothing. */
  rebuilds: {
    rebuild: string;
    person: string;
    at: string;
    outcome: string;
    isSame: boolean;
    recipe: string;
    files: { name: string; sha256: string; isSame: boolean }[];
  }[];
  /** What changed since the release before, in sentences; null: there is none to compare it with. */
  changes: { since: string; lines: { weight: 'look' | 'note'; say: string }[] } | null;
  /** Of whoever's token it is. */
  reader: { name: string; hasSigned: boolean; keys: { fingerprint: string; signing: string }[] };
};

/** Refuses as `draftStatus` does. */
export async function draftForPrograms(actor: Actor, subject: StatusSubject): Promise<DraftForPrograms> {
  const { db } = runtime();
  const { status, loaded } = await loadStatus(actor, subject);
  const { draft, files } = loaded;
  const { bytes, sha256 } = await loadStatement(db, draft, draft.revision);
  return {
    ...status,
    ...{ openedBy: draft.openedBy, openedAt: draft.openedAt.toISOString() },
    statement: { name: statementFileName(draft, draft.revision), sha256, size: bytes.length },
    files: files.map(({ name, sha256: digest, row }) => ({ name, size: Number(row.size), sha256: digest })),
    ...{ preview: await liveAddress(db, draft), rebuilds: (await loadRebuilds(db, draft)).map(asRebuild) },
    changes: await changesOf(loaded),
    reader: await readerOf(actor, loaded),
  };
}

const asRebuild = ({
  id,
  name,
  at,
  outcome,
  isSame,
  recipe,
  files,
}: RebuildLine): DraftForPrograms['rebuilds'][number] => ({
  ...{ rebuild: id, person: name, at: at.toISOString(), outcome, isSame, recipe },
  files: files.map((file) => ({ name: file.name, sha256: file.sha256, isSame: file.isSame })),
});

async function changesOf(loaded: LoadedCase): Promise<DraftForPrograms['changes']> {
  const since = await loadSinceRelease(runtime().db, loaded);
  return since && { since: since.version, lines: since.changes.map(({ weight, say }) => ({ weight, say })) };
}

/** Keys that the rules name and that could sign now, as the mails name them (ways-to-sign.ts). */
async function readerOf(actor: Actor, { signers, verdict }: LoadedCase): Promise<DraftForPrograms['reader']> {
  const { db, clock } = runtime();
  const name = personOf(actor);
  if (name === null) return { name: '', hasSigned: false, keys: [] };
  const named = signers.find((signer) => signer.name === name)?.keys ?? [];
  const usable = (await loadUsableKeys(db, name, clock.now())).filter(({ fingerprint }) => named.includes(fingerprint));
  const keys = usable.flatMap(({ fingerprint, signing }) =>
    signing.slice(0, 1).map((one) => ({ fingerprint, signing: one })),
  );
  return { name, hasSigned: verdict.counted.includes(name), keys };
}
