// Long lists, piece by piece: `limit` and `cursor` in the address, `items` and `next` in the answer, and the address of the next piece as a Link
// (RFC 8288). A cursor is the name of the last item that was sent, so that what is added meanwhile moves nothing.
import { z } from 'zod';
import { refuse } from '#lib/core/errors.ts';
import { runtime } from '#lib/server/runtime.ts';
import type { Answered, Asked } from './door.ts';
import { seldom } from './shapes.ts';

const most = 200;
const usual = 50;

export const pageQuery = z.object({
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/)
    .optional()
    .meta({ description: `How many at most: ${usual} if nothing is said, never more than ${most}.` }),
  cursor: z.string().max(200).optional().meta({ description: '`next` of the piece before.' }),
});
type PageQuery = z.output<typeof pageQuery>;

export const pageShape = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({ items: z.array(item), next: seldom(z.string()) });

/** The piece that was asked for. `nameOf`: the item's own name, by which the next piece begins. Refuses `input.not-a`. */
export function paged<Item>(
  asked: Pick<Asked<PageQuery>, 'req' | 'query'>,
  items: readonly Item[],
  nameOf: (item: Item) => string,
): Answered {
  const { limit = String(usual), cursor } = asked.query;
  const begin = cursor === undefined ? 0 : items.findIndex((item) => nameOf(item) === cursor) + 1;
  if (cursor !== undefined && begin === 0)
    throw refuse('input.not-a', { what: 'a cursor of this list', claimed: cursor });
  const piece = items.slice(begin, begin + Math.min(Number(limit), most));
  const last = piece.at(-1);
  const isEnd = last === undefined || begin + piece.length >= items.length;
  return pieceOf(asked.req.url ?? '', piece, isEnd ? null : nameOf(last));
}

/** A piece that its query cut. */
export function pieceOf(url: string, items: readonly unknown[], next: string | null): Answered {
  if (next === null) return { json: { items, next } };
  const address = new URL(url, runtime().config.publicUrl);
  address.searchParams.set('cursor', next);
  return { json: { items, next }, headers: { Link: `<${address.href}>; rel="next"` } };
}
