// A bucket of an S3-compatible store as what the rooms above need of it: put, get, look, list, remove. Large bodies go in parts of bounded size, each
// tried again by itself, and are there as a whole or not at all. What it answers is foreign text, read for the few things that are asked for.
import { open } from 'node:fs/promises';
import { limits } from '#lib/server/limits.ts';
import type { BucketAddress, BucketKeys } from './bucket-address.ts';
import { askBucket, bytesOf, textOf, type Asking } from './bucket-request.ts';

export type Kept = { size: number; since: Date };

export type Bucket = {
  put(key: string, body: Uint8Array, headers?: Record<string, string>): Promise<void>;
  /** Only where nothing lies there yet; false: something does. A store that knows no conditions is asked before, which two at once can outrun. */
  putNew(key: string, body: Uint8Array, headers?: Record<string, string>): Promise<boolean>;
  /** A file of this machine, of any size. */
  putFile(key: string, file: string, size: number, headers?: Record<string, string>): Promise<void>;
  /** The object as a stream, which must be read; null: there is none. */
  get(key: string): Promise<AsyncIterable<Uint8Array> | null>;
  look(key: string): Promise<Kept | null>;
  list(prefix: string): AsyncIterable<Kept & { key: string }>;
  /** Also where there is nothing. */
  remove(key: string): Promise<void>;
};

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
    const { 'content-length': size, 'last-modified': since } = answer.headers;
    return { size: Number(size), since: new Date(since ?? Number.NaN) };
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
    look,
    list: (prefix) => listAll(ask, `${address.prefix}${prefix}`, address.prefix.length),
    remove: async (key) => {
      (await ask({ method: 'DELETE', key, takes: [404] })).resume();
    },
  };
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
  const started = await textOf(await ask({ method: 'POST', key, query: { uploads: '' }, headers }));
  const uploadId = unescapeXml(/<UploadId>([^<]+)<\/UploadId>/.exec(started)?.[1] ?? '');
  if (uploadId === '') throw new Error('The file store began an upload in parts without a name for it.');
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
    const ended = await textOf(await ask({ method: 'POST', key, query: { uploadId }, body }));
    // S3 may say 200 before it knows, and the fault in the text.
    if (ended.includes('<Error>'))
      throw new Error(`The file store did not put the parts together: ${ended.slice(0, 300)}`);
  } catch (fault) {
    await ask({ method: 'DELETE', key, query: { uploadId }, takes: [404] }).then(
      (answer) => answer.resume(),
      () => undefined, // the first fault says more
    );
    throw fault;
  }
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
  for (let token: string | undefined; ;) {
    const query = { 'list-type': '2', prefix, ...(token !== undefined && { 'continuation-token': token }) };
    const text = await textOf(await ask({ method: 'GET', key: '', query }));
    for (const [, entry = ''] of text.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
      const key = tagOf(entry, 'Key').slice(ours);
      yield { key, size: Number(tagOf(entry, 'Size')), since: new Date(tagOf(entry, 'LastModified')) };
    }
    if (tagOf(text, 'IsTruncated') !== 'true') return;
    token = tagOf(text, 'NextContinuationToken');
  }
}

const tagOf = (text: string, tag: string): string =>
  unescapeXml(new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(text)?.[1] ?? '');

const unescapeXml = (text: string): string =>
  text
    .replace(/&quot;/g, '"')
    .replace(/&apos;|&#39;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');

const escapeXml = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
