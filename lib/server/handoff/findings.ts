// What the countersigner says about drafts that it did not countersign: shown on the draft's page, and in history when it changes. The
// text is the countersigner's; it is cut and shown as text. It decides nothing.
import { readFields, readLine, readList, readNullable } from '#lib/core/document.ts';
import { refuse } from '#lib/core/errors.ts';
import { readDraftId, readProjectName, type DraftId } from '#lib/core/ids.ts';
import { change, type Change } from '#lib/server/change.ts';
import { runtime } from '#lib/server/runtime.ts';

export type Said = { draft: DraftId; code: string | null; says: string };

/** Reads and keeps findings from hostile bytes; drafts that are gone meanwhile are left out. Answers how many were news. */
export async function keepFindings(foreignBytes: Uint8Array): Promise<{ news: number }> {
  let news = 0;
  for (const said of readFindings(foreignBytes)) if (await keepFinding(said)) news += 1;
  return { news };
}

function readFindings(foreignBytes: Uint8Array): Said[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(foreignBytes).toString('utf8'));
  } catch (cause) {
    throw refuse('input.not-json', { what: 'a list of findings' }, cause);
  }
  return readList(readFields(parsed, 'findings')['findings'], 'the findings', 10_000, (entry) => {
    const f = readFields(entry, 'a finding');
    const code = readNullable(f['code'], (claimed) => readLine(claimed, 'a code', 100));
    const says = readLine(
      String(f['says'] ?? '')
        .slice(0, 1000)
        .replace(/\p{Cc}/gu, ' '),
      'a sentence',
      1000,
    );
    return { draft: readDraftId(f['draft']), code, says };
  });
}

async function keepFinding(said: Said): Promise<boolean> {
  const row = await runtime().db.draft.findUnique({ where: { id: said.draft } });
  const isNews = row && (row.countersignerCode !== said.code || row.countersignerSays !== said.says);
  if (!isNews || !['draft', 'approved'].includes(row.state)) return false;
  await change({ kind: 'countersigner' }, 'hand-over', (work) => writeFinding(work, said, row.projectName));
  return true;
}

async function writeFinding({ tx, now, record }: Change, said: Said, project: string): Promise<void> {
  const data = { countersignerCode: said.code, countersignerSays: said.says, countersignerAt: now };
  await tx.draft.updateMany({ where: { id: said.draft, state: { in: ['draft', 'approved'] } }, data });
  const details = { code: said.code, says: said.says };
  await record('release.refused', { project: readProjectName(project), draft: said.draft, details });
}
