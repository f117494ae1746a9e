// Changes of a draft that are bound to what was read (RFC 9110, 13.1.1): `If-Match` with the ETag of the draft's answer. The whole answer is
// compared first, and the command gets its revision, so that between the two only the same revision passes.
import { refuse } from '#lib/core/errors.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { draftForPrograms } from '#lib/server/queries/draft-for-programs.ts';
import type { Asked } from './door.ts';

/** The bytes of an answer. */
export const renderJson = (json: object): string => `${JSON.stringify(json, null, 2)}\n`;

/** The ETag of these bytes. */
export const etagOf = (body: string): string => `"${sha256Hex(body).slice(0, 32)}"`;

/** The revision that the change is bound to: that of `If-Match`, else the given one. Refuses `api.changed-since`. */
export async function requireRevision(
  { actor, names, ifMatch }: Pick<Asked, 'actor' | 'names' | 'ifMatch'>,
  given?: number,
): Promise<number | undefined> {
  if (ifMatch === undefined || ifMatch.trim() === '*') return given;
  const draft = await draftForPrograms(actor, { draft: names['draft'] ?? '' });
  const wanted = ifMatch.split(',').map((one) => one.trim());
  if (!wanted.includes(etagOf(renderJson(draft)))) throw refuse('api.changed-since', { revision: draft.revision });
  return given ?? draft.revision;
}
