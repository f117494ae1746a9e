// The files of one release beside each other by their names: no two that an installer would choose between by rules of its own, so that what people looked at is
// what everybody gets (python-index.md 5.3: a second sdist, the same content under another name). Two spellings of one name are among them.
import { refuse } from '#lib/core/errors.ts';
import { readDistributionName } from './file-name.ts';

export type ReleaseFileName = { readonly name: string; readonly sha256: string };

/** Names are those of one project and version. Refuses `draft.two-alike`. */
export function requireDistinctFiles(files: readonly ReleaseFileName[]): void {
  const seen = new Map<string, string>();
  for (const { name, sha256 } of files) {
    for (const [place, why] of [placeOf(name), [sha256, 'hold the same bytes, so one of them was renamed']] as const) {
      const other = seen.get(place);
      if (other !== undefined) throw refuse('draft.two-alike', { one: other, other: name, why });
      seen.set(place, name);
    }
  }
}

/** Installers know an sdist by its version, and a wheel by version, build and tags (PEP 425, 427). */
function placeOf(fileName: string): readonly [place: string, why: string] {
  const name = readDistributionName(fileName);
  if (name.kind === 'sdist') return ['sdist', 'are both source distributions of it'];
  const place = `${name.build ?? ''} ${[...name.tags].sort().join(' ')}`.toLowerCase();
  return [place, 'are both its wheel for the very same Pythons and platforms'];
}
