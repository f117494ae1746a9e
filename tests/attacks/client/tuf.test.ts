// The attacks of the TUF specification (section 1.5.2) on somebody who knows the index: rollback, freeze, fast-forward, mix-and-match, arbitrary software, wrong
// software, endless data, a stolen key of one role, and a root that nobody gave. The reader is an unmodified tuf-js; what counts is that our client shows its refusal
// in its own words, and that pins and files stay byte for byte as they were.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { consistentPath } from '#lib/evidence/tuf-tree.ts';
import { openStore } from '../../../countersigner/store.ts';
import { readRoleKeys } from '../../../countersigner/tuf/role-keys.ts';
import { metaOf, resign, stolenKey, strangeKey } from '../../support/forge-tuf.ts';
import { endless, status } from '../../support/hostile-index.ts';
import { firstLook, openLiedTo, type LiedTo } from '../../support/lied-to.ts';
import { minute } from '../../support/scene.ts';
import { servedTree } from '../../support/served-tree.ts';
import { openOneRelease, publishLater } from '../../support/two-releases.ts';

const [hour, stamp] = [60 * minute, 'tuf/timestamp.json'];
const list = 'evidence/demo/releases.json';

let held: LiedTo;
/** The index as it was before the client looked. */
let before: Map<string, Uint8Array>;

beforeAll(async () => {
  const scene = await openOneRelease();
  before = await servedTree(scene);
  await publishLater(scene);
  held = await openLiedTo(scene);
  expect(await held.verify('demo==1.0', {}, true)).toMatchObject({ exit: 0 });
  held.remember();
});
afterEach(() => held.again());
afterAll(() => held?.close());

const tree = () => held.index.tree;
const put = (place: string, bytes: Uint8Array | undefined) => tree().set(place, bytes ?? Buffer.alloc(0));
const stolen = (role: string) => stolenKey(readRoleKeys(openStore(held.scene.folder)), role);
const versionOf = (place: string): number => JSON.parse(Buffer.from(tree().get(place) ?? []).toString()).signed.version;
const snapshotAt = (version: number) => `tuf/${version}.snapshot.json`;
/** The newest snapshot of the tree. */
const newest = () => JSON.parse(Buffer.from(tree().get(stamp) ?? []).toString()).signed.meta['snapshot.json'].version;

/** A timestamp by its stolen key, one version on, that names this snapshot. */
const restamp = (version: number, snapshot: Uint8Array): void =>
  void put(
    stamp,
    resign(
      tree().get(stamp),
      (s) => ({ version: s.version + 1, meta: metaOf(version, snapshot) }),
      stolen('timestamp'),
    ),
  );

type Lie = [name: string, tell: () => void, code: string];

const lies: Lie[] = [
  ['rollback: the whole index of before', () => held.index.restore(before), 'tuf.went-back'],
  ['rollback: the timestamp of before', () => put(stamp, before.get(stamp)), 'tuf.went-back'],
  ['freeze: the index of today, 25 hours later', () => held.at(firstLook + 25 * hour), 'tuf.expired'],
  [
    'rollback of the snapshot by a stolen timestamp key',
    () => restamp(newest() - 1, tree().get(snapshotAt(newest() - 1)) ?? Buffer.alloc(0)),
    'tuf.went-back',
  ],
  [
    'rollback of targets by stolen timestamp and snapshot keys',
    () => {
      const at = newest();
      const older = resign(
        tree().get(snapshotAt(at)),
        (s) => ({ version: at + 1, meta: { ...(s['meta'] as object), 'recent.json': { version: 1 } } }),
        stolen('snapshot'),
      );
      put(snapshotAt(at + 1), older);
      restamp(at + 1, older);
    },
    'tuf.went-back',
  ],
  [
    'a snapshot that forgets a role',
    () => {
      const at = newest();
      const less = resign(
        tree().get(snapshotAt(at)),
        () => ({ version: at + 1, meta: { 'targets.json': { version: 1 } } }),
        stolen('snapshot'),
      );
      put(snapshotAt(at + 1), less);
      restamp(at + 1, less);
    },
    'tuf.refused',
  ],
  [
    'mix and match: a snapshot of before under the name of the next one',
    () => {
      const older = tree().get(snapshotAt(newest() - 1)) ?? Buffer.alloc(0);
      put(snapshotAt(newest() + 1), older);
      restamp(newest() + 1, older);
    },
    'tuf.went-back',
  ],
  [
    'mix and match: a snapshot that its timestamp does not know',
    () => {
      const other = resign(tree().get(snapshotAt(newest())), (s) => ({ version: s.version + 1 }), stolen('snapshot'));
      put(snapshotAt(newest() + 1), other);
      restamp(newest() + 1, Buffer.from('another'));
    },
    'tuf.refused',
  ],
  [
    'a timestamp that its own key did not sign',
    () =>
      put(
        stamp,
        resign(tree().get(stamp), (s) => ({ version: s.version + 1 }), strangeKey()),
      ),
    'tuf.refused',
  ],
  [
    'a timestamp that nobody signed',
    () =>
      put(
        stamp,
        resign(tree().get(stamp), (s) => ({ version: s.version + 1 })),
      ),
    'tuf.refused',
  ],
  [
    'a timestamp signed with the key of another role',
    () =>
      put(
        stamp,
        resign(tree().get(stamp), (s) => ({ version: s.version + 1 }), stolen('snapshot')),
      ),
    'tuf.refused',
  ],
  [
    'fast-forward: a timestamp of version 999,999,999 by a strange key',
    () =>
      put(
        stamp,
        resign(tree().get(stamp), () => ({ version: 999_999_999 }), strangeKey()),
      ),
    'tuf.refused',
  ],
  [
    'a timestamp that ended before it was made',
    () =>
      put(
        stamp,
        resign(
          tree().get(stamp),
          (s) => ({ version: s.version + 1, expires: '2026-11-22T11:00:00Z' }),
          stolen('timestamp'),
        ),
      ),
    'tuf.expired',
  ],
  ['another root, signed by its own keys', () => put('tuf/2.root.json', strangeRoot()), 'tuf.refused'],
  [
    'a root that skips a version',
    () =>
      put(
        'tuf/2.root.json',
        resign(tree().get('tuf/1.root.json'), () => ({ version: 3 }), stolen('root')),
      ),
    'tuf.refused',
  ],
  [
    'a root that has ended',
    () =>
      put(
        'tuf/2.root.json',
        resign(tree().get('tuf/1.root.json'), () => ({ version: 2, expires: '2026-11-22T11:00:00Z' }), stolen('root')),
      ),
    'tuf.expired',
  ],
  [
    'metadata of an unknown version of the specification',
    () =>
      put(
        stamp,
        resign(tree().get(stamp), (s) => ({ version: s.version + 1, spec_version: '2.0.0' }), stolen('timestamp')),
      ),
    'tuf.refused',
  ],
  [
    'metadata of another type',
    () =>
      put(
        stamp,
        resign(tree().get(stamp), (s) => ({ version: s.version + 1, _type: 'root' }), stolen('timestamp')),
      ),
    'tuf.refused',
  ],
  ['metadata that is not JSON', () => put(stamp, Buffer.from('<html>')), 'tuf.refused'],
  ['metadata that never ends', () => held.index.answer(/timestamp/, endless), 'index.too-large'],
  ['metadata that is gone', () => void tree().delete(stamp), 'tuf.refused'],
  ['metadata from elsewhere', () => held.index.answer(/timestamp/, status(302, { location: '/x' })), 'index.redirects'],
  [
    'arbitrary software: another list under the name of the true one',
    () => put(consistentPath(list, sha256Hex(tree().get(list) ?? Buffer.alloc(0))), Buffer.from('{"type":"x"}\n')),
    'tuf.not-the-target',
  ],
  [
    'a list that is not there',
    () => void tree().delete(consistentPath(list, sha256Hex(tree().get(list) ?? Buffer.alloc(0)))),
    'tuf.not-the-target',
  ],
];

function strangeRoot(): Buffer {
  const key = strangeKey();
  const keyids = [key.keyId];
  const roles = Object.fromEntries(
    ['root', 'timestamp', 'snapshot', 'targets'].map((role) => [role, { keyids, threshold: 1 }]),
  );
  const shown = { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: key.publicHex } };
  return resign(tree().get('tuf/1.root.json'), () => ({ version: 2, keys: { [key.keyId]: shown }, roles }), key);
}

describe('whoever knows the index refuses', () => {
  test.each(lies)('%s', async (_, tell, code) => {
    tell();
    const picture = held.picture();
    expect(await held.verify()).toMatchObject({ exit: code.startsWith('index.') ? 3 : 1, code });
    expect(held.picture()).toEqual(picture);
  });
});

test('what was refused is found again once the index is honest', async () => {
  put(stamp, before.get(stamp));
  expect((await held.verify()).code).toBe('tuf.went-back');
  await held.serve(held.scene);
  expect(await held.verify()).toMatchObject({ exit: 0 });
  expect(versionOf(stamp)).toBeGreaterThan(1);
});
