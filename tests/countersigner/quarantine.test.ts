// What was published is judged again when a strike is in force or a certificate came: what falls is quarantined by its next record, stays in the
// evidence, and comes back when enough people of the policy in force have signed it again.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { renderInstant } from '#lib/core/ids.ts';
import type { Policy } from '#lib/core/policy.ts';
import { readRecord } from '#lib/core/release.ts';
import { readReleaseList } from '#lib/core/release-list.ts';
import { readKeyring } from '#lib/evidence/keyring.ts';
import { readSignatures } from '#lib/pgp/read-signatures.ts';
import { readPageHtml, readPageJson } from '#lib/simple/parse.ts';
import { treePlace } from '../../countersigner/instance-state.ts';
import { openStore } from '../../countersigner/store.ts';
import { makeZip, wheelFiles } from '../support/archives.ts';
import {
  ada,
  addDraft,
  addPolicy,
  bo,
  chi,
  compromised,
  eve,
  minute,
  nextPolicy,
  openScene,
  retired,
  revoke,
  sign,
  type Scene,
  type SceneDraft,
  type Signer,
} from '../support/scene.ts';

let scene: Scene;
let draft: SceneDraft;
beforeEach(async () => {
  scene = await openScene();
  addPolicy(scene);
  draft = addDraft(scene, [ada, bo]);
  await scene.round();
  scene.now += 10 * minute;
});
afterEach(() => scene.close());

const need = async (place: string): Promise<Uint8Array> => {
  const bytes = (await scene.tree()).get(place);
  if (!bytes) throw new Error(`${place} was not posted`);
  return bytes;
};
const recordNow = async (serial: number, version = '1.0') =>
  readRecord(await need(`evidence/demo/releases/${version}/${serial}.json`));
const offered = async () => readPageJson(await need('simple/demo/index.json')).files.map((file) => file.name);

const owner = ({ name, key }: Signer) => ({ name, role: 'owner' as const, keys: [key] });
const maintainer = ({ name, key }: Signer) => ({ name, role: 'maintainer' as const, keys: [key] });
const strike = ({ name, key }: Signer, since: number | null = null) => ({
  ...{ name, keys: [key], reason: 'account compromised' },
  since: since === null ? null : renderInstant(since),
});

/** The owner puts a policy in force. */
function change(policy: Partial<Policy>, by: readonly Signer[] = [ada]): void {
  addPolicy(scene, nextPolicy(scene, policy), by, scene.now - minute);
}
const strikeBo = (since: number | null = null) =>
  change({ people: [owner(ada), maintainer(chi)], struck: [strike(bo, since)] });

function signAgain(...people: Signer[]): void {
  for (const one of people) draft.packets.push(sign(one, draft.statement, scene.now - minute));
}

describe('a release that fell below its threshold', () => {
  test('by a strike is quarantined: next record with the reason, list, neither page; its evidence stays', async () => {
    strikeBo();
    expect(await scene.round()).toMatchObject({ policies: ['demo'], quarantined: ['demo 1.0'], findings: [] });
    expect(await recordNow(2)).toMatchObject({
      ...{ state: 'quarantined', policy: 1, yanked: null },
      reason: '1 of 2 signatures count: bo was struck by the owners.',
      signatures: [{ person: 'ada' }, { person: 'bo' }],
    });
    expect(readReleaseList(await need('evidence/demo/releases.json'))).toMatchObject({
      ...{ policy: 2, versions: { '1.0': { serial: 2 } } },
    });
    expect(await offered()).toEqual([]);
    expect(readPageHtml(await need('simple/demo/index.html')).files).toEqual([]);
    expect(await recordNow(1)).toMatchObject({ state: 'published' });
    expect(await readSignatures(await need('evidence/demo/releases/1.0/SHA256SUMS.asc'))).toHaveLength(2);
  });

  test('by a hard revocation is quarantined as soon as the certificate is handed over, and the index serves that certificate', async () => {
    revoke(scene, bo, compromised);
    expect(await scene.round()).toMatchObject({ policies: [], quarantined: ['demo 1.0'] });
    expect((await recordNow(2)).reason).toBe('1 of 2 signatures count: the key of bo was revoked as compromised.');
    const served = new Map([[bo.key, await need(`keys/${bo.key}.asc`)]]);
    expect((await readKeyring(served, scene.now)).facts.get(bo.key)?.revocation?.kind).toBe('hard');
  });

  test('is quarantined once: the rounds after it post nothing more', async () => {
    strikeBo();
    await scene.round();
    const posts = scene.posts.length;
    scene.now += minute;
    expect(await scene.round()).toMatchObject({ quarantined: [], findings: [] });
    expect(scene.posts).toHaveLength(posts);
  });

  test('says anew why, when another signature falls', async () => {
    strikeBo();
    await scene.round();
    revoke(scene, ada, compromised);
    await scene.round();
    expect((await recordNow(3)).reason).toBe(
      '0 of 2 signatures count: the key of ada was revoked as compromised; bo was struck by the owners.',
    );
  });

  test('does not wait for another one that cannot be judged, nor for a project that cannot be written', async () => {
    const metadata = 'Metadata-Version: 2.1\nName: demo\nVersion: 2.0\n\n';
    const wheel = makeZip(wheelFiles({ info: 'demo-2.0.dist-info', files: { 'demo/__init__.py': '' }, metadata }));
    const files = { 'demo-2.0-py3-none-any.whl': wheel };
    addDraft(scene, [ada, bo], { id: 'bbbbbbbbbbbb', statement: { version: '2.0' as never }, files });
    await scene.round();
    const store = openStore(scene.folder);
    const statement = treePlace('evidence/demo/releases/1.0/SHA256SUMS');
    const kept = store.read(statement) ?? Buffer.alloc(0);
    store.remove(statement);
    strikeBo();
    const report = await scene.round();
    expect(report).toMatchObject({
      quarantined: ['demo 2.0'],
      findings: [{ draft: '6f2c9d1e4b7a', code: 'internal' }],
    });
    const record = treePlace('evidence/demo/releases/2.0/2.json');
    const signed = store.read(record) ?? Buffer.alloc(0);
    store.commit(
      new Map<string, Uint8Array>([
        [statement, kept],
        [record, Buffer.from('damaged')],
      ]),
    );
    expect(await scene.round()).toMatchObject({ quarantined: [], refused: [{ project: 'demo' }] });
    store.commit(new Map([[record, signed]]));
    expect(await scene.round()).toMatchObject({ quarantined: ['demo 1.0'], findings: [] });
  });
});

describe('a release that keeps enough signatures', () => {
  test('stays when a third signature makes up for the one that fell, and its next record names those who are left', async () => {
    signAgain(chi);
    scene.drafts.delete('6f2c9d1e4b7a' as never);
    scene.close();
    scene = await openScene();
    addPolicy(scene);
    addDraft(scene, [ada, bo, chi]);
    await scene.round();
    strikeBo();
    expect((await scene.round()).quarantined).toEqual([]);
    const record = await recordNow(2);
    expect([record.state, record.reason, record.signatures.map(({ person }) => person)]).toEqual([
      ...['published', null],
      ['ada', 'chi'],
    ]);
    expect(await offered()).toHaveLength(2);
  });

  test.each([
    ['a soft revocation', () => revoke(scene, bo, retired)],
    ['a strike since a later moment', () => strikeBo(scene.now - minute)],
    [
      'a retirement',
      () =>
        change({
          people: [owner(ada), maintainer(chi)],
          retired: [{ ...strike(bo), reason: undefined, since: renderInstant(scene.now) } as never],
        }),
    ],
    ['a higher threshold', () => change({ threshold: 3 })],
  ])('stays through %s', async (_, event) => {
    event();
    await scene.round();
    expect((await scene.tree()).has('evidence/demo/releases/1.0/2.json')).toBe(false);
    expect(await offered()).toHaveLength(2);
  });
});

describe('a quarantined release that is signed again', () => {
  beforeEach(async () => {
    strikeBo();
    await scene.round();
    draft.approved = false;
    scene.now += 10 * minute;
  });

  test('by somebody of the policy in force is published by its next record, with the signatures that count', async () => {
    const posts = scene.posts.length;
    expect((await scene.round()).published).toEqual([]);
    expect(scene.posts).toHaveLength(posts);
    signAgain(chi);
    expect((await scene.round()).published).toEqual(['demo 1.0']);
    const record = await recordNow(3);
    expect(record).toMatchObject({ state: 'published', reason: null, policy: 1 });
    expect(record.signatures.map(({ person, received }) => [person, received])).toEqual([
      ['ada', (await recordNow(1)).signatures[0]?.received],
      ['chi', renderInstant(scene.now)],
    ]);
    expect(await offered()).toHaveLength(2);
    expect(await readSignatures(await need('evidence/demo/releases/1.0/SHA256SUMS.asc'))).toHaveLength(2);
  });

  test('by somebody who joined since is published, though the policy of its record does not know them', async () => {
    change({ people: [owner(ada), maintainer(chi), maintainer(eve)] }, [ada, chi]);
    signAgain(eve);
    expect(await scene.round()).toMatchObject({ policies: ['demo'], published: ['demo 1.0'] });
    expect((await recordNow(3)).signatures.map(({ person }) => person)).toEqual(['ada', 'eve']);
  });

  test('still counts those whom its record names, whatever the web program hands over of them', async () => {
    draft.packets.length = 0;
    signAgain(chi);
    expect((await scene.round()).published).toEqual(['demo 1.0']);
  });

  test('falls again when that signature falls', async () => {
    signAgain(chi);
    await scene.round();
    change({ people: [owner(ada)], struck: [strike(bo), strike(chi)] }, [ada, chi]);
    expect(await scene.round()).toMatchObject({ quarantined: ['demo 1.0'], refused: [], findings: [] });
    expect((await recordNow(4)).reason).toBe('1 of 2 signatures count: chi was struck by the owners.');
  });
});
