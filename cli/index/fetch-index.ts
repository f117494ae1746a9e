// Fetches from an index over HTTP, with limits. The index is hostile: answers are bounded in size and time, redirects are refused (an index
// serves its own tree), files are hashed while they stream and never kept here.
import { createHash } from 'node:crypto';
import type { DigestRequest } from '#lib/core/digest.ts';
import { refuse } from '#lib/core/errors.ts';

export type FetchedFile = { size: number; sha256: string; tails: Uint8Array[] };

export type IndexReader = {
  /** Address of the index, ending with a slash. */
  base: string;
  /** The bytes of a path of the index tree; null: it is not there (404). */
  read(path: string, accept?: string): Promise<Uint8Array | null>;
  /** Size and digests of a file; `tails` answers the requests of signatures over it. */
  measure(path: string, bytesMax: number, requests?: readonly DigestRequest[]): Promise<FetchedFile>;
};

const documentBytesMax = 16 * 1024 ** 2;
const answerMs = 60_000;
const fileMs = 30 * 60_000;

/** `index`: the address of the site, or of its `/simple/`. Refuses what is no http(s) address. */
export function openIndex(index: string): IndexReader {
  const base = readBase(index);
  const ask = async (path: string, init: RequestInit, ms: number): Promise<Response> => {
    const url = `${base}${path}`;
    const signal = AbortSignal.timeout(ms);
    return fetch(url, { ...init, signal, redirect: 'error' }).catch((cause: unknown) => {
      throw refuse('verify.unreachable', { url, why: 'no answer' }, cause);
    });
  };
  return {
    base,
    read: async (path, accept = '*/*') => {
      const response = await ask(path, { headers: { accept } }, answerMs);
      if (response.status === 404) return null;
      return collect(requireOk(response), documentBytesMax);
    },
    measure: async (path, bytesMax, requests = []) => {
      const hash = createHash('sha256');
      const running = requests.map(({ algorithm, salt }) => createHash(algorithm).update(salt ?? ''));
      let size = 0;
      for await (const part of partsOf(requireOk(await ask(path, {}, fileMs)))) {
        size += part.length;
        if (size > bytesMax) throw refuse('evidence.record-differs', { what: `${path} is larger than it says` });
        for (const one of [hash, ...running]) one.update(part);
      }
      const tails = requests.map(({ suffix }, at) => new Uint8Array(running[at]?.update(suffix).digest() ?? []));
      return { size, sha256: hash.digest('hex'), tails };
    },
  };
}

function readBase(index: string): string {
  const url = URL.canParse(index) ? new URL(index) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw refuse('input.not-a', { what: 'the address of an index', claimed: index.slice(0, 80) });
  return `${url.origin}${url.pathname.replace(/\/(?:simple\/?)?$/, '')}/`;
}

function requireOk(response: Response): Response {
  if (response.ok) return response;
  throw refuse('verify.unreachable', { url: response.url, why: `status ${response.status}` });
}

async function collect(response: Response, bytesMax: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of partsOf(response)) {
    size += part.length;
    if (size > bytesMax) throw refuse('verify.unreachable', { url: response.url, why: 'the answer is too large' });
    parts.push(part);
  }
  return Buffer.concat(parts);
}

async function* partsOf(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  for (;;) {
    const part = await reader?.read();
    if (!part || part.done) return;
    yield part.value;
  }
}
