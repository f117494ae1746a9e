// The index key (OpenPGP), the key of the log (Ed25519) and those of the TUF roles (tuf/role-keys.ts): made by `init` once, private halves in the
// state folder for their owner alone, public halves for the web program and the world. Loose file modes are refused, not mended: somebody may have read the key (threats.md, 100). They are
// unlocked for this process only.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { refuse } from '#lib/core/errors.ts';
import type { Fingerprint } from '#lib/core/ids.ts';
import { generateIndexKey } from '#lib/pgp/make-key.ts';
import { armorCertificate } from '#lib/pgp/read-certificate.ts';
import { publicCertificateOf, unlockPrivateKey, type UnlockedKey } from '#lib/pgp/sign.ts';
import { requirePrivate, writeDurably, type Store } from './store.ts';
import { initRoleKeys, readRoleKeys, type RoleKeys } from './tuf/role-keys.ts';

const privatePlace = 'index-private.asc';
const publicPlace = 'index.asc';
const logPlace = 'log-private.pem';

/** `publicKey`: 32 octets. */
export type LogKey = { privateKey: KeyObject; publicKey: Uint8Array };
export type IndexKeys = { key: UnlockedKey; armoredCertificate: Uint8Array; log: LogKey; tuf: RoleKeys };

/** Makes each key where there is none, and writes the certificate of the index (again, if it got lost). Answers its fingerprint. */
export async function initKeys(store: Store, indexName: string, now: number): Promise<Fingerprint> {
  const file = store.at(privatePlace);
  if (!existsSync(file)) {
    const { privateArmored } = await generateIndexKey(`Index ${indexName}`, now);
    writeDurably(file, Buffer.from(privateArmored));
  }
  requirePrivate(file);
  if (!existsSync(store.at(logPlace))) {
    const { privateKey } = generateKeyPairSync('ed25519');
    writeDurably(store.at(logPlace), Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })));
  }
  initRoleKeys(store);
  const certificate = await publicCertificateOf(readFileSync(file), now);
  writeDurably(store.at(publicPlace), Buffer.from(armorCertificate(certificate.bytes)), 0o644);
  return certificate.facts.primary;
}

/** Opens the keys. Refuses `countersigner.no-key` and `countersigner.loose-mode`. */
export async function openKeys(store: Store, now: number): Promise<IndexKeys> {
  const file = store.at(privatePlace);
  if (!existsSync(file)) throw refuse('countersigner.no-key', { folder: store.folder });
  requirePrivate(file);
  const key = await unlockPrivateKey(readFileSync(file), '', now);
  const armoredCertificate = Buffer.from(armorCertificate(key.certificate.bytes));
  return { key, armoredCertificate, log: openLogKey(store), tuf: readRoleKeys(store) };
}

function openLogKey(store: Store): LogKey {
  const file = store.at(logPlace);
  if (!existsSync(file)) throw refuse('countersigner.no-key', { folder: store.folder });
  requirePrivate(file);
  const privateKey = createPrivateKey(readFileSync(file));
  // The last 32 octets of the SubjectPublicKeyInfo are the key itself (RFC 8410, section 4).
  const publicKey = new Uint8Array(createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).subarray(-32));
  return { privateKey, publicKey };
}
