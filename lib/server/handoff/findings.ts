// What the countersigner says about drafts and declarations that it did not countersign: shown on their pages, and in history when it changes. The
// text is the countersigner's; it is cut and shown as text. It decides nothing.
import { nameDeclaration, readDeclaration } from '#lib/core/declaration.ts';
import { readFields, readLine, readList, readNullable } from '#lib/core/document.ts';
import { refuse } from '#lib/core/errors.ts';
import { readDraftId, readProjectName, readSha256, type DraftId, type Sha256 } from '#lib/core/ids.ts';
import { change } from '#lib/server/change.ts';
import { runtime } from '#lib/server/runtime.ts';

export type Said = { about: { draft: DraftId } | { declaration: Sha256 }; code: string | null; says: string };

/** Reads and keeps findings from hostile bytes; drafts that are gone meanwhile are left out. Answers how many were news. */
export async function keepFindings(foreignBytes: Uint8Array): Promise<{ news: number }> {
  let news = 0;
  for (const { about, ...said } of readFindings(foreignBytes)) {
    const isNews = 'draft' in about ? keepFinding(about.draft, said) : keepDeclarationFinding(about.declaration, said);
    if (await isNews) news += 1;
  }
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
    const about =
      f['declaration'] === undefined
        ? { draft: readDraftId(f['draft']) }
        : { declaration: readSha256(f['declaration']) };
    return { about, code, says };
  });
}

const heardStates = ['draft', 'approved', 'quarantined'];

type Saying = Pick<Said, 'code' | 'says'>;

async function keepFinding(id: DraftId, said: Saying): Promise<boolean> {
  const row = await runtime().db.draft.findUnique({ where: { id } });
  if (!row || !isNews(row, said) || !heardStates.includes(row.state)) return false;
  await change({ kind: 'countersigner' }, 'hand-over', async ({ tx, now, record }) => {
    await tx.draft.updateMany({ where: { id, state: { in: heardStates } }, data: columnsOf(said, now) });
    await record('release.refused', { project: readProjectName(row.projectName), draft: id, details: said });
  });
  return true;
}

async function keepDeclarationFinding(sha256: Sha256, said: Saying): Promise<boolean> {
  const row = await runtime().db.declaration.findUnique({ where: { sha256 } });
  if (row?.state !== 'signed' || !isNews(row, said)) return false;
  await change({ kind: 'countersigner' }, 'hand-over', async ({ tx, now, record }) => {
    await tx.declaration.updateMany({ where: { sha256, state: 'signed' }, data: columnsOf(said, now) });
    const declaration = nameDeclaration(readDeclaration(row.bytes));
    await record('declaration.refused', {
      project: readProjectName(row.projectName),
      ...(row.draftId && { draft: readDraftId(row.draftId) }),
      details: { declaration, ...said },
    });
  });
  return true;
}

type Kept = { countersignerCode: string | null; countersignerSays: string | null };

const isNews = (row: Kept, { code, says }: Saying): boolean =>
  row.countersignerCode !== code || row.countersignerSays !== says;

const columnsOf = ({ code, says }: Saying, now: Date) => ({
  ...{ countersignerCode: code, countersignerSays: says, countersignerAt: now },
});
