// What an index serves about one release: its page, and everything that proves the release. It is only collected here; lib/evidence decides.
// Refuses what is not there, by name.
import { refuse } from '#lib/core/errors.ts';
import type { ProjectName, Version } from '#lib/core/ids.ts';
import { collectRelease, type CollectedRelease } from '#lib/evidence/collect-release.ts';
import { pageJsonPath } from '#lib/evidence/index-tree.ts';
import { readPageJson, type ReadJsonPage } from '#lib/simple/parse.ts';
import type { IndexReader } from './fetch-index.ts';

export type FetchedRelease = CollectedRelease & { page: ReadJsonPage };

/** Fetches it all. Refuses `verify.no-such-release` and `evidence.missing`. */
export async function fetchRelease(
  index: IndexReader,
  project: ProjectName,
  version: Version,
): Promise<FetchedRelease> {
  const pageBytes = await index.read(pageJsonPath(project));
  const collected = pageBytes && (await collectRelease((path) => index.read(path), project, version));
  if (!collected) throw refuse('verify.no-such-release', { project, version, index: index.base });
  return { ...collected, page: readPageJson(pageBytes) };
}
