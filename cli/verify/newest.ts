// Is this the newest state of the project, and one state? The list names the record; neither may be older than what was seen, nor may anything vanish that
// was seen; the page that installers read says the same. All of it is signed by the index, and yet the index may lie by showing old things.
import { refuse } from '#lib/core/errors.ts';
import type { ProjectName, Version } from '#lib/core/ids.ts';
import type { ReleaseList } from '#lib/core/release-list.ts';
import type { ReleaseRecord } from '#lib/core/release.ts';
import { hashing } from '#lib/digest/hashing.ts';
import type { CollectedRelease } from '#lib/evidence/collect-release.ts';
import type { ReadJsonPage } from '#lib/simple/parse.ts';
import type { ProjectPin } from '#cli/trust/pin.ts';

const differs = (what: string) => refuse('evidence.record-differs', { what });

/** List and record belong together and are of this release. Refuses `evidence.record-differs`. */
export function requireListed({ list, record }: CollectedRelease, project: ProjectName, version: Version): void {
  const digest = hashing.sha256(record.document.bytes);
  const isOf = record.record.project === project && record.record.version === version;
  if (!isOf || list.list.project !== project || list.list.versions[version]?.sha256 !== digest)
    throw differs('the release list names another record');
  if (list.list.index !== record.record.index) throw differs('list and record are of different indexes');
}

/**
 * Nothing that was seen before has gone back, changed or vanished. Refuses `trust.older-list`, `trust.list-rewritten`, `trust.version-vanished`,
 * `trust.older-record`, `trust.record-rewritten`.
 */
export function requireNotOlder(
  { document, list }: Pick<CollectedRelease['list'], 'document' | 'list'>,
  pin: ProjectPin | null,
): void {
  if (!pin) return;
  const { project, serial } = list;
  if (serial < pin.list.serial) throw refuse('trust.older-list', { project, seen: pin.list.serial, served: serial });
  const isSame = hashing.sha256(document.bytes) === pin.list.sha256;
  if (serial === pin.list.serial && !isSame) throw refuse('trust.list-rewritten', { project, serial });
  const versions = Object.keys(pin.versions).filter((version) => list.versions[version] === undefined);
  if (versions.length > 0) throw refuse('trust.version-vanished', { project, versions });
  for (const [version, seen] of Object.entries(pin.versions)) requireRecordNotOlder(list, version, seen);
}

function requireRecordNotOlder({ project, versions }: ReleaseList, version: string, seen: ProjectPin['list']): void {
  const served = versions[version];
  if (!served) return;
  const { serial } = served;
  if (serial < seen.serial) throw refuse('trust.older-record', { project, version, seen: seen.serial, served: serial });
  if (serial === seen.serial && served.sha256 !== seen.sha256)
    throw refuse('trust.record-rewritten', { project, version, serial });
}

/** The page offers exactly this. Refuses `evidence.record-differs`, `verify.project-quarantined`. */
export function requireOffered(list: ReleaseList, record: ReleaseRecord, page: ReadJsonPage): void {
  requireSameStatus(list, page);
  const shown = page.files.filter((file) => record.files.some((entry) => entry.name === file.name));
  const fits = record.files.every((entry) =>
    shown.some((file) => file.name === entry.name && file.sha256 === entry.sha256 && file.size === entry.size),
  );
  if (!fits) throw differs('the project page offers other files');
  const yanked = record.yanked?.reason ?? null;
  if (shown.some((file) => file.yanked !== yanked)) throw differs('the project page says another thing about a yank');
}

/** The page must say the status that the signed list states. */
function requireSameStatus({ status }: ReleaseList, page: ReadJsonPage): void {
  const said = (one: { status: string; reason: string } | null) => (one === null ? '' : `${one.status}: ${one.reason}`);
  if (said(status) !== said(page.status)) throw differs('the project page says another status than the release list');
}

/** A quarantined project offers nothing. Refuses `verify.project-quarantined`. */
export function requireNoQuarantine({ project, status }: ReleaseList): void {
  if (status?.status === 'quarantined')
    throw refuse('verify.project-quarantined', { project, by: status.by, reason: status.reason });
}
