// Files that come in several requests: who may go on with them and where, what a kill leaves, what is thrown away, and when.
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '#lib/core/people.ts';
import { limits } from '#lib/server/limits.ts';
import { waitingUploads } from '#lib/server/queries/uploads.ts';
import { changeFiles } from '#lib/server/commands/change-files.ts';
import { openDraft } from '#lib/server/commands/open-draft.ts';
import { beginUpload } from '#lib/server/uploads/begin-upload.ts';
import { continueUpload, dropUpload } from '#lib/server/uploads/continue-upload.ts';
import { findUpload, stateOf } from '#lib/server/uploads/file-upload.ts';
import { sweepFiles, sweepUploads } from '#lib/server/uploads/sweep-uploads.ts';
import { withUploads } from '#lib/server/uploads/use-uploads.ts';
import { expectRefusal } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import {
  makeDraft,
  makePerson,
  makeProject,
  makeSdist,
  makeWheel,
  makeWorld,
  storeUpload,
  type World,
} from '../support/story.ts';

let runtime: TestRuntime;
let world: World;
beforeAll(async () => {
  runtime = await openTestRuntime();
  world = await makeWorld();
});
afterAll(() => runtime.close());

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
let made = 0;
/** A wheel of a version of its own. */
const nextWheel = (): { name: string; bytes: Buffer } => makeWheel(world.project, `5.${(made += 1)}.0`);

const begin = (actor: Actor, { name, bytes }: { name: string; bytes: Uint8Array }, project = world.project) =>
  beginUpload(actor, { project, name, size: bytes.length, sha256: sha256Of(bytes) });
const send = (actor: Actor, id: string, bytes: Uint8Array, offset = 0) =>
  continueUpload(actor, id, { offset, bytes: Readable.from([bytes]) });
/** What comes before the connection breaks. */
async function* brokenAfter(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
  throw new Error('connection reset');
}
const partsOf = async (): Promise<string[]> => {
  const ids: string[] = [];
  for await (const id of runtime.files.parts.uploads()) ids.push(id);
  return ids;
};

describe('an upload', () => {
  it('goes on where it broke off, and its file is in the store once all of it came', async () => {
    const { ada } = world;
    const wheel = nextWheel();
    const { id, offset } = await begin(ada.actor, wheel);
    expect(offset).toBe(0);
    const first = await continueUpload(ada.actor, id, { offset: 0, bytes: brokenAfter(wheel.bytes.subarray(0, 100)) });
    expect([first.offset, first.isStored]).toEqual([100, false]);
    const done = await send(ada.actor, id, wheel.bytes.subarray(100), 100);
    expect([done.offset, done.isStored]).toEqual([wheel.bytes.length, true]);
    expect((await runtime.files.read(done.sha256)).equals(wheel.bytes)).toBe(true);
    expect(await partsOf()).toEqual([]);
  });

  it('of the same file by the same person is one, and goes on; of another person it is another', async () => {
    const wheel = nextWheel();
    const { id } = await begin(world.ada.actor, wheel);
    await continueUpload(world.ada.actor, id, { offset: 0, bytes: brokenAfter(wheel.bytes.subarray(0, 10)) });
    expect(await begin(world.ada.actor, wheel)).toMatchObject({ id, offset: 10 });
    const ofBo = await begin(world.bo.actor, wheel);
    expect([ofBo.id === id, ofBo.offset]).toEqual([false, 0]);
    await dropUpload(world.ada.actor, id);
    await dropUpload(world.bo.actor, ofBo.id);
  });

  it('is refused at another byte than the one at which it goes on, which is said', async () => {
    const wheel = nextWheel();
    const { id } = await begin(world.ada.actor, wheel);
    await expectRefusal(() => send(world.ada.actor, id, wheel.bytes, 7), 'upload.wrong-offset');
    await expect(send(world.ada.actor, id, wheel.bytes, 7)).rejects.toMatchObject({ details: { kept: 0, offset: 7 } });
    await dropUpload(world.ada.actor, id);
  });

  it('of other bytes than were declared is thrown away whole', async () => {
    const wheel = nextWheel();
    const { id } = await begin(world.ada.actor, wheel);
    const other = Buffer.from(wheel.bytes);
    other[0] = 0;
    await expect(send(world.ada.actor, id, other)).rejects.toMatchObject({ code: 'upload.digest-differs' });
    await expect(findUpload(world.ada.actor, id)).rejects.toMatchObject({ code: 'upload.not-found' });
    expect([await partsOf(), await runtime.files.has(sha256Of(other) as never)]).toEqual([[], false]);
  });

  it('takes no byte more than it declared', async () => {
    const wheel = nextWheel();
    const { id } = await begin(world.ada.actor, wheel);
    const longer = Buffer.concat([wheel.bytes, Buffer.from('x')]);
    await expect(send(world.ada.actor, id, longer)).rejects.toMatchObject({ code: 'upload.too-large' });
    await dropUpload(world.ada.actor, id);
  });

  it('is taken over by a newer request, and the older one writes nothing more', async () => {
    const { ada } = world;
    const wheel = nextWheel();
    const { id } = await begin(ada.actor, wheel);
    let goOn: (bytes: Buffer) => void = () => undefined;
    const hangs = (async function* () {
      yield wheel.bytes.subarray(0, 5);
      yield await new Promise<Buffer>((resolve) => (goOn = resolve));
    })();
    let began: () => void = () => undefined;
    const isWriting = new Promise<void>((resolve) => (began = resolve));
    runtime.hold = async (point) => (point === 'upload.writer' ? began() : undefined);
    const older = continueUpload(ada.actor, id, { offset: 0, bytes: hangs });
    const refused = expect(older).rejects.toMatchObject({ code: 'upload.taken-over' });
    await isWriting;
    delete runtime.hold;
    const newer = await continueUpload(ada.actor, id, { offset: 0, bytes: brokenAfter(wheel.bytes.subarray(0, 50)) });
    expect(newer.offset).toBe(50);
    goOn(Buffer.from('other bytes'));
    await refused;
    expect((await send(ada.actor, id, wheel.bytes.subarray(50), 50)).isStored).toBe(true);
  });

  it.each(['upload.in-store', 'upload.stored'])(
    'that was cut off at %s is completed by its last byte',
    async (point) => {
      const { ada } = world;
      const wheel = nextWheel();
      const { id } = await begin(ada.actor, wheel);
      runtime.hold = async (reached) => {
        if (reached === point) throw new Error('killed');
      };
      await expect(send(ada.actor, id, wheel.bytes)).rejects.toThrow('killed');
      delete runtime.hold;
      const { offset, isStored, size } = await stateOf(await findUpload(ada.actor, id));
      if (!isStored) expect(offset).toBe(size - 1);
      const done = await send(ada.actor, id, wheel.bytes.subarray(offset), offset);
      expect([done.isStored, done.offset]).toEqual([true, size]);
      await sweepUploads();
      expect(await partsOf()).toEqual([]);
    },
  );
});

describe('whoever did not begin an upload', () => {
  it('is told that there is none: strangers, and also people of the project', async () => {
    const stranger = await makePerson('zoe');
    const { id } = await begin(world.ada.actor, nextWheel());
    for (const { actor } of [stranger, world.bo])
      await expectRefusal(() => send(actor, id, Buffer.from('x')), 'upload.not-found');
    await expectRefusal(() => dropUpload(world.bo.actor, id), 'upload.not-found');
    await expectRefusal(() => send({ kind: 'visitor' }, id, Buffer.from('x')), 'person.sign-in-first');
    await dropUpload(world.ada.actor, id);
  });

  it('begins none for a project that is not theirs, and none of a file of another project', async () => {
    const stranger = await makePerson('yan');
    const wheel = nextWheel();
    await expectRefusal(() => begin(stranger.actor, wheel), 'person.may-not');
    await expectRefusal(() => begin(world.ada.actor, makeWheel('sunset')), 'draft.other-project');
    await expectRefusal(
      () => begin(world.ada.actor, { name: 'id_ed25519', bytes: wheel.bytes }),
      'distribution.file-name',
    );
  });
});

describe('a draft of uploads', () => {
  it('has their files, and they are forgotten then', async () => {
    const { ada } = world;
    const wheel = nextWheel();
    const { id, sha256 } = await begin(ada.actor, wheel);
    await send(ada.actor, id, wheel.bytes);
    const target = { project: world.project };
    const open = () =>
      withUploads(ada.actor, target, [id], (uploads) => openDraft(ada.actor, { ...target, uploads, signatures: [] }));
    const { draft } = await open();
    const files = await runtime.db.draftFile.findMany({ where: { draftId: draft } });
    expect(files.map((file) => [file.name, file.sha256])).toEqual([[wheel.name, sha256]]);
    await expectRefusal(open, 'upload.not-found');
  });

  it('is not opened with one that is not complete, of somebody else or of another project', async () => {
    const { ada, bo, project } = world;
    const wheel = nextWheel();
    const { id } = await begin(ada.actor, wheel);
    const use = (actor: Actor, to: string) => () =>
      withUploads(actor, { project: to }, [id], (uploads) =>
        openDraft(actor, { project: to, uploads, signatures: [] }),
      );
    await expectRefusal(use(ada.actor, project), 'upload.unfinished');
    await send(ada.actor, id, wheel.bytes);
    await expectRefusal(use(bo.actor, project), 'upload.not-found');
    const other = await makeProject(ada, 'elsewhere');
    await expectRefusal(use(ada.actor, other), 'upload.other-project');
    await dropUpload(ada.actor, id);
  });
});

describe('limits', () => {
  it('of a file hold before a byte of it comes', async () => {
    const wanted = { project: world.project, name: nextWheel().name, sha256: '0'.repeat(64) };
    const wish = (size: number) => () => beginUpload(world.ada.actor, { ...wanted, size });
    await expectRefusal(wish(limits.uploadBytesMax + 1), 'upload.too-large');
    await expectRefusal(wish(0), 'upload.nothing');
  });

  it('of a project count what uploads declared, also of two that begin at once', async () => {
    const { ada, bo, project } = world;
    const size = limits.uploadBytesMax;
    const wish = (at: number) =>
      beginUpload((at % 2 ? ada : bo).actor, {
        project,
        size,
        name: nextWheel().name,
        sha256: sha256Of(randomBytes(8)),
      });
    const most = Math.floor(limits.unpublishedBytesPerProjectMax / size);
    const begun: string[] = [];
    for (let at = 0; at < most - 1; at += 1) begun.push((await wish(at)).id);
    const last = await Promise.allSettled([wish(0), wish(1)]);
    const codes = last.map((one) => (one.status === 'rejected' ? (one.reason as { code: string }).code : 'begun'));
    expect(codes.filter((code) => code === 'begun').length).toBeLessThan(2);
    expect(codes).toContain('project.no-room');
    await runtime.db.fileUpload.deleteMany({ where: { size: BigInt(size) } });
    expect(begun).toHaveLength(most - 1);
  });
});

describe('limits of drafts', () => {
  it('hold in the change itself: of what a project has unpublished, and of all files of a release', async () => {
    const { ada, project } = world;
    const upload = await storeUpload(nextWheel());
    const { id } = await begin(ada.actor, nextWheel());
    const setSize = (size: number) => runtime.db.fileUpload.update({ where: { id }, data: { size: BigInt(size) } });
    await setSize(limits.unpublishedBytesPerProjectMax);
    const open = () => openDraft(ada.actor, { project, uploads: [upload], signatures: [] });
    await expectRefusal(open, 'project.no-room', 'file.refused');
    await dropUpload(ada.actor, id);
    const { draft, version } = await open();
    await runtime.db.draftFile.updateMany({
      where: { draftId: draft },
      data: { size: BigInt(limits.releaseBytesMax) },
    });
    const more = await storeUpload(makeSdist(project, version));
    const add = () => changeFiles(ada.actor, { draft, uploads: [more], remove: [], signatures: [] });
    await expectRefusal(add, 'release.too-large', 'file.refused');
    await runtime.db.draftFile.updateMany({ where: { draftId: draft }, data: { size: 1n } });
    expect((await add()).revision).toBe(2);
  });
});

describe('what was left lying', () => {
  it('of an upload goes when its time is over, which everybody is told; what comes makes it longer', async () => {
    const wheel = nextWheel();
    const { id } = await begin(world.ada.actor, wheel);
    await continueUpload(world.ada.actor, id, { offset: 0, bytes: brokenAfter(wheel.bytes.subarray(0, 10)) });
    const told = await waitingUploads(world.ada.actor, world.project);
    expect(told.find((one) => one.id === id)).toMatchObject({ offset: 10, isComplete: false });
    runtime.advance(limits.uploadKeptMs - 1000);
    await sweepUploads();
    expect(await partsOf()).toEqual([id]);
    runtime.advance(1000);
    await expectRefusal(() => send(world.ada.actor, id, wheel.bytes, 10), 'upload.not-found');
    await sweepUploads();
    expect([await partsOf(), await runtime.db.fileUpload.count({ where: { id } })]).toEqual([[], 0]);
  });

  it('in the store goes after a day where nothing names it, and else never', async () => {
    const { ada, project } = world;
    const draft = await makeDraft(ada, project, '6.1.0');
    const unnamed = await storeUpload(nextWheel());
    const wheel = nextWheel();
    const { id, sha256 } = await begin(ada.actor, wheel);
    await send(ada.actor, id, wheel.bytes);
    const inDraft = await runtime.db.draftFile.findMany({ where: { draftId: draft.draft } });
    runtime.setTime(new Date().toISOString());
    expect(await sweepFiles()).toBe(0);
    // Two days after everything came, by the clock of the disk.
    runtime.setTime(new Date(Date.now() + 2 * 86_400_000).toISOString());
    await runtime.db.fileUpload.updateMany({
      where: { id },
      data: { expiresAt: new Date(Date.now() + 9 * 86_400_000) },
    });
    await sweepFiles();
    expect(await runtime.files.has(unnamed.stored.sha256)).toBe(false);
    for (const file of [{ sha256 }, ...inDraft]) expect(await runtime.files.has(file.sha256 as never)).toBe(true);
  });

  it('in the store stays when it comes again while it is being looked at, and a draft can have it', async () => {
    const { ada, project } = world;
    const wheel = nextWheel();
    const { stored } = await storeUpload(wheel);
    const { since } = await entryOf(stored.sha256);
    runtime.setTime(new Date(since.getTime() + limits.unnamedFilesKeptMs + 1).toISOString());
    let draft = '';
    runtime.hold = async (point) => {
      if (point !== 'sweep.named') return;
      delete runtime.hold;
      await later(since);
      const upload = await storeUpload(wheel);
      draft = (await openDraft(ada.actor, { project, uploads: [upload], signatures: [] })).draft;
    };
    await sweepFiles();
    expect(draft).not.toBe('');
    expect(await runtime.files.has(stored.sha256)).toBe(true);
  });
});

async function entryOf(sha256: string) {
  for await (const file of runtime.files.list()) if (file.sha256 === sha256) return file;
  throw new Error('It is not in the store.');
}

/** The clock of the disk has gone on. */
async function later(than: Date): Promise<void> {
  while (Date.now() <= than.getTime() + 1) await new Promise((resolve) => setImmediate(resolve));
}
