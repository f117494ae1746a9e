// The places of the index tree (docs/formats/index-tree.md): one list for whoever writes them (countersigner), puts them in place
// (jobs) and fetches them (client); files and records, which pages link to, have theirs in lib/simple/page.ts. A path is hostile
// until turnOf knows it: everything but these shapes is refused.
import type { Declaration } from '#lib/core/declaration.ts';
import { refuse } from '#lib/core/errors.ts';
import {
  readFileName,
  readFingerprint,
  readProjectName,
  readSha256,
  readVersion,
  type Fingerprint,
  type ProjectName,
  type Version,
} from '#lib/core/ids.ts';
import { checkpointPath, eventOf, isLogPath, numberedBy } from './log-tree.ts';
import { readRolePath, timestampPath } from './tuf-tree.ts';

export const policyPath = (project: ProjectName, version: number): string =>
  `evidence/${project}/policy/${version}.json`;
export const releasesPath = (project: ProjectName): string => `evidence/${project}/releases.json`;
export const statementPath = (project: ProjectName, version: Version): string =>
  `evidence/${project}/releases/${version}/SHA256SUMS`;
export const yankPath = (project: ProjectName, version: Version, number: number): string =>
  `evidence/${project}/releases/${version}/yank/${number}.json`;
export const statusPath = (project: ProjectName, number: number): string => `evidence/${project}/status/${number}.json`;
/** Beside what it is about: a yank beside the records of its release, the status of a project beside its policies. */
export const declarationPath = (d: Declaration): string =>
  d.type === 'countersign/yank' ? yankPath(d.project, d.version, d.number) : statusPath(d.project, d.number);
export const certificatePath = (key: Fingerprint): string => `keys/${key}.asc`;
export const indexKeyPath = 'keys/index.asc';
export const listHtmlPath = 'simple/index.html';
export const listJsonPath = 'simple/index.json';
export const pageHtmlPath = (project: ProjectName): string => `simple/${project}/index.html`;
export const pageJsonPath = (project: ProjectName): string => `simple/${project}/index.json`;

/**
 * In which turn a path is put in place: what others point at comes first, so that a page never names what is not there
 * (threats.md, 93). Refuses (`handback.foreign-path`) whatever is no place of the tree that a hand-back may write:
 * distribution files themselves never come this way.
 */
export function turnOf(path: string): Turn {
  const parts = path.split('/');
  const turn = knownTurn(parts);
  if (turn === null) throw refuse('handback.foreign-path', { path: path.slice(0, 200) });
  return turn;
}

/** The turns in their order. A checkpoint counts as a page: it points at tiles and entries. The timestamp of TUF points at all there is. */
export const turns = ['files', 'documents', 'log', 'pages', 'tuf', 'timestamp'] as const;
export type Turn = (typeof turns)[number];

function knownTurn(parts: readonly string[]): Turn | null {
  const [room, ...rest] = parts;
  if (/^(?:log|tuf)\//.test(parts.join('/'))) return signedTurn(parts.join('/'));
  if (room === 'files') return isBesideFile(rest) ? 'files' : null;
  if (room === 'keys') return isKeyDocument(rest) ? 'documents' : null;
  if (room === 'evidence') return isEvidence(rest) ? 'documents' : null;
  if (room === 'simple') return isPage(rest) ? 'pages' : null;
  return null;
}

function signedTurn(path: string): Turn | null {
  if (path === timestampPath) return 'timestamp';
  return readRolePath(path) === null ? logTurn(path) : 'tuf';
}

function logTurn(path: string): Turn | null {
  const numbered = numberedBy(path);
  if (numbered !== null) return eventOf(numbered) !== null && knownTurn(numbered.split('/')) !== null ? 'log' : null;
  if (!isLogPath(path)) return null;
  return path === checkpointPath ? 'pages' : 'log';
}

/** True where the reader takes the text as it is. */
const reads = (reader: (claimed: unknown) => unknown, text: string): boolean => {
  try {
    return reader(text) === text;
  } catch {
    return false; // a refusal is the answer "no"
  }
};

function isBesideFile(parts: readonly string[]): boolean {
  const [first, second, sha256 = '', name = ''] = parts;
  const known = parts.length === 4 && reads(readSha256, sha256);
  return known && sha256.slice(0, 2) === first && sha256.slice(2, 4) === second && isBesideName(name);
}

const isBesideName = (name: string): boolean =>
  /\.(?:asc|metadata)$/.test(name) && reads(readFileName, name.replace(/\.[a-z]+$/, ''));

/** A certificate, or a document by which the index or its log got another key (key-rotation.ts). */
function isKeyDocument([name = '', ...more]: readonly string[]): boolean {
  if (/^(?:index|log)$/.test(name)) return more.length === 1 && /^[1-9][0-9]{0,4}\.json(?:\.asc)?$/.test(more[0] ?? '');
  const stem = name.replace(/\.asc$/, '');
  return more.length === 0 && stem !== name && (stem === 'index' || reads(readFingerprint, stem));
}

function isEvidence([project = '', ...rest]: readonly string[]): boolean {
  if (!reads(readProjectName, project)) return false;
  const place = rest.join('/').replace(/\.asc$/, '');
  if (place === 'releases.json' || /^(?:policy|status)\/[1-9][0-9]{0,6}\.json$/.test(place)) return true;
  const [, version = ''] = /^releases\/([^/]+)\/(?:SHA256SUMS|(?:yank\/)?[1-9][0-9]{0,6}\.json)$/.exec(place) ?? [];
  return reads(readVersion, version);
}

function isPage(parts: readonly string[]): boolean {
  const [project = '', page = ''] = parts.length === 1 ? ['', parts[0]] : parts;
  if (parts.length > 2 || (page !== 'index.html' && page !== 'index.json')) return false;
  return parts.length === 1 || reads(readProjectName, project);
}
