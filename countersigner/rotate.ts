// Another key for the index, or for its log (docs/formats/key-rotation.md): the new one is made here (or is with gpg), old and new sign the document that says
// so, and everything changes in one commit: keys, state, and the hand-back that carries it, which is the last thing that the old
// key signs. Done while the countersigner is stopped, and only when the web program holds everything that was signed before.
import { renderInstant, type Fingerprint } from '#lib/core/ids.ts';
import { refuse } from '#lib/core/errors.ts';
import { signEd25519, sha256Octets } from '#lib/digest/ed25519.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { renderNoteKey } from '#lib/evidence/checkpoint.ts';
import { indexKeyPath } from '#lib/evidence/index-tree.ts';
import { indexRotationPath, logRotationPath, renderIndexRotation } from '#lib/evidence/key-rotation.ts';
import { logRotationText, renderLogRotation, type LogRotation } from '#lib/evidence/log-key-rotation.ts';
import { logKeyPath } from '#lib/evidence/log-tree.ts';
import { armorSignatures } from '#lib/pgp/merge-signatures.ts';
import { readSignatures } from '#lib/pgp/read-signatures.ts';
import { commitHandback } from './hand-back.ts';
import { fileSigner, gpgSigner, type IndexSigner, type KeyPlace } from './index-signer.ts';
import { readInstanceState, treePlace, type InstanceState } from './instance-state.ts';
import {
  keyPlacePlace,
  logKeyOf,
  logPlace,
  makeIndexKey,
  makeLogKey,
  openKeys,
  privatePlace,
  writeCertificate,
} from './keys.ts';
import { projectsKnown } from './project-state.ts';
import type { Store } from './store.ts';
import type { Paths, Writing } from './write-list.ts';

export type Rotated = { number: number; old: string; new: string };

/** The old private half stays in our folder, out of the way: what it is kept for, and when it goes, the operator decides. */
const retiredPlace = (name: string): string => `retired/${name}`;

/** The index gets a new key: one in its file, or the one that gpg holds. Refuses `countersigner.not-posted`. */
export async function rotateIndexKey(store: Store, place: KeyPlace, now: number): Promise<Rotated> {
  const { writing, instance } = await openPosted(store, now);
  const old = writing.keys.key;
  const privateBytes = place === 'file' ? await makeIndexKey(instance.index, now) : null;
  const fresh = privateBytes ? await fileSigner(privateBytes, now) : await gpgSigner(fingerprintIn(place), now);
  const { number, previous } = nextDocument(store, indexRotationPath);
  const document = Buffer.from(
    renderIndexRotation({
      ...{ type: 'countersign/index-key', format: 1, index: instance.index, number, previous },
      ...{ old: old.fingerprint, new: fresh.fingerprint },
      oldCertificate: Buffer.from(old.certificate).toString('utf8'),
      newCertificate: Buffer.from(fresh.certificate).toString('utf8'),
      date: renderInstant(now),
    }),
  );
  const paths: Paths = new Map([
    [indexRotationPath(number), document],
    [`${indexRotationPath(number)}.asc`, await signByBoth([old, fresh], document, now)],
    [indexKeyPath, fresh.certificate],
  ]);
  const logKey = store.read(treePlace(logKeyPath));
  if (logKey) paths.set(`${logKeyPath}.asc`, await fresh.sign(logKey, now));
  const before = store.read(privatePlace);
  const own = new Map<string, Uint8Array>([[keyPlacePlace, Buffer.from(`${place}\n`)]]);
  if (privateBytes) own.set(privatePlace, privateBytes);
  if (privateBytes && before) own.set(retiredPlace(`index-private-${old.fingerprint}.asc`), before);
  await commitHandback(store, writing, { instance: { ...instance, toSign: projectsKnown(store) }, paths, own });
  writeCertificate(store, fresh);
  return { number, old: old.fingerprint, new: fresh.fingerprint };
}

const fingerprintIn = (place: KeyPlace): Fingerprint => place.slice('gpg:'.length) as Fingerprint;

async function signByBoth(signers: readonly IndexSigner[], bytes: Uint8Array, now: number): Promise<Uint8Array> {
  const packets = [];
  for (const { sign, fingerprint } of signers)
    for (const packet of await readSignatures(await sign(bytes, now))) packets.push({ ...packet, key: fingerprint });
  return Buffer.from(armorSignatures(packets));
}

/** The log gets a new key. Its tree goes on; the next checkpoint is signed by the new key. Refuses `countersigner.not-posted`. */
export async function rotateLogKey(store: Store, now: number): Promise<Rotated> {
  const { writing, instance } = await openPosted(store, now);
  const pem = makeLogKey();
  const [old, fresh] = [writing.keys.log, logKeyOf(pem)];
  const nameOf = ({ publicKey }: { publicKey: Uint8Array }): string =>
    renderNoteKey({ name: `${instance.index}/log`, publicKey }, sha256Octets);
  const { number, previous } = nextDocument(store, logRotationPath);
  const rotation: LogRotation = {
    ...{ type: 'countersign/log-key', format: 1, index: instance.index, number, previous },
    ...{ old: nameOf(old), new: nameOf(fresh), date: renderInstant(now) },
  };
  const signed = (key: typeof old): string =>
    Buffer.from(signEd25519(key.privateKey, Buffer.from(logRotationText(rotation)))).toString('base64');
  const paths: Paths = new Map();
  const put = async (path: string, text: string): Promise<void> => {
    const bytes = Buffer.from(text);
    paths.set(path, bytes).set(`${path}.asc`, await writing.keys.key.sign(bytes, now));
  };
  await put(
    logRotationPath(number),
    renderLogRotation({ ...rotation, signatures: { old: signed(old), new: signed(fresh) } }),
  );
  await put(logKeyPath, `${nameOf(fresh)}\n`);
  const before = store.read(logPlace);
  const own = new Map([[logPlace, pem]]);
  if (before) own.set(retiredPlace(`log-private-${number}.pem`), before);
  const withFresh = { ...writing, keys: { ...writing.keys, log: fresh } };
  await commitHandback(store, withFresh, { instance, paths, own });
  return { number, old: rotation.old, new: rotation.new };
}

/** State and keys, where nothing waits to be posted: what was signed before must be believed by the old key. */
async function openPosted(store: Store, now: number): Promise<{ writing: Writing; instance: InstanceState }> {
  const instance = readInstanceState(store);
  const waiting = instance ? instance.sequence - instance.acknowledged : 0;
  if (!instance || waiting > 0) throw refuse('countersigner.not-posted', { waiting });
  const writing = {
    ...{ index: instance.index, keys: await openKeys(store, now), now },
    readTree: (path: string) => store.read(treePlace(path)),
  };
  return { instance, writing };
}

function nextDocument(store: Store, pathOf: (number: number) => string) {
  for (let number = 1, previous = null; ; number += 1) {
    const bytes: Uint8Array | null = store.read(treePlace(pathOf(number)));
    if (bytes === null) return { number, previous };
    previous = hashing.sha256(bytes);
  }
}
