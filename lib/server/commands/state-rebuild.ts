// "I rebuilt it and got this": what somebody got when they built the files of the newest revision by themselves, and how. It is compared with what the
// statement binds, shown apart and counted nowhere; other digests are kept and shown as well, and told by mail. A newer one of the same person
// replaces it.
import { randomUUID } from 'node:crypto';
import { refuse } from '#lib/core/errors.ts';
import type { AccountName, DraftId } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import { compareRebuild, readDigestLines, sayRebuild, type ComparedRebuild } from '#lib/core/rebuild.ts';
import { readStatement } from '#lib/core/statement.ts';
import { readWords } from '#lib/core/words.ts';
import { change, viaOf, type Change } from '#lib/server/change.ts';
import type { DraftFacts } from '#lib/server/judge/load-case.ts';
import { tellPeople } from '#lib/server/judge/tell-people.ts';
import { listenersOf, lockDiscussed, requireSaying } from '#lib/server/judge/words.ts';
import { draftRebuiltOtherwiseLetter } from '#lib/server/mail/letters/draft-rebuilt-otherwise.ts';

export type StateRebuildInput = {
  draft: string;
  /** As `sha256sum` prints them. Hostile. */
  digests: string;
  /** How it was built: words or an address. Hostile. */
  recipe: string;
  /** The revision that was built; another one is refused `draft.moved-on`. */
  expectedRevision?: number;
};

export type StatedRebuild = { draft: DraftId; rebuild: string; revision: number; outcome: string; isSame: boolean };

/** @throws `person.…`, `token.…`, `draft.not-found`, `draft.ended`, `draft.moved-on`, `rebuild.…`, `request.too-many`, `input.…` */
export async function stateRebuild(actor: Actor, input: StateRebuildInput): Promise<StatedRebuild> {
  await requireSaying(actor, 'draft.rebuild');
  return change(actor, viaOf(actor), async (work) => {
    const { draft, name } = await lockDiscussed(work, 'draft.rebuild', input.draft);
    const { id, revision } = draft;
    if ((input.expectedRevision ?? revision) !== revision) throw refuse('draft.moved-on', { revision });
    const recipe = readWords(input.recipe, 'how you built it');
    const row = await work.tx.revision.findUniqueOrThrow({
      where: { draftId_number: { draftId: id, number: revision } },
    });
    const bound = readStatement(row.statement).files;
    const files = compareRebuild(bound, readDigestLines(input.digests));
    const outcome = sayRebuild(files, bound.length);
    const rebuild = await store(work, draft, { name, recipe, files });
    const lines = files.map(({ name: file, sha256 }) => `${sha256}  ${file}`);
    const details = { version: draft.version, revision, outcome, files: lines, words: recipe };
    await work.record('rebuild.stated', { project: draft.project, draft: id, person: name, details });
    const isSame = files.every((file) => file.isSame);
    if (!isSame) await tell(work, draft, { name, outcome, files, recipe });
    return { draft: id, rebuild, revision, outcome, isSame };
  });
}

async function store(
  { tx, now }: Change,
  { id, revision }: DraftFacts,
  { name, recipe, files }: { name: AccountName; recipe: string; files: ComparedRebuild[] },
): Promise<string> {
  const standingSlot = `${id}:${revision}:${name}`;
  await tx.rebuild.updateMany({ where: { standingSlot }, data: { standingSlot: null, endedAt: now } });
  const rebuild = randomUUID();
  const data = { id: rebuild, draftId: id, revision, personName: name, recipe, statedAt: now, standingSlot };
  await tx.rebuild.create({ data });
  await tx.rebuiltFile.createMany({
    data: files.map((file) => ({ rebuildId: rebuild, name: file.name, sha256: file.sha256 })),
  });
  return rebuild;
}

async function tell(
  work: Change,
  draft: DraftFacts,
  what: { name: AccountName; outcome: string; files: ComparedRebuild[]; recipe: string },
): Promise<void> {
  const { id, project, version, revision } = draft;
  const { name, outcome, files, recipe } = what;
  const letter = draftRebuiltOtherwiseLetter({
    ...{ project, version, draft: id, revision, by: name, outcome, recipe },
    files: files.filter(({ isSame }) => !isSame),
  });
  await tellPeople(work, await listenersOf(work, draft), () => letter);
}
