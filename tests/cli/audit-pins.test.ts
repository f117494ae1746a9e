// `countersign audit` of an index that is trusted already: it asks nobody, holds the log to the checkpoint that was seen, moves that on when everything fits, and
// leaves the pins as they were when anything does not. Two stories are kept as evidence.
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readNote } from '#lib/evidence/checkpoint.ts';
import { checkpointPath } from '#lib/evidence/log-tree.ts';
import { pinnedIndexes } from '#cli/trust/store.ts';
import { auditCommand } from '#cli/commands/audit.ts';
import { copyOf } from '../support/evil-index.ts';
import { openLiedTo, type LiedTo } from '../support/lied-to.ts';
import { minute, type Scene } from '../support/scene.ts';
import { openOneRelease, publishLater } from '../support/two-releases.ts';

let held: LiedTo;
beforeAll(async () => {
  held = await openLiedTo(await openOneRelease());
  expect(await held.verify('demo==1.0', {}, true)).toMatchObject({ exit: 0 });
  held.remember();
});
afterEach(() => held.again());
afterAll(() => held?.close());

const audit = () => auditCommand({ projects: [], json: true }, { ...held.client, ask: null });
const seenSize = (): number =>
  readNote(Buffer.from(pinnedIndexes(held.client.home)[0]?.log?.checkpoint ?? '')).checkpoint.size;
const servedSize = (): number => readNote(held.index.tree.get(checkpointPath) ?? Buffer.alloc(0)).checkpoint.size;

/** The index a while later, with a release more. */
async function later(): Promise<Scene> {
  const scene = await copyOf(held.scene);
  scene.now += minute;
  await publishLater(scene);
  held.at(scene.now);
  await held.serve(scene);
  return scene;
}

describe('an audit of a trusted index', () => {
  it('moves the pin of the log on when there is no difference', async () => {
    const before = seenSize();
    const scene = await later();
    expect(await audit()).toMatchObject({ exit: 0, err: '' });
    expect([seenSize(), seenSize() > before]).toEqual([servedSize(), true]);
    scene.close();
  });

  it('leaves everything that is kept as it was when there is one', async () => {
    const scene = await later();
    held.index.tree.delete('simple/demo/index.html');
    const before = held.picture();
    const { exit, out } = await audit();
    expect([exit, out]).toEqual([1, expect.stringContaining('"not-served"')]);
    expect(held.picture()).toEqual(before);
    scene.close();
  });

  it('ends at a log that tells another story, and keeps both checkpoints to be shown to others', async () => {
    const scene = await later();
    expect(await audit()).toMatchObject({ exit: 0 });
    const before = held.picture();
    const evil = await copyOf(held.scene);
    evil.now = scene.now + minute;
    await publishLater(evil);
    held.at(evil.now);
    await held.serve(evil);
    const { exit, out } = await audit();
    expect([exit, out]).toEqual([1, expect.stringMatching(/"code":"log\.(?:forked|went-back)"/)]);
    expect(held.picture()).toEqual(before);
    const kept = /kept in (\S+);/.exec(held.client.told.join('\n'))?.[1] ?? '';
    expect(JSON.parse(readFileSync(kept, 'utf8'))).toMatchObject({
      seen: expect.any(String),
      served: expect.any(String),
    });
    for (const one of [scene, evil]) one.close();
  });
});
