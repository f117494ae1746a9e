// The central directory of a zip file, through yauzl, after the end record was found plain: at the very end, no comment, no
// zip64, one disk. Readers differ in where they look for that record and what they forgive; with one possible place left
// they cannot differ (threats.md, rows 79, 85; APPNOTE 4.3.12, 4.3.16). Every byte is hostile.
import { EventEmitter } from 'node:events';
import { fromRandomAccessReader, type Entry, type RandomAccessReader, type ZipFile } from 'yauzl';
import { refuse } from '#lib/core/errors.ts';
import { decodePath, requireSafePath } from './paths.ts';
import { readExactly, requireTime, type Allowance, type ByteSource } from './source.ts';

/** One member as the central directory describes it; the local header is still to be compared. */
export type DirectoryEntry = {
  /** Without the trailing slash of a folder. */
  readonly path: string;
  readonly isFolder: boolean;
  readonly nameBytes: Buffer;
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly headerOffset: number;
  /** Unix permission bits; 0 where none are stated. */
  readonly mode: number;
};
export type Directory = { readonly entries: readonly DirectoryEntry[]; readonly offset: number };

const endBytes = 22;
const endSignature = 0x06054b50;
const zip64LocatorSignature = 0x07064b50;
const entryHeaderBytes = 46;
const knownExtras = { zip64: 0x0001, unicodePath: 0x7075, unicodeComment: 0x6375 } as const;
// Bits 1, 2: level of deflate; 3: sizes follow the data; 11: the name is UTF-8.
const allowedFlags = 0x080e;

// APPNOTE 6.3 is the newest version that Python's zipfile opens; a higher claim makes a wheel that only some can install.
const versionNeededMax = 63;

type RawEntry = Entry & { fileNameRaw: Buffer; fileCommentLength: number };
type End = { count: number; size: number; offset: number };

/** Reads the directory; refuses anything whose place, size, number or flags leave room for two readings. */
export async function readDirectory(source: ByteSource, allowance: Allowance): Promise<Directory> {
  const end = await readPlainEnd(source);
  if (end.count > allowance.limits.entriesMax) {
    throw refuse('distribution.too-large', { what: 'number of entries', most: String(allowance.limits.entriesMax) });
  }
  const raw = await readEntries(source, allowance);
  const listed = raw.reduce((sum, entry) => sum + entryHeaderBytes + entry.fileNameLength + entry.extraFieldLength, 0);
  if (raw.length !== end.count || listed !== end.size)
    throw ambiguous('the central directory', 'its size and its entries do not agree');
  return { entries: raw.map((entry) => checkEntry(entry, allowance.limits.pathBytesMax)), offset: end.offset };
}

function ambiguous(where: string, why: string) {
  return refuse('distribution.ambiguous-archive', { where, why });
}

async function readPlainEnd(source: ByteSource): Promise<End> {
  if (source.size < endBytes) throw refuse('distribution.bad-archive', { why: 'it is too short for a zip file' });
  const end = await readExactly(source, source.size - endBytes, endBytes);
  if (end.readUInt32LE(0) !== endSignature) throw await whyNoEnd(source);
  const [count, size, offset] = [end.readUInt16LE(10), end.readUInt32LE(12), end.readUInt32LE(16)];
  if (end.readUInt32LE(4) !== 0 || end.readUInt16LE(8) !== count)
    throw ambiguous('the end record', 'it speaks of several disks');
  if (end.readUInt16LE(20) !== 0) throw ambiguous('the end record', 'it announces a comment that is not there');
  if (offset + size !== source.size - endBytes)
    throw ambiguous('the end record', 'the central directory is not where it says, or zip64 is used');
  await requireNoZip64Locator(source);
  return { count, size, offset };
}

/** No end record in the last 22 bytes: one further up means a comment or appended data, else this is no zip file. */
async function whyNoEnd(source: ByteSource): Promise<Error> {
  const length = Math.min(source.size, endBytes + 0xffff);
  const tail = await readExactly(source, source.size - length, length);
  const isElsewhere = tail.includes(Buffer.from('PK\x05\x06', 'latin1'));
  return isElsewhere
    ? refuse('distribution.polyglot', { why: 'data or a comment stands behind the end of the zip file' })
    : refuse('distribution.bad-archive', { why: 'it is not a zip file, or was cut off' });
}

async function requireNoZip64Locator(source: ByteSource): Promise<void> {
  const at = source.size - endBytes - 20;
  if (at < 0) return;
  const locator = await readExactly(source, at, 4);
  if (locator.readUInt32LE(0) === zip64LocatorSignature)
    throw ambiguous('the end record', 'it uses zip64, which no file of this size needs');
}

function readEntries(source: ByteSource, allowance: Allowance): Promise<RawEntry[]> {
  const options = { lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: true };
  return new Promise((resolve, reject) => {
    const fail = (fault: Error) =>
      reject(refuse('distribution.bad-archive', { why: 'its central directory is damaged' }, fault));
    fromRandomAccessReader(yauzlReader(source), source.size, options, (fault, zip) => {
      if (fault) fail(fault);
      else collectEntries(zip, allowance, resolve, fail, reject);
    });
  });
}

function collectEntries(
  zip: ZipFile,
  allowance: Allowance,
  done: (entries: RawEntry[]) => void,
  fail: (fault: Error) => void,
  refused: (refusal: unknown) => void,
): void {
  const entries: RawEntry[] = [];
  zip.on('error', fail);
  zip.on('end', () => done(entries));
  zip.on('entry', (entry: RawEntry) => {
    entries.push(entry);
    try {
      requireTime(allowance);
      zip.readEntry();
    } catch (refusal) {
      refused(refusal);
    }
  });
  zip.readEntry();
}

// yauzl wants an event emitter with reference counting; nothing here is opened, so nothing is closed.
function yauzlReader(source: ByteSource): RandomAccessReader {
  const read = (
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (fault: Error | null, bytesRead: number) => void,
  ) => {
    source.read(position, length).then(
      (bytes) => {
        buffer.set(bytes, offset);
        callback(null, bytes.length);
      },
      (fault: Error) => callback(fault, 0),
    );
  };
  const idle = () => undefined;
  return Object.assign(new EventEmitter(), {
    read,
    ref: idle,
    unref: idle,
    close: idle,
    createReadStream: idle,
    _readStreamForRange: idle,
  });
}

function checkEntry(entry: RawEntry, pathBytesMax: number): DirectoryEntry {
  const named = decodePath(entry.fileNameRaw, (entry.generalPurposeBitFlag & 0x0800) !== 0);
  const isFolder = named.endsWith('/');
  const path = isFolder ? named.slice(0, -1) : named;
  requireSafePath(path, pathBytesMax);
  if ((entry.generalPurposeBitFlag & 0x2041) !== 0) throw refuse('distribution.encrypted', { path });
  if ((entry.generalPurposeBitFlag & ~allowedFlags) !== 0)
    throw ambiguous(path, 'it sets flags that readers treat differently');
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8)
    throw refuse('distribution.compression', { path });
  requireCommonForm(entry, path);
  if (isFolder && entry.uncompressedSize !== 0) throw ambiguous(path, 'it is a folder with content');
  requireKnownExtras(entry, path);
  requirePlainFile(entry, path);
  return {
    path,
    isFolder,
    nameBytes: entry.fileNameRaw,
    flags: entry.generalPurposeBitFlag,
    method: entry.compressionMethod,
    crc32: entry.crc32,
    packedBytes: entry.compressedSize,
    bytes: entry.uncompressedSize,
    headerOffset: entry.relativeOffsetOfLocalHeader,
    mode: (entry.externalFileAttributes >>> 16) & 0o7777,
  };
}

function requireCommonForm(entry: RawEntry, path: string): void {
  if (entry.fileCommentLength !== 0) throw ambiguous(path, 'it carries a comment');
  if (entry.versionNeededToExtract > versionNeededMax)
    throw ambiguous(path, 'it asks for a version of zip that readers do not know');
}

// A second name or size in an extra field is honoured by some readers and not by others.
function requireKnownExtras(entry: RawEntry, path: string): void {
  const tricky = entry.extraFields.find(({ id }) => Object.values<number>(knownExtras).includes(id));
  if (tricky !== undefined) throw ambiguous(path, 'it carries a second name or a zip64 size');
}

// A link in a wheel is a link for some installers and a text file for others.
function requirePlainFile(entry: RawEntry, path: string): void {
  const type = (entry.externalFileAttributes >>> 16) & 0o170000;
  if (type === 0o120000) throw refuse('distribution.special-file', { path, type: 'symbolic link' });
  if (type !== 0 && type !== 0o100000 && type !== 0o040000)
    throw refuse('distribution.special-file', { path, type: 'device or pipe' });
}
