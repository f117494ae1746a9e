// The log in the index tree (docs/formats/log.md): where tiles, entries, checkpoint and key lie (C2SP tlog-tiles), and what an entry says. Entries are
// made by the countersigner from the paths that it writes, so that no document can be published without one; there is no text of people in them.
import { readDocument, type Fields } from '#lib/core/document.ts';
import { refuse } from '#lib/core/errors.ts';
import { readProjectName, readSha256, type ProjectName, type Sha256 } from '#lib/core/ids.ts';
import { tileWidth, type Tile } from '#lib/core/log.ts';

export const checkpointPath = 'log/checkpoint';
/** The key that signs checkpoints, as a verifier key of the signed-note format; signed by the index key beside it. */
export const logKeyPath = 'log/vkey';

/** Which entry tells the document of this path (the newest, where it has several): a hint for readers, who prove what it says. */
export const numberPath = (path: string): string => `log/number/${path}`;

/** What was published: which document, and its digest. */
export type LogEntry = {
  type: 'countersign/log-entry';
  format: 1;
  event: LogEvent;
  path: string;
  sha256: Sha256;
};

export type LogEvent =
  'policy' | 'release' | 'yank' | 'status' | 'certificate' | 'index-key' | 'index-key-change' | 'log-key-change';

const events: readonly (readonly [LogEvent, RegExp])[] = [
  ['policy', /^evidence\/[^/]+\/policy\/[0-9]+\.json$/],
  ['release', /^evidence\/[^/]+\/releases\/[^/]+\/[0-9]+\.json$/],
  ['yank', /^evidence\/[^/]+\/releases\/[^/]+\/yank\/[0-9]+\.json$/],
  ['status', /^evidence\/[^/]+\/status\/[0-9]+\.json$/],
  ['index-key', /^keys\/index\.asc$/],
  ['index-key-change', /^keys\/index\/[0-9]+\.json$/],
  ['log-key-change', /^keys\/log\/[0-9]+\.json$/],
  ['certificate', /^keys\/[0-9A-F]+\.asc$/],
];

/** Which event it is that a path of the tree gets these bytes; null: none that the log tells (pages, lists, signatures beside documents). */
export const eventOf = (path: string): LogEvent | null => events.find(([, pattern]) => pattern.test(path))?.[0] ?? null;

/** Which project a path that the log tells belongs to; null: to none (keys). */
export const projectOf = (path: string): ProjectName | null =>
  path.startsWith('evidence/') ? readProjectName(path.split('/')[1]) : null;

/** The entry's one spelling: JSON on one line, without a line feed. */
export function renderLogEntry({ type, format, event, path, sha256 }: LogEntry): string {
  return JSON.stringify({ type, format, event, path, sha256 });
}

export type LoggedDocument = Pick<LogEntry, 'path' | 'sha256'>;

/** The octets of the entry that tells this document. One that the log does not tell is a mistake of ours. */
export function entryOf({ path, sha256 }: LoggedDocument): Uint8Array {
  const event = eventOf(path);
  if (event === null) throw new Error(`${path} is nothing that the log tells.`);
  return new TextEncoder().encode(renderLogEntry({ type: 'countersign/log-entry', format: 1, event, path, sha256 }));
}

/** Reads an entry from hostile bytes. Refuses (`input.not-json`, `input.not-a`) every second spelling and an event that does not fit its path. */
export function readLogEntry(foreignBytes: Uint8Array): LogEntry {
  return readDocument(foreignBytes, 'an entry of the log', buildEntry, renderLogEntry);
}

function buildEntry(fields: Fields): LogEntry {
  const path = typeof fields['path'] === 'string' ? fields['path'] : '';
  const event = eventOf(path);
  if (event === null) throw refuse('input.not-a', { what: 'a path that the log tells', claimed: path.slice(0, 80) });
  return { type: 'countersign/log-entry', format: 1, event, path, sha256: readSha256(fields['sha256']) };
}

/** `x001/x234/067`: three digits a folder (C2SP tlog-tiles). */
function indexPath(index: number): string {
  const last = String(index % 1000).padStart(3, '0');
  const folders: string[] = [];
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000))
    folders.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  return [...folders, last].join('/');
}

const widthPath = (width: number): string => (width === tileWidth ? '' : `.p/${width}`);

export const tilePath = ({ level, index, width }: Tile): string =>
  `log/tile/${level}/${indexPath(index)}${widthPath(width)}`;
/** The entries whose hashes a tile of level 0 holds. */
export const entriesPath = (index: number, width: number): string =>
  `log/tile/entries/${indexPath(index)}${widthPath(width)}`;

const tilePlace = /^tile\/(?:entries|[0-5])((?:\/x[0-9]{3})*\/[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/;

/** The document whose entry number such a path holds; null for other paths. */
export const numberedBy = (path: string): string | null => /^log\/number\/(.+)$/.exec(path)?.[1] ?? null;

/** Whether a path below log/ is a tile, a bundle of entries, the checkpoint or the key. */
export function isLogPath(path: string): boolean {
  if (path === logKeyPath || path === `${logKeyPath}.asc` || path === checkpointPath) return true;
  const [, index, width] = tilePlace.exec(path.replace(/^log\//, '')) ?? [];
  if (!path.startsWith('log/') || index === undefined || /^\/x000/.test(index)) return false;
  return width === undefined || Number(width) < tileWidth;
}

/** Where a bundle of entries begins, by its path; null: it is no bundle. */
export function firstOfBundle(path: string): number | null {
  const [, index] = /^log\/tile\/entries\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/[0-9]+)?$/.exec(path) ?? [];
  return index === undefined ? null : Number(index.replace(/[x/]/g, '')) * tileWidth;
}

/** Entries behind each other, each after its length in two octets (C2SP tlog-tiles, "Log Entries"). */
export function packEntries(entries: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(entries.reduce((sum, entry) => sum + 2 + entry.length, 0));
  let at = 0;
  for (const entry of entries) {
    new DataView(bytes.buffer).setUint16(at, entry.length);
    bytes.set(entry, at + 2);
    at += 2 + entry.length;
  }
  return bytes;
}

/** The entries of a hostile bundle. Refuses (`input.not-a`) one that ends in the middle of an entry. */
export function unpackEntries(foreignBytes: Uint8Array): Uint8Array[] {
  const view = new DataView(foreignBytes.buffer, foreignBytes.byteOffset, foreignBytes.byteLength);
  const entries: Uint8Array[] = [];
  for (let at = 0; at < foreignBytes.length; at += 2 + (entries.at(-1)?.length ?? 0)) {
    const length = at + 2 <= foreignBytes.length ? view.getUint16(at) : foreignBytes.length;
    if (at + 2 + length > foreignBytes.length)
      throw refuse('input.not-a', { what: 'a bundle of log entries', claimed: `${foreignBytes.length} octets` });
    entries.push(foreignBytes.slice(at + 2, at + 2 + length));
  }
  return entries;
}
