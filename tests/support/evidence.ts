// Evidence bundles made from a scene by the code that makes real ones: a 2-of-3 release of demo 1.0, whose wheel chi signed by itself, under the
// second policy of a chain.
import type { FileName, ProjectName, Version } from '#lib/core/ids.ts';
import { noteCheck } from '#lib/digest/ed25519.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { gatherBundle } from '#lib/evidence/gather-bundle.ts';
import { packReleaseBundle, type BundleEntries } from '#lib/evidence/release-bundle.ts';
import { armorSignatures } from '#lib/pgp/merge-signatures.ts';
import { armorCertificate } from '#lib/pgp/read-certificate.ts';
import { publishPolicy } from './evil-index.ts';
import { forgeCertificate, overKey, sub } from './forge.ts';
import {
  ada,
  addDraft,
  addPolicy,
  bo,
  chi,
  demo,
  eve,
  firstPolicy,
  minute,
  nextPolicy,
  noon,
  openScene,
  sdist,
  sdistName,
  sign,
  wheel,
  wheelName,
  type Scene,
  type Signer,
} from './scene.ts';

export const checking = { hashing, note: noteCheck };

/** A scene whose demo 1.0 is published: ada founded it with bo; chi came by the second policy, which both signed; ada and bo signed the release, chi its wheel alone. */
export async function publishedScene(): Promise<Scene> {
  const scene = await openScene();
  const people = firstPolicy().people;
  addPolicy(scene, firstPolicy({ people: people.slice(0, 2) }));
  addPolicy(scene, nextPolicy(scene, { people }), [ada, bo]);
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

/** What somebody hands to a verifier: a bundle (or a zip that was made otherwise), and the files that they have. */
export type Handed = { entries: BundleEntries; zip?: Uint8Array; files: Map<string, Uint8Array> };

/** The genuine bundle of demo 1.0 with all its files. */
export const genuine = async (scene: Scene): Promise<Handed> => ({
  entries: await bundleOf(scene),
  files: new Map<string, Uint8Array>(releaseFiles()),
});

type Entries = Map<string, Uint8Array>;

/** A lie about demo 1.0, and the reason that every verifier gives (the beginning of the code). */
export type Lie = { lie: string; code: string; make: (scene: Scene) => Promise<Handed> };

const bytesAt = (entries: Entries, place: string): Buffer => {
  const bytes = entries.get(place);
  if (!bytes) throw new Error(`${place} is not there`);
  return Buffer.from(bytes);
};

const changing =
  (change: (entries: Entries, files: Handed['files']) => void) =>
  async (scene: Scene): Promise<Handed> => {
    const { entries, files } = await genuine(scene);
    const changed = new Map(entries);
    change(changed, files);
    return { entries: changed, files };
  };

const edit = (place: string, from: string | RegExp, to: string) =>
  changing((entries) => {
    const text = bytesAt(entries, place).toString();
    const edited = text.replace(from, to);
    if (edited === text) throw new Error(`nothing of ${place} changed`);
    entries.set(place, Buffer.from(edited));
  });

const without = (...places: string[]) =>
  changing((entries) => {
    for (const place of places) if (!entries.delete(place)) throw new Error(`${place} is not there`);
  });

const signatures =
  (by: readonly Signer[], over: (entries: Entries) => Uint8Array) =>
  (entries: Entries): Buffer =>
    Buffer.from(armorSignatures(by.map((one) => ({ bytes: sign(one, over(entries)), key: one.key }))));

const statementPlace = 'statement/SHA256SUMS';
const signStatement = (...by: Signer[]) =>
  changing((entries) => {
    entries.set(`${statementPlace}.asc`, signatures(by, (all) => bytesAt(all, statementPlace))(entries));
  });

/** A bundle of an index that signs whatever it likes, log and TUF included. */
const byEvilIndex =
  (lie: (scene: Scene) => Promise<void>) =>
  async (_: Scene): Promise<Handed> => {
    const scene = await publishedScene();
    await lie(scene);
    const handed = await genuine(scene);
    scene.close();
    return handed;
  };

/** What somebody changed in the bundle, or the files, on their way; at the end what only the index itself could do. */
export const lies: readonly Lie[] = [
  {
    lie: 'a file with another byte in it',
    code: 'verify.other-file',
    make: changing((_, files) => files.set(sdistName, Buffer.from('another'))),
  },
  {
    lie: 'a file of another release',
    code: 'verify.not-in-release',
    make: changing((_, files) => files.set('demo-1.1.tar.gz', Buffer.from('another'))),
  },
  {
    lie: 'a statement with another digest',
    code: '(?:evidence.record-differs|release.below-threshold)',
    make: edit(statementPlace, /^[0-9a-f]{64} /m, `${'0'.repeat(64)} `),
  },
  { lie: 'a statement in a second spelling', code: 'statement.malformed', make: edit(statementPlace, /\n$/, '') },
  { lie: 'a statement that one person signed', code: 'release.below-threshold', make: signStatement(ada) },
  { lie: 'a statement that one person signed twice', code: 'release.below-threshold', make: signStatement(ada, ada) },
  { lie: 'a stranger in the place of somebody', code: 'release.below-threshold', make: signStatement(ada, eve) },
  { lie: 'a statement without signatures', code: 'release.below-threshold', make: without(`${statementPlace}.asc`) },
  {
    lie: 'signatures over another statement',
    code: 'release.below-threshold',
    make: changing((entries) =>
      entries.set(`${statementPlace}.asc`, signatures([ada, bo], () => Buffer.from('another'))(entries)),
    ),
  },
  {
    lie: 'the certificate of somebody else under a name',
    code: 'evidence.malformed',
    make: changing((entries) => entries.set(`keys/${bo.key}.asc`, bytesAt(entries, `keys/${ada.key}.asc`))),
  },
  {
    lie: 'a certificate that is missing',
    code: '(?:evidence.policy-not-signed|release.below-threshold)',
    make: without(`keys/${bo.key}.asc`, `keys/${bo.key}.asc.tlog-proof`),
  },
  {
    lie: 'a key that its owner revoked as compromised',
    code: '(?:evidence.policy-not-signed|release.below-threshold|log.not-in-log)',
    make: changing((entries) => {
      const more = [sub.reason(2)];
      const direct = [overKey(bo.forged, bo.forged, { type: 0x20, made: noon - minute, more })];
      entries.set(`keys/${bo.key}.asc`, Buffer.from(armorCertificate(forgeCertificate(bo.forged, { direct }))));
    }),
  },
  {
    lie: 'a policy with a lower threshold',
    code: 'evidence.policy-not-signed',
    make: edit('policy/2.json', '"threshold": 2', '"threshold": 1'),
  },
  {
    lie: 'a policy that weakens with the signature of its owner alone',
    code: 'evidence.policy-not-signed',
    make: changing((entries) =>
      entries.set('policy/2.json.asc', signatures([ada], (all) => bytesAt(all, 'policy/2.json'))(entries)),
    ),
  },
  { lie: 'a policy without signatures', code: 'evidence.policy-not-signed', make: without('policy/1.json.asc') },
  {
    lie: 'a first policy that is another',
    code: '(?:evidence.policy-not-signed|policy.breaks-chain)',
    make: edit('policy/1.json', '"waitHours": 0', '"waitHours": 1'),
  },
  {
    lie: 'a policy that names nobody as the one before it',
    code: 'evidence.policy-not-signed',
    make: edit('policy/2.json', /"previous": "[0-9a-f]+"/, '"previous": null'),
  },
  {
    lie: 'a chain with a gap',
    code: 'evidence.m',
    make: without('policy/1.json', 'policy/1.json.asc', 'policy/1.json.tlog-proof'),
  },
  {
    lie: 'a policy with a name twice',
    code: 'input.not-json',
    make: edit('policy/2.json', '  "threshold": 2,', '  "threshold": 1,\n  "threshold": 2,'),
  },
  {
    lie: 'a policy in a second spelling',
    code: 'input.not-json',
    make: edit('policy/2.json', '"threshold": 2', '"threshold": 2.0'),
  },
  {
    lie: 'a record that nobody countersigned',
    code: 'evidence.not-countersigned',
    make: edit('record/1.json', '"requiresPython": ">=3.9"', '"requiresPython": null'),
  },
  {
    lie: 'a record without its countersignature',
    code: 'evidence.not-countersigned',
    make: without('record/1.json.asc'),
  },
  {
    lie: 'a list that nobody countersigned',
    code: 'evidence.not-countersigned',
    make: edit('releases.json', /"serial": [0-9]+,\n {2}"policy"/, '"serial": 9,\n  "policy"'),
  },
  {
    lie: 'a record that somebody else signed',
    code: 'evidence.not-countersigned',
    make: changing((entries) =>
      entries.set('record/1.json.asc', signatures([ada], (all) => bytesAt(all, 'record/1.json'))(entries)),
    ),
  },
  {
    lie: 'another index key',
    code: 'evidence.not-countersigned',
    make: changing((entries) => entries.set('keys/index.asc', bytesAt(entries, `keys/${ada.key}.asc`))),
  },
  {
    lie: 'another key of the log',
    code: 'evidence.not-countersigned',
    make: edit('log/vkey', /.{8}\n$/, 'AAAAAAA=\n'),
  },
  { lie: 'a record that the log does not tell', code: 'log.missing', make: without('record/1.json.tlog-proof') },
  {
    lie: 'a proof of another entry',
    code: 'log.not-in-log',
    make: changing((entries) => entries.set('record/1.json.tlog-proof', bytesAt(entries, 'policy/1.json.tlog-proof'))),
  },
  {
    lie: 'a checkpoint with another root',
    code: 'log.not-signed',
    make: edit('record/1.json.tlog-proof', /(\/log\n[0-9]+\n).{43}/, `$1${'A'.repeat(43)}`),
  },
  {
    lie: 'a proof that ends too early',
    code: 'log.not-in-log',
    make: edit('record/1.json.tlog-proof', /(index [0-9]+)\n.+\n/, '$1\n'),
  },
  {
    lie: 'TUF metadata that its role did not sign',
    code: 'tuf.refused',
    make: edit('tuf/timestamp.json', /"sig": *"../, '"sig":"00'),
  },
  {
    lie: 'a place that no bundle has',
    code: 'evidence.malformed',
    make: changing((entries) => entries.set('simple/demo/index.json', Buffer.from('{}'))),
  },
  {
    lie: 'an index that keeps a release published though somebody who signed it was struck',
    code: 'release.below-threshold',
    make: byEvilIndex(async (scene) => {
      const people = firstPolicy().people.filter(({ name }) => name !== bo.name);
      const struck = [{ name: bo.name, keys: [bo.key], since: null, reason: 'account compromised' }];
      await publishPolicy(scene, nextPolicy(scene, { people, struck }), [ada]);
    }),
  },
  {
    lie: 'a file that is no archive',
    code: '(?:evidence.malformed|distribution)',
    make: async (scene) => ({ ...(await genuine(scene)), zip: Buffer.from('no archive') }),
  },
];

const firstChange = 'keys/index/1.json';

/** Lies about how the index got its key, for bundles of an index that changed it. */
export function forgedChange(entries: Entries): Entries {
  return entries.set(`${firstChange}.asc`, signatures([eve], (all) => bytesAt(all, firstChange))(entries));
}
export function withoutFirstChange(entries: Entries): Entries {
  for (const place of ['', '.asc', '.tlog-proof']) entries.delete(`${firstChange}${place}`);
  return entries;
}
export function withoutProofOfChange(entries: Entries): Entries {
  entries.delete(`${firstChange}.tlog-proof`);
  return entries;
}
