// The life of a release (rules.md) and the documents in which the countersigner states it: release record and release list
// (docs/formats/record.md). Reading accepts one spelling only.
import {
  readDocument,
  readExactly,
  readFields,
  readLine,
  readList,
  readNullable,
  readOne,
  readWhole,
  renderDocument,
  type Fields,
} from './document.ts';
import { refuse, type Refusal } from './errors.ts';
import {
  readAccountName,
  readFileName,
  readFingerprint,
  readIndexName,
  readInstant,
  readProjectName,
  readSha256,
  readVersion,
  type AccountName,
  type FileName,
  type Fingerprint,
  type IndexName,
  type Instant,
  type ProjectName,
  type Sha256,
  type Version,
} from './ids.ts';

export type DraftState = 'draft' | 'approved' | 'published' | 'withdrawn' | 'expired' | 'quarantined';

/** Step → states from which it may start, and the state it leads to. Nothing else moves a release. */
export const steps = {
  'change-files': { from: ['draft'], to: 'draft' },
  sign: { from: ['draft'], to: 'draft' },
  'take-back': { from: ['draft'], to: 'draft' },
  approve: { from: ['draft'], to: 'approved' },
  reopen: { from: ['approved'], to: 'draft' }, // the verdict is no longer met
  publish: { from: ['approved'], to: 'published' },
  decline: { from: ['draft', 'approved'], to: 'draft' },
  'lift-decline': { from: ['draft'], to: 'draft' },
  withdraw: { from: ['draft', 'approved'], to: 'withdrawn' },
  expire: { from: ['draft'], to: 'expired' },
  quarantine: { from: ['published'], to: 'quarantined' }, // the verdict is no longer met
  'sign-again': { from: ['quarantined'], to: 'quarantined' },
  'publish-again': { from: ['quarantined'], to: 'published' },
} as const satisfies Record<string, { from: readonly DraftState[]; to: DraftState }>;

export type Step = keyof typeof steps;

/** The state after the step; refuses with `draft.not-now` where the step cannot start. */
export function stepFrom(state: DraftState, step: Step): DraftState {
  const { from, to } = steps[step];
  if ((from as readonly DraftState[]).includes(state)) return to;
  throw refuse('draft.not-now', { state, step });
}

/** Whether people can still say something about it (comments, what they rebuilt): as long as it is or may become a release. */
export const takesWords = (state: DraftState): boolean => state !== 'withdrawn' && state !== 'expired';

/** Whether its files can be tried before it is in the index. */
export const canBeTried = (state: DraftState): boolean => state === 'draft' || state === 'approved';

/** What the index says of a project (PEP 792): archived: no new releases; quarantined: none, and no file is offered either. */
export type ProjectStatus = 'active' | 'archived' | 'quarantined';

/** Refuses any other word. */
export const readProjectStatus = (claimed: unknown): ProjectStatus =>
  readOne(claimed, ['active', 'archived', 'quarantined'], 'a project status');

/**
 * What holds a release back though enough people have signed it, as the refusal that says so; null: nothing. The web program approves
 * by it, and the countersigner asks it again.
 */
export function hindranceOf(release: {
  project: ProjectName;
  version: Version;
  status: ProjectStatus;
  /** Who declined and stands by it. */
  declinedBy: readonly AccountName[];
}): Refusal | null {
  const { project, version, status, declinedBy } = release;
  if (status !== 'active') return refuse('project.not-active', { project, status });
  return declinedBy.length === 0 ? null : refuse('release.declined', { project, version, by: declinedBy });
}

export type RecordFile = {
  name: FileName;
  size: number;
  sha256: Sha256;
  blake2b256: Sha256;
  metadataSha256: Sha256 | null;
  requiresPython: string | null;
};

export type RecordSignature = {
  person: AccountName;
  key: Fingerprint;
  issuer: Fingerprint;
  /** `statement`, or the name of the file. */
  over: string;
  made: Instant;
  received: Instant;
  sha256: Sha256;
};

export type ReleaseRecord = {
  type: 'countersign/release';
  format: 1;
  index: IndexName;
  project: ProjectName;
  version: Version;
  serial: number;
  state: 'published' | 'quarantined';
  reason: string | null;
  yanked: { reason: string; by: AccountName; sha256: Sha256 } | null;
  policy: number;
  policySha256: Sha256;
  statementSha256: Sha256;
  files: readonly RecordFile[];
  signatures: readonly RecordSignature[];
  date: Instant;
};

/** The record's one spelling. */
export function renderRecord(r: ReleaseRecord): string {
  const {
    type,
    format,
    index,
    project,
    version,
    serial,
    state,
    reason,
    yanked,
    policy,
    policySha256,
    statementSha256,
  } = r;
  return renderDocument({
    ...{ type, format, index, project, version, serial, state, reason },
    yanked: yanked && { reason: yanked.reason, by: yanked.by, sha256: yanked.sha256 },
    ...{ policy, policySha256, statementSha256 },
    files: r.files.map((f) => ({
      ...{ name: f.name, size: f.size, sha256: f.sha256, blake2b256: f.blake2b256 },
      ...{ metadataSha256: f.metadataSha256, requiresPython: f.requiresPython },
    })),
    signatures: r.signatures.map((s) => ({
      ...{ person: s.person, key: s.key, issuer: s.issuer, over: s.over },
      ...{ made: s.made, received: s.received, sha256: s.sha256 },
    })),
    date: r.date,
  });
}

/** Reads a record from hostile bytes; refuses every second spelling, unknown states, and a file that stands twice. */
export function readRecord(foreignBytes: Uint8Array): ReleaseRecord {
  const record = readDocument(foreignBytes, 'a release record', (f): ReleaseRecord => ({
    type: readExactly(f['type'], 'countersign/release', 'the type'),
    format: readExactly(f['format'], 1, 'the format'),
    index: readIndexName(f['index']),
    project: readProjectName(f['project']),
    version: readVersion(f['version']),
    serial: readWhole(f['serial'], 'the serial', 1, 1_000_000),
    state: readRecordState(f['state']),
    reason: readNullable(f['reason'], (reason) => readLine(reason, 'a reason', 500)),
    yanked: readNullable(f['yanked'], readYank),
    policy: readWhole(f['policy'], 'the policy', 1, 1_000_000),
    policySha256: readSha256(f['policySha256']),
    statementSha256: readSha256(f['statementSha256']),
    files: readList(f['files'], 'the files', 2000, readRecordFile),
    signatures: readList(f['signatures'], 'the signatures', 20_000, readRecordSignature),
    date: readInstant(f['date']),
  }));
  if (new Set(record.files.map((file) => file.name)).size !== record.files.length)
    throw refuse('record.malformed', { why: 'a file stands twice' });
  return record;
}

function readRecordState(claimed: unknown): ReleaseRecord['state'] {
  if (claimed === 'published' || claimed === 'quarantined') return claimed;
  throw refuse('record.malformed', { why: 'its state is unknown' });
}

function readYank(claimed: unknown): NonNullable<ReleaseRecord['yanked']> {
  const f = readFields(claimed, 'a yank');
  return {
    reason: readLine(f['reason'], 'a reason', 500),
    by: readAccountName(f['by']),
    sha256: readSha256(f['sha256']),
  };
}

function readRecordFile(claimed: unknown): RecordFile {
  const f: Fields = readFields(claimed, 'a file');
  return {
    name: readFileName(f['name']),
    size: readWhole(f['size'], 'a size', 0, Number.MAX_SAFE_INTEGER),
    sha256: readSha256(f['sha256']),
    blake2b256: readSha256(f['blake2b256']),
    metadataSha256: readNullable(f['metadataSha256'], readSha256),
    requiresPython: readNullable(f['requiresPython'], (specifier) => readLine(specifier, 'Requires-Python', 500)),
  };
}

function readRecordSignature(claimed: unknown): RecordSignature {
  const f: Fields = readFields(claimed, 'a signature');
  return {
    person: readAccountName(f['person']),
    key: readFingerprint(f['key']),
    issuer: readFingerprint(f['issuer']),
    over: f['over'] === 'statement' ? 'statement' : readFileName(f['over']),
    made: readInstant(f['made']),
    received: readInstant(f['received']),
    sha256: readSha256(f['sha256']),
  };
}
