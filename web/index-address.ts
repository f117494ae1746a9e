// From a web address to a place in the index tree (docs/formats, section 4), and what kind of answer that place gets.
// The address is hostile. Each segment is decoded once and must match one allow-list without a leading dot, so `..`, hidden
// files, back slashes, NUL and every second spelling are no place at all.

export type IndexPlace =
  | { kind: 'page'; segments: string[] }
  | { kind: 'redirect'; location: string }
  | { kind: 'file'; segments: string[]; sha256: string; name: string }
  | { kind: 'document'; segments: string[] };

const prefixes = new Set(['simple', 'files', 'evidence', 'keys', 'tuf', 'log']);
const segmentPattern = /^[A-Za-z0-9_][A-Za-z0-9_.+!-]{0,254}$/;
const projectPattern = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;

/** True if the address belongs to the index tree, whether or not something is there. */
export function isIndexAddress(url: string): boolean {
  const end = url.slice(1).search(/[/?]/);
  const prefix = end === -1 ? url.slice(1) : url.slice(1, end + 1);
  // `/log` alone is the page for people; the tree begins behind its slash.
  if (prefix === 'log' && (end === -1 || url[end + 1] === '?')) return false;
  return url.startsWith('/') && prefixes.has(prefix);
}

/** The place an index address means, or null for an address that can mean nothing. */
export function readIndexAddress(url: string): IndexPlace | null {
  const queryAt = url.indexOf('?');
  const segments = (queryAt === -1 ? url : url.slice(0, queryAt)).slice(1).split('/');
  const hasSlash = segments.at(-1) === '';
  if (hasSlash) segments.pop();
  const decoded = segments.map(decodeSegment);
  if (!decoded.every((segment) => segment !== null)) return null;
  if (isSimple(decoded)) return simplePlace(decoded, hasSlash);
  if (hasSlash || decoded.length < 2) return null;
  return decoded[0] === 'files' ? filePlace(decoded) : { kind: 'document', segments: decoded };
}

/** The project list or a project page, by its address for clients; `index.json` itself can be asked for as a document. */
function isSimple([prefix, project = '', ...rest]: string[]): boolean {
  return prefix === 'simple' && rest.length === 0 && !/^(?:[0-9a-f]{64}\.)?index\.(?:html|json)$/.test(project);
}

/** PEP 503, "Normalized Names": the server redirects to this spelling. null: no name of a project. */
export const normaliseProject = (spelled: string): string | null =>
  projectPattern.test(spelled) ? spelled.replace(/[-_.]+/g, '-').toLowerCase() : null;

function simplePlace(segments: string[], hasSlash: boolean): IndexPlace | null {
  const project = segments[1];
  if (project === undefined) return hasSlash ? { kind: 'page', segments } : { kind: 'redirect', location: '/simple/' };
  const normalised = normaliseProject(project);
  if (normalised === null) return null;
  if (!hasSlash || normalised !== project) return { kind: 'redirect', location: `/simple/${normalised}/` };
  return { kind: 'page', segments };
}

/** files/SHA256[0:2]/SHA256[2:4]/SHA256/NAME */
function filePlace(segments: string[]): IndexPlace | null {
  const [, first, second, sha256, name] = segments;
  if (segments.length !== 5 || sha256 === undefined || name === undefined) return null;
  if (!/^[0-9a-f]{64}$/.test(sha256) || sha256.slice(0, 2) !== first || sha256.slice(2, 4) !== second) return null;
  return { kind: 'file', segments, sha256, name };
}

function decodeSegment(raw: string): string | null {
  if (segmentPattern.test(raw)) return raw;
  if (!raw.includes('%')) return null;
  try {
    const decoded = decodeURIComponent(raw);
    return segmentPattern.test(decoded) ? decoded : null;
  } catch {
    return null; // a broken percent escape means nothing
  }
}
