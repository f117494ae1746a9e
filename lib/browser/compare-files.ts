// Whether the files that somebody has are those of the release: by name and SHA-256, each named that is the same, differs, is missing or is too
// many. Pure; the digests of the release are those that the statement binds, the others were computed in this browser.
import type { Sha256 } from '#lib/core/ids.ts';

export type NamedDigest = { name: string; sha256: Sha256 | string };

export type ComparedFile =
  | { state: 'same'; name: string; sha256: string }
  | { state: 'differs'; name: string; expected: string; found: string }
  | { state: 'missing'; name: string; expected: string }
  | { state: 'extra'; name: string; found: string };

/** Every file of the release in its order, then what stands beside them. A name that was given twice differs where one of them does. */
export function compareFiles(release: readonly NamedDigest[], given: readonly NamedDigest[]): ComparedFile[] {
  const own = release.map(({ name, sha256: expected }): ComparedFile => {
    const found = given.filter((file) => file.name === name).map((file) => file.sha256);
    const other = found.find((sha256) => sha256 !== expected);
    if (other !== undefined) return { state: 'differs', name, expected, found: other };
    return found.length === 0 ? { state: 'missing', name, expected } : { state: 'same', name, sha256: expected };
  });
  const extra = given.filter(({ name }) => !release.some((file) => file.name === name));
  return [...own, ...extra.map(({ name, sha256 }): ComparedFile => ({ state: 'extra', name, found: sha256 }))];
}

/** Where two digests differ: for each group of four, whether it is another one. */
export function differingGroups(expected: string, found: string): { text: string; differs: boolean }[] {
  const groups = found.match(/.{1,4}/g) ?? [];
  return groups.map((text, at) => ({ text, differs: expected.slice(at * 4, at * 4 + 4) !== text }));
}
