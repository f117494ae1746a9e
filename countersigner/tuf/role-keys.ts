// The keys of the TUF roles (docs/formats/tuf.md), apart from the index key and the log's: Ed25519, one file each in `tuf-keys/`, for their owner
// alone. Which key acts for a role is what the newest root says; a key that no root names signs nothing. The key `root-…` is there only
// while the root is the development root: an offline root is held by people, on other machines.
import { createPrivateKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { Metadata, Signature, type Snapshot, type Targets, type Timestamp } from '@tufjs/models';
import { refuse } from '#lib/core/errors.ts';
import { publicOctetsOf, signEd25519 } from '#lib/digest/ed25519.ts';
import { hashing } from '#lib/digest/hashing.ts';
import {
  renderRoot,
  signedRootBytes,
  tufKeyId,
  type RootDocument,
  type RootFacts,
  type RootRole,
  type RootSignature,
} from '#lib/evidence/root-document.ts';
import { requirePrivate, writeDurably, type Store } from '#countersigner/store.ts';

export const onlineRoles = ['targets', 'snapshot', 'timestamp'] as const;
export type OnlineRole = (typeof onlineRoles)[number];

export type RoleKey = { role: RootRole; keyId: string; publicHex: string; privateKey: KeyObject };
export type RoleKeys = readonly RoleKey[];

const folder = 'tuf-keys';
const filePattern = /^(root|targets|snapshot|timestamp)-[0-9a-f]{16}\.pem$/;

const roleKeyOf = (role: RootRole, privateKey: KeyObject): RoleKey => {
  const publicHex = Buffer.from(publicOctetsOf(privateKey)).toString('hex');
  return { role, keyId: tufKeyId(publicHex, hashing), publicHex, privateKey };
};

function readKey(file: string, role: RootRole): RoleKey {
  requirePrivate(file);
  return roleKeyOf(role, createPrivateKey(readFileSync(file)));
}

/** Makes one more key for a role; it acts once a root names it. */
export function makeRoleKey(store: Store, role: RootRole): RoleKey {
  const { privateKey } = generateKeyPairSync('ed25519');
  const made = roleKeyOf(role, privateKey);
  mkdirSync(store.at(folder), { recursive: true, mode: 0o700 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  writeDurably(store.at(`${folder}/${role}-${made.keyId.slice(0, 16)}.pem`), Buffer.from(pem));
  return made;
}

/** Every key of a role that is here. Refuses `countersigner.loose-mode`. */
export function readRoleKeys(store: Store): RoleKey[] {
  if (!existsSync(store.at(folder))) return [];
  requirePrivate(store.at(folder));
  return readdirSync(store.at(folder))
    .sort()
    .flatMap((name) => {
      const role = filePattern.exec(name)?.[1] as RootRole | undefined;
      return role ? [readKey(store.at(`${folder}/${name}`), role)] : [];
    });
}

/** Makes a key for each online role that has none. */
export function initRoleKeys(store: Store): void {
  const known = readRoleKeys(store);
  for (const role of onlineRoles) if (!known.some((key) => key.role === role)) makeRoleKey(store, role);
}

/** Takes the key of the development root away: the root that was accepted is held by people, and this key may never sign again. */
export function dropDevelopmentKeys(store: Store): void {
  for (const { role, keyId } of readRoleKeys(store))
    if (role === 'root') rmSync(store.at(`${folder}/root-${keyId.slice(0, 16)}.pem`));
}

/** The key that acts for a role under this root. Refuses `tuf.no-role-key`. */
export function keyFor(keys: RoleKeys, root: RootFacts, role: RootRole): RoleKey {
  const found = keys.find((key) => key.role === role && root.roles[role].keys.includes(key.publicHex));
  if (!found) throw refuse('tuf.no-role-key', { role, root: root.version });
  return found;
}

/** The signature of a root by one key. */
export const signRoot = (facts: RootFacts, { keyId, privateKey }: RoleKey): RootSignature => ({
  keyId,
  signature: Buffer.from(signEd25519(privateKey, signedRootBytes(facts, hashing))).toString('hex'),
});

/** A root as it is handed on and served. */
export const rootBytes = (document: RootDocument): Uint8Array => Buffer.from(renderRoot(document, hashing));

/** The metadata of a role below the root, signed by its key, as it is served. */
export function signMetadata(signed: Targets | Snapshot | Timestamp, { keyId, privateKey }: RoleKey): Uint8Array {
  const metadata = new Metadata(signed);
  metadata.sign((bytes) => new Signature({ keyID: keyId, sig: sign(null, bytes, privateKey).toString('hex') }));
  return Buffer.from(JSON.stringify(metadata.toJSON()));
}
