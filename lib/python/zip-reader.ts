// A small, limited zip reader on top of zip-directory.ts: used for wheels and, whole, by zip-entries.ts. Local headers must repeat
// the central directory, and the members must tile the file from its first byte to the directory: so nothing is hidden
// before, between or behind them, and a reader that walks the file sees what one that uses the directory sees.
import { createHash, type Hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { refuse } from '#lib/core/errors.ts';
import { inflateExactly } from './inflate.ts';
import { renderBytes } from './limits.ts';
import { requireDistinctPaths, type ArchivePath } from './paths.ts';
import type { Finding } from './checks.ts';
import { readChunks, readExactly, withWindow, type Allowance, type ByteSource } from './source.ts';
import { startBudget } from './unpack-budget.ts';
import { readDirectory, type DirectoryEntry } from './zip-directory.ts';

export type ZipMember = ArchivePath & {
  readonly method: number;
  readonly crc32: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly dataStart: number;
  readonly mode: number;
};
export type Zip = {
  readonly source: ByteSource;
  readonly allowance: Allowance;
  readonly members: readonly ZipMember[];
  readonly findings: Finding[];
};

type Sizes = { bytes: number; packedBytes: number };

const localHeaderBytes = 30;
const localSignature = 0x04034b50;
const descriptorSignature = 0x08074b50;
const sizeInZip64 = 0xffffffff;

/** Checks the structure of a hostile zip file and lists its members; no content is unpacked yet. Throws `distribution.…`. */
export async function openZip(source: ByteSource, allowance: Allowance): Promise<Zip> {
  const windowed = withWindow(source);
  const directory = await readDirectory(windowed, allowance);
  const findings = requireDistinctPaths(directory.entries);
  startBudget(source.size, allowance.limits)(directory.entries.reduce((sum, entry) => sum + entry.bytes, 0));
  const members: ZipMember[] = [];
  let expected = 0;
  for (const entry of [...directory.entries].sort((a, b) => a.headerOffset - b.headerOffset)) {
    if (entry.headerOffset !== expected) throw misplaced(expected, entry.path);
    const { dataStart, end } = await readLocalHeader(windowed, entry);
    members.push({ ...entry, dataStart });
    expected = end;
  }
  if (expected !== directory.offset) throw misplaced(expected, 'the central directory');
  return { source, allowance, members, findings };
}

function misplaced(expected: number, where: string) {
  if (expected === 0) return refuse('distribution.polyglot', { why: 'data stands before the start of the zip file' });
  return refuse('distribution.ambiguous-archive', { where, why: 'members overlap, or data stands between them' });
}

async function readLocalHeader(source: ByteSource, entry: DirectoryEntry): Promise<{ dataStart: number; end: number }> {
  const header = await readExactly(source, entry.headerOffset, localHeaderBytes);
  const nameLength = header.readUInt16LE(26);
  const extraLength = header.readUInt16LE(28);
  const rest = await readExactly(source, entry.headerOffset + localHeaderBytes, nameLength + extraLength);
  const differs =
    header.readUInt32LE(0) !== localSignature ||
    header.readUInt16LE(6) !== entry.flags ||
    header.readUInt16LE(8) !== entry.method ||
    !rest.subarray(0, nameLength).equals(entry.nameBytes);
  if (differs) throw differsFrom(entry);
  const zip64 = readZip64(rest.subarray(nameLength), entry);
  requireSameSizes(header, zip64, entry);
  const dataStart = entry.headerOffset + localHeaderBytes + nameLength + extraLength;
  const dataEnd = dataStart + entry.packedBytes;
  const isDescribed = (entry.flags & 0x0008) !== 0;
  return { dataStart, end: dataEnd + (isDescribed ? await readDescriptor(source, dataEnd, entry, zip64 !== null) : 0) };
}

function differsFrom(entry: DirectoryEntry) {
  return refuse('distribution.ambiguous-archive', {
    where: entry.path,
    why: 'its local header and the central directory differ',
  });
}

/** Sizes in a local zip64 field (streaming writers reserve one), or null without. Other second names and sizes are refused. */
function readZip64(extra: Buffer, entry: DirectoryEntry): Sizes | null {
  let found: Sizes | null = null;
  for (let at = 0; at < extra.length;) {
    if (at + 4 > extra.length) throw differsFrom(entry);
    const [id, length] = [extra.readUInt16LE(at), extra.readUInt16LE(at + 2)];
    const data = extra.subarray(at + 4, at + 4 + length);
    if (data.length !== length || id === 0x7075) throw differsFrom(entry);
    if (id === 0x0001) {
      if (length !== 16 || found !== null) throw differsFrom(entry);
      found = { bytes: Number(data.readBigUInt64LE(0)), packedBytes: Number(data.readBigUInt64LE(8)) };
    }
    at += 4 + length;
  }
  return found;
}

function requireSameSizes(header: Buffer, zip64: Sizes | null, entry: DirectoryEntry): void {
  const [crc, packed, size] = [header.readUInt32LE(14), header.readUInt32LE(18), header.readUInt32LE(22)];
  const sizes = {
    packedBytes: packed === sizeInZip64 ? zip64?.packedBytes : packed,
    bytes: size === sizeInZip64 ? zip64?.bytes : size,
  };
  const isSame = crc === entry.crc32 && sizes.packedBytes === entry.packedBytes && sizes.bytes === entry.bytes;
  if (!isSame && !isLater(entry, [crc, sizes.packedBytes, sizes.bytes])) throw differsFrom(entry);
}

// Bit 3: CRC and sizes follow the data and are zero here.
function isLater(entry: DirectoryEntry, stated: readonly (number | undefined)[]): boolean {
  return (entry.flags & 0x0008) !== 0 && stated.every((value) => value === 0);
}

/** Length of the data descriptor behind the data (APPNOTE 4.3.9), which must repeat the directory. */
async function readDescriptor(
  source: ByteSource,
  at: number,
  entry: DirectoryEntry,
  isZip64: boolean,
): Promise<number> {
  const width = isZip64 ? 8 : 4;
  const first = await readExactly(source, at, 4);
  const skipped = first.readUInt32LE(0) === descriptorSignature ? 4 : 0;
  const body = await readExactly(source, at + skipped, 4 + 2 * width);
  const read = (offset: number) => (isZip64 ? Number(body.readBigUInt64LE(offset)) : body.readUInt32LE(offset));
  if (body.readUInt32LE(0) !== entry.crc32 || read(4) !== entry.packedBytes || read(4 + width) !== entry.bytes)
    throw differsFrom(entry);
  return skipped + 4 + 2 * width;
}

/** The content of one member in chunks; size and CRC-32 are checked by the time the last chunk was taken. */
export async function* readMember(zip: Zip, member: ZipMember): AsyncGenerator<Buffer> {
  const end = member.dataStart + member.packedBytes;
  const read = member.method === 8 ? inflateExactly : readChunks;
  let checksum = 0;
  let bytes = 0;
  for await (const chunk of read(zip.source, member.dataStart, end, zip.allowance)) {
    bytes += chunk.length;
    if (bytes > member.bytes) break;
    checksum = crc32(chunk, checksum);
    yield chunk;
  }
  if (bytes !== member.bytes)
    throw refuse('distribution.ambiguous-archive', {
      where: member.path,
      why: 'its content is longer or shorter than stated',
    });
  if (checksum !== member.crc32) throw refuse('distribution.checksum', { where: member.path });
}

/** A small member whole, up to `bytesMax`. */
export async function readSmallMember(zip: Zip, member: ZipMember, bytesMax: number): Promise<Uint8Array> {
  if (member.bytes > bytesMax)
    throw refuse('distribution.too-large', { what: `size of “${member.path}”`, most: renderBytes(bytesMax) });
  const chunks: Buffer[] = [];
  for await (const chunk of readMember(zip, member)) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

/** The digest of a member, in constant memory; `look` sees its content on the way. */
export async function hashMember(
  zip: Zip,
  member: ZipMember,
  algorithm: string,
  look?: { take(chunk: Uint8Array): void },
): Promise<Buffer> {
  const hash: Hash = createHash(algorithm);
  for await (const chunk of readMember(zip, member)) {
    hash.update(chunk);
    look?.take(chunk);
  }
  return hash.digest();
}
