// Which paths came, went, changed or moved. Moved is what left one path and stands, byte for byte, at another: everything else that is new is new.
import type { Content } from './contents.ts';

export type PathChange = {
  readonly kind: 'added' | 'removed' | 'changed' | 'moved';
  readonly path: string;
  /** Where it was before; only of what moved. */
  readonly from: string | null;
  readonly before: Content | null;
  readonly after: Content | null;
};

export type PathCounts = { added: number; removed: number; changed: number; moved: number; same: number };

/** Every difference, by path; and how many paths are the same. */
export function comparePaths(
  before: readonly Content[],
  after: readonly Content[],
): { changes: PathChange[]; counts: PathCounts } {
  const was = new Map(before.map((content) => [content.path, content]));
  const is = new Map(after.map((content) => [content.path, content]));
  const gone = leaversBySha(before.filter(({ path }) => !is.has(path)));
  const changes: PathChange[] = [];
  let same = 0;
  for (const content of after) {
    const old = was.get(content.path);
    if (old?.sha256 === content.sha256) same += 1;
    else if (old) changes.push(asChange('changed', old, content));
    else changes.push(cameOrMoved(content, gone));
  }
  for (const content of [...gone.values()].flat()) changes.push(asChange('removed', content, null));
  changes.sort((one, other) => (one.path < other.path ? -1 : 1));
  const of = (kind: PathChange['kind']): number => changes.filter((change) => change.kind === kind).length;
  const counts = { added: of('added'), removed: of('removed'), changed: of('changed'), moved: of('moved'), same };
  return { changes, counts };
}

function leaversBySha(leavers: readonly Content[]): Map<string, Content[]> {
  const bySha = new Map<string, Content[]>();
  for (const content of leavers) bySha.set(content.sha256, [...(bySha.get(content.sha256) ?? []), content]);
  return bySha;
}

/** An empty file has not moved: there are many that are equal to it. */
function cameOrMoved(content: Content, gone: Map<string, Content[]>): PathChange {
  const candidates = content.bytes === 0 ? [] : (gone.get(content.sha256) ?? []);
  const from = candidates.find(({ path }) => nameOf(path) === nameOf(content.path)) ?? candidates[0];
  if (from === undefined) return asChange('added', null, content);
  gone.set(
    content.sha256,
    candidates.filter((candidate) => candidate !== from),
  );
  return asChange('moved', from, content);
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const asChange = (kind: PathChange['kind'], before: Content | null, after: Content | null): PathChange => ({
  ...{ kind, before, after, path: (after ?? before)?.path ?? '' },
  from: kind === 'moved' ? (before?.path ?? null) : null,
});
