// Whoever stands between an index and its users (a mirror, a cache, a network) without any of its keys: arbitrary and wrong software, dropped signatures, hidden
// releases, exchanged keys, documents in a second spelling. And first contact, where an index may be anybody: nothing is kept without an answer of a person or
// fingerprints that were given (threats.md, 111).
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { consistentPath } from '#lib/evidence/tuf-tree.ts';
import { filePath } from '#lib/simple/page.ts';
import { openLiedTo, type LiedTo } from '../../support/lied-to.ts';
import { ada, eve, sdist, sdistName, sign, wheel, wheelName } from '../../support/scene.ts';
import { servedTree } from '../../support/served-tree.ts';
import { openOneRelease } from '../../support/two-releases.ts';

const release = 'evidence/demo/releases/1.0';
const wheelAt = filePath(sha256Hex(wheel()), wheelName);
const sdistAt = filePath(sha256Hex(sdist()), sdistName);

let held: LiedTo;
/** The tree of another index with the same name, project and release: everything but its keys is the same. */
let impostor: Map<string, Uint8Array>;
beforeAll(async () => {
  const other = await openOneRelease();
  impostor = await servedTree(other);
  other.close();
  held = await openLiedTo(await openOneRelease());
});
afterAll(async () => {
  await held?.close();
});

const tree = () => held.index.tree;
const bytesAt = (place: string): Buffer => Buffer.from(tree().get(place) ?? []);
const text = (place: string): string => bytesAt(place).toString();
const put = (place: string, bytes: Uint8Array | string) => void tree().set(place, Buffer.from(bytes));
const gone = (place: string) => void tree().delete(place);
/** Under both names of a target. */
function putTarget(place: string, bytes: Uint8Array | string): void {
  put(consistentPath(place, sha256Hex(bytesAt(place))), bytes);
  put(place, bytes);
}

type Lie = [name: string, tell: () => void, code: string];

const lies: Lie[] = [
  [
    'arbitrary software: other bytes in the place of a file',
    () => put(wheelAt, flipped(bytesAt(wheelAt))),
    'evidence.record-differs',
  ],
  ['wrong software: the other file of the release', () => put(wheelAt, bytesAt(sdistAt)), 'evidence.record-differs'],
  [
    'a file that is longer',
    () => put(sdistAt, Buffer.concat([bytesAt(sdistAt), Buffer.from('x')])),
    'evidence.record-differs',
  ],
  ['a file that is gone', () => gone(sdistAt), 'evidence.missing'],
  [
    'another statement',
    () => put(`${release}/SHA256SUMS`, text(`${release}/SHA256SUMS`).replace('ada', 'bob')),
    'release.below-threshold',
  ],
  [
    'a statement in a second spelling',
    () => put(`${release}/SHA256SUMS`, text(`${release}/SHA256SUMS`).replace('\n', '\r\n')),
    'index.malformed',
  ],
  ['a dropped signature', () => put(`${release}/SHA256SUMS.asc`, onlyAda()), 'release.below-threshold'],
  ['signatures that are gone', () => gone(`${release}/SHA256SUMS.asc`), 'release.below-threshold'],
  [
    'signatures of somebody else',
    () => put(`${release}/SHA256SUMS.asc`, sign(eve, bytesAt(`${release}/SHA256SUMS`))),
    'release.below-threshold',
  ],
  [
    'another record',
    () => put(`${release}/1.json`, text(`${release}/1.json`).replace('"bo"', '"by"')),
    'evidence.not-countersigned',
  ],
  [
    'a record with a key twice',
    () => put(`${release}/1.json`, text(`${release}/1.json`).replace('  "format"', '  "format": 1,\n  "format"')),
    'index.malformed',
  ],
  [
    'a record of an unknown format',
    () => put(`${release}/1.json`, text(`${release}/1.json`).replace('"format": 1', '"format": 2')),
    'index.malformed',
  ],
  [
    'a record with something behind its end',
    () => put(`${release}/1.json`, `${text(`${release}/1.json`)} `),
    'index.malformed',
  ],
  ['a record without its countersignature', () => gone(`${release}/1.json.asc`), 'evidence.not-countersigned'],
  [
    'a record that another index countersigned',
    () => put(`${release}/1.json.asc`, ofImpostor(`${release}/1.json.asc`)),
    'evidence.not-countersigned',
  ],
  ['a policy that is gone', () => gone('evidence/demo/policy/1.json'), 'evidence.missing'],
  ['an empty list', () => putTarget('evidence/demo/releases.json', '{}\n'), 'tuf.not-the-target'],
  [
    'a page that offers another file',
    () =>
      putTarget('simple/demo/index.json', text('simple/demo/index.json').replaceAll('demo-1.0-py3', 'demo-1.1-py3')),
    'tuf.not-the-target',
  ],
  ['the key of another index', () => putTarget('keys/index.asc', ofImpostor('keys/index.asc')), 'tuf.not-the-target'],
  [
    'a certificate of somebody else in the place of a person’s',
    () => putTarget(`keys/${ada.key}.asc`, bytesAt(`keys/${eve.key}.asc`)),
    'tuf.not-the-target',
  ],
];

const ofImpostor = (place: string): Uint8Array => impostor.get(place) ?? Buffer.alloc(0);
const flipped = (bytes: Buffer): Buffer =>
  Buffer.from(bytes.map((byte, at) => (at === bytes.length - 5 ? byte ^ 1 : byte)));
const onlyAda = (): Buffer => sign(ada, bytesAt(`${release}/SHA256SUMS`));

describe('a client that knows the index refuses', () => {
  beforeAll(async () => {
    expect(await held.verify('demo==1.0', {}, true)).toMatchObject({ exit: 0 });
    held.remember();
  });
  afterEach(() => held.again());

  test.each(lies)('%s', async (_, tell, code) => {
    tell();
    const before = held.picture();
    expect(await held.verify()).toMatchObject({ exit: 1, code });
    expect(held.picture()).toEqual(before);
  });
});

describe('first contact', () => {
  beforeEach(async () => {
    held.forgetAll();
    await held.serve(held.scene);
  });
  const given = () => ({
    indexKey: held.scene.keys.key.fingerprint,
    rootFingerprint: sha256Hex(bytesAt('tuf/1.root.json')),
    policy: [`demo=${sha256Hex(bytesAt('evidence/demo/policy/1.json'))}`],
  });

  test.each(lies)(
    'with a person who says yes to everything refuses, and keeps nothing of, %s',
    async (_, tell, code) => {
      tell();
      expect(await held.verify('demo==1.0', {}, true)).toMatchObject({ exit: 1, code });
      expect(held.picture()).toEqual({});
    },
  );

  const unanswered: [string, () => [options: object, person?: boolean], number, string][] = [
    ['nobody is there to ask and nothing was given', () => [{}], 4, 'trust.first-contact'],
    ['a person says no', () => [{}, false], 1, 'trust.not-accepted'],
    ['only the index was given, not the people', () => [{ ...given(), policy: [] }], 4, 'trust.first-contact-project'],
    ['the key that was given is another', () => [{ ...given(), indexKey: eve.key }], 1, 'verify.other-index-key'],
    [
      'the root that was given is another',
      () => [{ ...given(), rootFingerprint: 'a'.repeat(64) }],
      1,
      'tuf.other-root',
    ],
    [
      'the policy that was given is another',
      () => [{ ...given(), policy: [`demo=${'a'.repeat(64)}`] }],
      1,
      'trust.other-policy',
    ],
    [
      'the owner who was given is another',
      () => [{ ...given(), policy: [], owner: [`demo=${eve.key}`] }],
      1,
      'trust.other-owners',
    ],
  ];
  test.each(unanswered)('keeps nothing where %s', async (_, ask, exit, code) => {
    const [options, person] = ask();
    expect(await held.verify('demo==1.0', options, person)).toMatchObject({ exit, code });
    expect(held.picture()).toEqual({});
  });

  test('another index of the same name, with the same people and files, is not the one whose key was given', async () => {
    const options = { indexKey: given().indexKey };
    held.index.restore(impostor);
    expect(await held.verify('demo==1.0', options, true)).toMatchObject({ exit: 1, code: 'verify.other-index-key' });
    expect(held.picture()).toEqual({});
  });

  test('an index without TUF metadata is none', async () => {
    for (const place of [...tree().keys()]) if (place.startsWith('tuf/')) gone(place);
    expect(await held.verify('demo==1.0', given())).toMatchObject({ exit: 1, code: 'tuf.missing' });
    expect(held.picture()).toEqual({});
  });

  test('needs nobody at a terminal where everything was given', async () => {
    expect(await held.verify('demo==1.0', given())).toMatchObject({ exit: 0 });
    expect(Object.keys(held.picture())).not.toEqual([]);
  });
});
