// A project's list of releases, signed by the index and rewritten at each change (docs/formats/record.md). A client refuses a
// lower serial and a version that vanished.
import {
  readDocument,
  readExactly,
  readFields,
  readNullable,
  readReason,
  readWhole,
  renderDocument,
} from './document.ts';
import { refuse } from './errors.ts';
import {
  readAccountName,
  readIndexName,
  readInstant,
  readProjectName,
  readSha256,
  readVersion,
  type AccountName,
  type IndexName,
  type Instant,
  type ProjectName,
  type Sha256,
} from './ids.ts';
import { readProjectStatus, type ProjectStatus } from './release.ts';

export type ListedStatus = { status: ProjectStatus; reason: string; by: AccountName; sha256: Sha256 };

export type ReleaseList = {
  type: 'countersign/releases';
  format: 1;
  index: IndexName;
  project: ProjectName;
  serial: number;
  /** The policy version in force. */
  policy: number;
  /** What the last declaration of an owner made of the project (PEP 792), with that document's digest; null: there was none. */
  status: ListedStatus | null;
  /** Version → its newest record. */
  versions: Readonly<Record<string, { serial: number; sha256: Sha256 }>>;
  date: Instant;
};

/** The list's one spelling; versions in code-unit order. */
export function renderReleaseList(list: ReleaseList): string {
  const { type, format, index, project, serial, policy, date } = list;
  const entries = Object.entries(list.versions).sort(([a], [b]) => (a < b ? -1 : 1));
  const versions = Object.fromEntries(
    entries.map(([version, entry]) => [version, { serial: entry.serial, sha256: entry.sha256 }]),
  );
  const status = list.status && inOrder(list.status);
  return renderDocument({ type, format, index, project, serial, policy, status, versions, date });
}

/** Reads a list from hostile bytes; refuses every second spelling. */
export function readReleaseList(foreignBytes: Uint8Array): ReleaseList {
  return readDocument(foreignBytes, 'a release list', (f): ReleaseList => {
    const versions = Object.entries(readFields(f['versions'], 'the versions'));
    if (versions.length > 20_000) throw refuse('record.malformed', { why: 'it lists too many versions' });
    return {
      type: readExactly(f['type'], 'countersign/releases', 'the type'),
      format: readExactly(f['format'], 1, 'the format'),
      index: readIndexName(f['index']),
      project: readProjectName(f['project']),
      serial: readWhole(f['serial'], 'the serial', 1, 1_000_000_000),
      policy: readWhole(f['policy'], 'the policy', 1, 1_000_000),
      status: readNullable(f['status'], readListedStatus),
      versions: Object.fromEntries(versions.map(([version, entry]) => [readVersion(version), readListed(entry)])),
      date: readInstant(f['date']),
    };
  });
}

const inOrder = ({ status, reason, by, sha256 }: ListedStatus): ListedStatus => ({ status, reason, by, sha256 });

function readListedStatus(claimed: unknown): ListedStatus {
  const f = readFields(claimed, 'a project status');
  return {
    status: readProjectStatus(f['status']),
    reason: readReason(f['reason']),
    by: readAccountName(f['by']),
    sha256: readSha256(f['sha256']),
  };
}

function readListed(claimed: unknown): { serial: number; sha256: Sha256 } {
  const f = readFields(claimed, 'a listed release');
  return { serial: readWhole(f['serial'], 'the serial', 1, 1_000_000), sha256: readSha256(f['sha256']) };
}
