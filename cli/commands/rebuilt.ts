// `countersign rebuilt DRAFT|NAME==VERSION FILES… --recipe TEXT`: states what one got by building the files of a draft by oneself. The files are hashed
// here and compared with the statement, which is parsed here too; only digests and the recipe are sent. Other digests are stated as well. Exit codes:
// 0 stated and all the same, 1 stated and some differ, 2 unusable input or not possible, 3 could not ask.
import path from 'node:path';
import { readFileName, readSha256 } from '#lib/core/ids.ts';
import { compareRebuild, sayRebuild, type ComparedRebuild } from '#lib/core/rebuild.ts';
import { readWords } from '#lib/core/words.ts';
import { refusalOutcome } from '#cli/refusal-outcome.ts';
import { fetchStatement, findApiDraft, hashLocal } from '#cli/sign/draft.ts';
import { openSession, pinnedName, type SignTools } from '#cli/sign/open-session.ts';
import { safeForTerminal } from '#cli/terminal.ts';
import type { CommandOutcome } from './inspect-distribution.ts';

export type RebuiltOptions = { index?: string | undefined; recipe: string; json?: boolean | undefined };

/** Hashes, compares, states it and says so. Never throws. */
export async function rebuiltCommand(
  what: string,
  places: string[],
  { index, recipe, json = false }: RebuiltOptions,
  tools: Pick<SignTools, 'home' | 'token'>,
): Promise<CommandOutcome> {
  try {
    const how = readWords(recipe, 'how you built it');
    const api = openSession(index, tools);
    const draft = await findApiDraft(api, what);
    const { statement } = await fetchStatement(api, draft, pinnedName(tools.home, api.base));
    const files = compareRebuild(statement.files, await Promise.all(places.map(hash)));
    const digests = files.map(({ name, sha256 }) => `${sha256}  ${name}`).join('\n');
    const form = new URLSearchParams({ digests, recipe: how, revision: String(statement.revision) });
    const body = new TextEncoder().encode(form.toString());
    await api.post(`drafts/${draft.draft}/rebuilds`, { type: 'application/x-www-form-urlencoded', body });
    const isSame = files.every((file) => file.isSame);
    const { project, version, revision } = statement;
    const outcome = sayRebuild(files, statement.files.length);
    const told = { draft: draft.draft, project, version, revision, outcome, isSame, files, page: draft.page };
    const lines = [
      ...files.flatMap(sayFile),
      `Stated for revision ${revision} of ${project} ${version}: you ${outcome}.`,
      draft.page,
    ];
    const out = json ? [JSON.stringify(told)] : lines;
    return { exit: isSame ? 0 : 1, out: `${out.map(safeForTerminal).join('\n')}\n`, err: '' };
  } catch (fault) {
    return refusalOutcome(fault, json);
  }
}

async function hash(place: string) {
  return { name: readFileName(path.basename(place)), sha256: readSha256((await hashLocal(place)).sha256) };
}

function sayFile({ name, sha256, expected, isSame }: ComparedRebuild): string[] {
  if (isSame) return [`${name}: the same digest`];
  return [`${name}: another digest`, `  the draft has  ${expected}`, `  you got        ${sha256}`];
}
