// From an address below /api/v1/ to its row. Segments are decoded here, once; one that is not decodable names nothing. Hostile input.
import type { Door } from './door.ts';
import { doors } from './doors.ts';
import { namesIn } from './door.ts';

export const apiRoot = '/api/v1/';

type FoundDoor = { door: Door; names: Record<string, string> };
type Compiled = { door: Door; address: RegExp; names: string[] };

const compile = (door: Door): Compiled => ({
  door,
  address: new RegExp(`^${door.path.replaceAll('.', String.raw`\.`).replace(/\{\w+\}/g, '([^/]+)')}$`),
  names: namesIn(door.path),
});
const compiled = doors.map(compile);

/** HEAD is asked where GET is. */
const takes = ({ method }: Door, asked: string): boolean => method === asked || (method === 'GET' && asked === 'HEAD');

/** The row for it; or the methods that the address takes. `path`: below /api/v1/, without the question. */
export function findDoor(method: string, path: string): FoundDoor | { allowed: string[] } {
  const here = compiled.filter(({ address }) => address.test(path));
  const found = here.find(({ door }) => takes(door, method));
  if (found === undefined) return { allowed: here.flatMap(({ door }) => methodsOf(door)) };
  const values = (found.address.exec(path) ?? []).slice(1).map(decodeSegment);
  return { door: found.door, names: Object.fromEntries(found.names.map((name, at) => [name, values[at] ?? ''])) };
}

const methodsOf = ({ method }: Door): string[] => (method === 'GET' ? ['GET', 'HEAD'] : [method]);

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
}
