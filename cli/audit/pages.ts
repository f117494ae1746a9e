// The pages that installers read, against the records: exactly the files of what is published, with the same digests and yanks, in both forms.
import type { ReleaseList } from '#lib/core/release-list.ts';
import type { ReleaseRecord } from '#lib/core/release.ts';
import { pageHtmlPath, pageJsonPath } from '#lib/evidence/index-tree.ts';
import { readPageHtml, readPageJson, type ReadPage } from '#lib/simple/parse.ts';
import { asDifference, difference, type Difference } from './difference.ts';
import type { NewestRecord, ProjectCase } from './project.ts';

/** Both pages; a project without a release has none. */
export async function checkPages(
  { index, project }: ProjectCase,
  list: ReleaseList,
  records: ReadonlyMap<string, NewestRecord>,
): Promise<Difference[]> {
  if (records.size === 0 || [...records.values()].some(({ record }) => record === null)) return [];
  const wanted = wantedFiles(list, records);
  const forms = [
    [pageJsonPath(project), readPageJson],
    [pageHtmlPath(project), readPageHtml],
  ] as const;
  const found: Difference[][] = [];
  for (const [place, read] of forms) {
    const bytes = await index.read(place);
    const page: { read?: ReadPage } = {};
    if (bytes) found.push(await asDifference('unreadable', place, () => (page.read = read(bytes))));
    else found.push([difference('not-served', place, 'The project has no such page.')]);
    if (page.read) found.push(checkPage(place, page.read, { list, wanted }));
  }
  return found.flat();
}

/** One line a file: name, digest, yank. */
function wantedFiles({ status }: ReleaseList, records: ReadonlyMap<string, NewestRecord>): Set<string> {
  if (status?.status === 'quarantined') return new Set();
  const offered = [...records.values()].flatMap(({ record }) => (record?.state === 'published' ? [record] : []));
  return new Set(
    offered.flatMap((record) => record.files.map((file) => lineOf({ ...file, yanked: reasonOf(record) }))),
  );
}

const reasonOf = ({ yanked }: ReleaseRecord): string | null => yanked?.reason ?? null;

const lineOf = ({ name, sha256, yanked }: { name: string; sha256: string; yanked: string | null }): string =>
  `${name}, SHA-256 ${sha256}${yanked === null ? '' : ', yanked'}`;

function checkPage(
  place: string,
  { status, files }: ReadPage,
  { list, wanted }: { list: ReleaseList; wanted: ReadonlySet<string> },
): Difference[] {
  const shown = new Set(files.map(lineOf));
  const missing = [...wanted].filter((line) => !shown.has(line));
  const added = [...shown].filter((line) => !wanted.has(line));
  return [
    ...missing.map((line) => difference('page', place, `It leaves out ${line}.`)),
    ...added.map((line) => difference('page', place, `It offers ${line}, which no record does.`)),
    ...((status?.status ?? 'active') === (list.status?.status ?? 'active')
      ? []
      : [difference('page', place, 'It says another status of the project than the release list.')]),
  ];
}
