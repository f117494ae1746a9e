// Which targets a hand-back brings: its own documents and pages, and the distribution files that its records name (their bytes were fetched and
// checked before the record was signed; they never come this way). An index from before its first TUF metadata brings all that it has.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { readRecord } from '#lib/core/release.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { isTarget } from '#lib/evidence/tuf-tree.ts';
import { filePath } from '#lib/simple/page.ts';
import { treePlace } from '#countersigner/instance-state.ts';
import type { Store } from '#countersigner/store.ts';
import { readTufState, type TargetFacts } from './state.ts';

/** The first record of a release names its files; later ones repeat them. */
const firstRecord = /^evidence\/[^/]+\/releases\/[^/]+\/1\.json$/;

/** The targets among these paths of the tree, and the files of the releases that begin with them. */
export function targetsOf(written: ReadonlyMap<string, Uint8Array>): Map<string, TargetFacts> {
  const targets = new Map<string, TargetFacts>();
  for (const [place, bytes] of written) {
    if (!isTarget(place)) continue;
    targets.set(place, { sha256: hashing.sha256(bytes), length: bytes.length });
    if (!firstRecord.test(place)) continue;
    for (const { name, sha256, size } of readRecord(bytes).files)
      targets.set(filePath(sha256, name), { sha256, length: size });
  }
  return targets;
}

/** What our own copy of the tree holds, where no metadata tells it yet; else nothing. */
export function untold(store: Store): Map<string, Uint8Array> {
  const folder = store.at(treePlace(''));
  if (readTufState(store) !== null || !existsSync(folder)) return new Map();
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.flatMap((entry): [string, Uint8Array][] => {
      const place = path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/');
      const bytes = isTarget(place) ? store.read(treePlace(place)) : null;
      return bytes === null ? [] : [[place, bytes]];
    }),
  );
}
