// One gzip member and nothing else (RFC 1952). gzip allows several members, comments, extra fields and readers that ignore
// what follows: places to hide a second archive. An sdist has one member, whose length and CRC-32 must fit.
import { crc32 } from 'node:zlib';
import { refuse } from '#lib/core/errors.ts';
import { inflateExactly } from './inflate.ts';
import { readExactly, type Allowance, type ByteSource } from './source.ts';

const headerBytes = 10;
const trailerBytes = 8;
const nameBytesMax = 1024;
const flag = { text: 0x01, name: 0x08 } as const;

/** The content in chunks, in constant memory; trailer checked by the last one. Bytes are hostile; throws `distribution.…`. */
export async function* readGzip(source: ByteSource, allowance: Allowance): AsyncGenerator<Buffer> {
  const start = await readGzipHeader(source);
  const end = source.size - trailerBytes;
  if (end < start) throw refuse('distribution.bad-archive', { why: 'it ends too early' });
  let checksum = 0;
  let bytes = 0;
  for await (const chunk of inflateExactly(source, start, end, allowance)) {
    checksum = crc32(chunk, checksum);
    bytes += chunk.length;
    yield chunk;
  }
  const trailer = await readExactly(source, end, trailerBytes);
  if (trailer.readUInt32LE(0) !== checksum || trailer.readUInt32LE(4) !== bytes % 2 ** 32) {
    throw refuse('distribution.checksum', { where: 'the whole archive' });
  }
}

/** Where the deflate stream starts. Of the optional fields only the file name, which Python writes, is accepted. */
async function readGzipHeader(source: ByteSource): Promise<number> {
  const header = await readExactly(source, 0, Math.min(source.size, headerBytes + nameBytesMax));
  if (header.length < headerBytes || header.readUInt16BE(0) !== 0x1f8b) {
    throw refuse('distribution.bad-archive', { why: 'it is not a gzip file' });
  }
  const flags = header.readUInt8(3);
  if (header.readUInt8(2) !== 8 || (flags & ~(flag.text | flag.name)) !== 0) {
    throw refuse('distribution.polyglot', { why: 'its gzip header has fields in which data can hide' });
  }
  if ((flags & flag.name) === 0) return headerBytes;
  const nameEnd = header.indexOf(0, headerBytes);
  if (nameEnd === -1) throw refuse('distribution.polyglot', { why: 'its gzip header has a name that does not end' });
  return nameEnd + 1;
}
