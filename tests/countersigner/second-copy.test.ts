// One state, one countersigner (threats.md, 99): a copy of the state folder that signs too, a state that was put back, a web program that was put back: each is
// seen before anything more is signed, whoever of them came first.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { copyFolder } from '../support/copy-folder.ts';
import { counting, requireCounted } from '../../countersigner/counter.ts';
import { runRound } from '../../countersigner/round.ts';
import { openStore } from '../../countersigner/store.ts';
import { refusalOf } from '../support/pgp.ts';
import { ada, addDraft, addPolicy, bo, openScene, signedSoFar, type Scene } from '../support/scene.ts';

let scene: Scene;
let copy: string;
beforeEach(async () => {
  scene = await openScene();
  copy = mkdtempSync(path.join(tmpdir(), 'second-'));
  addPolicy(scene);
  // The web program as it is: it names the newest hand-back, and takes only what follows it.
  const { queue } = scene.web;
  scene.web.queue = async () => {
    const last = scene.posts.at(-1);
    return { ...(await queue()), handback: last ? sha256Hex(last) : null };
  };
  await scene.round();
});
afterEach(() => {
  scene.close();
  rmSync(copy, { recursive: true, force: true });
});

const takeCopy = (): void => copyFolder(scene.folder, copy);

/** A round of the copy, with the same keys and the same web program. */
const roundOfCopy = () =>
  runRound({
    ...{ store: openStore(copy), keys: scene.keys, web: scene.web, now: () => scene.now },
    ...{ judges: scene.judges, setAside: scene.setAside },
  });

test('a second copy is refused once the first one has signed something', async () => {
  takeCopy();
  addDraft(scene, [ada, bo]);
  await scene.round();
  const before = await signedSoFar(scene);
  expect(await refusalOf(roundOfCopy)).toBe('countersigner.went-back');
  expect(await signedSoFar(scene)).toEqual(before);
});

test('two copies that both signed the same number: whoever comes second signs nothing more', async () => {
  takeCopy();
  addDraft(scene, [ada, bo]);
  await scene.round();
  // The copy signs as many without the web program hearing of it.
  const posts = [...scene.posts];
  const before = posts.length - 1;
  scene.posts.splice(before);
  scene.now += 1000;
  await roundOfCopy();
  expect(scene.posts.length).toBe(posts.length);
  expect(sha256Hex(scene.posts.at(-1) ?? new Uint8Array())).not.toBe(sha256Hex(posts.at(-1) ?? new Uint8Array()));
  expect(await refusalOf(() => scene.round())).toBe('countersigner.second-copy');
});

test('a web program that was put back is waited for', async () => {
  const posts = [...scene.posts];
  scene.posts.pop();
  expect(await refusalOf(() => scene.round())).toBe('countersigner.web-went-back');
  scene.posts.splice(0, scene.posts.length, ...posts);
  expect((await scene.round()).findings).toEqual([]);
});

test('the count outside the folder refuses a state that was put back together with the web program', async () => {
  const file = path.join(copy, 'counter');
  scene.web = counting(scene.web, openStore(scene.folder), file);
  requireCounted(openStore(scene.folder), file);
  const state = path.join(scene.folder, 'instance.json');
  const old = readFileSync(state);
  addDraft(scene, [ada, bo]);
  await scene.round();
  expect(Number(readFileSync(file, 'utf8'))).toBe(scene.posts.length);
  requireCounted(openStore(scene.folder), file);
  writeFileSync(state, old);
  expect(await refusalOf(async () => requireCounted(openStore(scene.folder), file))).toBe('countersigner.counter');
  writeFileSync(file, 'many');
  expect(await refusalOf(async () => requireCounted(openStore(scene.folder), file))).toBe('countersigner.settings');
});
