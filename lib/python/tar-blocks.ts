// The blocks of a tar stream, watched on their way to tar-stream. tar has several dialects, and readers forgive different
// things: sizes in second spellings, a second name in a header before, content behind the end. What only some readers would
// accept is refused here, so that tar-stream and Python's tarfile cannot see different members (threats.md, row 80).
import { refuse } from '#lib/core/errors.ts';
import type { InspectionLimits } from './limits.ts';
import { readPaxRecords } from './pax-records.ts';

const blockBytes = 512;
const headerBodyMax = 64 * 1024;
const emptyBlock = Buffer.alloc(blockBytes);
const ustarMagic = Buffer.from('ustar\x0000', 'latin1');
const gnuMagic = Buffer.from('ustar  \x00', 'latin1');
const offset = {
  name: 0,
  nameEnd: 100,
  size: 124,
  sizeEnd: 136,
  type: 156,
  magic: 257,
  magicEnd: 265,
  prefix: 345,
  prefixEnd: 500,
} as const;

const special: Readonly<Record<string, string>> = {
  '3': 'character device',
  '4': 'block device',
  '6': 'pipe',
  '7': 'contiguous file',
  S: 'sparse file',
  M: 'part of a multi-volume archive',
  V: 'volume label',
  D: 'folder dump',
};
const isFileType = (type: string) => type === '0' || type === '\0';
const isBodyless = (type: string) => type === '1' || type === '2' || type === '5';
const isExtension = (type: string) => 'xgLK'.includes(type);

type Extension = { readonly type: string; readonly bytes: number; readonly parts: Buffer[]; taken: number };
type Walk = {
  readonly limits: InspectionLimits;
  readonly block: Buffer;
  filled: number;
  /** Bytes of body and padding still to pass. */
  left: number;
  extension: Extension | null;
  /** Extension headers that the next member has already been given, by type. */
  given: Set<string>;
  longName: string | null;
  longLink: string | null;
  members: number;
  endBlocks: number;
};

function odd(where: string, why: string) {
  return refuse('distribution.ambiguous-archive', { where, why });
}

/** Passes the stream through unchanged; refuses at the first block with two readings. The end must be two empty blocks and nothing more. */
export async function* watchTarBlocks(chunks: AsyncIterable<Buffer>, limits: InspectionLimits): AsyncGenerator<Buffer> {
  const walk: Walk = {
    limits,
    block: Buffer.alloc(blockBytes),
    filled: 0,
    left: 0,
    extension: null,
    given: new Set(),
    longName: null,
    longLink: null,
    members: 0,
    endBlocks: 0,
  };
  for await (const chunk of chunks) {
    walkChunk(walk, chunk);
    yield chunk;
  }
  if (walk.endBlocks < 2 || walk.filled !== 0)
    throw refuse('distribution.bad-archive', { why: 'the tar archive was cut off' });
}

function walkChunk(walk: Walk, chunk: Buffer): void {
  for (let at = 0; at < chunk.length;) {
    at += walk.left > 0 ? passBody(walk, chunk.subarray(at)) : fillBlock(walk, chunk.subarray(at));
  }
}

function passBody(walk: Walk, rest: Buffer): number {
  const passed = rest.subarray(0, walk.left);
  walk.left -= passed.length;
  if (walk.extension !== null) takeExtension(walk, walk.extension, passed);
  return passed.length;
}

function takeExtension(walk: Walk, extension: Extension, passed: Buffer): void {
  const part = passed.subarray(0, extension.bytes - extension.taken);
  extension.taken += part.length;
  extension.parts.push(Buffer.from(part));
  if (walk.left > 0) return;
  walk.extension = null;
  readExtension(walk, extension.type, Buffer.concat(extension.parts));
}

function fillBlock(walk: Walk, rest: Buffer): number {
  const part = rest.subarray(0, blockBytes - walk.filled);
  walk.block.set(part, walk.filled);
  walk.filled += part.length;
  if (walk.filled === blockBytes) {
    walk.filled = 0;
    takeBlock(walk);
  }
  return part.length;
}

function takeBlock(walk: Walk): void {
  const isEmpty = walk.block.equals(emptyBlock);
  // tarfile stops at the first empty block, other readers go on: what would follow is seen by some only.
  if (walk.endBlocks > 0 && !isEmpty)
    throw refuse('distribution.polyglot', { why: 'data stands behind the end of the tar archive' });
  if (isEmpty && walk.given.size > 0) throw odd('the end', 'a header announces a member that does not come');
  if (isEmpty) walk.endBlocks += 1;
  else takeHeader(walk);
}

function takeHeader(walk: Walk): void {
  const { block } = walk;
  const where = `member ${walk.members + 1}`;
  const type = String.fromCharCode(block.readUInt8(offset.type));
  requireKnownMagic(block, where);
  const size = readSize(block, where);
  if (!isExtension(type)) requireMember(walk, type, size, where);
  else startExtension(walk, type, size, where);
  walk.left = Math.ceil(size / blockBytes) * blockBytes;
}

function requireMember(walk: Walk, type: string, size: number, where: string): void {
  const name = readName(walk.block);
  if (!isFileType(type) && !isBodyless(type))
    throw refuse('distribution.special-file', { path: name, type: special[type] ?? 'member of unknown type' });
  if (isBodyless(type) && size !== 0)
    throw odd(name, 'a folder or link states a size, which readers treat differently');
  if (walk.longName !== null) requireNeededRename(walk.longName, name);
  walk.members += 1;
  if (walk.members > walk.limits.entriesMax)
    throw refuse('distribution.too-large', { what: 'number of entries', most: String(walk.limits.entriesMax) });
  walk.given = new Set();
  walk.longName = null;
  walk.longLink = null;
  if (name === '') throw odd(where, 'it has no name');
}

// A long or non-ASCII name needs the extension; any other rename shows one name to simple readers and another to the rest.
function requireNeededRename(longName: string, name: string): void {
  const isNeeded = Buffer.byteLength(longName) > offset.nameEnd || /[^\x20-\x7e]/.test(longName);
  if (!isNeeded && longName !== name)
    throw odd(name, `an extension header renames it to “${longName.slice(0, 80)}” without need`);
}

function startExtension(walk: Walk, type: string, size: number, where: string): void {
  if (size === 0 || size > headerBodyMax) throw odd(where, 'an extension header is empty or too long');
  if (walk.given.has(type) || (type === 'g' && walk.given.size > 0))
    throw odd(where, 'extension headers are given twice or out of order');
  if (type !== 'g') walk.given.add(type);
  walk.extension = { type, bytes: size, parts: [], taken: 0 };
}

function readExtension(walk: Walk, type: string, body: Buffer): void {
  const where = `member ${walk.members + 1}`;
  if (type === 'x' || type === 'g') {
    const records = readPaxRecords(body, where, type === 'g');
    walk.longName = giveOnce(walk.longName, records.get('path'), where);
    walk.longLink = giveOnce(walk.longLink, records.get('linkpath'), where);
    return;
  }
  const text = body.toString('utf8').replace(/\0+$/, '');
  if (text === '' || text.includes('\0')) throw odd(where, 'a long name is empty or holds a zero byte');
  if (type === 'L') walk.longName = giveOnce(walk.longName, text, where);
  else walk.longLink = giveOnce(walk.longLink, text, where);
}

// pax and GNU both have a way to give a long name; of a member that uses both, readers take different ones.
function giveOnce(before: string | null, given: string | undefined, where: string): string | null {
  if (before !== null && given !== undefined) throw odd(where, 'its name or link target is given twice');
  return given ?? before;
}

function requireKnownMagic(block: Buffer, where: string): void {
  const magic = block.subarray(offset.magic, offset.magicEnd);
  if (magic.equals(ustarMagic)) return;
  if (!magic.equals(gnuMagic)) throw odd(where, 'it is neither ustar, pax nor GNU tar');
  // GNU tar keeps times where ustar keeps the first half of the name; tarfile reads a name there.
  if (block.subarray(offset.prefix, offset.prefixEnd).some((byte) => byte !== 0))
    throw odd(where, 'a GNU header fills the field of the name prefix');
}

// One spelling: octal digits, then only spaces or zeros. Base-256 is for members above 8 GiB, far above the limit.
function readSize(block: Buffer, where: string): number {
  const [, digits] = /^ *([0-7]{1,12})[ \0]*$/.exec(block.toString('latin1', offset.size, offset.sizeEnd)) ?? [];
  if (digits === undefined) throw odd(where, 'its size is not plain octal');
  return Number.parseInt(digits, 8);
}

function readField(block: Buffer, start: number, end: number): string {
  const field = block.subarray(start, end);
  const zero = field.indexOf(0);
  return field.toString('utf8', 0, zero === -1 ? field.length : zero);
}

function readName(block: Buffer): string {
  const prefix = readField(block, offset.prefix, offset.prefixEnd);
  const name = readField(block, offset.name, offset.nameEnd);
  return prefix === '' ? name : `${prefix}/${name}`;
}
