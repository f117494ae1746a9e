// What every document of the index tree is written with: paths and bytes that nothing has left yet, a signature by the index key beside
// a document, and the release list, which is rewritten at each change. Trusts our own state and key; takes nothing from outside.
import { renderInstant, type IndexName } from '#lib/core/ids.ts';
import { renderReleaseList } from '#lib/core/release-list.ts';
import { releasesPath } from '#lib/evidence/index-tree.ts';
import type { IndexKeys } from './keys.ts';
import type { ProjectState } from './project-state.ts';

export type Paths = Map<string, Uint8Array>;

export type Writing = {
  index: IndexName;
  keys: IndexKeys;
  /** Our own copy of the tree. */
  readTree: (path: string) => Uint8Array | null;
  now: number;
};

/** What was written, and the state that fits it: they are kept in one commit (hand-back.ts). */
export type Written = { state: ProjectState; paths: Paths };

/** A document with its signature beside it; answers its bytes. */
export async function putSigned(writing: Writing, paths: Paths, path: string, text: string): Promise<Uint8Array> {
  const bytes = Buffer.from(text);
  paths.set(path, bytes).set(`${path}.asc`, await writing.keys.key.sign(bytes, writing.now));
  return bytes;
}

/** The list of what the project has now, with the next number. */
export async function writeReleaseList(writing: Writing, state: ProjectState, paths: Paths): Promise<Written> {
  const next = { ...state, listSerial: state.listSerial + 1 };
  const versions = Object.values(next.releases).map(({ version, serial, record }) => [
    version,
    { serial, sha256: record },
  ]);
  const list = renderReleaseList({
    ...{ type: 'countersign/releases', format: 1, index: writing.index, project: next.project },
    ...{ serial: next.listSerial, policy: next.policies.length, status: next.status },
    versions: Object.fromEntries(versions),
    date: renderInstant(writing.now),
  });
  await putSigned(writing, paths, releasesPath(next.project), list);
  return { state: next, paths };
}
