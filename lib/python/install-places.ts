// Where the files of a wheel end when it is installed (PEP 427): its root, purelib and platlib are one folder in most environments, and the last file that is
// written there wins. Two readings of one wheel, one in the archive and one on disk, are refused; and so is metadata of a second project in a part of .data.
import { refuse } from '#lib/core/errors.ts';
import { parentsOf, type ArchivePath } from './paths.ts';

/** Refuses `distribution.layout`. Members have safe and distinct paths. */
export function requireOnePlaceEach(members: readonly ArchivePath[]): void {
  const files = members.filter(({ isFolder }) => !isFolder).map(({ path }) => ({ path, place: placeOf(path) }));
  const taken = new Map<string, string>();
  for (const { path, place } of files) {
    if (place === null) continue;
    if (place !== path && /^[^/]*\.dist-info(?:\/|$)/i.test(place))
      throw refuse('distribution.layout', { why: `“${shorten(path)}” is metadata in its .data folder` });
    const other = taken.get(place);
    if (other !== undefined) throw overwritten(path, other);
    taken.set(place, path);
  }
  for (const [place, path] of taken) {
    const under = parentsOf(place).find((folder) => taken.has(folder));
    if (under !== undefined) throw overwritten(path, taken.get(under) ?? under);
  }
}

/** Null: not among the modules. */
function placeOf(path: string): string | null {
  const [top = '', scheme = '', ...rest] = path.split('/');
  if (!top.toLowerCase().endsWith('.data')) return path;
  return scheme === 'purelib' || scheme === 'platlib' ? rest.join('/') : null;
}

const overwritten = (path: string, other: string) =>
  refuse('distribution.layout', { why: `“${shorten(path)}” and “${shorten(other)}” are installed at one place` });

const shorten = (path: string): string => (path.length <= 120 ? path : `${path.slice(0, 119)}…`);
