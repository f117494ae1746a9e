// The index key (OpenPGP), the key of the log (Ed25519) and those of the TUF roles (tuf/role-keys.ts): made by `init` once, private halves in the
// state folder for their owner alone, public halves for the web program and the world. Loose file modes are refused, not mended: somebody may have read the key (threats.md, 100). They are
// unlocked for this process only.
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { refuse } from '#lib/core/errors.ts';
import { readFingerprint, type Fingerprint } from '#lib/core/ids.ts';
import { publicOctetsOf } from '#lib/digest/ed25519.ts';
import { generateIndexKey } from '#lib/pgp/make-key.ts';
import { fileSigner, gpgSigner, readKeyPlace, type IndexSigner, type KeyPlace } from './index-signer.ts';
import { requirePrivate, writeDurably, type Store } from './store.ts';
import { initRoleKeys, readRoleKeys, type RoleKeys } from './tuf/role-keys.ts';

/** Places in the state folder. */
export const privatePlace = 'index-private.asc';
const publicPlace = 'index.asc';
export const logPlace = 'log-private.pem';
/** Where the index key is: `file`, or `gpg:FINGERPRINT`. Not there: in its file. */
export const keyPlacePlace = 'index-key';

/** `publicKey`: 32 octets. */
export type LogKey = { privateKey: KeyObject; publicKey: Uint8Array };
export type IndexKeys = { key: IndexSigner; armoredCertificate: Uint8Array; log: LogKey; tuf: RoleKeys };

/**
 * Makes each key where there is none, and writes the certificate of the index (again, if it got lost). `place`: which index key the operator
 * means (INDEX_KEY); null: the one there is, or a new one in its file. Answers its fingerprint.
 */
export async function initKeys(
  store: Store,
  indexName: string,
  now: number,
  place: KeyPlace | null = null,
): Promise<Fingerprint> {
  const isNew = !existsSync(store.at(keyPlacePlace)) && !existsSync(store.at(privatePlace));
  if (isNew && place !== null && place !== 'file') writeDurably(store.at(keyPlacePlace), Buffer.from(`${place}\n`));
  else if (isNew) writeDurably(store.at(privatePlace), await makeIndexKey(indexName, now));
  if (!existsSync(store.at(logPlace))) writeDurably(store.at(logPlace), makeLogKey());
  initRoleKeys(store);
  const { key } = await openKeys(store, now, place);
  writeCertificate(store, key);
  return key.fingerprint;
}

/** The bytes of a new private key of the index. */
export async function makeIndexKey(indexName: string, now: number): Promise<Uint8Array> {
  return Buffer.from((await generateIndexKey(`Index ${indexName}`, now)).privateArmored);
}

/** The bytes of a new private key of the log. */
export const makeLogKey = (): Uint8Array =>
  Buffer.from(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));

/** For the web program and the world. */
export function writeCertificate(store: Store, { certificate }: IndexSigner): void {
  writeDurably(store.at(publicPlace), certificate, 0o644);
}

/** Opens the keys. Refuses `countersigner.no-key`, `countersigner.loose-mode`, `countersigner.other-key` and `countersigner.gpg`. */
export async function openKeys(store: Store, now: number, wanted: KeyPlace | null = null): Promise<IndexKeys> {
  const place = placeOf(store);
  if (wanted !== null && wanted !== place) throw refuse('countersigner.other-key', { kept: place, given: wanted });
  const key =
    place === 'file'
      ? await fileSigner(readPrivate(store, privatePlace), now)
      : await gpgSigner(readFingerprint(place.slice('gpg:'.length)), now);
  const log = logKeyOf(readPrivate(store, logPlace));
  return { key, armoredCertificate: key.certificate, log, tuf: readRoleKeys(store) };
}

const placeOf = (store: Store): KeyPlace =>
  readKeyPlace(
    Buffer.from(store.read(keyPlacePlace) ?? Buffer.from('file'))
      .toString('utf8')
      .trim(),
  );

function readPrivate(store: Store, place: string): Uint8Array {
  const file = store.at(place);
  if (!existsSync(file)) throw refuse('countersigner.no-key', { folder: store.folder });
  requirePrivate(file);
  return readFileSync(file);
}

/** The key of the log from its file. */
export function logKeyOf(pem: Uint8Array): LogKey {
  const privateKey = createPrivateKey(Buffer.from(pem));
  return { privateKey, publicKey: publicOctetsOf(privateKey) };
}
