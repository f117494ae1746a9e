// The index key: made by `init` once, private half in the state folder for its owner alone, public half for the web program and the
// world. Loose file modes are refused, not mended: somebody may have read the key (threats.md, 100). It is unlocked for this process only.
import { existsSync, readFileSync } from 'node:fs';
import { refuse } from '#lib/core/errors.ts';
import type { Fingerprint } from '#lib/core/ids.ts';
import { generateIndexKey } from '#lib/pgp/make-key.ts';
import { armorCertificate } from '#lib/pgp/read-certificate.ts';
import { publicCertificateOf, unlockPrivateKey, type UnlockedKey } from '#lib/pgp/sign.ts';
import { requirePrivate, writeDurably, type Store } from './store.ts';

const privatePlace = 'index-private.asc';
const publicPlace = 'index.asc';

export type IndexKeys = { key: UnlockedKey; armoredCertificate: Uint8Array };

/** Makes the key where there is none, and writes its certificate (again, if it got lost). Answers its fingerprint. */
export async function initKeys(store: Store, indexName: string, now: number): Promise<Fingerprint> {
  const file = store.at(privatePlace);
  if (!existsSync(file)) {
    const { privateArmored } = await generateIndexKey(`Index ${indexName}`, now);
    writeDurably(file, Buffer.from(privateArmored));
  }
  requirePrivate(file);
  const certificate = await publicCertificateOf(readFileSync(file), now);
  writeDurably(store.at(publicPlace), Buffer.from(armorCertificate(certificate.bytes)), 0o644);
  return certificate.facts.primary;
}

/** Opens the index key. Refuses `countersigner.no-key` and `countersigner.loose-mode`. */
export async function openKeys(store: Store, now: number): Promise<IndexKeys> {
  const file = store.at(privatePlace);
  if (!existsSync(file)) throw refuse('countersigner.no-key', { folder: store.folder });
  requirePrivate(file);
  const key = await unlockPrivateKey(readFileSync(file), '', now);
  return { key, armoredCertificate: Buffer.from(armorCertificate(key.certificate.bytes)) };
}
