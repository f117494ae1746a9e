// Paths inside archives. They are hostile: whatever could leave the folder, be read differently by two systems, or lie on
// a screen is refused here, for zip and tar alike (threats.md, row 78). Nothing in Countersign ever writes to such a path;
// the refusal protects those who unpack later.
import { refuse } from '#lib/core/errors.ts';
import { found, type Finding } from './checks.ts';

const partBytesMax = 255;
// Every member is looked up under each of its folders: depth times entries must stay small.
const partsMax = 64;
const deviceName = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:[. ].*)?$/i;

/** A member as path rules see it; folders are named without their trailing slash. */
export type ArchivePath = { readonly path: string; readonly isFolder: boolean };

/** Bytes → text, refusing what is not UTF-8 (or not ASCII, where the archive does not say UTF-8). */
export function decodePath(bytes: Uint8Array, isUtf8: boolean): string {
  const shown = Buffer.from(bytes).toString('latin1').slice(0, 80);
  if (!isUtf8 && bytes.some((byte) => byte > 126))
    throw refuse('distribution.bad-path', { path: shown, why: 'it is not ASCII and not marked as UTF-8' });
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw refuse('distribution.bad-path', { path: shown, why: 'it is not UTF-8' }, cause);
  }
}

/** Refuses a path that is not plainly inside the archive. `path` has no trailing slash; its parts are checked one by one. */
export function requireSafePath(path: string, pathBytesMax: number): void {
  const why =
    whyUnsafe(path, pathBytesMax) ??
    path
      .split('/')
      .map(whyUnsafePart)
      .find((reason) => reason !== null);
  if (why) throw refuse('distribution.bad-path', { path: path.slice(0, 120), why });
}

function whyUnsafe(path: string, pathBytesMax: number): string | null {
  if (path === '') return 'the path is empty';
  if (Buffer.byteLength(path) > pathBytesMax) return `the path is longer than ${pathBytesMax} bytes`;
  if (path.split('/').length > partsMax) return `the path is deeper than ${partsMax} folders`;
  if (path.startsWith('/')) return 'the path is absolute';
  if (path.includes('\\')) return 'the path holds a backslash, which is a folder on Windows';
  // Cc: terminal escapes and line ends; Cf: bidirectional overrides and invisible characters; Zl, Zp: line ends.
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u{FFFD}]/u.test(path)) return 'the path holds control or invisible characters';
  if (path.includes(':')) return 'the path holds a colon, which is a drive or a hidden stream on Windows';
  return null;
}

function whyUnsafePart(part: string): string | null {
  if (part === '') return 'the path has an empty part';
  if (part === '..' || part === '.') return 'the path leaves or repeats its folder';
  if (part.endsWith('.') || part.endsWith(' ')) return 'a part ends in a dot or space, which Windows drops';
  if (Buffer.byteLength(part) > partBytesMax) return `a part is longer than ${partBytesMax} bytes`;
  return deviceName.test(part) ? 'a part is the name of a device on Windows' : null;
}

/**
 * Refuses two members at one path, and a file that is a folder elsewhere. Paths that differ only in case or Unicode form are
 * one file on some systems: a warning, since working projects have them.
 */
export function requireDistinctPaths(members: readonly ArchivePath[]): Finding[] {
  const kinds = new Map<string, boolean>();
  for (const { path, isFolder } of members) {
    if (kinds.has(path)) throw refuse('distribution.duplicate-path', { path });
    kinds.set(path, isFolder);
  }
  for (const path of kinds.keys()) {
    for (const folder of parentsOf(path)) {
      if (kinds.get(folder) === false) throw refuse('distribution.duplicate-path', { path: folder });
    }
  }
  return warnOfLookalikes(kinds.keys());
}

function warnOfLookalikes(paths: Iterable<string>): Finding[] {
  const seen = new Map<string, string>();
  const findings: Finding[] = [];
  for (const path of paths) {
    const folded = path.normalize('NFKC').toLowerCase();
    const other = seen.get(folded);
    if (other !== undefined) {
      findings.push(
        found('path.lookalike', path, `“${path}” and “${other}” are one file on systems that ignore case.`),
      );
    }
    seen.set(folded, path);
  }
  return findings;
}

/** `a/b/c` → `a`, `a/b`. */
export function parentsOf(path: string): string[] {
  const parents: string[] = [];
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) parents.push(path.slice(0, at));
  return parents;
}
