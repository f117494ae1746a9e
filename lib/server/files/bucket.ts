// A bucket of an S3-compatible store as what the rooms above need of it: put, get, look, list, remove. Large bodies go in parts of bounded size, each
// tried again by itself, and are there as a whole or not at all. What it answers is read by bucket-answers.ts.
import { open } from 'node:fs/promises';
import { refuse } from '#lib/core/errors.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { limits } from '#lib/server/limits.ts';
import type { BucketAddress, BucketKeys } from './bucket-address.ts';
import {
  escapeXml,
  readKept,
  readObjects,
  readUnended,
  readUploadId,
  requireJoined,
  type Kept,
  type Page,
} from './bucket-answers.ts';
import { askBucket, bytesOf, textOf, whileItBreaks, type Ask, type Asking } from './bucket-request.ts';

export type Bucket = {
  put(key: string, body: Uint8Array, headers?: Record<string, string>): Promise<void>;
  /** Only where nothing lies there yet; false: something does. A store that knows no conditions is asked before, which two at once can outrun. */
  putNew(key: string, body: Uint8Array, headers?: Record<string, string>): Promise<boolean>;
  /** A file of this machine, of any size. */
  putFile(key: string, file: string, size: number, headers?: Record<string, string>): Promise<void>;
  /** The object as a stream, which must be read; null: there is none. */
  get(key: string): Promise<AsyncIterable<Uint8Array> | null>;
  /** With its digest beside it, for `getSealed`. Only for what is small enough for memory, like it. */
  putSealed(key: string, body: Uint8Array): Promise<void>;
  /** What was put so, and nothing else; null: there is none. @throws `storage.other-bytes` */
  getSealed(key: string, bytesMax: number): Promise<Uint8Array | null>;
  look(key: string): Promise<Kept | null>;
  list(prefix: string): AsyncIterable<Kept & { key: string }>;
  /** Also where there is nothing. */
  remove(key: string): Promise<void>;
  /**
   * Ends uploads in parts below a prefix that were begun before then and never ended: of programs that were killed. A store that does not list them,
   * or does not let this key, keeps them to a rule of its own.
   */
  endForgotten(prefix: string, before: Date): Promise<void>;
};

const sealHeader = 'x-amz-meta-sha256';

/** The bucket at an address. Nothing is asked before it is used. */
export function openBucket(address: BucketAddress, keys: BucketKeys): Bucket {
  const ask = askBucket(address, keys);
  const put: Bucket['put'] = async (key, body, headers) => {
    (await ask({ method: 'PUT', key, body, ...(headers && { headers }) })).resume();
  };
  const look: Bucket['look'] = async (key) => {
    const answer = await ask({ method: 'HEAD', key, takes: [404] });
    answer.resume();
    if (answer.statusCode === 404) return null;
    return readKept(answer.headers['content-length'], answer.headers['last-modified']);
  };
  return {
    put,
    putNew: (key, body, headers) => putNew(ask, { put, look }, key, body, headers),
    putFile: (key, file, size, headers) =>
      size <= limits.storagePartBytes
        ? readPart(file, 0, size).then((body) => put(key, body, headers))
        : putInParts(ask, { key, file, size, headers: headers ?? {} }),
    get: async (key) => {
      const answer = await ask({ method: 'GET', key, takes: [404] });
      if (answer.statusCode !== 404) return bytesOf(answer);
      answer.resume();
      return null;
    },
    putSealed: (key, body) => put(key, body, { [sealHeader]: sha256Hex(body) }),
    getSealed: (key, bytesMax) => whileItBreaks(() => getSealed(ask, key, bytesMax)),
    look,
    list: (prefix) => listAll(ask, `${address.prefix}${prefix}`, address.prefix.length),
    remove: async (key) => {
      (await ask({ method: 'DELETE', key, takes: [404] })).resume();
    },
    endForgotten: async (prefix, before) => {
      const all = { uploads: '', prefix: `${address.prefix}${prefix}` };
      for await (const { key, uploadId, since } of pagesOf(ask, all, readUnended, cannotList))
        if (since < before) await dropParts(ask, key.slice(address.prefix.length), uploadId);
    },
  };
}

async function getSealed(ask: Asking, key: string, bytesMax: number): Promise<Uint8Array | null> {
  const answer = await ask({ method: 'GET', key, takes: [404] });
  if (answer.statusCode === 404) {
    answer.resume();
    return null;
  }
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of bytesOf(answer)) {
    size += piece.length;
    if (size <= bytesMax) pieces.push(piece);
  }
  const [bytes, sealed] = [Buffer.concat(pieces), answer.headers[sealHeader]];
  if (size > bytesMax || (sealed !== undefined && sealed !== sha256Hex(bytes)))
    throw refuse('storage.other-bytes', { sha256: String(sealed ?? '').slice(0, 64) });
  return bytes;
}

async function putNew(
  ask: Asking,
  { put, look }: Pick<Bucket, 'put' | 'look'>,
  key: string,
  body: Uint8Array,
  headers: Record<string, string> = {},
): Promise<boolean> {
  const conditional = { ...headers, 'if-none-match': '*' };
  // 409: another one is at it (then something will be there); 501: this store knows no conditions.
  const answer = await ask({ method: 'PUT', key, body, headers: conditional, takes: [409, 412, 501] });
  answer.resume();
  if (answer.statusCode !== 501) return answer.statusCode !== 409 && answer.statusCode !== 412;
  if ((await look(key)) !== null) return false;
  await put(key, body, headers);
  return true;
}

type Large = { key: string; file: string; size: number; headers: Record<string, string> };

/** Multipart upload: nothing is at the key before the last request, and an upload that fails is taken back. */
async function putInParts(ask: Asking, { key, file, size, headers }: Large): Promise<void> {
  const uploadId = readUploadId(await textOf(await ask({ method: 'POST', key, query: { uploads: '' }, headers })));
  try {
    const parts: string[] = [];
    for (let offset = 0; offset < size; offset += limits.storagePartBytes) {
      const body = await readPart(file, offset, Math.min(limits.storagePartBytes, size - offset));
      const partNumber = String(parts.length + 1);
      const answer = await ask({ method: 'PUT', key, query: { partNumber, uploadId }, body });
      answer.resume();
      parts.push(
        `<Part><PartNumber>${partNumber}</PartNumber><ETag>${escapeXml(answer.headers.etag ?? '')}</ETag></Part>`,
      );
    }
    const body = Buffer.from(`<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`);
    requireJoined(await textOf(await ask({ method: 'POST', key, query: { uploadId }, body })));
  } catch (fault) {
    await dropParts(ask, key, uploadId).catch(() => undefined); // the first fault says more
    throw fault;
  }
}

async function dropParts(ask: Asking, key: string, uploadId: string): Promise<void> {
  (await ask({ method: 'DELETE', key, query: { uploadId }, takes: [404] })).resume();
}

async function readPart(file: string, offset: number, length: number): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, offset);
    if (bytesRead !== length) throw new Error(`${file} is shorter than it was.`);
    return buffer;
  } finally {
    await handle.close();
  }
}

async function* listAll(ask: Asking, prefix: string, ours: number): AsyncGenerator<Kept & { key: string }> {
  for await (const { key, ...kept } of pagesOf(ask, { 'list-type': '2', prefix }, readObjects)) {
    if (key.startsWith(prefix)) yield { key: key.slice(ours), ...kept };
  }
}

const cannotList = [403, 404, 405, 501];

/** Page by page. A store that names the same page as its next one would be asked for ever. @throws `storage.unreadable` */
async function* pagesOf<One>(
  ask: Asking,
  query: Record<string, string>,
  read: (text: string) => Page<One>,
  takes: NonNullable<Ask['takes']> = [],
): AsyncGenerator<One> {
  const asked = new Set<string>();
  for (let next: Record<string, string> | null = {}; next !== null;) {
    const answer = await ask({ method: 'GET', key: '', query: { ...query, ...next }, takes });
    const text = await textOf(answer);
    if (takes.includes(answer.statusCode ?? 0)) return;
    const page = read(text);
    yield* page.found;
    if (page.next && asked.has(JSON.stringify(page.next))) throw refuse('storage.unreadable', {});
    asked.add(JSON.stringify(page.next));
    next = page.next;
  }
}
