// Fetches from an index over HTTP, with limits. The index is hostile: each answer is bounded in size and time (answers.ts), and so is what all of them
// together may cost; redirects are refused (an index serves its own tree); files are hashed while they stream and never kept here.
import { createHash } from 'node:crypto';
import type { DigestRequest } from '#lib/core/digest.ts';
import { refuse } from '#lib/core/errors.ts';
import { askIndex, partsOf, type Patience } from './answers.ts';

type FetchedFile = { size: number; sha256: string; tails: Uint8Array[] };

export type IndexReader = {
  /** Address of the index, ending with a slash. */
  base: string;
  /** The bytes of a path of the index tree; null: it is not there (404). */
  read(path: string, accept?: string): Promise<Uint8Array | null>;
  /** Size and digests of a file; `tails` answers the requests of signatures over it. `onPart` sees every part in its order. */
  measure(
    path: string,
    bytesMax: number,
    requests?: readonly DigestRequest[],
    onPart?: (part: Uint8Array) => Promise<void>,
  ): Promise<FetchedFile>;
};

export type FetchLimits = {
  document: Patience & { bytesMax: number };
  file: Patience;
  /** All documents of one run together: thousand policies of the largest size are an endless answer, too. */
  documents: { bytesMax: number; ms: number };
};

const [second, minute, mebibyte] = [1000, 60_000, 1024 ** 2];
const pace = { bytesPerWindow: 10 * 1024, windowMs: 20 * second };

export const usualLimits: FetchLimits = {
  document: { ...pace, ms: minute, bytesMax: 16 * mebibyte },
  file: { ...pace, ms: 30 * minute },
  documents: { bytesMax: 256 * mebibyte, ms: 10 * minute },
};

/** `index`: the address of the site, or of its `/simple/`. Refuses what is no http(s) address. */
export function openIndex(index: string, limits: FetchLimits = usualLimits): IndexReader {
  const base = readBase(index);
  let [bytesLeft, msLeft] = [limits.documents.bytesMax, limits.documents.ms];
  return {
    base,
    read: async (path, accept = '*/*') => {
      const url = `${base}${path}`;
      if (msLeft <= 0) throw refuse('index.too-slow', { url });
      const began = performance.now();
      const bytesMax = Math.min(limits.document.bytesMax, bytesLeft);
      const patience = { ...limits.document, ms: Math.ceil(Math.min(limits.document.ms, msLeft)) };
      try {
        const response = await askIndex(url, accept, patience);
        if (response === null) return null;
        const tooLarge = () => refuse('index.too-large', { url, bytesMax });
        const bytes = await collect(partsOf(response, { bytesMax, tooLarge, patience }));
        bytesLeft -= bytes.length;
        return bytes;
      } finally {
        msLeft -= performance.now() - began;
      }
    },
    measure: async (path, bytesMax, requests = [], onPart = async () => undefined) => {
      const hash = createHash('sha256');
      const running = requests.map(({ algorithm, salt }) => createHash(algorithm).update(salt ?? ''));
      const response = await askIndex(`${base}${path}`, '*/*', limits.file);
      if (response === null) throw refuse('evidence.missing', { what: path });
      const tooLarge = () => refuse('evidence.record-differs', { what: `${path} is larger than it says` });
      let size = 0;
      for await (const part of partsOf(response, { bytesMax, tooLarge, patience: limits.file })) {
        size += part.length;
        for (const one of [hash, ...running]) one.update(part);
        await onPart(part);
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

async function collect(parts: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const collected: Uint8Array[] = [];
  for await (const part of parts) collected.push(part);
  return Buffer.concat(collected);
}
