// Evidence bundles made from a scene by the code that makes real ones: a 2-of-3 release of demo 1.0, whose wheel chi signed by itself, under the
// second policy of a chain.
import type { FileName, ProjectName, Version } from '#lib/core/ids.ts';
import { noteCheck } from '#lib/digest/ed25519.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { gatherBundle } from '#lib/evidence/gather-bundle.ts';
import { packReleaseBundle, type BundleEntries } from '#lib/evidence/release-bundle.ts';
import {
  ada,
  addDraft,
  addPolicy,
  bo,
  chi,
  demo,
  firstPolicy,
  minute,
  nextPolicy,
  openScene,
  sdist,
  sdistName,
  sign,
  wheel,
  wheelName,
  type Scene,
} from './scene.ts';

export const checking = { hashing, note: noteCheck };

/** A scene whose demo 1.0 is published: ada founded it with bo; the threshold went from one to two; ada and bo signed, chi the wheel alone. */
export async function publishedScene(): Promise<Scene> {
  const scene = await openScene();
  const people = firstPolicy().people;
  addPolicy(scene, firstPolicy({ threshold: 1, people: people.slice(0, 2) }));
  addPolicy(scene, nextPolicy(scene, { threshold: 2, people }), [ada, bo]);
  const draft = addDraft(scene, [ada, bo]);
  draft.filePackets.set(wheelName, [sign(chi, wheel())]);
  await scene.round();
  scene.now += minute;
  return scene;
}

/** What the index of the scene serves, as a reader of paths. */
export async function readerOf(scene: Scene): Promise<(path: string) => Promise<Uint8Array | null>> {
  const tree = await scene.tree();
  return (path) => Promise.resolve(tree.get(path) ?? null);
}

/** The bundle of a release of demo, unpacked. */
export async function bundleOf(scene: Scene, version = '1.0'): Promise<BundleEntries> {
  const wanted = { project: demo satisfies ProjectName, version: version as Version };
  const entries = await gatherBundle(await readerOf(scene), wanted, { checking, now: scene.now });
  if (!entries) throw new Error('there is no such release');
  return entries;
}

export const zipOf = async (scene: Scene): Promise<Uint8Array> => packReleaseBundle(await bundleOf(scene));

/** The files of the release by name. */
export const releaseFiles = (): ReadonlyMap<FileName, Buffer> =>
  new Map([
    [wheelName, wheel()],
    [sdistName, sdist()],
  ]);
