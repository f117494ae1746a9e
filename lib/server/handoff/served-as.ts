// How each place of the index tree is served: its type, and whether other bytes can ever stand there. One table for whoever answers (web/serve-index.ts)
// and whoever puts the tree where others answer (mirror-index.ts). Types go by the name alone; nothing is ever sniffed.

export type ServedAs = {
  contentType: string;
  /** Other bytes can never stand at this place. */
  isFixed: boolean;
  /** For distribution files and what stands beside them: what they are saved as. */
  fileName: string | null;
};

// Numbered documents are never overwritten (docs/formats, section 3); their `.asc` may gain signatures.
const numberedDocument = /^(?:policy|status|releases\/[^/]+(?:\/yank)?)\/\d+\.json$/;

/** SHA256.NAME: the second name of a target (TUF, consistent snapshots), under which the bytes never change. */
export const isNamedByDigest = (name: string): boolean => /^[0-9a-f]{64}\../.test(name);

/** The answer for a place, by its segments. */
export function servedAs(segments: readonly string[]): ServedAs {
  const name = segments.at(-1) ?? '';
  if (segments[0] === 'files') return servedFile(name);
  const contentType = segments[0] === 'keys' ? 'application/pgp-keys' : contentTypeOf(name);
  return { contentType, isFixed: isFixed(segments), fileName: null };
}

/** A wheel or sdist, or what stands beside it: `.asc` (PEP 503) and `.metadata` (PEP 658). */
function servedFile(name: string): ServedAs {
  const beside = /\.(?:asc|metadata)$/.exec(name);
  return {
    contentType: contentTypeOf(beside === null ? '' : name),
    // Signatures over a file may grow in number; everything else here never changes.
    isFixed: beside?.[0] !== '.asc' || isNamedByDigest(name),
    fileName: name,
  };
}

function isFixed([prefix, second = '', ...rest]: readonly string[]): boolean {
  if (prefix === 'log') return second === 'tile';
  if (prefix === 'tuf') return /^\d+\./.test(second);
  return isNamedByDigest(rest.at(-1) ?? second) || (prefix === 'evidence' && numberedDocument.test(rest.join('/')));
}

function contentTypeOf(name: string): string {
  if (name.endsWith('.json')) return 'application/json';
  if (name.endsWith('.asc')) return 'application/pgp-signature';
  if (name.endsWith('.html')) return 'text/html; charset=utf-8';
  if (name.endsWith('.metadata') || name === 'SHA256SUMS' || name === 'checkpoint') return 'text/plain; charset=utf-8';
  return 'application/octet-stream';
}
