// The keys of the TUF roles (docs/formats/tuf.md), apart from the index key and the log's: Ed25519, one file each in `tuf-keys/`, for their owner
// alone. Which key acts for a role is what the newest root says; a key that no root names signs nothing. The key `root-…` is there only
// while the root is the development root: an offline root is held by people, on other machines.
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { Key, Metadata, Signature, type Root, type Snapshot, type Targets, type Timestamp } from '@tufjs/models';
import { refuse } from '#lib/core/errors.ts';
import { requirePrivate, writeDurably, type Store } from '#countersigner/store.ts';

export const onlineRoles = ['targets', 'snapshot', 'timestamp'] as const;
export type OnlineRole = (typeof onlineRoles)[number];
export type KeyedRole = OnlineRole | 'root';

export type RoleKey = { role: KeyedRole; keyId: string; publicHex: string; privateKey: KeyObject };
export type RoleKeys = readonly RoleKey[];

const folder = 'tuf-keys';
const filePattern = /^(root|targets|snapshot|timestamp)-[0-9a-f]{16}\.pem$/;

/** The public key as metadata names it, and its id: SHA-256 of its canonical JSON (TUF specification, 4.2). */
export function publicKeyOf(publicHex: string): Key {
  const fields = { keytype: 'ed25519', keyval: { public: publicHex }, scheme: 'ed25519' };
  return Key.fromJSON(createHash('sha256').update(JSON.stringify(fields)).digest('hex'), fields);
}

/** 64 hex digits: the last 32 octets of the SubjectPublicKeyInfo are the key itself (RFC 8410, section 4). */
export const publicHexOf = (key: KeyObject): string =>
  createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(-32).toString('hex');

function readKey(file: string, role: KeyedRole): RoleKey {
  requirePrivate(file);
  const privateKey = createPrivateKey(readFileSync(file));
  const publicHex = publicHexOf(privateKey);
  return { role, keyId: publicKeyOf(publicHex).keyID, publicHex, privateKey };
}

/** Makes one more key for a role; it acts once a root names it. */
export function makeRoleKey(store: Store, role: KeyedRole): RoleKey {
  const { privateKey } = generateKeyPairSync('ed25519');
  const publicHex = publicHexOf(privateKey);
  const { keyID: keyId } = publicKeyOf(publicHex);
  mkdirSync(store.at(folder), { recursive: true, mode: 0o700 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  writeDurably(store.at(`${folder}/${role}-${keyId.slice(0, 16)}.pem`), Buffer.from(pem));
  return { role, keyId, publicHex, privateKey };
}

/** Every key of a role that is here. Refuses `countersigner.loose-mode`. */
export function readRoleKeys(store: Store): RoleKey[] {
  if (!existsSync(store.at(folder))) return [];
  requirePrivate(store.at(folder));
  return readdirSync(store.at(folder))
    .sort()
    .flatMap((name) => {
      const role = filePattern.exec(name)?.[1] as KeyedRole | undefined;
      return role ? [readKey(store.at(`${folder}/${name}`), role)] : [];
    });
}

/** Makes a key for each online role that has none. */
export function initRoleKeys(store: Store): void {
  const known = readRoleKeys(store);
  for (const role of onlineRoles) if (!known.some((key) => key.role === role)) makeRoleKey(store, role);
}

/** The key that acts for a role under this root. Refuses `tuf.no-role-key`. */
export function keyFor(keys: RoleKeys, root: Root, role: KeyedRole): RoleKey {
  const named = root.roles[role]?.keyIDs ?? [];
  const found = keys.find((key) => key.role === role && named.includes(key.keyId));
  if (!found) throw refuse('tuf.no-role-key', { role, root: root.version });
  return found;
}

/** The metadata of a role with the signatures of these keys, as it is served. */
export function signMetadata(signed: Root | Targets | Snapshot | Timestamp, by: RoleKeys): Uint8Array {
  const metadata = new Metadata(signed);
  for (const { keyId, privateKey } of by)
    metadata.sign((bytes) => new Signature({ keyID: keyId, sig: sign(null, bytes, privateKey).toString('hex') }));
  return Buffer.from(JSON.stringify(metadata.toJSON()));
}
