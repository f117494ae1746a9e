// Release records, serial by serial (docs/formats/record.md): the first says what was published, each later one what changed since (a
// quarantine, a re-signing, a yank). Nothing is overwritten; release list and pages follow the newest records. A later serial is made
// from the one that stands in our own copy of the tree, so that it can change nothing but what it is about.
import { renderInstant, type DraftId, type Version } from '#lib/core/ids.ts';
import { readRecord, renderRecord, type ReleaseRecord } from '#lib/core/release.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { versionKey } from '#lib/python/versions.ts';
import { recordPath } from '#lib/simple/page.ts';
import type { ProjectState, PublishedRelease } from './project-state.ts';
import { putSigned, writeReleaseList, type Paths, type Writing, type Written } from './write-list.ts';
import { writePages } from './write-pages.ts';

/** What a later serial may say anew; everything else stays as the record before it says. */
export type SerialChange = Partial<Pick<ReleaseRecord, 'state' | 'reason' | 'yanked' | 'signatures'>>;

/** The release of this version, in any spelling of PEP 440; null where none was published. */
export const releaseOf = (state: ProjectState, version: Version): PublishedRelease | null =>
  state.releases[versionKey(version)] ?? null;

/** The record that stands for a release, from our own copy of the tree. */
export function readStanding(
  { readTree }: Pick<Writing, 'readTree'>,
  state: ProjectState,
  release: PublishedRelease,
): ReleaseRecord {
  const { version, serial, record } = release;
  const bytes = readTree(recordPath(state.project, version, serial));
  if (!bytes || hashing.sha256(bytes) !== record)
    throw new Error(`Our own copy of record ${serial} of ${state.project} ${version} is not the one that was signed.`);
  return readRecord(bytes);
}

/** Adds one record to `paths`, as the newest of its release. List and pages are not written yet (writeListAndPages). */
export async function putRecord(
  writing: Writing,
  { state, paths }: Written,
  record: ReleaseRecord,
  draft: DraftId,
): Promise<ProjectState> {
  const { project, version, serial, statementSha256 } = record;
  const bytes = await putSigned(writing, paths, recordPath(project, version, serial), renderRecord(record));
  const release: PublishedRelease = {
    ...{ version, draft, serial, record: hashing.sha256(bytes), statement: statementSha256 },
    date: releaseOf(state, version)?.date ?? record.date,
  };
  return { ...state, releases: { ...state.releases, [versionKey(version)]: release } };
}

/** The release list and the project's pages, from the records in `paths` and, where those are older, in our copy of the tree. */
export async function writeListAndPages(writing: Writing, written: Written): Promise<Written> {
  const listed = await writeReleaseList(writing, written.state, written.paths);
  writePages(overlay(writing, written.paths), listed.state, listed.paths);
  return listed;
}

const overlay = (writing: Writing, paths: Paths): Writing => ({
  ...writing,
  readTree: (path) => paths.get(path) ?? writing.readTree(path),
});

/**
 * The next serial of each of these releases, then the list and the pages once. The caller has decided that it may be so (a yank that an
 * owner signed, a verdict that is met or not met any more) and commits what is answered.
 */
export async function writeNextSerials(
  writing: Writing,
  state: ProjectState,
  changes: ReadonlyMap<Version, SerialChange>,
): Promise<Written> {
  const paths: Paths = new Map();
  let next = state;
  for (const [version, change] of changes) {
    const release = releaseOf(next, version);
    if (!release) throw new Error(`${state.project} ${version} was never published; it has no next record.`);
    const standing = readStanding(writing, next, release);
    const record = { ...standing, ...change, serial: standing.serial + 1, date: renderInstant(writing.now) };
    next = await putRecord(writing, { state: next, paths }, record, release.draft);
  }
  return writeListAndPages(writing, { state: next, paths });
}
