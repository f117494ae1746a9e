// The digests that a form declares of its files: fields `sha256`, each a line as sha256sum writes it, in front of the files. Programs must declare
// them (threats.md, 82): bytes that were changed or cut on the way are refused while they are received, and nothing of them is kept.
import { refuse } from '#lib/core/errors.ts';
import { readSha256, type Sha256 } from '#lib/core/ids.ts';

export type DeclaredDigests = {
  /** What the file must have; undefined: anything. Refuses `upload.digest-missing`, and what is no such line. */
  takeFor(name: string): Sha256 | undefined;
  /** Refuses `upload.file-missing` for a digest whose file did not come. */
  requireAllTaken(): void;
};

/** `lines`: what has come so far, growing while the form is read; hostile. `must`: every file needs one. */
export function declaredDigests(lines: () => readonly string[], must: boolean): DeclaredDigests {
  const taken = new Set<string>();
  return {
    takeFor: (name) => {
      const found = lines()
        .map(readLine)
        .find((line) => line.name === name);
      if (found === undefined && must) throw refuse('upload.digest-missing', { name: name.slice(0, 200) });
      taken.add(name);
      return found?.sha256;
    },
    requireAllTaken: () => {
      const missing = lines()
        .map(readLine)
        .find(({ name }) => !taken.has(name));
      if (missing !== undefined) throw refuse('upload.file-missing', { name: missing.name.slice(0, 200) });
    },
  };
}

function readLine(line: string): { name: string; sha256: Sha256 } {
  const [, sha256, name] = /^([0-9a-f]{64}) [ *](.+)$/s.exec(line) ?? [];
  if (sha256 === undefined || name === undefined)
    throw refuse('upload.malformed', { why: 'a digest in it is not as sha256sum writes it' });
  return { name, sha256: readSha256(sha256) };
}
