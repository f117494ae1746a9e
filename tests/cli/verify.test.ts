// `countersign verify` against the tree of the real countersigner over HTTP: first contact needs a person or fingerprints, what was accepted is pinned, what must
// be acknowledged is asked, and a refusal leaves the pins as they were. How an index can lie is tests/attacks/client/.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { verifyCommand, type VerifyOptions } from '#cli/commands/verify.ts';
import { readGiven } from '#cli/trust/given.ts';
import { pinnedIndexes } from '#cli/trust/store.ts';
import { requireIndexKey } from '#cli/verify/index-key.ts';
import type { IndexName } from '#lib/core/ids.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { answering, type Client } from '../support/client.ts';
import type { HostileIndex } from '../support/hostile-index.ts';
import { refusalOf } from '../support/pgp.ts';
import { changeIndexKey, servedNow } from '../support/rotated.ts';
import {
  ada,
  addDraft,
  addPolicy,
  bo,
  chi,
  eve,
  firstPolicy,
  nextPolicy,
  openScene,
  wheel,
  wheelName,
  type Scene,
} from '../support/scene.ts';
import { codeOf, serveScene, type ServedScene } from '../support/served-scene.ts';
import { publishLater } from '../support/two-releases.ts';

let scene: Scene;
let served: ServedScene;
let index: HostileIndex;
let client: Client;
let indexKey: string;
beforeEach(async () => {
  scene = await openScene();
  addPolicy(scene);
  addDraft(scene, [ada, bo]);
  await scene.round();
  served = await serveScene(scene);
  ({ index, indexKey } = served);
  client = served.meet();
});
afterEach(async () => {
  client.close();
  await served.stop();
});

const goOn = () => served.goOn(client);
const given = () => served.given;
const verify = (more: Partial<VerifyOptions> = {}, ask: Client['ask'] = null) =>
  verifyCommand({ what: ['demo==1.0'], index: index.base, ...more }, { ...client, ask });

/** Refused with this code, and nothing that is kept has changed. */
async function expectRefused(code: string, exit: number, more: Partial<VerifyOptions> = {}, ask: Client['ask'] = null) {
  const before = client.picture();
  const said = await verify(more, ask);
  expect([codeOf(said), said.exit, said.out]).toEqual([code, exit, '']);
  expect(client.picture()).toEqual(before);
  return said;
}

describe('first contact', () => {
  test('without a person and without fingerprints trusts nothing, and says what to compare', async () => {
    const said = await expectRefused('trust.first-contact', 4);
    expect(said.err).toContain(`--index-key ${indexKey}`);
    const people = await expectRefused('trust.first-contact-project', 4, { indexKey });
    for (const { key } of [ada, bo, chi]) expect(people.err).toContain(key);
    expect(client.picture()).toEqual({});
  });

  test('with fingerprints pins index, people, list and log, and asks no more', async () => {
    expect(await verify(given())).toMatchObject({ exit: 0, err: '' });
    const [pin] = pinnedIndexes(client.home);
    expect(pin).toMatchObject({ index: 'sign.example.org', indexKey, tuf: { rootVersion: 1 } });
    expect(pin?.projects).toMatchObject({
      demo: { list: { serial: expect.any(Number) }, versions: { '1.0': { serial: 1 } } },
    });
    expect(pin?.log?.checkpoint).toContain('sign.example.org/log');
    expect(Object.keys(pin?.certificates ?? {}).sort()).toEqual([indexKey, ada.key, bo.key, chi.key].sort());
    expect(await verify({ index: undefined })).toMatchObject({ exit: 0 });
  });

  test('with the fingerprint of the TUF root needs none of the index key', async () => {
    const rootFingerprint = sha256Hex(index.tree.get('tuf/1.root.json') ?? '');
    expect(await verify({ rootFingerprint, owner: [`demo=${ada.key}`] })).toMatchObject({ exit: 0 });
  });

  test.each([
    ['of another index key', () => ({ ...given(), indexKey: eve.key }), 'verify.other-index-key'],
    ['of another root', () => ({ ...given(), rootFingerprint: '0'.repeat(64) }), 'tuf.other-root'],
    ['of another policy', () => ({ ...given(), policy: [`demo=${'0'.repeat(64)}`] }), 'trust.other-policy'],
    ['of other owners', () => ({ indexKey, owner: [`demo=${bo.key}`] }), 'trust.other-owners'],
  ])('with fingerprints %s is refused', async (_, options, code) => {
    await expectRefused(code, 1, options());
  });

  test('with a person shows fingerprints and pins only after a yes', async () => {
    const [no, yes] = [answering(false), answering(true)];
    await expectRefused('trust.not-accepted', 1, {}, no.ask);
    expect(await verify({}, yes.ask)).toMatchObject({ exit: 0 });
    const shown = yes.asked.flatMap(({ shows }) => shows).join('\n');
    for (const key of [indexKey, ada.key, bo.key, chi.key]) expect(shown).toContain(key);
    expect(yes.asked).toHaveLength(2);
    expect(await verify({}, no.ask)).toMatchObject({ exit: 0 });
  });
});

describe('a change of the rules', () => {
  beforeEach(async () => void (await verify(given())));

  test('that makes them stricter is followed without a question', async () => {
    addPolicy(scene, nextPolicy(scene, { threshold: 3 }), [ada]);
    await goOn();
    expect(await verify()).toMatchObject({ exit: 0 });
    expect(pinnedIndexes(client.home)[0]?.projects['demo']?.policies).toHaveLength(2);
  });

  const dana = { name: eve.name, role: 'maintainer' as const, keys: [eve.key] };
  test.each([
    ['lowers the threshold', { threshold: 1 }, 'trust.threshold-lowered'],
    ['adds a person', { people: [...firstPolicy().people, dana] }, 'trust.new-key'],
    ['lets files be signed alone or waits less', { waitHours: 0, openerCounts: true }, 'trust.weaker-rules'],
  ])('that %s needs somebody who says yes, and shows old, new and who signed', async (_, change, code) => {
    if (code === 'trust.weaker-rules') {
      addPolicy(scene, nextPolicy(scene, { openerCounts: false }), [ada]);
      await goOn();
      await verify();
    }
    addPolicy(scene, nextPolicy(scene, change), [ada, bo]);
    await goOn();
    const said = await expectRefused(code, 4);
    expect(said.err).toContain(`ada (${ada.key})`);
    await expectRefused('trust.not-accepted', 1, {}, answering(false).ask);
    const digest = /--policy demo=([0-9a-f]{64})/.exec(said.err)?.[1] ?? '';
    expect(await verify({ policy: [`demo=${digest}`] })).toMatchObject({ exit: 0 });
    expect(await verify()).toMatchObject({ exit: 0 });
  });
});

describe('another index key', () => {
  test('is followed along what the old key vouched for, and only after a yes', async () => {
    await verify(given());
    await changeIndexKey(scene);
    client.now = scene.now;
    vi.setSystemTime(scene.now);
    index.restore(new Map([...index.tree, ...(await servedNow(scene))]));
    const said = await expectRefused('trust.index-key-changed', 4);
    const changed = /instead of [0-9A-F]{40}\./.exec(said.err)?.[0];
    expect(changed).toBe(`instead of ${indexKey}.`);
    await expectRefused('trust.not-accepted', 1, {}, answering(false).ask);
    const next = /--index-key ([0-9A-F]+)/.exec(said.err)?.[1] ?? '';
    expect(said.err).toContain(`${indexKey} vouches for ${next}`);
    await expectRefused('trust.index-key-changed', 4, { indexKey });
    await expectRefused('verify.other-index-key', 1, { indexKey: eve.key });
    expect(await verify({ indexKey: next })).toMatchObject({ exit: 0, err: '' });
    expect(await verify()).toMatchObject({ exit: 0, err: '' });
    expect(pinnedIndexes(client.home)[0]).toMatchObject({ indexKey: next });
  });

  test('that no pinned key vouched for is refused, whoever says yes', async () => {
    await verify(given());
    const [pin] = pinnedIndexes(client.home);
    const { ask } = answering(true);
    const held = {
      pin: pin ?? null,
      given: readGiven({}),
      ask,
      trust: 'threshold' as const,
      demands: [],
      now: scene.now,
    };
    const presented = { address: index.base, name: 'sign.example.org' as IndexName, certificate: eve.certificate };
    const read = () => Promise.resolve(null);
    const work = () => requireIndexKey({ ...presented, read }, { ...held, root: null });
    expect(await refusalOf(work)).toBe('verify.other-index-key');
  });
});

describe('what the user demands', () => {
  beforeEach(async () => void (await verify(given())));
  const demand = (...lines: string[]): string => {
    const place = path.join(client.folder, 'demand.txt');
    writeFileSync(place, `${['# countersign demand 1', ...lines].join('\n')}\n`);
    return place;
  };

  test.each<[string, () => Partial<VerifyOptions>, string, number]>([
    ['a higher threshold', () => ({ threshold: '3' }), 'demand.threshold', 1],
    ['a person who did not sign', () => ({ trust: 'people=ada,chi' }), 'demand.people', 1],
    ['keys that did not sign', () => ({ demand: demand('keys: 2', ada.key, chi.key) }), 'demand.keys', 1],
    [
      'two keys of one line as one',
      () => ({ demand: demand('keys: 2', `${ada.key} ${bo.key}`, chi.key) }),
      'demand.keys',
      1,
    ],
    ['something unreadable', () => ({ demand: demand('thershold: 2') }), 'demand.malformed', 2],
    ['nothing', () => ({ demand: demand('# threshold: 2') }), 'demand.malformed', 2],
    ['a mode that is none', () => ({ trust: 'everybody' }), 'input.not-a', 2],
  ])('and is not met refuses: %s', async (_, options, code, exit) => {
    await expectRefused(code, exit, options());
  });

  test.each<[string, () => Partial<VerifyOptions>]>([
    ['the threshold', () => ({ threshold: '2' })],
    ['the people', () => ({ trust: 'people=ada,bo' })],
    [
      'the keys',
      () => ({ demand: demand('threshold: 2', 'keys: 2  # of three', ada.key.toLowerCase(), bo.key, chi.key) }),
    ],
    ['the index alone', () => ({ trust: 'index' })],
  ])('and is met holds: %s', async (_, options) => {
    expect(await verify(options())).toMatchObject({ exit: 0, err: '' });
  });

  test('always, of one project or of all, is read from the folder of settings', async () => {
    mkdirSync(path.join(client.home.config, 'demands'), { recursive: true });
    writeFileSync(path.join(client.home.config, 'demands', 'demo.txt'), '# countersign demand 1\nthreshold: 3\n');
    await expectRefused('demand.threshold', 1);
    writeFileSync(path.join(client.home.config, 'demands', 'demo.txt'), '# countersign demand 1\nthreshold: 2\n');
    writeFileSync(path.join(client.home.config, 'demands.txt'), '# countersign demand 1\npeople: chi\n');
    await expectRefused('demand.people', 1);
  });
});

describe('a file that is here already', () => {
  beforeEach(async () => void (await verify(given())));
  const here = (name: string, bytes: Uint8Array): string => {
    writeFileSync(path.join(client.folder, name), bytes);
    return path.join(client.folder, name);
  };

  test('holds if it is the signed one, and the index is not asked for it', async () => {
    index.asked.length = 0;
    const said = await verify({ what: [here(wheelName, wheel())], json: true });
    expect(said.exit).toBe(0);
    expect(JSON.parse(said.out).files.map((file: { name: string }) => file.name)).toEqual([wheelName]);
    expect(index.asked.filter((place) => place.startsWith('files/'))).toEqual([]);
  });

  test('is refused with one octet changed, under a name of no release, and where it is none', async () => {
    await expectRefused('verify.other-file', 1, { what: [here(wheelName, wheel('x = 2\n'))] });
    await expectRefused('verify.not-in-release', 1, { what: [here('demo-1.0-py2-none-any.whl', wheel())] });
    await expectRefused('verify.no-such-release', 2, { what: [here('demo-7.0-py3-none-any.whl', wheel())] });
    await expectRefused('input.unusable', 2, { what: [path.join(client.folder, 'gone', wheelName)] });
    await expectRefused('input.not-a', 2, { what: [here('demo.zip', wheel())] });
  });
});

test('several releases are decided together, and one that does not hold lets none be kept', async () => {
  await publishLater(scene);
  await goOn();
  const before = client.picture();
  expect(await verify({ ...given(), what: ['demo==1.0', 'demo==9.0'] })).toMatchObject({ exit: 2 });
  expect(client.picture()).toEqual(before);
  expect(await verify({ ...given(), what: ['demo==1.0', 'demo==2.0'] })).toMatchObject({ exit: 0 });
});
