// History for programs: the lines of docs/formats/history.md, newest first, piece by piece.
import { z } from 'zod';
import { refuse } from '#lib/core/errors.ts';
import { lineFields } from '#lib/server/history/json-line.ts';
import { historyOf } from '#lib/server/queries/history-of.ts';
import type { HistorySubject } from '#lib/server/queries/history-scope.ts';
import { runtime } from '#lib/server/runtime.ts';
import { door, type Answered, type Asked, type Door } from './door.ts';
import { draftOf, projectOf } from './draft-doors.ts';
import { pieceOf, pageShape } from './paged.ts';
import { accountName, draftId, moment, projectName, seldom, textLike, versionText } from './shapes.ts';

const about = 'History';
const query = z.object({ cursor: z.string().optional().meta({ description: '`next` of the piece before.' }) });

const line = z
  .strictObject({
    ...{ id: textLike('41'), at: moment, actor: accountName, kind: textLike('signature.added') },
    ...{ sentence: textLike('ada signed revision 3 (sunrise 1.2.0)'), way: textLike('browser') },
    ...{ reason: seldom(z.string()), project: projectName.nullable(), release: versionText.nullable() },
    ...{ draft: draftId.nullable(), person: seldom(accountName) },
    url: textLike('https://sign.example.org/projects/sunrise/history/41').meta({ format: 'uri' }),
    evidence: z.array(z.strictObject({ what: textLike('The signature'), url: z.url(), log: seldom(z.int()) })),
  })
  .meta({ id: 'HistoryEntry' });
const answers = { 200: pageShape(line) };

async function pieceOfHistory(
  { actor, req, query: { cursor } }: Asked<z.output<typeof query>>,
  subject: HistorySubject,
): Promise<Answered> {
  const { lines, older } = await historyOf(actor, subject, { before: readCursor(cursor) });
  const items = lines.map((one) => lineFields(one, runtime().config.publicUrl));
  return pieceOf(req.url ?? '', items, older === null ? null : String(older));
}

function readCursor(claimed: string | undefined): bigint | null {
  if (claimed === undefined) return null;
  if (/^[1-9]\d{0,17}$/.test(claimed)) return BigInt(claimed);
  throw refuse('input.not-a', { what: 'a cursor of this list', claimed: claimed.slice(0, 80) });
}

export const historyDoors: readonly Door[] = [
  door({
    ...{ method: 'GET', path: 'projects/{project}/history', about, scopes: ['read'], query, answers },
    says: 'What happened in a project, newest first.',
    answer: (asked) => pieceOfHistory(asked, { project: projectOf(asked) }),
  }),
  door({
    ...{ method: 'GET', path: 'drafts/{draft}/history', about, scopes: ['read'], query, answers },
    says: 'What happened to a draft, newest first.',
    answer: (asked) => pieceOfHistory(asked, { draft: draftOf(asked) }),
  }),
  door({
    ...{ method: 'GET', path: 'account/history', about, scopes: ['account'], query, answers },
    says: 'What you did, and what concerned you, newest first.',
    answer: (asked) => pieceOfHistory(asked, { person: true }),
  }),
];
