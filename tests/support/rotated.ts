// A scene whose index, or whose log, gets another key: changed by the code that does it in earnest, and everything that is served signed anew. Its tree is
// read from then on as somebody reads it who knew the key before and follows the change.
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { readHandbackBy } from '#lib/evidence/handback-keys.ts';
import { readIndexKey, type IndexKey } from '#lib/evidence/index-signature.ts';
import { consistentPath, isTarget } from '#lib/evidence/tuf-tree.ts';
import { openKeys } from '../../countersigner/keys.ts';
import { rotateIndexKey, rotateLogKey, type Rotated } from '../../countersigner/rotate.ts';
import { openStore, type Store } from '../../countersigner/store.ts';
import { minute, type Scene } from './scene.ts';

/** The index gets another key. */
export const changeIndexKey = (scene: Scene): Promise<Rotated> =>
  change(scene, (store) => rotateIndexKey(store, 'file', scene.now));

/** Its log gets another key. */
export const changeLogKey = (scene: Scene): Promise<Rotated> =>
  change(scene, (store) => rotateLogKey(store, scene.now));

async function change(scene: Scene, rotate: (store: Store) => Promise<Rotated>): Promise<Rotated> {
  const key = await readIndexKey(scene.keys.armoredCertificate, scene.now);
  const [tree, from] = [await scene.tree(), scene.posts.length];
  scene.now += minute;
  const rotated = await rotate(openStore(scene.folder));
  scene.keys = await openKeys(openStore(scene.folder), scene.now);
  await scene.round();
  scene.now += minute;
  scene.tree = () => treeBy(scene, { key, tree, from });
  return rotated;
}

type Before = { key: IndexKey; tree: ReadonlyMap<string, Uint8Array>; from: number };

/** What stood there, and over it what was posted since then. */
async function treeBy(scene: Scene, { key, tree, from }: Before): Promise<Map<string, Uint8Array>> {
  const after = new Map(tree);
  let keys: readonly IndexKey[] = [key];
  for (const post of scene.posts.slice(from)) {
    const read = await readHandbackBy(post, { keys, at: scene.now, hashing });
    keys = read.keys;
    for (const [place, bytes] of read.handback.files) after.set(place, bytes);
  }
  return after;
}

/** The tree as it stands now, each target of TUF under its second name, too. */
export async function servedNow(scene: Scene): Promise<Map<string, Uint8Array>> {
  const tree = await scene.tree();
  const targets = [...tree].filter(([place]) => isTarget(place));
  return new Map([
    ...tree,
    ...targets.map(([place, bytes]) => [consistentPath(place, sha256Hex(bytes)), bytes] as const),
  ]);
}
