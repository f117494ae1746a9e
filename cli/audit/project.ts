// One project: what its log entries tell against its policies, release list, records, pages and files as they are served. The log says what happened; everything
// else must follow from it, so that nothing is hidden and nothing is added.
import { readDeclaration } from '#lib/core/declaration.ts';
import { refuse } from '#lib/core/errors.ts';
import type { ProjectName, Sha256 } from '#lib/core/ids.ts';
import { readReleaseList, type ReleaseList } from '#lib/core/release-list.ts';
import { readRecord, type ReleaseRecord } from '#lib/core/release.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { requireIndexSignature, type IndexKey } from '#lib/evidence/index-signature.ts';
import { policyPath, releasesPath, statusPath } from '#lib/evidence/index-tree.ts';
import { filePath } from '#lib/simple/page.ts';
import type { IndexReader } from '#cli/index/fetch-index.ts';
import { asDifference, difference, inTurns, type Difference } from './difference.ts';
import type { Documents } from './documents.ts';
import { checkPages } from './pages.ts';
import { checkChain } from './policies.ts';
import type { Told } from './whole-log.ts';

export type ProjectCase = {
  index: IndexReader;
  indexKey: IndexKey;
  project: ProjectName;
  told: readonly Told[];
  documents: Documents;
  /** Whether every file is fetched and hashed, too. */
  withFiles: boolean;
  now: number;
};

/** Everything that is different in this project. */
export async function auditProject(at: ProjectCase): Promise<Difference[]> {
  const chain = await checkChain(at);
  const place = releasesPath(at.project);
  const bytes = await at.index.read(place);
  if (!bytes) return [...chain, difference('not-served', place, 'The project has no release list.')];
  const signature = await at.index.read(`${place}.asc`);
  const document = { what: 'The release list', bytes, signature };
  const signed = await asDifference('not-countersigned', place, () =>
    requireIndexSignature(document, at.indexKey, hashing),
  );
  const read: { list?: ReleaseList } = {};
  const readable = await asDifference('unreadable', place, () => (read.list = readReleaseList(bytes)));
  if (!read.list) return [...chain, ...signed, ...readable];
  const records = recordsOf(at);
  return [
    ...chain,
    ...signed,
    ...checkList(at, read.list, records),
    ...checkYanks(at, records),
    ...(await checkPages(at, read.list, records)),
    ...(at.withFiles ? await checkFiles(at, records) : []),
  ];
}

export type NewestRecord = { entry: Told; record: ReleaseRecord | null };

/** Version → its newest record by the log; null: it is not served as it was told. */
function recordsOf({ told, documents }: ProjectCase): Map<string, NewestRecord> {
  const newest = new Map<string, NewestRecord>();
  for (const entry of told) {
    const version = /\/releases\/([^/]+)\/[0-9]+\.json$/.exec(entry.path)?.[1];
    if (entry.event !== 'release' || version === undefined) continue;
    const bytes = documents.byPath.get(entry.path);
    newest.set(version, { entry, record: bytes ? readRecord(bytes) : null });
  }
  return newest;
}

function checkList(
  { project, told }: ProjectCase,
  list: ReleaseList,
  records: ReadonlyMap<string, NewestRecord>,
): Difference[] {
  const place = releasesPath(project);
  const hidden = [...records].flatMap(([version, { entry }]) => {
    const listed = list.versions[version];
    if (!listed)
      return [
        difference('hidden-release', place, `${version} was published (entry ${entry.number}) and is not listed.`),
      ];
    if (listed.sha256 === entry.sha256) return [];
    return [difference('older-list', place, `For ${version} it names another record than the newest, ${entry.path}.`)];
  });
  const added = Object.keys(list.versions)
    .filter((version) => !records.has(version))
    .map((version) => difference('not-in-log', place, `It lists ${version}, which the log does not tell.`));
  return [...hidden, ...added, ...checkInForce(list, told)];
}

function checkInForce({ project, policy, status }: ReleaseList, told: readonly Told[]): Difference[] {
  const policies = told.filter((entry) => entry.event === 'policy').length;
  const declared = told.findLast((entry) => entry.event === 'status');
  const place = releasesPath(project);
  return [
    ...(policy === policies
      ? []
      : [difference('older-list', place, `It says policy ${policy}; the newest is ${policyPath(project, policies)}.`)]),
    ...((status?.sha256 ?? null) === (declared?.sha256 ?? null)
      ? []
      : [
          difference(
            'declared',
            declared?.path ?? statusPath(project, 1),
            'The release list says another status than was declared last.',
          ),
        ]),
  ];
}

/** What owners declared of a release last is what its record says. */
function checkYanks({ told, documents }: ProjectCase, records: ReadonlyMap<string, NewestRecord>): Difference[] {
  const last = new Map<string, Told>();
  for (const entry of told)
    if (entry.event === 'yank') last.set(entry.path.replace(/^.*\/releases\/([^/]+)\/yank\/.*$/, '$1'), entry);
  return [...last].flatMap(([version, { path, sha256 }]) => {
    const bytes = documents.byPath.get(path);
    const record = records.get(version)?.record;
    if (!bytes || !record) return [];
    const declaration = readDeclaration(bytes);
    const yanked: Sha256 | null =
      declaration.type === 'countersign/yank' && declaration.action === 'yank' ? sha256 : null;
    if ((record.yanked?.sha256 ?? null) === yanked) return [];
    return [difference('declared', path, `The record of ${version} does not say what was declared last.`)];
  });
}

async function checkFiles({ index }: ProjectCase, records: ReadonlyMap<string, NewestRecord>): Promise<Difference[]> {
  const files = [...records.values()].flatMap(({ record }) => record?.files ?? []);
  const found = await inTurns(files, 2, ({ sha256, name, size }) => {
    const place = filePath(sha256, name);
    return asDifference('file', place, async () => {
      const served = await index.measure(place, size);
      const what = `${name} has ${served.size} bytes and SHA-256 ${served.sha256}`;
      if (served.sha256 !== sha256) throw refuse('evidence.record-differs', { what });
    });
  });
  return found.flat();
}
