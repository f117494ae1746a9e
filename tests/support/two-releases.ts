// A scene whose index has two releases of demo: 1.0, whose wheel somebody signed by itself, and 2.0, which its owner yanked. What pages, static servers
// and hostile indexes are tested with.
import type { FileName, Version } from '#lib/core/ids.ts';
import { makeTarGzip, makeZip, metadataText, wheelFiles } from './archives.ts';
import { ada, addDeclaration, addDraft, addPolicy, bo, chi, openScene, sign, wheel, wheelName } from './scene.ts';
import type { Scene } from './scene.ts';

export const laterWheelName = 'demo-2.0-py3-none-any.whl' as FileName;
export const laterSdistName = 'demo-2.0.tar.gz' as FileName;
/** Hostile on purpose: every page and terminal has to escape it. */
export const yankReason = 'breaks <b> on "3.14"';

/** The files of demo 2.0. */
export function laterFiles(): Record<string, Buffer> {
  const metadata = metadataText({ version: '2.0' });
  return {
    [laterWheelName]: makeZip(wheelFiles({ info: 'demo-2.0.dist-info', metadata })),
    [laterSdistName]: makeTarGzip([
      { path: 'demo-2.0/', type: '5' },
      { path: 'demo-2.0/PKG-INFO', content: metadata },
      { path: 'demo-2.0/pyproject.toml', content: '[build-system]\nrequires = []\n' },
      { path: 'demo-2.0/demo/__init__.py', content: 'x = 1\n' },
    ]),
  };
}

/** demo 1.0 alone. */
export async function openOneRelease(): Promise<Scene> {
  const scene = await openScene();
  addPolicy(scene);
  addDraft(scene, [ada, bo]).filePackets.set(wheelName, [sign(chi, wheel())]);
  await mustPublish(scene);
  return scene;
}

/** Adds demo 2.0, not yanked. */
export async function publishLater(scene: Scene): Promise<void> {
  addDraft(scene, [ada, bo], {
    ...{ id: 'bbbbbbbbbbbb', statement: { version: '2.0' as Version }, files: laterFiles() },
  });
  await mustPublish(scene);
}

/** demo 1.0, and demo 2.0 yanked. */
export async function openTwoReleases(): Promise<Scene> {
  const scene = await openOneRelease();
  await publishLater(scene);
  addDeclaration(scene, { version: '2.0' as Version, reason: yankReason });
  await mustPublish(scene);
  return scene;
}

async function mustPublish(scene: Scene): Promise<void> {
  const { published, declared, findings } = await scene.round();
  if (findings.length > 0 || published.length + declared.length === 0)
    throw new Error(`nothing was published: ${JSON.stringify(findings)}`);
}
