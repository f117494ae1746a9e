// "I built it myself and got this": digests that somebody states for the files of a revision, compared with what its statement binds. It counts for
// no threshold and is shown apart; it is what one person says, and a different digest is shown as well. What they paste is hostile.
import { isRefusal, refuse } from './errors.ts';
import { readFileName, readSha256, type FileName, type Sha256 } from './ids.ts';
import { byName, type StatementFile } from './statement.ts';

export type RebuiltFile = { name: FileName; sha256: Sha256 };

/** One file of the revision that somebody rebuilt: what the statement binds, and what they got. */
export type ComparedRebuild = RebuiltFile & { expected: Sha256; isSame: boolean };

const linesMost = 500;
const forms = [
  /^\\?(?<digest>[0-9a-fA-F]{64}) [ *](?<name>.+)$/, // sha256sum, shasum -a 256
  /^SHA256 ?\((?<name>.+)\) ?= ?(?<digest>[0-9a-fA-F]{64})$/, // sha256 of the BSDs, sha256sum --tag
  /^SHA256 +(?<digest>[0-9a-fA-F]{64}) +(?<name>.+)$/, // Get-FileHash of PowerShell
];

/**
 * Reads what `sha256sum` (or its sisters) printed: a digest and a name a line; folders in front of a name, empty lines and lines with `#` mean
 * nothing. Refuses `input.missing`, `rebuild.unreadable`.
 */
export function readDigestLines(pasted: string): RebuiltFile[] {
  const lines = pasted.split(/\r?\n/).map((line) => line.trim());
  if (lines.length > linesMost) throw unreadable(linesMost + 1, 'these are more lines than a release has files');
  const found = new Map<FileName, Sha256>();
  for (const [at, line] of lines.entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const { name, sha256 } = readDigestLine(line, at + 1);
    const before = found.get(name);
    if (before !== undefined && before !== sha256) throw unreadable(at + 1, `${name} stands there with two digests`);
    found.set(name, sha256);
  }
  if (found.size === 0) throw refuse('input.missing', { field: 'the digests, as sha256sum prints them' });
  return [...found].map(([name, sha256]) => ({ name, sha256 })).sort(byName);
}

const unreadable = (line: number, why: string) => refuse('rebuild.unreadable', { line, why });

function readDigestLine(line: string, number: number): RebuiltFile {
  const { digest, name } = forms.map((form) => form.exec(line)?.groups).find((groups) => groups !== undefined) ?? {};
  if (digest === undefined || name === undefined) throw unreadable(number, 'it has no digest and name');
  try {
    const own = name.split(/[/\\]/).at(-1);
    return { name: readFileName(own), sha256: readSha256(digest.toLowerCase()) };
  } catch (fault) {
    if (isRefusal(fault)) throw unreadable(number, 'what it names is no file of a release');
    throw fault;
  }
}

/** What was rebuilt beside what the statement binds, sorted by name. Refuses `rebuild.other-file` for a file that is not in it. */
export function compareRebuild(bound: readonly StatementFile[], rebuilt: readonly RebuiltFile[]): ComparedRebuild[] {
  const digests = new Map(bound.map(({ name, sha256 }) => [name, sha256]));
  const compared = rebuilt.map(({ name, sha256 }) => {
    const expected = digests.get(name);
    if (expected === undefined) throw refuse('rebuild.other-file', { name });
    return { name, sha256, expected, isSame: expected === sha256 };
  });
  return compared.sort(byName);
}

/** What came of it, behind the person's name: "rebuilt all 2 files and got the same digests". `of`: how many files the revision has. */
export function sayRebuild(files: readonly { name: string; isSame: boolean }[], of: number): string {
  const same = files.filter(({ isSame }) => isSame).length;
  const others = files.filter(({ isSame }) => !isSame).map(({ name }) => name);
  const digests = of === 1 ? 'the same digest' : 'the same digests';
  if (others.length === 0) return `rebuilt ${countOf(files.length, of)} and got ${digests}`;
  const rest = same === 0 ? '' : `, and the same for ${same} of them`;
  return `rebuilt ${countOf(files.length, of)} and got another digest for ${others.join(', ')}${rest}`;
}

function countOf(count: number, of: number): string {
  if (of === 1) return 'the one file';
  return count === of ? `all ${of} files` : `${count} of ${of} files`;
}
