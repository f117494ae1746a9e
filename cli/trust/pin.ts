// What the client holds an index to (docs/formats/pins.md): one document an index, with its key, the log as it was seen, and for each project
// the policies, the list and the records that were accepted, and the certificates by which that was decided. It is written by this program alone, but read
// as if it were hostile: a pin that lost a line would be trust in something else.
import {
  readDocument,
  readFields,
  readLine,
  readList,
  readNullable,
  readWhole,
  renderDocument,
} from '#lib/core/document.ts';
import { refuse } from '#lib/core/errors.ts';
import {
  readFingerprint,
  readIndexName,
  readInstant,
  readProjectName,
  readSha256,
  readVersion,
  type Fingerprint,
  type IndexName,
  type Instant,
  type Sha256,
} from '#lib/core/ids.ts';
import { hashing } from '#lib/digest/hashing.ts';

export type ProjectPin = {
  /** The whole chain: policy N is at N-1. */
  policies: readonly Sha256[];
  list: { serial: number; sha256: Sha256 };
  /** Digest of the declaration that made the status of the project; null: there was none. */
  status: Sha256 | null;
  /** Version → the newest record that was seen. None of them may vanish or go back. */
  versions: Readonly<Record<string, { serial: number; sha256: Sha256 }>>;
};

export type IndexPin = {
  type: 'countersign/pin';
  format: 1;
  /** Address of the index, ending with a slash. */
  address: string;
  index: IndexName;
  indexKey: Fingerprint;
  /** Newest TUF root that was accepted, and the folder beside this document in which its metadata lies; null: the index has none. */
  tuf: { rootVersion: number; rootSha256: Sha256; folder: string } | null;
  /** The verifier key of the log, and the last checkpoint, as they were served. */
  log: { key: string; checkpoint: string } | null;
  projects: Readonly<Record<string, ProjectPin>>;
  /** Own key ring: armored certificates, the index's among them. Only ever merged, so that a revocation stays. */
  certificates: Readonly<Record<string, string>>;
  pinnedAt: Instant;
  checkedAt: Instant;
};

const sorted = <T>(entries: Readonly<Record<string, T>>, item: (entry: T) => unknown): object =>
  Object.fromEntries(
    Object.entries(entries)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, entry]) => [name, item(entry)]),
  );

const bySerial = ({ serial, sha256 }: { serial: number; sha256: Sha256 }) => ({ serial, sha256 });

function inOrder(pin: IndexPin): object {
  const { type, format, address, index, indexKey, tuf, log, pinnedAt, checkedAt } = pin;
  return {
    ...{ type, format, address, index, indexKey },
    tuf: tuf && { rootVersion: tuf.rootVersion, rootSha256: tuf.rootSha256, folder: tuf.folder },
    log: log && { key: log.key, checkpoint: log.checkpoint },
    projects: sorted(pin.projects, (project) => ({
      policies: [...project.policies],
      list: bySerial(project.list),
      status: project.status,
      versions: sorted(project.versions, bySerial),
    })),
    certificates: sorted(pin.certificates, (armored) => armored),
    ...{ pinnedAt, checkedAt },
  };
}

/** The pin's one spelling. Its last line is the digest of what stands before, so that a damaged disk is noticed. */
export function renderPin(pin: IndexPin): string {
  const document = inOrder(pin);
  return renderDocument({ ...document, sha256: hashing.sha256(Buffer.from(renderDocument(document))) });
}

/** Reads a pin. Refuses every second spelling, and a digest that does not fit. */
export function readPin(bytes: Uint8Array): IndexPin {
  return readDocument(
    bytes,
    'a pin',
    (f): IndexPin => {
      if (f['type'] !== 'countersign/pin' || f['format'] !== 1)
        throw refuse('input.not-a', { what: 'a pin of format 1', claimed: String(f['format']).slice(0, 80) });
      return {
        ...{ type: 'countersign/pin', format: 1 },
        address: readLine(f['address'], 'an address', 500),
        index: readIndexName(f['index']),
        indexKey: readFingerprint(f['indexKey']),
        tuf: readNullable(f['tuf'], readTuf),
        log: readNullable(f['log'], readLog),
        projects: readNamed(f['projects'], 'the projects', readProjectName, readProjectPin),
        certificates: readNamed(f['certificates'], 'the certificates', readFingerprint, readLongText),
        pinnedAt: readInstant(f['pinnedAt']),
        checkedAt: readInstant(f['checkedAt']),
      };
    },
    renderPin,
  );
}

function readTuf(claimed: unknown): NonNullable<IndexPin['tuf']> {
  const f = readFields(claimed, 'a root');
  const folder = readLine(f['folder'], 'a folder', 40);
  if (!/^tuf-[1-9][0-9]{0,14}$/.test(folder)) throw refuse('input.not-a', { what: 'a folder', claimed: folder });
  return {
    rootVersion: readWhole(f['rootVersion'], 'the version of the root', 1, 1_000_000),
    rootSha256: readSha256(f['rootSha256']),
    folder,
  };
}

function readLog(claimed: unknown): NonNullable<IndexPin['log']> {
  const f = readFields(claimed, 'a log');
  return { key: readLine(f['key'], 'a verifier key', 500), checkpoint: readLongText(f['checkpoint']) };
}

function readProjectPin(claimed: unknown): ProjectPin {
  const f = readFields(claimed, 'a pinned project');
  return {
    policies: readList(f['policies'], 'the policies', 1_000_000, readSha256),
    list: readBySerial(f['list']),
    status: readNullable(f['status'], readSha256),
    versions: readNamed(f['versions'], 'the versions', readVersion, readBySerial),
  };
}

function readBySerial(claimed: unknown): { serial: number; sha256: Sha256 } {
  const f = readFields(claimed, 'a pinned document');
  return { serial: readWhole(f['serial'], 'a serial', 1, 1_000_000_000), sha256: readSha256(f['sha256']) };
}

function readLongText(claimed: unknown): string {
  if (typeof claimed === 'string' && claimed.length <= 1_000_000) return claimed;
  throw refuse('input.not-a', { what: 'a text', claimed: typeof claimed });
}

function readNamed<T>(
  claimed: unknown,
  what: string,
  name: (claimed: unknown) => string,
  item: (claimed: unknown) => T,
): Record<string, T> {
  return Object.fromEntries(Object.entries(readFields(claimed, what)).map(([key, entry]) => [name(key), item(entry)]));
}
